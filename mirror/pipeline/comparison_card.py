"""A card to compare: one moment, painted with the last looks that were worn.

The painting is done in the worker thread, one piece between two live pictures, so that the mirror goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mirror.compositing.alpha_compositing import compose
from mirror.compositing.laid_tint import LaidTint, layer_colour
from mirror.core.erase import blacken
from mirror.core.face_lighting import measure
from mirror.hair.encoding.reconstruction_residual import seen_at
from mirror.hair.painting.strand_detail import LENGTH, Comb, combed
from mirror.hair.painting.subject import Subject
from mirror.pipeline.facial_hair_following import follows, still_tint, tinted, worn_colour
from mirror.pipeline.grown_still import GrownStill, laid_on
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import Worn
from mirror.removal.background_completion import complete
from mirror.removal.background_plate import WALL_SIDE
from mirror.removal.long_hair import below
from mirror.tracking.tracked_frame import Seen

if TYPE_CHECKING:
    from mirror.pipeline.mirror import Mirror
    from mirror.pipeline.person import Dresser

LOOKS = 4
# Below this strength of the new hair a head is turned too far to compare anything.
LEAST_STRENGTH = 0.5
# Seconds after which a look was worn: those that somebody passes on the way to another were not.
LASTING = 0.5
_PIECES = 60  # of a wall that are put together for a card, 0.1 s: the live picture has most of them
_STEPS = LENGTH // 2  # of the strands, between two live pictures


def paint(dresser: Dresser, shown: Shown, looks: Sequence[Worn]) -> Iterator[np.ndarray | None]:
    """The picture of a moment with other looks, see `Mirror.card`."""
    if shown.face is None or shown.transform is None:
        raise ValueError("there is no face in this picture")
    image, transform, plate = shown.frame.image, shown.transform, dresser.plate
    seen = Seen(shown.frame, shown.face, transform)
    head = seen.head
    mattes = dresser.matting.look(head.image, still=True)
    under = below(image, transform, mattes.hair, mattes.front)
    complete(plate, image, transform, mattes, head.shape, _PIECES)
    subject = replace(
        Subject.of(head, mattes, measure(head, mattes.hair), under),
        behind=plate.behind(transform, WALL_SIDE),
    )
    yield None
    still = GrownStill(dresser.swap, plate)
    for look in looks:
        if look.grown is not None:
            laid = still.wear(seen, mattes, subject, look.grown, look.shade, shown.strength * look.presence)
            yield None
            tint = (
                still_tint(seen, mattes, worn_colour(laid, look.shade)) if _follows(dresser, look) else None
            )
            yield laid_on(image, laid if tint is None else LaidTint(laid, tint))
            continue
        if look.loss is None:
            code = look.fitted(head.shape)
            layer = dresser.swap.paint(subject, code)
            residual, dyed, strands = code.residual, code.dye is not None, True
        else:
            layer, strands_of, residual = dresser.loss.paint(
                dresser.swap, subject, dresser.own, lambda: seen_at(image, transform), (look.loss, look)
            )
            dyed, strands = False, strands_of is not None
        yield None
        if strands:
            comb = Comb(layer.rgb, layer.new)
            while not comb.work(_STEPS):
                yield None
            layer = combed(layer, comb, head.shape, residual, dyed)
        tint = still_tint(seen, mattes, layer_colour(layer)) if _follows(dresser, look) else None
        yield compose(tinted(image, tint), layer, transform, shown.strength * look.presence, plate)


def _follows(dresser: Dresser, look: Worn) -> bool:
    """Whether brows and beard are to take the colour of a look."""
    wished = dresser.styling.brows_follow and look.code is not None and look.loss is None
    return wished and look.code is not None and follows(look.code, look.grown, look.shade)


class Looks:
    """The looks that were on lately, the last first; told of every picture."""

    def __init__(self) -> None:
        self._worn: deque[Worn] = deque(maxlen=LOOKS)
        self._on: tuple[str, float] | None = None  # the name of what is on, and since when

    def note(self, worn: Worn, at: float) -> None:
        """Notes what a picture shows; `at` in seconds of the frame clock."""
        if self._on is None or self._on[0] != worn.name or at < self._on[1]:
            self._on = worn.name, at
        if worn.single and at - self._on[1] >= LASTING:
            self._put_first(worn)

    def forget(self) -> None:
        """Forgets them: somebody else stands there."""
        blacken(*self._worn)
        self._worn.clear()
        self._on = None

    def chosen(self, now: Worn) -> list[Worn]:
        """The looks of a card: the one that is on and those that were worn before it, four at most."""
        before = [one for one in self._worn if one.name != now.name]
        return [*([now] if now.single else []), *before][:LOOKS]

    def _put_first(self, worn: Worn) -> None:
        # The newest of a name: what a slider makes of a style changes with every picture.
        again = next((one for one in self._worn if one.name == worn.name), None)
        if again is not None:
            self._worn.remove(again)
        self._worn.appendleft(worn)


class Card:
    """One card in the making.

    Args:
        shown: the moment, with a face.
        looks: what it is painted with.

    Attributes:
        looks: as given.
        pictures: of the looks painted so far; uint8 (H, W, 3) RGB, as the camera saw it.
        busy: a piece of work was asked for and is not done.
        done: all are painted.

    Example:
        card = Card(shown, looks.chosen(shown.worn))
        while not card.done:          # once a picture, on the main thread
            if not card.busy:
                card.busy = True
                live.tell(card.work)
    """

    def __init__(self, shown: Shown, looks: Sequence[Worn]) -> None:
        self._shown = shown
        self._work: Iterator[np.ndarray | None] | None = None
        self.looks = tuple(looks)
        self.pictures: list[np.ndarray] = []
        self.busy = self.done = False

    @staticmethod
    def possible(shown: Shown) -> bool:
        """Whether there is a head in this picture, turned so that it can wear new hair."""
        return shown.face is not None and shown.transform is not None and shown.strength >= LEAST_STRENGTH

    def work(self, mirror: Mirror, now: float) -> None:
        """The next piece: some tens of milliseconds. For `Live.tell`."""
        try:
            if self._work is None:
                self._work = mirror.card(self._shown, self.looks)
            picture = next(self._work, None)
            if picture is not None:
                self.pictures.append(picture)
            self.done = len(self.pictures) == len(self.looks)
        finally:
            self.busy = False
