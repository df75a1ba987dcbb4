"""Style fade: which grown style is laid while one passes over into the next.

The views of both are mixed as two views of one style are (`mirror.compositing.views`): each with its share,
over the one head that lies beneath them. A style whose views are still being made leaves the one before on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mirror.compositing.hairline_fit import HairlineFit
from mirror.compositing.laid_hair import WarpedView
from mirror.compositing.views import ViewChoice
from mirror.compositing.warp import ViewWarp
from mirror.core.easing import eased
from mirror.hair.key_view import GrownStyle
from mirror.hair.pattern_layer import Worn


@dataclass(slots=True, eq=False)
class Outfit:
    """A grown style in one shade on one person.

    Attributes:
        style, shade: of it; None: the shade that it grew in.
        warps: of its views, by number; hairline: as it is on this person; choice: of its views.
        shown: it was laid.
    """

    style: GrownStyle
    shade: Worn | None
    warps: dict[int, ViewWarp] = field(default_factory=dict)
    hairline: HairlineFit = field(default_factory=HairlineFit)
    choice: ViewChoice = field(default_factory=ViewChoice)
    shown: bool = False


class StyleFade:
    """The outfit that is on and the one that it takes the place of.

    Attributes:
        on: what is worn, or on its way; None: nothing yet.
        begun: when it was asked for, seconds, and how many its fade takes; None: it is there at once.
    """

    def __init__(self) -> None:
        self.begun: tuple[float, float] | None = None
        self.reset()

    def reset(self) -> None:
        """Another person."""
        self.on: Outfit | None = None
        self._off: Outfit | None = None
        self._late: float | None = None  # since when it can be faded, where its views came late

    def wear(self, style: GrownStyle, shade: Worn | None) -> Outfit:
        """Begins with an outfit; the very same goes on."""
        before = self.on
        if before is not None and before.style is style and before.shade is shade:
            return before
        self.on = Outfit(style, shade)
        if before is not None and before.style is style:  # how it lies is a matter of the style
            self.on = replace(before, shade=shade, shown=False)
        if before is not None and before.shown:
            self._off = before
        if self.begun is None:
            self._off = None
        self._late = None
        return self.on

    def mixed(
        self, views: list[WarpedView], now: float, before: Callable[[Outfit], list[WarpedView]]
    ) -> list[WarpedView]:
        """What is laid at `now`, shares that add up to 1.

        Args:
            views: of what is on; none: they are still being made.
            before: gives those of an outfit that was on before.
        """
        if self._off is None or self.begun is None:
            return views
        if not views:
            self._late = now
            return before(self._off)
        asked, seconds = self.begun
        share = eased(now - (asked if self._late is None else self._late), seconds)
        old = [] if share is None else before(self._off)
        if share is None or not old:
            self._off = None
            return views
        parts = [*((one, share) for one in views), *((one, 1 - share) for one in old)]
        mixed = [replace(one, share=one.share * part) for one, part in parts if part > 0]
        return sorted(mixed, key=lambda one: -one.share)
