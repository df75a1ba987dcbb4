"""Adjustment: what is made of a camera's picture before anybody sees it, and what the camera is held at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.errors import MirrorError

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a camera hangs and what it is held at; the default changes nothing.

    Attributes:
        rotate: degrees clockwise: 0, 90, 180 or 270.
        crop: (left, top, width, height) in pixels before the picture is turned; None: all of it.
        exposure, white_balance: what the camera is held at, in its own units; None: it sets them itself.

    Example:
        >>> Adjustment(rotate=90, crop=(0, 0, 960, 720)).size((1280, 720))
        (720, 960)
    """

    rotate: int = 0
    crop: tuple[int, int, int, int] | None = None
    exposure: float | None = None
    white_balance: float | None = None

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of what comes out, for pictures of (width, height).

        Raises:
            MirrorError: the crop does not lie within such a picture.
        """
        width, height = size
        if self.crop is not None:
            left, top, crop_width, crop_height = self.crop
            if left < 0 or top < 0 or left + crop_width > width or top + crop_height > height:
                said = ",".join(map(str, self.crop))
                raise MirrorError(
                    f'crop = "{said}" reaches beyond the camera\'s picture of {width}x{height}. '
                    "Give one within it in the settings file, or run: python calibrate.py"
                )
            width, height = crop_width, crop_height
        return (height, width) if self.rotate in (90, 270) else (width, height)

    def cut(self, image: np.ndarray) -> np.ndarray:
        """The crop of a picture (H, W, 3): a view into it."""
        if self.crop is None:
            return image
        left, top, width, height = self.crop
        return image[top : top + height, left : left + width]

    def turn(self, image: np.ndarray, room: np.ndarray | None = None) -> np.ndarray:
        """The picture (H, W, 3) turned; itself where there is nothing to turn.

        `room` is what an earlier call returned, to be written over: a second fresh picture of this size
        for every frame costs 3 ms, the turning itself a tenth of that.
        """
        return cv2.rotate(image, _TURNS[self.rotate], dst=room) if self.rotate else image


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What calibration chose.

    Attributes:
        camera: its number or its name; None: none was chosen.
        adjust: what is made of its pictures, and of those of a camera that is asked for by name.
    """

    camera: str | None = None
    adjust: Adjustment = Adjustment()


UNCALIBRATED = Calibrated()
