"""Head silhouette: a groom's skull brought to the outline of this person's, ray by ray.

The landmarks of a face end at forehead and temples. Beyond them heads differ: the groom's is 1.13 eye
distances from its middle to its sides, people's are 1.2 (head breadth 15.2 cm over 6.3 cm between the eyes),
so that hair which ended at the groom's temples left a strip of this person's temple bare.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.core.layer import Layer

# Directions from the middle of the skull, degrees: 0 and 180 to its sides, 90 up. Ears stand out below.
RAYS = np.arange(-20.0, 201.0, 10.0)
# Where they begin, in eye distances above the eyes: inside every skull, however it is turned.
MIDDLE = 0.9
# The groom's bare skull from the middle of its eyes, cm: how high a section lies, half its width, where it is
# widest, and where it ends in front and behind (sections through the canonical head's mesh).
_SECTIONS = (
    (1.0, 6.04, 2.5, -1.3, 17.5), (3.0, 6.24, 4.4, -1.4, 17.7), (5.0, 6.63, 6.8, -0.9, 17.4),
    (6.5, 6.48, 8.0, -0.2, 16.8), (8.0, 5.81, 8.5, 0.9, 15.8), (9.0, 5.02, 8.0, 1.9, 14.7),
    (10.0, 3.77, 8.0, 3.6, 12.8), (10.6, 2.23, 7.8, 5.4, 11.2), (10.9, 0.0, 7.9, 7.9, 7.9),
)  # fmt: skip
_AROUND = 16  # points of a section
# How far what is guessed of a bare skull is believed. Of its height little: on 110 held-out people that is
# guessed 13% lower than the groom's, while crowns of clipped hair lie as high as it. Its sides are wider than
# the groom's by 7 to 11% on 69 of them, as heads are.
_BELIEVED = np.interp(np.abs(RAYS - 90), (40, 80), (0.3, 0.9))
# It makes hair smaller by so much at most, larger above and at the sides; and what is seen makes it smaller
# by so much at most.
_LEAST, _SEEN_LEAST = -0.12, -0.25
_THIN = 0.08  # eye distances, half a centimetre: own hair is at least that thick above the skull
_MOST = np.interp(np.abs(RAYS - 90), (40, 80), (0.05, 0.15))
# At which rays new hair reaches as far as own hair does, where that stays below. It is not drawn in to it:
# the volume is the style's. And it is widened by so much at most, a share of the skull's reach: hair that
# does not lie at the outline does not follow, and would be pushed on and on.
_BESIDE, _WIDER = np.interp(np.abs(RAYS - 90), (35, 60), (0.0, 1.0)), 0.2
# Above, hair that is lower than own hair by no more than the first, in eye distances, is raised to it: what
# of a wall is not bared need not be made. From the second on it is left.
_RAISED = (0.22, 0.34)
# Where hair begins to move with the skull, of the way to its outline: the face within is known by landmarks.
_BEGINS = 0.75
# Below these rays nothing moves any more after so many degrees: what hangs there is led by jaw and chin.
_ENDS = np.concatenate([[RAYS[0] - 60.0], RAYS, [RAYS[-1] + 60.0]])
_CROWN, _RISE = np.abs(RAYS - 90) <= 20, np.sin(np.radians(RAYS))
_STEPS = np.arange(0.3, 3.0, 0.02)  # eye distances along a ray
_SETTLES = 0.15  # of what is measured, an underlay
_KNOWN = 0.6  # share of the rays that a silhouette needs


def _skull() -> np.ndarray:
    around = np.arange(_AROUND) * (2 * np.pi / _AROUND)
    across, along = np.cos(around), np.sin(around)
    rings = []
    for height, half, widest, front, back in _SECTIONS:
        depth = np.where(along < 0, widest - front, back - widest)
        rings.append(np.stack([half * across, widest + depth * along, np.full(_AROUND, height)], 1))
    return np.concatenate(rings)


SKULL = _skull()
"""Points of the groom's bare skull from the middle of its eyes, float64 (N, 3) cm: left, back, up."""

_SUPPORT = np.radians(np.arange(0, 360, 5.0))
_DIRECTIONS = np.stack([np.cos(_SUPPORT), np.sin(_SUPPORT)])
_APART = np.cos(np.radians(RAYS)[:, None] - _SUPPORT)
# What a supporting line allows a ray, over its distance; lines nearly along it or behind it say nothing.
_ALLOWS = np.where(_APART > 0.2, 1 / np.maximum(_APART, 0.2), np.inf)


def silhouette(points: np.ndarray) -> np.ndarray:
    """How far the convex outline of points reaches along `RAYS`, float64 (len(RAYS),).

    Args:
        points: float (N, 2), right and up from the middle of the skull, which they surround.

    Example:
        >>> square = np.array([[1.0, 1.0], [-1, 1], [-1, -1], [1, -1]])
        >>> silhouette(square)[[1, 10]].round(6).tolist()
        [1.0, 1.0]
    """
    support = (points @ _DIRECTIONS).max(0)
    return np.where(np.isinf(_ALLOWS), np.inf, support * np.where(np.isinf(_ALLOWS), 1, _ALLOWS)).min(1)


