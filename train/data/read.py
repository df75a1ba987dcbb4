"""Reads one picture of a data set, and knows a broken one."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np


def read_picture(path: Path) -> np.ndarray | str:
    """A picture, uint8 RGB (H, W, 3), turned as its EXIF says; or in a few words why it cannot be read.

    A JPEG that breaks off is decoded by OpenCV without a word, grey where it ends; here it is broken.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return error.strerror or "cannot be opened"
    if data[:2] == b"\xff\xd8" and data[-2:] != b"\xff\xd9" and (broken := _breaks_off(data)):
        return broken
    try:
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:
        bgr = None
    return "not a picture" if bgr is None else cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def _breaks_off(data: bytes) -> str:
    """Why Pillow, which is stricter, refuses a JPEG without its end mark; "" where it is whole.

    Some cameras append a film or a thumbnail, so what is after the end mark is no fault.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return "breaks off" if "truncated" in str(error) else "not a picture"
    return ""
