"""Own thumbnails: the styles to choose from on the person's own face, one at a time, beside the live picture.

All are of one moment in which the person looks ahead. They are kept in memory, and wiped with the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from mirror.compositing.alpha_compositing import compose
from mirror.core.erase import blacken
from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import crop
from mirror.core.workers import Pending, Workers
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.strand_detail import drawn
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.book import thumbnail_of
from mirror.hair.styles.selection import Styling
from mirror.pipeline.grown_still import GivenUp, GrownStill, laid_on
from mirror.removal.background_plate import Plate
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen

EVERY = 0.5  # seconds of the frame clock between two that are begun: a quarter of one core at most
RENEWED = 30.0  # seconds after which those that are still to come are made of another moment
AHEAD = 18.0  # degrees that a head may be turned or nod in that moment: webcams stand high or low
# A picture is late after so many times the usual gap and so many seconds more: where the processor is what
# pictures wait for, one is lost now and then. For so many seconds after that none is begun.
LATE, LATER, BACK_OFF = 2.0, 0.05, 2.0
_FOLLOW = 0.05  # of the way to the newest gap, what is usual moves with each picture


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A picture of the person, with a face.

    Attributes:
        seen, mattes, subject: as a painter takes them.
    """

    seen: Seen
    mattes: Mattes
    subject: Subject


class OwnThumbnails:
    """Of one person.

    Args:
        styling: whose book they are of, in the dye that was asked for.
        workers: `paint` makes them.
        swap, plate: as for grown styles on a picture of its own.

    Attributes:
        wanted: numbers of the styles that are seen as thumbnails, the next to be made first; () none is.
        made: by number, uint8 (128, 128, 3) RGB. Another mapping each time: it may be read in any thread.
    """

    def __init__(self, styling: Styling, workers: Workers, swap: Swap, plate: Plate) -> None:
        self._styling, self._workers, self._swap = styling, workers, swap
        # One round: a thumbnail shows less than the live picture, which takes three.
        self._still = GrownStill(swap, plate, rounds=1)
        self._pending = Pending[tuple[int, str], np.ndarray | None]()
        self.wanted: tuple[int, ...] = ()
        self.made: Mapping[int, np.ndarray] = {}
        self._usual: float | None = None  # seconds between two pictures
        self._at: float | None = None
        self._forget()

    def _forget(self) -> None:
        self.made, self._dye = {}, self._styling.dye_name
        self._moment: Moment | None = None
        self._begun = self._wait_until = -np.inf
        self._asked, self._refused = (
            -1,
            set[int](),
        )  # the style that was begun last; those that cannot be made

    def reset(self) -> None:
        """Forgets the person."""
        self.settle()
        blacken(dict(self.made))  # of the moment all is shared with pictures that may still be shown
        self._still.reset()
        self._forget()

    def settle(self) -> None:
        """Gives up what is being made, and waits until it is."""
        self._still.given_up = True
        self._pending.wait()
        self._collect()

    def note(self, at: float) -> None:
        """A picture came, captured at so many seconds: one that is late has what is being made given up."""
        gap, self._at = None if self._at is None else at - self._at, at
        if gap is None or gap <= 0:
            return
        if self._usual is not None and gap > LATE * self._usual + LATER:
            self._still.given_up, self._wait_until = True, at + BACK_OFF
        self._usual = gap if self._usual is None else self._usual + (min(gap, 1.0) - self._usual) * _FOLLOW

    def step(self, moment: Callable[[], Moment] | None, now: float) -> None:
        """Takes what was made and begins the next. After a picture was shown.

        Args:
            moment: takes one of the person as they are; None: the worker is needed for the live picture.
        """
        self._collect()
        if self._dye != self._styling.dye_name:
            self._dye = self._styling.dye_name
            self.made = {}
        if not self.wanted:
            self._still.given_up = True
        number = next((one for one in self.wanted if one not in self.made and one not in self._refused), None)
        if number is None or moment is None or self._pending.busy:
            return
        if now - self._begun < EVERY or now < self._wait_until:
            return
        kept = self._moment
        if kept is None or now - kept.seen.frame.captured_at > RENEWED:
            kept = moment()
            if not _looks_ahead(kept.seen):
                self._begun = now  # not with every picture
                return
            self._moment = kept
        self._begun, self._asked, self._still.given_up = now, number, False
        self._pending.begin((number, self._dye), self._workers.paint.submit(self._make, kept, number))
        self._collect()

    def _collect(self) -> None:
        try:
            done = self._pending.take()
        except MirrorError:  # the file of a grown style was taken away: whoever puts it on is told
            self._refused.add(self._asked)
            return
        if done is not None:
            (number, dye), picture = done
            if picture is not None and dye == self._styling.dye_name:
                self.made = {**self.made, number: picture}

    def _make(self, moment: Moment, number: int) -> np.ndarray | None:
        """In the worker. None: it was given up."""
        seen, image = moment.seen, moment.seen.frame.image
        assert seen.transform is not None
        worn = self._styling.grown_style(number)
        if worn is None:
            code = self._styling.in_dye(number, seen.shape)
            layer = drawn(self._swap.paint(moment.subject, code), code, seen.shape)
            picture = compose(image, layer, seen.transform)
        else:
            try:
                laid = self._still.wear(seen, moment.mattes, moment.subject, *worn)
            except GivenUp:
                return None
            picture = laid_on(image, laid)
        return thumbnail_of(crop(picture, seen.transform, SIDE))


def _looks_ahead(seen: Seen) -> bool:
    if seen.face is None:
        return False
    yaw, pitch, _ = seen.face.pose
    return abs(yaw) < AHEAD and abs(pitch) < AHEAD
