"""The logo of a style pack: a small PNG, which is decoded only once its header fits."""

from __future__ import annotations

import io
import struct

import cv2
import numpy as np
from PIL import Image

from mirror.files.picture_file import DAMAGE

LOGO_BYTES = 1 << 20
SIDES = (16, 1024)  # pixels
_BEGINS = b"\x89PNG\r\n\x1a\n"
_COLOURS = (2, 6)  # PNG's numbers for RGB, and for RGB and alpha
_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}  # texts and profiles, which may be compressed, are left out


def logo_of(data: bytes) -> np.ndarray:
    """A logo: uint8 (H, W, 4) RGB and alpha, 16 to 1024 pixels a side.

    Raises:
        ValueError: it is no such PNG, in few words.
    """
    if len(data) > LOGO_BYTES:
        raise ValueError("the logo is larger than 1 MB")
    width, height = _size(data)
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise ValueError(f"the logo is {width}x{height} pixels, not {SIDES[0]} to {SIDES[1]} a side")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            return np.array(image.convert("RGBA"))
    except DAMAGE:
        raise ValueError("the logo is damaged") from None


def logo_file(image: np.ndarray) -> bytes:
    """The file of a logo, uint8 (H, W, 4) RGB and alpha: a PNG with nothing but its pixels."""
    good, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGBA2BGRA))
    assert good
    return data.tobytes()


def _size(data: bytes) -> tuple[int, int]:
    """Width and height by the header, once every chunk is one of the few that there may be."""
    if not data.startswith(_BEGINS):
        raise ValueError("the logo is no PNG")
    at, kinds = len(_BEGINS), []
    while at + 12 <= len(data):
        (length,), kind = struct.unpack_from(">I", data, at), data[at + 4 : at + 8]
        kinds.append(kind)
        at += 12 + length
    if at != len(data) or kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or not _CHUNKS.issuperset(kinds):
        raise ValueError("the logo is no plain PNG")
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    if kinds.count(b"IHDR") != 1 or depth != 8 or colour not in _COLOURS or interlaced:
        raise ValueError("the logo is no PNG of 8 bits in RGB or RGB and alpha")
    return width, height
