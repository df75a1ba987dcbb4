"""Loss plan: what of the own hair is to be shown as less, and what as more, and where.

A stage on the slider, each zone by itself, a drawn hairline; all of it comes down to two maps: how much is
lost at each place of the head, and how much grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.hairline_stages import LAST, bare, scalp
from mirror.hair.loss.ludwig_stages import LUDWIG_LAST, thin_on_top
from mirror.hair.loss.scalp_zones import ZONES, zone_share
from mirror.hair.loss.skull_coordinates import SkullCoordinates

NORWOOD, LUDWIG = "Norwood", "Ludwig"
# Nearer to the middle of a slider than that, nothing is changed.
STILL = 0.02
# How dense what grows must be for the hair around to be shed, and how far around, pixels of 128.
_FILLED, _NEAR = 0.3, 5.0


@dataclass(frozen=True, slots=True)
class LossPlan:
    """What is shown of hair loss and regrowth.

    Attributes:
        amount: -1 (the last stage) ... 0 (today) ... 1 (full), along the scale's stages.
        scale: `NORWOOD` or `LUDWIG`.
        zones: of each of `mirror.hair.loss.scalp_zones.ZONES`, -1 (bare) ... 0 (today) ... 1 (full).
        line: a hairline behind which it is full; None: none was drawn.
        grown: how much of what grows has grown, 0 to 1.
        shed: how much of the hair around what grows has fallen out for a time, 0 to 1; where nothing grows,
            of that on top.
    """

    amount: float = 0.0
    scale: str = NORWOOD
    zones: tuple[float, ...] = (0.0,) * len(ZONES)
    line: DrawnHairline | None = None
    grown: float = 1.0
    shed: float = 0.0

    @property
    def placed(self) -> bool:
        """Whether it says something of single places."""
        return self.line is not None or any(abs(one) > STILL for one in self.zones)

    @property
    def grows(self) -> bool:
        """Whether any hair is to grow."""
        return self.amount > STILL or self.line is not None or any(one > STILL for one in self.zones)

    @property
    def loses(self) -> bool:
        """Whether any hair is to go."""
        return self.amount < -STILL or self.shed > 0 or any(one < -STILL for one in self.zones)

    def stage(self, present: float) -> float:
        """The stage of Norwood's that is shown, 0 (full) to 7 (bald), of somebody who is at `present`."""
        away = self.amount
        return present + (LAST - present) * -away if away < 0 else present * (1 - away)

    def maps(self, shape: np.ndarray, present: float) -> tuple[np.ndarray | None, np.ndarray | None]:
        """How much is lost at each place, and how dense it has become again there.

        Args:
            shape: float32 (75,), see `mirror.core.head_space.face_shape`.
            present: the stage of Norwood's that the person is at.

        Returns:
            float32 (128, 128) each, 0 to 1, in head space; None: nothing is lost, or grows.
        """
        head = _Head(shape, present)
        goal = self._goal(head) if self.grows else None
        lost = self._lost(head, goal) if self.loses else None
        if goal is None:
            return lost, None
        # What is to be thin somewhere does not grow there.
        return lost, goal * np.float32(self.grown) * (1 if lost is None else 1 - lost)

    def allowed(self, shape: np.ndarray) -> np.ndarray:
        """Where hair may grow, float32 (128, 128), 0 to 1: from a full hairline on, or from the drawn one."""
        usual = scalp(shape)
        return usual if self.line is None else np.maximum(usual, self.line.behind(SkullCoordinates.of(shape)))

    def _lost(self, head: _Head, goal: np.ndarray | None) -> np.ndarray:
        maps = self._zones(head, -1.0)
        if self.amount < -STILL and self.scale == LUDWIG:
            maps.append(thin_on_top(head.skull, -self.amount * LUDWIG_LAST))
        elif self.amount < -STILL:
            maps.append(bare(head.shape, self.stage(head.present)))
        if self.shed > 0:
            around = head.top
            if goal is not None:
                near = cv2.GaussianBlur((goal > _FILLED).astype(np.float32), (0, 0), _NEAR)
                around = around * np.minimum(near * 2, 1)
            maps.append(np.float32(self.shed) * around)
        return np.maximum.reduce(maps)

    def _goal(self, head: _Head) -> np.ndarray:
        maps = [one * (scalp(head.shape) * head.skull.standing) for one in self._zones(head, 1.0)]
        if self.amount > STILL and self.scale == LUDWIG:
            maps.append(self.amount * thin_on_top(head.skull, LUDWIG_LAST) * scalp(head.shape))
        elif self.amount > STILL:
            before, after = (bare(head.shape, one) for one in (head.present, self.stage(head.present)))
            maps.append((before - after) * scalp(head.shape))
        if self.line is not None:
            maps.append(self.line.behind(head.skull))
        return np.maximum.reduce(maps)

    def _zones(self, head: _Head, sign: float) -> list[np.ndarray]:
        """What the zones say of one sign, as one map; none where they say nothing."""
        said = [(zone, one * sign) for zone, one in zip(ZONES, self.zones, strict=True) if one * sign > STILL]
        # Added: where one zone passes over into the next both have a share.
        # New hair stands above the top only where that of the crown does: it would hang in the air.
        shares = (one * zone_share(head.skull, zone, above=sign < 0) for zone, one in said)
        together = sum(shares, np.float32(0))
        return [np.minimum(together, 1)] if said else []


@dataclass(frozen=True)
class _Head:
    """A head whose maps are made; what takes time is worked out once, and only if it is asked for."""

    shape: np.ndarray
    present: float

    @cached_property
    def skull(self) -> SkullCoordinates:
        return SkullCoordinates.of(self.shape)

    @property
    def top(self) -> np.ndarray:
        """All four zones."""
        return np.minimum(sum((zone_share(self.skull, zone) for zone in ZONES), np.float32(0)), 1)
