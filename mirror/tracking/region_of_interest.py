"""Where in a frame the tracker looks: squares small enough that a small face is large in them.

MediaPipe's short-range detector shrinks whatever it is shown to 128x128 and finds faces higher than
about 0.16 of the picture's longer side (measured on 16 held-out portraits: all at 0.16, 4 of 5 at 0.13,
none at 0.1; at the other end all up to 0.8): 200 px of 1280. In a square of 0.6 of the frame's shorter
side that is 70 px. The landmark network samples the face itself, so nothing has to be enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.core.face import Face

# Faces lower than this share of the frame's longer side are not sure to be found in the whole frame.
SURE = 0.18
TILE = 0.6
OVERLAP = 1 / 3
# Sides of a window over the height of the face in it: as made, and what it may become before it is changed.
ROOM = 2.9
LEAST_ROOM, MOST_ROOM = 2.0, 4.2
# How far off the window's middle the face may be, and how far the window glides in a frame, in face heights:
# to the tracker a window that moves is a face that moves, and a face that leaps is lost.
SLACK = 0.25
GLIDE = 0.2
GROW = 1.04


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a frame, in pixels; beyond the frame it is black.

    Attributes:
        left, top: its first column and row; may be negative.
        side: columns and rows.

    Example:
        >>> Window(-1, 0, 4).cut(np.ones((2, 2, 3), np.uint8))[..., 0].tolist()
        [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    """

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, face: Face, room: float = ROOM) -> Window:
        """The window of a face: `room` times its height, the face in the middle."""
        return cls.centred(*centre(face), room * face.height)

    @classmethod
    def centred(cls, x: float, y: float, side: float) -> Window:
        """The square of about `side` pixels about a point."""
        side = max(1, round(side))
        return cls(round(x - (side - 1) / 2), round(y - (side - 1) / 2), side)

    @property
    def middle(self) -> tuple[float, float]:
        """x and y of its middle, frame pixels."""
        return self.left + (self.side - 1) / 2, self.top + (self.side - 1) / 2

    def cut(self, image: np.ndarray) -> np.ndarray:
        """The square out of a picture, uint8 (H, W, 3): contiguous (side, side, 3)."""
        height, width = image.shape[:2]
        left, top = max(0, self.left), max(0, self.top)
        right, bottom = min(width, self.left + self.side), min(height, self.top + self.side)
        if (right - left, bottom - top) == (self.side, self.side):
            return np.ascontiguousarray(image[top:bottom, left:right])
        out = np.zeros((self.side, self.side, *image.shape[2:]), image.dtype)
        if right > left and bottom > top:
            out[top - self.top : bottom - self.top, left - self.left : right - self.left] = image[
                top:bottom, left:right
            ]
        return out

    def lift(self, face: Face) -> Face:
        """A face found in the cut square, in frame pixels."""
        return Face(face.landmarks + np.array([self.left, self.top, 0], np.float32), face.score)

    def after(self, face: Face) -> Window:
        """The window for the next frame, after the face was found here: the same one while it will do."""
        x, y = self.middle
        at_x, at_y = centre(face)
        step, slack = GLIDE * face.height, SLACK * face.height
        right, down = _beyond(at_x - x, slack, step), _beyond(at_y - y, slack, step)
        room = self.side / max(face.height, 1e-6)
        side = self.side * (GROW if room < LEAST_ROOM else 1 / GROW if room > MOST_ROOM else 1.0)
        if right == down == 0 and side == self.side:
            return self
        return Window.centred(x + right, y + down, side)


def centre(face: Face) -> tuple[float, float]:
    """The middle of a face's box, frame pixels."""
    left, top, right, bottom = face.box
    return (left + right) / 2, (top + bottom) / 2


def is_small(face: Face, width: int, height: int) -> bool:
    """Whether a face of a width x height frame may be missed by a look at the whole frame."""
    return face.height < SURE * max(width, height)


def tiles(width: int, height: int, near: tuple[float, float] | None = None) -> list[Window]:
    """Squares that cover a frame, overlapping by a third, so that no small face lies on a border of all.

    Args:
        near: those nearest to this point come first; without it those nearest to where a person stands:
            in the middle, the head in the upper third.

    Example:
        >>> len(tiles(1280, 720)), tiles(1280, 720)[0].side
        (8, 432)
    """
    side = max(1, round(TILE * min(width, height)))
    x, y = near if near is not None else (width / 2, height / 3)
    squares = [Window(left, top, side) for top in _starts(height, side) for left in _starts(width, side)]
    return sorted(squares, key=lambda w: (w.middle[0] - x) ** 2 + (w.middle[1] - y) ** 2)


def _starts(length: int, side: int) -> list[int]:
    """Where squares begin along an edge, evenly spread."""
    stride = side * (1 - OVERLAP)
    count = max(1, int(np.ceil((length - side) / stride - 0.05)) + 1)
    return [round(i * (length - side) / max(1, count - 1)) for i in range(count)]


def _beyond(off: float, slack: float, step: float) -> float:
    """How far to glide after what is `off` the middle."""
    return float(np.clip(np.sign(off) * max(0.0, abs(off) - slack), -step, step))