@dataclass(frozen=True, slots=True, eq=False)
class HeadOutline:
    """How far a head reaches from the middle of its skull along `RAYS`, in eye distances; NaN: not known.

    Attributes:
        bare: without hair, as the underlay network guesses it.
        seen: with hair: no skull is larger.
    """

    bare: np.ndarray
    seen: np.ndarray

    @classmethod
    def of(cls, layer: Layer, person: np.ndarray) -> HeadOutline | None:
        """Of a head.

        Args:
            layer: of it without hair.
            person: float32 (256, 256), 0 to 1: alpha of the person, hair and all.

        Returns:
            None where nobody made out the skull, or too little of it is in the picture.
        """
        if layer.body is None:
            return None
        bare, seen = _reach(layer.body), _reach(person)
        found = cls(np.fmin(bare, seen), seen)
        return found if np.isfinite(found.bare).mean() >= _KNOWN else None

    def stretch(self, groom: np.ndarray) -> np.ndarray:
        """By which share of its reach the groom's skull is larger or smaller, (len(RAYS),).

        Args:
            groom: of it, turned as this head: see `silhouette`, in eye distances.
        """
        share = np.clip(_BELIEVED * (self.bare / groom - 1), _LEAST, _MOST)
        share = np.maximum(np.fmin(share, (self.seen - _THIN) / groom - 1), _SEEN_LEAST)
        known = np.isfinite(share)
        return np.interp(RAYS, RAYS[known], share[known])


@dataclass(frozen=True, slots=True, eq=False)
class OwnOutline:
    """By how much own hair reaches further than new hair, along `RAYS`: above, and at sides that stay.

    Attributes:
        away: eye distances; share: how much it is to get there, 0 to 1.
    """

    away: np.ndarray
    share: np.ndarray

    @classmethod
    def of(cls, outline: HeadOutline, new: np.ndarray, sides: tuple[float, float]) -> OwnOutline:
        """Of a head.

        Args:
            new: float32 (256, 256), 0 to 1: alpha of the person in new hair.
            sides: how much the picture's left and right side stay.
        """
        away = outline.seen - _reach(new)
        known, away = np.isfinite(away), np.nan_to_num(away)
        away = np.maximum(away, 0)
        above = np.interp(away, _RAISED, (1.0, 0.0)) * (1 - _BESIDE)
        share = np.where(RAYS > 90, sides[0], sides[1]) * _BESIDE + above
        return cls(away, share * known)

    def met(self, stretch: np.ndarray, now: np.ndarray, groom: np.ndarray) -> np.ndarray:
        """A stretch with which hair at kept sides reaches as far as own hair does.

        Args:
            stretch: as the skull asks for; now: with which new hair lay; groom: reach of its skull.
        """
        wider = np.clip(now + self.away / groom - stretch, 0, _WIDER)
        return stretch + wider * self.share


def _reach(alpha: np.ndarray) -> np.ndarray:
    """Along each ray, how far alpha (256, 256) goes on; NaN where it leaves the square."""
    along = cv2.remap(alpha.astype(np.float32), *_PLACES, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 1.0)
    outside = along < 0.5
    return np.where(outside.any(1), _STEPS[np.argmax(outside, 1)], np.nan)


def _places() -> tuple[np.ndarray, np.ndarray]:
    angle, step = np.radians(RAYS)[:, None], _STEPS[None]
    x = (EYE_CENTRE[0] + EYE_DISTANCE * step * np.cos(angle)) * SIDE - 0.5
    y = (EYE_CENTRE[1] - EYE_DISTANCE * (MIDDLE + step * np.sin(angle))) * SIDE - 0.5
    return x.astype(np.float32), y.astype(np.float32)


_PLACES = _places()


def eased(stretch: np.ndarray, last: np.ndarray | None) -> np.ndarray:
    """A measured stretch drawn towards from the last one; None: there is none."""
    return stretch if last is None else last + (stretch - last) * _SETTLES


def displaced(nodes: np.ndarray, groom: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """What hair moves with the skull beneath it, float64 (N, 2).

    The whole head is as much higher or lower, from the eyes up, as its crown is. What is left to the sides
    moves hair at the outline away from the middle of the skull or towards it: within, the face is known by
    its landmarks; beyond, hair keeps its distance to it.

    Args:
        nodes: float64 (N, 2), right and up from the middle of the skull, in eye distances.
        groom: reach of its skull along `RAYS`, eye distances. stretch: see `HeadOutline.stretch`.
    """
    away, height = stretch * groom, MIDDLE + groom * _RISE
    tall = float((away / height)[_CROWN].mean())
    sides = away - tall * np.maximum(height, 0) * _RISE
    reach = np.hypot(nodes[:, 0], nodes[:, 1])
    angle = np.degrees(np.arctan2(nodes[:, 1], nodes[:, 0]))
    angle = np.where(angle < -90, angle + 360, angle)
    share = np.interp(angle, _ENDS, np.concatenate([[0.0], sides, [0.0]]))
    share *= np.clip((reach / np.interp(angle, RAYS, groom) - _BEGINS) / (1 - _BEGINS), 0, 1)
    moved = nodes * (share / np.maximum(reach, 1e-6))[:, None]
    moved[:, 1] += tall * np.maximum(nodes[:, 1] + MIDDLE, 0)
    return moved
