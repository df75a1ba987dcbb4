"""StyleFilter: which styles are left to choose from, by what somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mirror.hair.styles.traits import TRAITS, traits_of


@dataclass(frozen=True, slots=True)
class StyleFilter:
    """What is looked for, by kind of `mirror.hair.styles.traits.TRAITS`; None: all.

    Example:
        >>> StyleFilter(length="short").fits("pixie", ("pixie", "straight"))
        True
    """

    people: str | None = None
    length: str | None = None
    texture: str | None = None
    occasion: str | None = None
    loss: str | None = None

    @property
    def on(self) -> bool:
        """Whether anything is left out."""
        return self != ALL

    def of(self, kind: str) -> str | None:
        """What is looked for of a kind; None: all."""
        return {name: getattr(self, name) for name in TRAITS}[kind]

    def switched(self, kind: str, value: str) -> StyleFilter:
        """With one more, in place of another of its kind; without it where it is looked for already."""
        assert value in TRAITS[kind]
        return replace(self, **{kind: None if self.of(kind) == value else value})

    def fits(self, name: str, tags: tuple[str, ...]) -> bool:
        """Whether a style is left."""
        traits = traits_of(name, tags)
        return all(wanted is None or wanted in traits[kind] for kind in TRAITS for wanted in [self.of(kind)])

    def left(self, names: Sequence[str], tags: Sequence[tuple[str, ...]]) -> tuple[int, ...] | None:
        """Numbers of the styles that are left, in order; None: all, for nothing is looked for."""
        if not self.on:
            return None
        pairs = enumerate(zip(names, tags, strict=True))
        return tuple(number for number, (name, tagged) in pairs if self.fits(name, tagged))


ALL = StyleFilter()
