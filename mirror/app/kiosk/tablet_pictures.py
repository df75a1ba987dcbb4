"""Tablet's pictures: what the mirror shows, small, for the stylist's tablet; every copy of it is wiped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from mirror.app.screen import View
from mirror.app.screen.side_by_side import mark_of
from mirror.app.screen.typeface import right_to_left
from mirror.app.sharing.video_clip import stamp
from mirror.core.erase import blacken

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

SIDE = 640  # pixels of the longer side of a live picture: a tablet shows it on 400 of its own
COURSE_SIDE, COURSE_SECONDS = 1280, 2.0  # the same of a course, whose words are small; until it is sent again
QUALITY = 72  # of JPEG: some 30 KB
A_SECOND = 12.0  # pictures at most: fluent enough to see what changes. Each takes some 1 ms to make


class Server(Protocol):
    """Whom all of it is told, see `mirror.app.sharing.web.process.Server`."""

    def tell(self, message: dict[str, Any], *carried: bytes | bytearray) -> bool:
        """Tells it something; False where it does not run."""


class TabletPictures:
    """Makes one of each frame at most, and so many a second. Main thread.

    Args:
        server: whom they are told.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._number, self._frame, self._next_at = 0, (-1, 0.0), 0.0

    def send(self, scene: Scene, view: View, visit: int, now: float) -> bool:
        """Sends a picture of a visit, where it is time for one; whether the server took it."""
        shown = scene.visit.last
        if shown is None or view.image is None or now < self._next_at:
            return False
        frame = (shown.frame.index, shown.frame.captured_at)
        if frame == self._frame:
            return False
        strip = None if view.course is None else view.course.strip
        self._frame, self._next_at = frame, now + (1 / A_SECOND if strip is None else COURSE_SECONDS)
        # A course says itself what it is.
        image = _seen(scene, view, view.image) if strip is None else small(strip, False, COURSE_SIDE)
        self._number += 1
        message = {"do": "tablet picture", "number": self._number, "visit": visit,
                   "captured_at": frame[1], "wipe": True}  # fmt: skip
        data = jpeg(image, QUALITY)
        blacken(image)
        if self._server.tell(message, data):
            return True
        data[:] = bytes(len(data))  # it hangs, or is begun anew
        return False


def _seen(scene: Scene, view: View, live: np.ndarray) -> np.ndarray:
    """The live picture as the mirror shows it, before and after beside each other where it compares."""
    image = small(live, scene.window.mirrored)
    if scene.machine.name == "compare" and not view.mosaic and view.before is not None:
        before = small(view.before, scene.window.mirrored)
        middle = _across(view, scene.window.mirrored) * image.shape[1]
        halves = [_half(one, middle) for one in (before, image)]
        both = np.hstack(halves[::-1] if right_to_left() else halves)
        blacken(before, image)
        image = both
    if view.mark:
        # As for a picture twice as large: a tablet shows it small.
        marked = stamp(image, mark_of((2 * image.shape[1], 2 * image.shape[0]), view.mark))
        blacken(image)
        image = marked
    return image


def small(image: np.ndarray, mirrored: bool, side: int = SIDE) -> np.ndarray:
    """A picture as a tablet gets it: a copy, `side` pixels or fewer on its longer side.

    Args:
        image: uint8 (H, W, 3) RGB.
        mirrored: turn it round, as the mirror shows it.
    """
    height, width = image.shape[:2]
    share = min(1.0, side / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    made = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if share < 1 else image.copy()
    if not mirrored:
        return made
    turned = cv2.flip(made, 1)
    blacken(made)
    return turned


def _across(view: View, mirrored: bool) -> float:
    """Where the face is from left to right, 0 to 1; the middle where there is none."""
    if view.face is None or view.image is None:
        return 0.5
    left, _, right, _ = view.face.box
    share = (left + right) / 2 / view.image.shape[1]
    return 1 - share if mirrored else share


def _half(image: np.ndarray, middle: float) -> np.ndarray:
    """The half of a picture about a column."""
    wide = image.shape[1] // 2
    left = min(max(round(middle - wide / 2), 0), image.shape[1] - wide)
    return image[:, left : left + wide]


def jpeg(image: np.ndarray, quality: int) -> bytearray:
    """A uint8 (H, W, 3) RGB picture as a JPEG file; the copies on the way are wiped."""
    turned = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    good, data = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert good
    made = bytearray(data.data)
    blacken(turned, data)
    return made
