"""Files as strangers bring them: damaged, huge by their own word, or no files at all."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, rows: bytes | None = None, *, moving: bool = False, row_filter: int = 0
) -> bytes:
    """An RGB PNG that claims a size; `rows` None: as many grey rows as it claims, with that filter byte."""
    if rows is None:
        rows = (bytes([row_filter]) + b"\x50" * (3 * width)) * height
    control = png_chunk(b"acTL", struct.pack(">II", 2, 0)) if moving else b""
    frame = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0)
    return b"".join((
        b"\x89PNG\r\n\x1a\n",
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        control, png_chunk(b"fcTL", frame) if moving else b"",
        png_chunk(b"IDAT", zlib.compress(rows)),
        png_chunk(b"IEND", b""),
    ))  # fmt: skip


def encoded(image: np.ndarray, ending: str) -> bytes:
    """An RGB picture as a file of that kind."""
    good, data = cv2.imencode(ending, image[..., ::-1])
    assert good
    return data.tobytes()


def sparse(path: Path, size: int, head: bytes = b"") -> Path:
    """A file of `size` bytes that takes no room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def film(
    path: Path, size: tuple[int, int] = (160, 120), frames: int = 12, tags: dict[str, str] | None = None
) -> Path:
    """A grey H.264 film, 25 pictures a second, with tags in its container."""
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            image = np.full((size[1], size[0], 3), 10 + 8 * (number % 25), np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def film_with_odd_tag(path: Path) -> Path:
    """A sound film whose title is Latin-1, as old programs wrote it."""
    film(path, tags={"title": "Fris@r"})
    data = path.read_bytes()
    assert data.count(b"Fris@r") == 1
    path.write_bytes(data.replace(b"Fris@r", b"Fris\xf6r"))
    return path
