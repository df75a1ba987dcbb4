"""Store: the folded views of what one person wears, made in a worker, nearest view first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from mirror.core.workers import Pending, Workers
from mirror.hair.fold import FoldedView, Shade, Tints, fold
from mirror.hair.key_view import GROUPS, GrownStyle

MOST_BYTES = 32 << 20  # a folded view of 448 x 640 takes 2.6 MB
# How much the light must have changed, as a share of it, before layers are made anew: less is not seen.
CHANGE = 0.08

Key = tuple[int, int, int]


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
        self._round = 0
        self._styles: dict[int, object] = {}  # whose ids are keys: as long as they are kept they stay theirs

    @property
    def bytes(self) -> int:
        """Memory that the layers take."""
        return sum(view.bytes for view, _ in self._kept.values())

    def light(self, tints: Tints) -> None:
        """The light of now; layers are made anew only where it has changed by more than a little."""
        if _apart(self._tints, tints) > CHANGE:
            self._tints, self._round = dict(tints), self._round + 1

    def tend(self, style: GrownStyle, shade: Shade | None, order: Sequence[int]) -> None:
        """Takes what the worker has finished, and gives it the first view of `order` that is missing or
        lies in an old light. Once a picture."""
        self._collect()
        if self._pending.busy:
            return
        wanted = [_key(style, number, shade) for number in order]
        # One that is missing comes before one in an old light, and the nearest before all others.
        for key in [
            *(key for key in wanted if key not in self._kept),
            *(key for key in wanted if key in self._kept and self._kept[key][1] != self._round),
        ][:1]:
            self._styles[key[0]] = style
            if shade is not None:
                self._styles[key[2]] = shade
            view = style.views[key[1]]
            made = self._workers.fold.submit(fold, view, dict(self._tints), shade)
            self._pending.begin((key, self._round), made)
        self._collect()

    def get(self, style: GrownStyle, number: int, shade: Shade | None) -> FoldedView | None:
        """A layer, perhaps in the light of a moment before; None: it is not there yet."""
        key = _key(style, number, shade)
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def make(self, style: GrownStyle, number: int, shade: Shade | None) -> FoldedView:
        """A layer in the light of now, made here and now where it is not there: of a picture of its own."""
        self.finish()
        key = _key(style, number, shade)
        if key not in self._kept or self._kept[key][1] != self._round:
            self._styles[key[0]] = style
            self._put(key, fold(style.views[number], self._tints, shade), self._round)
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


def _key(style: GrownStyle, number: int, shade: Shade | None) -> Key:
    return id(style), number, 0 if shade is None else id(shade)


def _apart(one: Tints, other: Tints) -> float:
    """The greatest change of a group's light, as a share of all of it."""
    if not one or not other:
        return float("inf") if bool(one) != bool(other) else 0.0
    mine, theirs = (np.array([tints.get(name, (0, 0, 0)) for name in GROUPS]) for tints in (one, other))
    return float(np.abs(mine - theirs).max() / max(float(theirs.sum(0).max()), 1e-6))
