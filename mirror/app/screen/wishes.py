"""Trying on: what the panels show of it (`Trying`), and what a person can wish with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.styles.style_filter import ALL, StyleFilter


@dataclass(frozen=True, slots=True)
class Trying:
    """What is being tried on, as the panels show it.

    Attributes:
        blend: 0 the person's own hair, 1 the style.
        dye: name of the dye, or "none".
        axes: by name, (least, most) steps that the hair can be changed along.
        steps: by axis, the steps it is changed now; an absent axis is at 0.
        loss: -1 bald, 0 the present hair, 1 full; None while hair loss is off.
        loss_words: the step of hair loss as a clinic names it ("Norwood III"); "" while it is off.
        brows_follow: whether brows and beard take the colour of the hair.
        grid: numbers of the styles shown at once, in the order of the camera's picture; () for one.
        shades: colours to choose from for hair that grows back, where nothing in the picture says which.
        shade: which of them was chosen.
        plan: of hair loss: the scale, single zones, a drawn hairline.
        filter: which styles there are to choose from.
        left: their numbers, in order; None: all.
        ways: whether one can go back to a look, and forward.
        grafts: what the area behind that line would take; None: nothing is bare there, or none is drawn.
    """

    blend: float = 1.0
    dye: str = "none"
    axes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    steps: Mapping[str, float] = field(default_factory=dict)
    loss: float | None = None
    loss_words: str = ""
    grid: tuple[int, ...] = ()
    shades: tuple[str, ...] = ()
    shade: str | None = None
    plan: LossPlan = LossPlan()
    grafts: GraftCount | None = None
    brows_follow: bool = False
    filter: StyleFilter = ALL
    left: tuple[int, ...] | None = None
    ways: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Blend:
    """So much of the style: 0 the person's own hair, 1 the style."""

    amount: float


@dataclass(frozen=True, slots=True)
class Adjust:
    """The hair so many steps along an axis."""

    axis: str
    steps: float


@dataclass(frozen=True, slots=True)
class ClearAdjustments:
    """All axes back to 0."""


@dataclass(frozen=True, slots=True)
class ChooseDye:
    """A dye by name, or "none"."""

    name: str


@dataclass(frozen=True, slots=True)
class FollowBrows:
    """Brows and beard in the colour of the hair, or as they are."""

    wished: bool


@dataclass(frozen=True, slots=True)
class WearOwn:
    """The person's own hair as what the axes change."""


@dataclass(frozen=True, slots=True)
class WearPhoto:
    """The hair of a photograph. `others` were dropped with it and are left alone."""

    path: Path
    others: int = 0


@dataclass(frozen=True, slots=True)
class ShowLoss:
    """Hair loss and regrowth, -1 to 1; None leaves it."""

    amount: float | None


@dataclass(frozen=True, slots=True)
class ChooseShade:
    """The colour of the hair that grows back, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class ChooseScale:
    """The stages that the slider of hair loss walks along: "Norwood" or "Ludwig"."""

    scale: str


@dataclass(frozen=True, slots=True)
class SetZone:
    """The density of one zone of the scalp, -1 (bare) ... 0 (today) ... 1 (full)."""

    zone: str
    density: float


@dataclass(frozen=True, slots=True)
class DrawHairline:
    """A hairline that was drawn on the head; None takes it away."""

    line: DrawnHairline | None


@dataclass(frozen=True, slots=True)
class ShowCourse:
    """The course over a year, with treatment and without."""


@dataclass(frozen=True, slots=True)
class KeepPage:
    """A page about what is planned, for the talk with a doctor, as a file."""


@dataclass(frozen=True, slots=True)
class PrintPage:
    """The same page on paper."""


@dataclass(frozen=True, slots=True)
class CloseCourse:
    """The live picture again."""


@dataclass(frozen=True, slots=True)
class ClearPlan:
    """All zones of the scalp as they are today, no drawn hairline."""


@dataclass(frozen=True, slots=True)
class ShowGrid:
    """4 or 9 styles at once, in the order of the camera's picture; () leaves."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Narrow:
    """Only the styles that a filter leaves are there to choose from."""

    filter: StyleFilter


@dataclass(frozen=True, slots=True)
class Say:
    """A line for the person."""

    words: str


TryingWish = (
    Blend
    | Adjust
    | ClearAdjustments
    | ChooseDye
    | FollowBrows
    | ChooseShade
    | ChooseScale
    | ClearPlan
    | CloseCourse
    | KeepPage
    | PrintPage
    | ShowCourse
    | DrawHairline
    | SetZone
    | WearOwn
    | WearPhoto
    | ShowLoss
    | ShowGrid
    | Narrow
    | Say
)
