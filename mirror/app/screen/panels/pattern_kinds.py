"""Pattern kinds: the row above the shades, in which a person chooses how two of them are laid."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.panels.dye_palette import sheen
from mirror.app.screen.wishes import ChooseDye
from mirror.hair.styles.dye import NONE, Dye, find
from mirror.hair.styles.dye_pattern import KINDS, Kind, PatternedDye, kind_of, patterned
from mirror.translation.message import Message

ONE = "one"  # no pattern
ROW = (ONE, *(kind.name for kind in KINDS))
# What tiles show while no pattern is on: a light brown, and a blond that is seen beside it.
_FIRST, _SECOND = "5/0", "9/3"


class PatternChoice:
    """The kind that is chosen, and what a swatch that is touched then means.

    Attributes:
        kind: None: one colour all over.
    """

    def __init__(self) -> None:
        self.kind: Kind | None = None
        self._worn: Dye | None = None
        self._name = NONE

    def follow(self, worn: str) -> None:
        """What is worn now; another pattern, or one colour, was perhaps chosen elsewhere."""
        if worn == self._name:
            return
        self._name, self._worn = worn, find(worn)
        self.kind = kind_of(self._worn.kind) if isinstance(self._worn, PatternedDye) else None

    @property
    def shades(self) -> tuple[str, ...]:
        """Names of those that are on."""
        if not isinstance(self._worn, PatternedDye):
            return (self._name,)
        return tuple(NONE if one is None else one.name for one in (self._worn.first, self._worn.second))

    @property
    def caption(self) -> str:
        """What is said below the title: what is worn, or what is to be done next."""
        if self.kind is None or isinstance(self._worn, PatternedDye):
            return self._name
        return Message("{kind}: now the second shade", kind=self.kind.name)

    def press(self, name: str) -> ChooseDye | bool:
        """One of `ROW`."""
        self.kind = kind_of(name)
        if isinstance(self._worn, PatternedDye):
            if self.kind is None:
                return ChooseDye(self.shades[0])
            return ChooseDye(patterned(self.kind, self._worn.first, self._worn.second).name)
        return True

    def swatch(self, name: str) -> ChooseDye | bool:
        """A shade: that of all hair, or the second of a pattern."""
        first, second = find(self.shades[0]), find(name)
        if self.kind is None:
            return ChooseDye(name)
        # A second shade that is the first would not be seen.
        return True if first == second else ChooseDye(patterned(self.kind, first, second).name)

    def tile(self, name: str, width: int, height: int, radius: int) -> pygame.Surface:
        """One of `ROW` as a picture in the shades that are on. Shared: draw it, do not draw on it."""
        worn = self._worn if isinstance(self._worn, PatternedDye) else None
        first = worn.first if worn is not None else self._worn
        second = worn.second if worn is not None else None
        return _tile(name, (first or find(_FIRST), second or find(_SECOND)), (width, height), radius)


def said(name: str) -> str:
    """A kind as a person reads it."""
    return Message("one colour") if name == ONE else name


@lru_cache(maxsize=64)
def _tile(
    name: str, shades: tuple[Dye | None, Dye | None], size: tuple[int, int], radius: int
) -> pygame.Surface:
    first, second = (sheen(one, *size) for one in shades if one is not None)
    share = np.repeat(_share(name, *size)[..., None], 3, 2)
    return shapes.patch(np.rint(first * (1 - share) + second * share).astype(np.uint8), radius)


def _share(name: str, width: int, height: int) -> np.ndarray:
    """How much of the second shade a tile shows, float32 (height, width), 0 to 1."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = (y + 0.5) / height, (x + 0.5) / width
    strands = 0.5 + 0.5 * np.sin(x * 2 * np.pi * 5)
    if name == "split":
        found = (x > 0.5).astype(np.float32)
    elif name == "highlights":
        found = np.clip((strands - 0.6) * 4, 0, 1)
    elif name == "roots":
        found = np.clip((y - 0.22) * 6, 0, 1)
    elif name == "ombre":
        found = np.clip((y - 0.35) * 2.2, 0, 1)
    elif name == "balayage":
        found = np.clip((y - 0.75 + 0.45 * strands) * 4, 0, 1)
    else:
        found = np.zeros_like(x)
    return cv2.blur(found.astype(np.float32), (3, 3))
