"""Store: the folded views of what one person wears, made in a worker, nearest view first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from mirror.core.workers import Pending, Workers
from mirror.hair.camera_sharpness import Sharpness
from mirror.hair.flyaways import looseness
from mirror.hair.fold import FoldedView, fold
from mirror.hair.key_view import GROUPS, GrownStyle, KeyView
from mirror.hair.lit_layer import Tints
from mirror.hair.pattern_layer import Worn

MOST_BYTES = 32 << 20  # a folded view of 448 x 640 takes 2.6 MB
# How much the light must have changed, as a share of it, before layers are made anew: less is not seen.
CHANGE = 0.08
LEANS = 0.2  # the same of the light from the side, see `mirror.hair.side_light.slope`
# Views that are near, and enlarged: two are mixed where one passes over into the next.
NEAR = 2

Key = tuple[int, int, int]
# As `fold` takes it: tints, shade, leaning, looseness, sharpness.
_Look = tuple[Tints, Worn | None, float | None, float, Sharpness | None]


class LayerStore:
    """Folded views by style, view and shade, within `most` bytes; those that were used last are kept.

    Args:
        workers: `fold` makes them.
    """

    def __init__(self, workers: Workers, most: int = MOST_BYTES) -> None:
        self._workers, self._most = workers, most
        self._kept: OrderedDict[Key, tuple[FoldedView, int]] = OrderedDict()
        self._pending = Pending[tuple[Key, int], FoldedView]()
        self._tints: Tints = {}
        self._leaning: float | None = None
        self._sharpness: Sharpness | None = None
        self._round = 0
        self._styles: dict[int, object] = {}  # whose ids are keys: as long as they are kept they stay theirs

    @property
    def bytes(self) -> int:
        """Memory that the layers take."""
        return sum(view.bytes for view, _ in self._kept.values())

    def light(self, tints: Tints, leaning: float | None = None) -> None:
        """The light of now, as `fold` takes it; layers are made anew only where it has changed by more than a
        little."""
        leans = abs((leaning or 0.0) - (self._leaning or 0.0)) > LEANS
        if leans or (leaning is None) != (self._leaning is None) or _apart(self._tints, tints) > CHANGE:
            self._tints, self._leaning, self._round = dict(tints), leaning, self._round + 1

    def sharpen(self, sharpness: Sharpness) -> None:
        """How sharp the picture is, and how large the head in it, from now on; where that is seen, layers are
        made anew."""
        if sharpness.differs(self._sharpness):
            self._sharpness, self._round = sharpness, self._round + 1

    def tend(
        self, style: GrownStyle, shade: Worn | None, order: Sequence[int], *, large: bool = False
    ) -> None:
        """Takes what the worker has finished, and gives it the first view of `order` that is missing, not as
        large as it is shown, or in an old light. Once a picture.

        Args:
            large: the head is large in the picture, and the nearest views are wanted enlarged.
        """
        self._collect()
        if self._pending.busy:
            return
        wanted = [_key(style, number, shade) for number in order]
        near = wanted[:NEAR] if large else []
        for key, (view, _) in self._kept.items():
            if key not in near:
                view.shrink()
        # The nearest is seen first and then seen well; one in an old light comes last, and one that is not
        # near when it is.
        missing = [key for key in wanted if key not in self._kept]
        soft = [key for key in near if key in self._kept and self._kept[key][0].soft]
        old = [key for key in wanted[:NEAR] if key in self._kept and self._kept[key][1] != self._round]
        first = [*(key for key in missing if key == wanted[0]), *soft, *missing, *old][:1]
        for key in first:
            if key in soft:
                view, made = self._kept[key]
                self._pending.begin((key, made), self._workers.fold.submit(view.enlarge))
            else:
                # What was sharp stays sharp.
                self._begin(key, style, shade, sharp=key in near and key in self._kept)
        self._collect()

    def _begin(self, key: Key, style: GrownStyle, shade: Worn | None, *, sharp: bool = False) -> None:
        """Has the view of a key folded in the light of now."""
        self._styles[key[0]] = style
        if shade is not None:
            self._styles[key[2]] = shade
        job = self._workers.fold.submit(
            _folded,
            style.views[key[1]],
            (dict(self._tints), shade, self._leaning, looseness(style.listing.tags), self._sharpness),
            sharp,
        )
        self._pending.begin((key, self._round), job)

    def prepare(self, style: GrownStyle, shade: Worn | None, order: Sequence[int]) -> None:
        """Has the first view of `order` made of a style that is to come, where the worker rests; it is kept
        as if it had been used."""
        self._collect()
        if self.get(style, order[0], shade) is not None or self._pending.busy:
            return
        self._begin(_key(style, order[0], shade), style, shade)

    def get(self, style: GrownStyle, number: int, shade: Worn | None) -> FoldedView | None:
        """A layer, perhaps in the light of a moment before; None: it is not there yet."""
        key = _key(style, number, shade)
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def finish(self) -> None:
        """Waits for the worker."""
        self._pending.wait()
        self._collect()

    def _collect(self) -> None:
        if (done := self._pending.take()) is not None:
            (key, made), view = done
            self._put(key, view, made)

    def _put(self, key: Key, view: FoldedView, made: int) -> None:
        self._kept[key] = view, made
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and self.bytes > self._most:
            self._kept.popitem(last=False)


def _folded(view: KeyView, look: _Look, sharp: bool) -> FoldedView:
    folded = fold(view, *look)
    return folded.enlarge() if sharp else folded


def _key(style: GrownStyle, number: int, shade: Worn | None) -> Key:
    return id(style), number, 0 if shade is None else id(shade)


def _apart(one: Tints, other: Tints) -> float:
    """The greatest change of a group's light, as a share of all of it."""
    if not one or not other:
        return float("inf") if bool(one) != bool(other) else 0.0
    mine, theirs = (np.array([tints.get(name, (0, 0, 0)) for name in GROUPS]) for tints in (one, other))
    return float(np.abs(mine - theirs).max() / max(float(theirs.sum(0).max()), 1e-6))
