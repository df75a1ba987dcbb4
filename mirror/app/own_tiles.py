"""Own tiles: which thumbnails are made on the person's own face, and how a window shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mirror.pipeline.live_loop import Live
from mirror.pipeline.mirror import Mirror


def nearest_first(order: Sequence[int], worn: int | None) -> tuple[int, ...]:
    """The styles of a strip, those beside the worn one first; it goes round, as the strip does.

    Example:
        >>> nearest_first((0, 1, 2, 3, 4), 1)
        (1, 2, 0, 3, 4)
    """
    if worn not in order:
        return tuple(order)
    here, count = order.index(worn), len(order)
    far = sorted(range(count), key=lambda place: (min((place - here) % count, (here - place) % count),
                                                  (place - here) % count))  # fmt: skip
    return tuple(order[place] for place in far)


class OwnTiles:
    """Asks the mirror for what the strip shows, as long as it is seen. Main thread."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._asked: tuple[int, ...] = ()
        self._turned: tuple[Mapping[int, np.ndarray], bool, dict[int, np.ndarray]] | None = None

    def ask(self, order: Sequence[int], worn: int | None, seen: bool) -> None:
        """Once a picture.

        Args:
            order: numbers of the styles in the strip.
            worn: the one that is on.
            seen: whether any of it is seen.
        """
        wanted = nearest_first(order, worn) if seen else ()
        if wanted != self._asked:
            self._asked = wanted
            self._live.tell(lambda mirror, now: mirror.want_thumbnails(wanted), "thumbnails")

    def made(self, mirror: Mirror, mirrored: bool) -> Mapping[int, np.ndarray]:
        """Those that there are, turned round where the picture is; the same views while nothing changes."""
        made = mirror.own_thumbnails
        if self._turned is None or self._turned[0] is not made or self._turned[1] != mirrored:
            before = {} if self._turned is None or self._turned[1] != mirrored else self._turned[2]
            old = {} if self._turned is None else self._turned[0]
            turned = {
                number: before[number] if number in before and old.get(number) is picture
                else picture[:, ::-1] if mirrored else picture
                for number, picture in made.items()
            }  # fmt: skip
            self._turned = made, mirrored, turned
        return self._turned[2]

    def forget(self) -> None:
        """Drops what there was; the mirror wipes it."""
        self._asked, self._turned = (), None
