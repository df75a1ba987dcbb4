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
from mirror.hair.loss.hairline_stages import LAST, SIDE, bare, scalp
from mirror.hair.loss.ludwig_stages import LUDWIG_LAST, thin_on_top
from mirror.hair.loss.scale_words import LUDWIG, NORWOOD
from mirror.hair.loss.scalp_zones import ZONES, above_eyes, zone_share
from mirror.hair.loss.skull_coordinates import SkullCoordinates

# Nearer to the middle of a slider than that, nothing is changed.
STILL = 0.02
# How dense what grows must be for the hair around to be shed, and how far around, pixels of 128; alpha from
# which on hair is there.
_FILLED, _NEAR, _THERE = 0.15, 5.0, 0.5
_JOINED, _SLIVER = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)), np.ones((5, 5), np.uint8)
# Hair goes next where so many stages further on it is gone, nowhere more than so much of it at once; up to
# this stage nothing is lost that anybody could tell.
_NEXT, _AT_ONCE, _NONE = 1.5, 0.35, 0.5


@dataclass(frozen=True, slots=True)
class LossPlan:
    """What is shown of hair loss and regrowth.

    Attributes:
        amount: -1 (the last stage) ... 0 (today) ... 1 (full), along the scale's stages.
        scale: `NORWOOD` or `LUDWIG`.
        zones: of each of `mirror.hair.loss.scalp_zones.ZONES`, -1 (bare) ... 0 (today) ... 1 (full).
        line: a hairline behind which it is full; None: none was drawn.
        grown: how much of what grows has grown, 0 to 1.
        shed: how much of the hair right beside what grows has fallen out for a time, 0 to 1; where nothing
            grows, of that on top on the average: most where the next stage has lost it.
        back: how much of what the slider and the zones take has come back, 0 to 1.
    """

    amount: float = 0.0
    scale: str = NORWOOD
    zones: tuple[float, ...] = (0.0,) * len(ZONES)
    line: DrawnHairline | None = None
    grown: float = 1.0
    shed: float = 0.0
    back: float = 0.0

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

    def maps(
        self, shape: np.ndarray, present: float, there: np.ndarray | None = None
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """How much is lost at each place, and how dense it has become again there.

        Args:
            shape: float32 (75,), see `mirror.core.head_space.face_shape`.
            present: the stage of Norwood's that the person is at.
            there: float32 (S, S), alpha of the hair that is there, in head space: hair is shed beside what is
                missing of it; None: beside all that grows.

        Returns:
            float32 (128, 128) each, 0 to 1, in head space; None: nothing is lost, or grows.
        """
        head = _Head(shape, present, there)
        goal = self._goal(head) if self.grows else None
        lost, thin = self._lost(head, goal) if self.loses else (None, None)
        if goal is None:
            return lost, None
        # What is to be thin somewhere does not grow there.
        return lost, goal * np.float32(self.grown) * (1 if thin is None else 1 - thin)

    def taken(self, shape: np.ndarray, present: float) -> np.ndarray | None:
        """How much of the own hair the stage on the slider takes at each place, before anything fills it.

        As `maps`: float32 (128, 128); None: it takes nothing.
        """
        return self._stage(_Head(shape, present)) if self.amount < -STILL else None

    def allowed(self, shape: np.ndarray) -> np.ndarray:
        """Where hair may grow, float32 (128, 128), 0 to 1: from a full hairline on, or from the drawn one."""
        usual = scalp(shape)
        return usual if self.line is None else np.maximum(usual, self.line.behind(SkullCoordinates.of(shape)))

    def _lost(self, head: _Head, goal: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """What is lost at each place; and of that, what does not fill up where hair is to grow."""
        kept, nothing = np.float32(1 - self.back), np.zeros((SIDE, SIDE), np.float32)
        thin = np.maximum.reduce([nothing, *self._zones(head, -1.0)]) * kept
        stage = self._stage(head) * kept if self.amount < -STILL else nothing
        if goal is not None:
            # A line that is drawn on the bare head that is shown brings the own hair back behind it.
            stage = stage * (1 - goal * np.float32(self.grown))
        lost = np.maximum(thin, stage)
        if self.shed > 0:
            shed = self._beside(head, goal) if goal is not None else self._going(head, lost)
            thin, lost = np.maximum(thin, shed), 1 - (1 - lost) * (1 - shed)
        return lost, thin

    def _stage(self, head: _Head) -> np.ndarray:
        if self.scale == LUDWIG:
            return thin_on_top(head.skull, -self.amount * LUDWIG_LAST)
        return bare(head.shape, self.stage(head.present))

    def _beside(self, head: _Head, goal: np.ndarray) -> np.ndarray:
        """What is shed of the hair among and beside what grows."""
        if head.there is not None:
            goal = goal * (cv2.resize(head.there, (SIDE, SIDE), interpolation=cv2.INTER_AREA) < _THERE)
        # What grows joins the hair behind it (`mirror.hair.loss.thinning`): the gap is no part of it.
        # A sliver between a hairline and where one usually is is nothing that is missing.
        filled = cv2.erode((goal > _FILLED).astype(np.float32), _SLIVER)
        filled = cv2.dilate(cv2.dilate(filled, _SLIVER), _JOINED)
        near = cv2.GaussianBlur(filled, (0, 0), _NEAR)
        return np.float32(self.shed) * head.top * np.minimum(near * 2, 1)

    def _going(self, head: _Head, lost: np.ndarray) -> np.ndarray:
        """What is lost on top as time goes by, most of it where the next stage has lost it."""
        if self.scale == LUDWIG:
            begun, after = 1.0, thin_on_top(head.skull, max(-self.amount, 0) * LUDWIG_LAST + _NEXT)
        else:
            stage = self.stage(head.present)
            # Who has lost nothing so far is not shown to lose any.
            begun, after = min(max(stage - _NONE, 0), 1), bare(head.shape, min(stage + _NEXT, LAST - 1))
        top = head.top * (1 - lost)
        going = np.maximum(after - lost, 0) * top
        share = float(top.sum()) / max(float(going.sum()), 1e-3)
        return np.minimum(going * np.float32(self.shed * begun * share), _AT_ONCE)

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
        return [np.minimum(together, 1) * above_eyes(head.skull)] if said else []


@dataclass(frozen=True)
class _Head:
    """A head whose maps are made; what takes time is worked out once, and only if it is asked for."""

    shape: np.ndarray
    present: float
    there: np.ndarray | None = None

    @cached_property
    def skull(self) -> SkullCoordinates:
        return SkullCoordinates.of(self.shape)

    @property
    def top(self) -> np.ndarray:
        """All four zones."""
        return np.minimum(sum((zone_share(self.skull, zone) for zone in ZONES), np.float32(0)), 1)
