"""Worn moment: what was laid on a person at one moment, and what was made of it to lie beneath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mirror.compositing.hairline_fit import Hairline
from mirror.compositing.head_silhouette import HeadOutline, OwnOutline
from mirror.compositing.laid_hair import WarpedView, in_head_space
from mirror.compositing.own_hairline import OwnRoots
from mirror.compositing.underlay import Underlay
from mirror.compositing.worn_shade import OwnLook
from mirror.core.head_space import HeadTransform
from mirror.hair.key_view import GrownStyle
from mirror.hair.pattern_layer import Worn
from mirror.removal.long_hair import Under


@dataclass(frozen=True, slots=True)
class WornMoment:
    """What was laid last.

    Attributes:
        style, shade: of it.
        views: where they lay; transform: where the head was.
    """

    style: GrownStyle
    shade: Worn | None
    views: tuple[WarpedView, ...]
    transform: HeadTransform

    def in_head_space(self) -> np.ndarray:
        """See `mirror.compositing.laid_hair.in_head_space`."""
        return in_head_space(self.views, self.transform)

    def alike(self, other: WornMoment | None) -> bool:
        """Whether it is the same style in the same shade."""
        return other is not None and self.style is other.style and self.shade is other.shade


@dataclass(frozen=True, slots=True)
class Beneath:
    """What was made of a moment.

    Attributes:
        underlay: what lies beneath. hangs: what hangs below the square.
        outline: where the head ends; None: out of the picture.
        own: how the outline of the hair they wore is to be, above and at sides that stay; sides: how much of
            them does.
        hairlines: their own and that of the hair they wore; None: they wore none.
        worn, roots: what stays of the own hairline, and before which hair; None: nothing, none.
        look: what was read of their own colour; None: what is known is better.
        leaning: by how much the hair that is there gets brighter to the right, see
            `mirror.hair.side_light.slope`; None: too little is seen.
        fineness: how fine the camera shows hair, see `mirror.hair.camera_sharpness`; None: not looked.
        plain: makes the underlay as it is before no hair in particular: scalp that reaches to the outline of
            big hair is a halo round smaller hair; None: it is that.
    """

    underlay: Underlay
    hangs: Under | None
    worn: WornMoment | None
    roots: OwnRoots | None
    outline: HeadOutline | None
    hairlines: tuple[Hairline, Hairline] | None
    own: OwnOutline | None = None
    sides: tuple[float, float] | None = None
    look: OwnLook | None = None
    leaning: float | None = None
    plain: Callable[[], Underlay] | None = None
    fineness: float | None = None
