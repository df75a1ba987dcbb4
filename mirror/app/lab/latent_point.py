"""Look: what the lab has put together so far, and all that changes it. Each change is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mirror.app.lab.principal_components import Components
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.latent_direction import Axis
from mirror.translation.catalogue import OPPOSITE

STRANDS = 0.7  # of the nearest style's detail map, where a look begins at no known hair
CHANGED = ", changed"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A point of the latent space, and the known hair that it began at.

    Attributes:
        z: float64 (128,).
        name: what the person reads.
        anchor: hair that is known as a whole, outline and strands; None for a look made of z alone.
        strands: how much of the detail map is worn, 0 to 1.
        steps: steps along the named axes that are in `z` by now.
        style: the number of the style in the book that `anchor` is of; None: it is of none.
        adjusted: by axis of `mirror.hair.styles.shape_edits.AXES`, how far `anchor` is that style changed.
        dye: that is to be put on with it, by name; None: whichever is on stays.
    """

    z: np.ndarray
    name: str
    anchor: StyleCode | None = None
    strands: float = STRANDS
    steps: Mapping[str, float] = field(default_factory=dict)
    style: int | None = None
    adjusted: Mapping[str, float] = field(default_factory=dict)
    dye: str | None = None

    @classmethod
    def at(cls, code: StyleCode, name: str, style: int | None = None) -> Look:
        """The look of known hair, exactly as it is; `style`: its number in the book, if it is of that."""
        return cls(code.z.astype(np.float64), name, code, 1.0, style=style)

    @property
    def whole(self) -> bool:
        """Whether it is a style of the book itself, which is worn as it was grown where it was."""
        known = self.anchor is not None and self.style is not None and self.strands == 1
        return known and self.anchor is not None and np.array_equal(self.z, self.anchor.z)

    @property
    def told_whole(self) -> bool:
        """Whether names and coordinates say all of it: hair that was read off a picture is more than that."""
        return self.anchor is None or self.style is not None

    @classmethod
    def mean(cls, components: Components) -> Look:
        """The prior's mean: the hair that everybody's hair is a departure from."""
        return cls(components.mean.copy(), "the mean")

    @classmethod
    def drawn(cls, components: Components, rng: np.random.Generator, reach: float, name: str) -> Look:
        """A draw from the prior whose coordinates have a standard deviation of `reach`."""
        return cls(components.code(rng.standard_normal(len(components)) * reach), name)

    def along(self, components: Components, number: int, value: float) -> Look:
        """Moved along component `number` until its coordinate is `value`; the others stay."""
        by = value - components.coordinates(self.z)[number]
        return replace(self, z=self.z + by * components.directions[number], name=self._changed())

    def stepped(self, name: str, axis: Axis, value: float) -> Look:
        """Moved along a named axis until `value` steps along it are in the look."""
        by = value - self.steps.get(name, 0.0)
        z = self.z + by * axis.direction.astype(np.float64)
        return replace(self, z=z, name=self._changed(), steps={**self.steps, name: value})

    def inverted(self, components: Components) -> Look:
        """The opposite look: mirrored through the mean. Twice is the same look again."""
        steps = {name: -value for name, value in self.steps.items()}
        name = self.name.removeprefix(OPPOSITE) if self.name.startswith(OPPOSITE) else OPPOSITE + self.name
        return replace(self, z=components.inverted(self.z), name=name, steps=steps)

    def _changed(self) -> str:
        return self.name if self.name.endswith(CHANGED) else self.name + CHANGED
