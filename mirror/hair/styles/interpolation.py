"""Blend: what lies between a person's own hair and the style that is worn. Each person has their own."""

from __future__ import annotations

from dataclasses import replace

from mirror.hair.styles.code import StyleCode

# Of a stream two are asked for with each picture: of the style as it lies on the face, and as it is kept.
_KEPT = 4


class Blend:
    """The blends of one person.

    Attributes:
        own: the person's own hair, which a blend begins with; None where nobody has read it yet: until then
            the style is shown alone.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self.own: StyleCode | None = None
        self._made: list[tuple[StyleCode, StyleCode, float, StyleCode]] = []

    def of(self, style: StyleCode, amount: float) -> StyleCode:
        """Between the own hair (0) and a style (1), on the style's face shape and in its dye.

        The very same object as long as style, own hair and amount stay: strands are drawn once for it.
        """
        own = self.own
        if own is None or amount >= 1:
            return style
        for number, (of, by, share, made) in enumerate(self._made):
            if of is style and by is own and share == amount:
                self._made.append(self._made.pop(number))
                return made
        made = replace(own.fitted(style.shape).mixed(style, amount), dye=style.dye)
        self._made = [*self._made[1 - _KEPT :], (style, own, amount, made)]
        return made
