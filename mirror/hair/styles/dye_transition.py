"""Dyeing: which shade was asked for, and the short cross-fade from one that is on to the next."""

from __future__ import annotations

from mirror.core.easing import eased
from mirror.hair.styles import dye
from mirror.hair.styles.shade_names import named_shades


class Dyeing:
    """The dye now. What is on may be a style that takes none: then it waits for the next.

    Attributes:
        asked: the shade that was asked for, or None.
        on: the shade that is on, or on its way; None where there is none.
        since: when that was asked for, seconds; None: never, or it was on at once.
    """

    def __init__(self) -> None:
        self.asked: dye.Dye | None = None
        self.on: dye.Dye | None = None
        self._from: dye.Dye | None = None
        self.since: float | None = None

    @property
    def name(self) -> str:
        """Of the shade that was asked for, or "none"."""
        return dye.NONE if self.asked is None else self.asked.name

    def ask(self, shade: dye.Dye | None, takes: bool, now: float | None) -> None:
        """Begins with a shade, on a style that takes one or not; without a clock it is on at once."""
        self.asked, after = shade, shade if takes else None
        if after != self.on:
            self._from = after if now is None else self.at(now)
            self.on, self.since = after, now

    def at(self, now: float | None) -> dye.Dye | None:
        """What is on at a moment."""
        share = None if now is None or self.since is None else eased(now - self.since)
        return self.on if share is None else dye.between(self._from, self.on, share)

    def changing(self, now: float | None) -> bool:
        """Whether one shade is fading into another."""
        return self.since is not None and now is not None and eased(now - self.since) is not None

    def following(self, by: int, own: tuple[str, ...]) -> str:
        """The name of the shade so many steps on, round through "none".

        Args:
            own: names of shades that the style has by itself: they are left out, for
                nobody would see the change.
        """
        names = [shade.name for shade in named_shades() if shade.name not in own or shade == self.asked]
        names.insert(0, dye.NONE)
        if self.name not in names:  # of the natural range, or a pattern: the round begins at its nearer end
            return names[0 if by > 0 else -1]
        return names[(names.index(self.name) + by) % len(names)]
