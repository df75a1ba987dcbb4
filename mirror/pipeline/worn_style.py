"""Worn: what one picture shows on the head. It travels with the picture: name and mark are its very own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mirror.translation.message import Message

if TYPE_CHECKING:
    from mirror.hair.key_view import GrownStyle
    from mirror.hair.loss.loss_plan import LossPlan
    from mirror.hair.styles.code import StyleCode
    from mirror.hair.styles.dye import Dye
    from mirror.hair.styles.interpolation import Blend
    from mirror.hair.styles.selection import Styling

SIMULATED = Message("simulated")
# On a picture that shows somebody with less or more hair than they have.
ILLUSTRATION = Message("illustration, not a prediction")
CHANGED = ", changed"


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """What a picture shows.

    Attributes:
        name: of the style and its dye, or the step of hair loss, as a person reads it; "" for nothing.
        hair_loss: whether it shows hair loss or regrowth.
        code: of a style, blended and changed as it is worn; None for everything else.
        grown: what is worn in place of what the painter makes of `code`; None: it is painted.
        shade: the dye that is on; None: the style's own colour, or of a grown style that of one's own hair.
        presence: how strongly the style shows, 0 to 1.
        edits: by axis of `mirror.hair.styles.shape_edits.AXES`, how far a painted style is changed.
        dye: name of the dye in the hair that is laid by now, which may still be that before; "none": there is
            none; None: nobody wears a style.
        loss: of hair loss, the place of the slider, -1 to 1, or all that was planned.
    """

    name: str = ""
    hair_loss: bool = False
    code: StyleCode | None = None
    shade: Dye | None = None
    presence: float = 1.0
    loss: LossPlan | float | None = None
    grown: GrownStyle | None = None
    edits: tuple[tuple[str, float], ...] = ()
    dye: str | None = None

    @property
    def mark(self) -> str:
        """What a picture of it has to say of itself.

        Example:
            >>> Worn("bob").mark, Worn("Norwood IV", hair_loss=True).mark
            ('simulated', 'illustration, not a prediction')
        """
        return ILLUSTRATION if self.hair_loss else SIMULATED

    @property
    def single(self) -> bool:
        """Whether it is one look that can be painted again: not nothing, and not a grid of several."""
        return self.code is not None or self.loss is not None

    def fitted(self, shape: np.ndarray) -> StyleCode:
        """The style as it is worn, on a face shape, float32 (75,). Only where there is a `code`."""
        assert self.code is not None
        return self.code.fitted(shape).dyed(self.shade or self.code.dye)


def worn_of(styling: Styling, blend: Blend, now: float, dye: str | None = None) -> Worn:
    """What is worn at a moment of the frame clock. The dressing thread's, after the picture was painted.

    Args:
        blend: of the person who wears it. dye: as in `Worn`.
    """
    code, shade = styling.on
    changed = styling.blend < 1 or styling.choice.by_hand
    return Worn(
        styling.worn + (CHANGED if changed else ""),
        styling.shows_hair_loss(now),
        blend.of(code, styling.blend),
        shade,
        styling.presence,
        grown=styling.grown,
        edits=tuple(sorted((axis, by) for axis, by in styling.adjusted.items() if by)),
        dye=dye,
    )
