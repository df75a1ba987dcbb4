"""Portrait: a picture of somebody who wears a style, for a mirror that nobody looks into. A WebP file."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.files.webp_header import webp_size

FOLDER = "portraits"  # beside the networks: those of the styles that ship, by name
SIZE = (640, 720)  # width, height
PORTRAIT_BYTES = 1 << 20
QUALITY = 80


def portrait_of(data: bytes) -> np.ndarray:
    """The picture of such a file: uint8 (720, 640, 3) RGB.

    Raises:
        ValueError: it is none, in few words.
    """
    if len(data) > PORTRAIT_BYTES or webp_size(data) != SIZE:
        raise ValueError(f"a portrait is no plain WebP of {SIZE[0]}x{SIZE[1]} pixels")
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None or image.shape[1::-1] != SIZE:
        raise ValueError("a portrait is damaged")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def portrait_file(image: np.ndarray) -> bytes:
    """The file of a portrait, uint8 (720, 640, 3) RGB."""
    good, data = cv2.imencode(".webp", image[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    assert good
    return data.tobytes()
