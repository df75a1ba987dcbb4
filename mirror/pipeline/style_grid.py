"""Grid: the live face under four or nine styles at once.

One of them is painted anew at a time, in turn and beside the pictures, and every picture lays all of them:
each is a few pictures old and moves with the head all the same. The first time all are painted of one moment,
which is looked at once.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.compositing.alpha_compositing import compose
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.core.workers import Pending
from mirror.pipeline.own_thumbnails import Moment
from mirror.pipeline.person import Dresser
from mirror.tracking.tracked_frame import Seen

SIZES = (4, 9)
# A cell shows so many sides of the head's square from top to bottom, where the picture is large enough.
ROOM = 1.25
_FOLLOW = 0.12  # of the way to the head, the cut moves with each picture
LINE = 2  # pixels between cells
_ONE_MOMENT = 3.0  # seconds for which a moment does for cells that show nothing yet


class Grid:
    """The layers of a grid, and where it looks.

    Args:
        numbers: of the styles of the book, 4 or 9.
        first: the number of the style that is painted first, if it is among them.
        before: the grid in whose place this one comes: what it has painted, this has.
    """

    def __init__(
        self, numbers: tuple[int, ...], first: int | None = None, before: Grid | None = None
    ) -> None:
        self.numbers = numbers
        self._across = round(len(numbers) ** 0.5)
        self._pending = Pending[int, Layer]()
        self._layers: list[Layer | None] = []
        self._first = numbers.index(first) if first in numbers else 0
        self.reset()
        if before is not None:
            self._take_over(before)

    def reset(self) -> None:
        """Forgets the person."""
        self.settle()
        self._layers = [None] * len(self.numbers)
        self._next = self._first
        self._moment: Moment | None = None  # of which cells are painted that show nothing yet
        self._at: HeadTransform | None = None  # the head, when it was seen last
        self._middle: np.ndarray | None = None
        self._tall = 0.0

    def _take_over(self, before: Grid) -> None:
        made = dict(zip(before.numbers, before._layers, strict=True))
        self._layers = [made.get(number) for number in self.numbers]
        self._at, self._middle, self._tall = before._at, before._middle, before._tall
        self._moment = before._moment

    @property
    def coming(self) -> tuple[int, ...]:
        """The places of the cells that still show the person as they are; () where nobody is."""
        if self._at is None:
            return ()
        return tuple(place for place, layer in enumerate(self._layers) if layer is None)

    def settle(self) -> None:
        """Waits for what is being painted."""
        self._pending.wait()
        self._collect()

    def _collect(self) -> None:
        if (done := self._pending.take()) is not None:
            self._layers[done[0]] = done[1]

    def show(self, seen: Seen, dresser: Dresser, strength: float) -> np.ndarray:
        """One picture: a cell for each style, row by row, uint8 of the frame's own size.

        Args:
            seen: with a face; one that is missed for a moment keeps what it wore where it was. Where nobody
                is, every cell shows the picture as it is.
        """
        image = seen.frame.image
        height, width = image.shape[:2]
        self._collect()
        if seen.transform is not None:
            if not self._pending.busy:
                place = self._turn()
                self._pending.begin(place, dresser.painting(self._look(seen, dresser), self.numbers[place]))
                self._collect()
            self._at = seen.transform
            self._follow(seen.transform, height)
        left, top, right, bottom = self._cut(width, height)
        cell = (width // self._across, height // self._across)
        small = cv2.resize(image[top:bottom, left:right], cell, interpolation=cv2.INTER_AREA)
        out = np.zeros_like(image)
        scale = cell[0] / (right - left)
        at = self._at
        for place, kept in enumerate(self._layers):
            picture = small
            if kept is not None and at is not None:
                # Pixel centres are integers: the corner of a picture stays put when it shrinks.
                moved = HeadTransform(
                    (at.x - left + 0.5) * scale - 0.5, (at.y - top + 0.5) * scale - 0.5,
                    at.scale * scale, at.angle,
                )  # fmt: skip
                picture = compose(small, kept, moved, strength)
            row, column = divmod(place, self._across)
            y, x = row * cell[1], column * cell[0]
            out[y : y + cell[1] - LINE, x : x + cell[0] - LINE] = picture[: cell[1] - LINE, : cell[0] - LINE]
        return out

    def _turn(self) -> int:
        """Whose turn it is: cells that show nothing come first."""
        places = [(self._next + step) % len(self.numbers) for step in range(len(self.numbers))]
        place = next((one for one in places if self._layers[one] is None), places[0])
        self._next = (place + 1) % len(self.numbers)
        return place

    def _look(self, seen: Seen, dresser: Dresser) -> Moment:
        """What a cell is painted of: of this picture, or where others wait as well, of the one looked at for
        them."""
        kept = self._moment if None in self._layers else None
        if kept is None or seen.frame.captured_at - kept.seen.frame.captured_at > _ONE_MOMENT:
            kept = dresser.still(seen)
        self._moment = kept
        return kept

    def _follow(self, at: HeadTransform, height: int) -> None:
        """Moves the cut after the head, slowly: it is the head that moves, not the room."""
        there, tall = np.array([at.x, at.y]), min(float(height), ROOM * at.scale)
        if self._middle is None:
            self._middle, self._tall = there, tall
        self._middle = self._middle + (there - self._middle) * _FOLLOW
        self._tall += (tall - self._tall) * _FOLLOW

    def _cut(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The part of the frame that cells show, of the frame's own proportions."""
        if self._middle is None:
            return 0, 0, width, height
        return cut_about((float(self._middle[0]), float(self._middle[1])), self._tall, (width, height))


def cut_about(middle: tuple[float, float], tall: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of a frame of `size` (width, height) that a cell shows: left, top, right, bottom.

    Example:
        >>> cut_about((320.0, 240.0), 240.0, (640, 480))
        (160, 120, 480, 360)
    """
    width, height = size
    high = min(max(round(tall), 32), height)
    wide = min(round(high * width / height), width)
    left = min(max(round(middle[0] - wide / 2), 0), width - wide)
    top = min(max(round(middle[1] - high / 2), 0), height - high)
    return left, top, left + wide, top + high
