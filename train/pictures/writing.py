"""Writes pictures that people look at: as a file, whole or not at all, and letters on them."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError


def check_picture(path: Path, flag: str) -> None:
    """Says before the slow part that a picture cannot be written there. Raises MirrorError."""
    if not path.parent.is_dir():
        raise MirrorError(f"{path.parent} is not a folder. Make it first, or give {flag} another one.")
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise MirrorError(f"{path} cannot be written. Give {flag} a file that ends in .png or .jpg.")


def save_picture(picture: np.ndarray, path: Path, flag: str) -> None:
    """Writes uint8 RGB as .png or .jpg, whole or not at all. Raises MirrorError where that cannot be done."""
    part = path.with_name(path.name + ".part")
    try:
        _, data = cv2.imencode(path.suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        part.write_bytes(data.tobytes())
        os.replace(part, path)
    except (OSError, cv2.error) as error:
        reason = getattr(error, "strerror", None) or "too large for a picture file"
        raise MirrorError(f"{path} cannot be written ({reason}). Give {flag} another file.") from None
    finally:
        part.unlink(missing_ok=True)


def write_on(picture: np.ndarray, text: str) -> None:
    """White letters with a black rim in the upper left corner of a picture."""
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(picture, text, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, width, cv2.LINE_AA)
