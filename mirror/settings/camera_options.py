"""What the settings of the camera's picture, and the PIN, may hold: each takes a value as TOML gives it.

They return the value of the dataclass, and raise ValueError where it does not fit.
"""

from __future__ import annotations

import re
from typing import Any

from mirror.settings import kiosk_pin

ROTATIONS = (0, 90, 180, 270)
SMALLEST = 64  # pixels: the least width and height of a crop


def rotation(value: Any) -> int:
    """Degrees: 0, 90, 180 or 270."""
    if type(value) is not int or value not in ROTATIONS:
        raise ValueError
    return value


def crop(value: Any) -> tuple[int, int, int, int] | None:
    """Numbers of pixels as "LEFT,TOP,WIDTH,HEIGHT", or "none"."""
    if value == "none":
        return None
    match = re.fullmatch(", *".join([r"([0-9]{1,5})"] * 4), value) if isinstance(value, str) else None
    if match is None:
        raise ValueError
    left, top, width, height = (int(part) for part in match.groups())
    if not (SMALLEST <= width <= 7680 and SMALLEST <= height <= 4320):
        raise ValueError
    return left, top, width, height


def held(value: Any) -> float | None:
    """A number in the camera's own units, or "auto"."""
    if value == "auto":
        return None
    # DirectShow counts exposure in powers of two: negative numbers are usual there.
    if type(value) not in (int, float) or not abs(value) <= 10**6:
        raise ValueError
    return float(value)


def stored_pin(value: Any) -> str | None:
    """What `mirror.settings.kiosk_pin.make` returns, or "none"."""
    if value == "none":
        return None
    if not isinstance(value, str) or not kiosk_pin.is_stored(value):
        raise ValueError
    return value
