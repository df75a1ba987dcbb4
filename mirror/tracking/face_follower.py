"""Follows one face through a stream, and looks round now and then whether another should be followed.

Tracking one face is a third cheaper than looking for several in every frame, so a tracker of one runs
all the time, and a second, of several, about once a second. A small face
(`mirror.tracking.region_of_interest`) is looked for in one tile of the frame after the other, and then
tracked in a window that glides along with it; while a large one is followed that costs nothing.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.tracking.face_selection import LARGER, Chooser
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from mirror.tracking.region_of_interest import Window, centre, is_small, tiles

LOOK_ROUND_SECONDS = 0.8
FIRST_LOOK_SECONDS = 0.25  # after a face was found, the first of them
# While a small face is followed, looks are shorter apart: every second one is at a tile.
LOOK_ASIDE_SECONDS = 0.3
MOST_FACES = 4
WHOLE = -1
SCOUT_WIDTH = 640
# For so long after a face was lost small ones are looked for only where it was: who holds a hand before the
# face does not want the hair on a picture on the wall.
WAIT_SECONDS = 1.0
# Seen so lately it was lost in this very frame.
AGAIN_SECONDS = 0.1
# Lower than this there is nothing to dress, pixels.
LEAST_HEIGHT = 40


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
        self._looks = 0
        self._others: dict[int, list[Face]] = {}  # by where they were seen: a tile's number, or WHOLE
        self._window: Window | None = None  # None: the tracker sees the whole frame
        self._last: tuple[Face, float] | None = None  # the face followed last, and when
        self._beside: list[Face] = []  # smaller than who is followed, seen in the last look at a tile
        self._pictures: list[Face] = []  # faces that nobody wants followed

    def follow(self, frame: Frame) -> Face | None:
        """The followed face in a frame, or None. Frames come in order."""
        image, now = frame.image, frame.captured_at
        if self._last is not None and now < self._last[1]:
            self._last = None  # a clip that starts again
        face = self._track(image) or self._find_again(image, now)
        if face is None:
            self._others = {}
            return None
        face = self._choose(face, image, now)
        if face is not None:
            face = self._keep_in_view(face, image)
            self._last = (face, now)
        return face

    @property
    def others(self) -> list[Face]:
        """Who else was seen lately, in frame pixels."""
        return [face for seen in self._others.values() for face in seen] + self._beside

    def pass_by(self, picture: Face, person: Face, image: np.ndarray) -> Face | None:
        """Leaves the followed face, which is only a picture of one, for a person; None where that fails.

        The picture is not followed again as long as it stays where it is.
        """
        self._pictures = [*self._pictures[-3:], picture]
        self._chooser.reset()
        self._others = {}
        return self._turn_to(person, image)

    def close(self) -> None:
        """Gives both trackers back."""
        self._tracker.close()
        self._scout.close()

    def _track(self, image: np.ndarray) -> Face | None:
        if self._window is None:
            return next(iter(faces_of(self._tracker, image)), None)
        found = faces_of(self._tracker, self._window.cut(image))
        return self._window.lift(found[0]) if found else None

    def _find_again(self, image: np.ndarray, now: float) -> Face | None:
        """A face that the tracker lost or has not found yet: at its place, else in the next tile."""
        height, width = image.shape[:2]
        lost, since = self._last if self._last is not None else (None, -math.inf)
        self._window = None
        if lost is not None and now - since < WAIT_SECONDS:
            if not is_small(lost, width, height):
                # A tracker that has just let go searches the picture when it sees it again.
                return self._track(image) if now - since < AGAIN_SECONDS else None
            where = Window.around(lost, room=4.0)
        else:
            squares = tiles(width, height, centre(lost) if lost is not None else None)
            where = squares[self._looks % len(squares)]
            self._looks += 1
        found = self._look(image, where)
        return self._turn_to(max(found, key=lambda face: face.height), image) if found else None

    def _choose(self, face: Face, image: np.ndarray, now: float) -> Face | None:
        """The tracked face, or another that has been larger for a while."""
        if self._looked_round is None or now < self._looked_round:
            # The first frames are slow enough without the scout; then who else is there is soon asked.
            self._looked_round = now - LOOK_ROUND_SECONDS + FIRST_LOOK_SECONDS
        height, width = image.shape[:2]
        # Somebody nearer whom a look at the whole frame would miss?
        aside = self._window is not None and LARGER * face.height < 0.2 * max(width, height)
        if now - self._looked_round >= (LOOK_ASIDE_SECONDS if aside else LOOK_ROUND_SECONDS):
            self._looked_round = now
            self._looks += 1
            squares = tiles(width, height)
            # Odd looks take the whole frame, even ones the tiles in turn.
            number = WHOLE if self._looks % 2 else self._looks // 2 % len(squares)
            found = self._look(image, None if number == WHOLE else squares[number])
            found = [other for other in found if not same_face(other, face)]
            if aside:
                self._others[number] = found
            elif number == WHOLE:
                self._others = {WHOLE: found}
            self._beside = [] if aside or number == WHOLE else found
        # Until they are looked for there again, the others are taken to be where they were.
        others = [o for seen in self._others.values() for o in seen if not self._is_picture(o)]
        chosen = self._chooser.choose([face, *others], now)
        if chosen is None and not others:
            # Nobody else is there: it is the same person, who moved fast or was cut away from.
            self._chooser.reset()
            chosen = self._chooser.choose([face], now)
        if chosen is None or chosen is face:
            return chosen
        self._others = {}
        return self._turn_to(chosen, image) or face

    def _is_picture(self, face: Face) -> bool:
        return any(same_face(face, picture) for picture in self._pictures)

    def _keep_in_view(self, face: Face, image: np.ndarray) -> Face:
        """Moves the window along; gives it up when it has grown as large as the frame."""
        if self._window is None:
            return face
        height, width = image.shape[:2]
        self._window = self._window.after(face)
        if self._window.side < max(width, height):
            return face
        return self._turn_to(face, image) or face

    def _look(self, image: np.ndarray, where: Window | None = None) -> list[Face]:
        """The faces of a frame, or of a part of it, in frame pixels."""
        view = image if where is None else where.cut(image)
        height, width = view.shape[:2]
        shrink = max(1.0, width / SCOUT_WIDTH)
        if shrink == 1.0:
            found = faces_of(self._scout, view)
        else:
            size = (round(width / shrink), round(height / shrink))
            small = cv2.resize(view, size, interpolation=cv2.INTER_AREA)
            scale = np.array([width / size[0], height / size[1], width / size[0]], np.float32)
            # Pixel centres are integers: the corner of a picture, not its first pixel, stays put when it
            # grows.
            half = np.array([0.5, 0.5, 0.0], np.float32)
            found = [Face((f.landmarks + half) * scale - half, f.score) for f in faces_of(self._scout, small)]
        found = [face for face in found if face.height >= LEAST_HEIGHT]
        return found if where is None else [where.lift(face) for face in found]

    def _turn_to(self, chosen: Face, image: np.ndarray) -> Face | None:
        """Shows the tracker nothing but one face, until it has let go of the old one and found this."""
        small = is_small(chosen, image.shape[1], image.shape[0])
        window = Window.around(chosen) if small else None
        view, seen = image, chosen
        if window is not None:
            view = window.cut(image)
            seen = Face(chosen.landmarks - np.array([window.left, window.top, 0], np.float32))
        left, top, right, bottom = seen.box
        margin = 0.5 * chosen.height
        alone = np.zeros_like(view)
        y, x = (
            slice(max(0, int(top - margin)), max(0, int(bottom + margin))),
            slice(max(0, int(left - margin)), max(0, int(right + margin))),
        )
        alone[y, x] = view[y, x]
        for _ in range(3):
            found = faces_of(self._tracker, alone)
            if found and same_face(found[0], seen):
                self._window = window
                return window.lift(found[0]) if window is not None else found[0]
        return None


def faces_by_size(tracker: FaceTracker, image: np.ndarray) -> list[Face]:
    """The faces of one picture, the largest first; without a large one small ones are looked for.

    Args:
        tracker: of single pictures.
        image: uint8 (H, W, 3) RGB.
    """
    found = faces_of(tracker, np.ascontiguousarray(image))
    if not found:
        for tile in tiles(image.shape[1], image.shape[0]):
            found += [tile.lift(face) for face in faces_of(tracker, tile.cut(image))]
        found = [face for face in found if face.height >= LEAST_HEIGHT]
    kept: list[Face] = []
    for face in sorted(found, key=lambda one: -one.height):
        # Tiles overlap.
        if not any(same_face(face, other) for other in kept):
            kept.append(face)
    return kept


def faces_of(tracker: FaceTracker, image: np.ndarray) -> list[Face]:
    """What a tracker finds, without what cannot be a face: it may find one in noise, of no size at all."""
    return [face for face in tracker.track(image) if face.possible]


def same_face(a: Face, b: Face) -> bool:
    """Whether two faces of one picture lie at the same place, within half a face height."""
    distance = np.linalg.norm(a.landmarks[:, :2].mean(0) - b.landmarks[:, :2].mean(0))
    return bool(distance < 0.5 * max(a.height, b.height))
