"""Follows one face through a stream, and looks round now and then whether another should be followed.

Tracking one face is a third cheaper than looking for several in every frame, so a tracker of one runs
all the time, and a second, of several, about once a second.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mirror.face import Face
from mirror.frame import Frame
from mirror.trackers import FaceTracker, open_tracker
from mirror.whose import Chooser

LOOK_ROUND_SECONDS = 0.8
MOST_FACES = 4
SCOUT_WIDTH = 640


class Follower:
    """The face of a stream: the largest, with the hysteresis of `Chooser`.

    Args:
        model: `face_landmarker.task`, where the installed MediaPipe carries no model.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._tracker: FaceTracker = open_tracker(faces=1, model=model)
        self._scout: FaceTracker = open_tracker(still=True, faces=MOST_FACES, model=model)
        self._chooser = Chooser()
        self._looked_round: float | None = None
        self._others: list[Face] = []

    def follow(self, frame: Frame) -> Face | None:
        """The followed face in a frame, or None. Frames come in order."""
        found = self._tracker.track(frame.image)
        now = frame.captured_at
        if not found:
            self._others = []
            return None
        face = found[0]
        if self._looked_round is None:
            self._looked_round = now  # the first frames are slow enough without the scout
        if now - self._looked_round >= LOOK_ROUND_SECONDS:
            self._looked_round = now
            self._others = [other for other in self._look_round(frame.image) if not same_face(other, face)]
        # Between two looks round the others are taken to be where they were.
        chosen = self._chooser.choose([face, *self._others], now)
        if chosen is None and not self._others:
            # Nobody else is there: it is the same person, who moved fast or was cut away from.
            self._chooser.reset()
            chosen = self._chooser.choose([face], now)
        if chosen is None or chosen is face:
            return chosen
        self._others = []
        return self._turn_to(chosen, frame.image) or face

    def close(self) -> None:
        """Gives both trackers back."""
        self._tracker.close()
        self._scout.close()

    def _look_round(self, image: np.ndarray) -> list[Face]:
        height, width = image.shape[:2]
        shrink = max(1.0, width / SCOUT_WIDTH)
        if shrink == 1.0:
            return self._scout.track(image)
        size = (round(width / shrink), round(height / shrink))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        scale = np.array([width / size[0], height / size[1], width / size[0]], np.float32)
        # Pixel centres are integers: the corner of a picture, not its first pixel, stays put when it grows.
        half = np.array([0.5, 0.5, 0.0], np.float32)
        return [Face((f.landmarks + half) * scale - half, f.score) for f in self._scout.track(small)]

    def _turn_to(self, chosen: Face, image: np.ndarray) -> Face | None:
        """Shows the tracker nothing but one face, until it has let go of the old one and found this."""
        left, top, right, bottom = chosen.box
        margin = 0.5 * chosen.height
        alone = np.zeros_like(image)
        y, x = (
            slice(max(0, int(top - margin)), int(bottom + margin)),
            slice(max(0, int(left - margin)), int(right + margin)),
        )
        alone[y, x] = image[y, x]
        for _ in range(3):
            found = self._tracker.track(alone)
            if found and same_face(found[0], chosen):
                return found[0]
        return None


def same_face(a: Face, b: Face) -> bool:
    """Whether two faces of one picture lie at the same place, within half a face height."""
    distance = np.linalg.norm(a.landmarks[:, :2].mean(0) - b.landmarks[:, :2].mean(0))
    return bool(distance < 0.5 * max(a.height, b.height))
