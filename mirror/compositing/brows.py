"""Brows: where they lie, of what colour their hair is, and the skin above and below them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.core.face import BROWS
from mirror.core.head_space import EYE_DISTANCE, HeadTransform, crop

# The part of the head square that brows are looked for in: left, top, side; its pixels, 58 an eye distance.
UPPER, UPPER_SIDE = (0.2, 0.2, 0.6), 192
_EYES = EYE_DISTANCE / UPPER[2] * UPPER_SIDE
# How far above a brow's upper edge and below its lower the skin lies that it is compared with, in eye
# distances, and its quantile: hair falls over foreheads. Where a frame of glasses or a painted lid lies close
# below, that passes for the skin there, and what is not darker is left alone.
_ABOVE, _BELOW, _LIT = (-0.26, -0.1), (0.03, 0.1), 0.6
DARKEST = 0.3  # the darkest share of a brow, and of a beard, is hair alone
FEW = 12  # pixels; fewer tell nothing
# Grey levels by which hair must be darker than skin to be told from it, and from which on it surely is.
_FAINT, _PLAIN = 14.0, 30.0

EASE = 0.5  # of what was found is new with each look


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """Hair of brows or of a beard against the skin it grows on.

    Attributes:
        own: float32 (3,) RGB, 0 to 255, of the hair alone.
        skin: float32 (N, 3): x in the head square, 0 to 1, ascending, and how bright the skin is there, grey
            levels: above and below a brow, or twice the same.
        plain: 0 to 1, how surely it is told from skin.
    """

    own: np.ndarray
    skin: np.ndarray
    plain: float

    @classmethod
    def of(cls, own: np.ndarray, skin: np.ndarray) -> Strands:
        """Of a colour and the skin, which say how plain it is."""
        darker = float(np.median(skin[:, 1:])) - grey_of(own)
        return cls(own, skin, float(np.clip((darker - _FAINT) / (_PLAIN - _FAINT), 0, 1)))

    def eased(self, last: Strands | None) -> Strands:
        """Half way from what was seen before: light does not jump."""
        if last is None or last.skin.shape != self.skin.shape:
            return self
        return Strands(
            last.own + (self.own - last.own) * np.float32(EASE),
            last.skin + (self.skin - last.skin) * np.float32(EASE),
            last.plain + (self.plain - last.plain) * EASE,
        )


def grey_of(rgb: np.ndarray) -> float:
    """The grey level of a colour (3,), as OpenCV counts it."""
    return float(rgb @ _GREY)


def brow_zones(landmarks: np.ndarray, transform: HeadTransform) -> list[np.ndarray]:
    """The outlines within which brows lie, wider than the mesh has them: float32 (N, 2), frame pixels."""
    down = np.array((-np.sin(transform.angle), np.cos(transform.angle)))
    eyes = transform.scale * EYE_DISTANCE
    zones = []
    for brow in BROWS:
        points = landmarks[list(brow), :2].astype(np.float64)
        upper, lower = points[:5], points[5:]
        # Tails run on beyond the mesh.
        tail = (upper[4] + lower[4]) / 2
        away = tail - (upper[3] + lower[3]) / 2
        tail = tail + away / max(float(np.linalg.norm(away)), 1e-6) * 0.1 * eyes
        head = (upper[0] + lower[0]) / 2
        head = head + (head - (upper[1] + lower[1]) / 2) * 0.15
        upper, lower = upper - down * _HIGHER * eyes, lower + down * _LOWER * eyes
        zones.append(np.concatenate([head[None], upper, tail[None], lower[::-1]]).astype(np.float32))
    return zones


_HIGHER, _LOWER = 0.045, 0.015  # eye distances


def brow_strands(
    image: np.ndarray, transform: HeadTransform, landmarks: np.ndarray, hidden: np.ndarray
) -> tuple[Strands | None, Strands | None]:
    """The hairs of both brows, the one at low x first; None: one of them is not to be told from skin.

    Args:
        image: uint8 (H, W, 3) RGB, the frame. landmarks: float32 (N, 2 or more), frame pixels.
        hidden: uint8 (S, S), in head space: what lies over the face there, 255 wholly.
    """
    part = transform.part(*UPPER)
    seen = crop(image, part, UPPER_SIDE)
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    left, top, wide = (round(share * len(hidden)) for share in UPPER)
    covered = cv2.resize(hidden[top : top + wide, left : left + wide], grey.shape[::-1])
    free = (covered < 64) & (grey > 0)
    found = [_brow(part.to_unit(zone) * UPPER_SIDE - 0.5, seen, grey, free)
             for zone in brow_zones(landmarks, transform)]  # fmt: skip
    # Both or none: where one cannot be told from skin, white or in the glare of a light, the other would take
    # the colour alone.
    plain = min((one.plain for one in found if one is not None), default=0.0)
    first, second = (None if one is None else replace(one, plain=plain) for one in found)
    return first, second


def _brow(at: np.ndarray, seen: np.ndarray, grey: np.ndarray, free: np.ndarray) -> Strands | None:
    """One brow within an outline, pixels of the part that is looked at."""
    inside = filled(at, UPPER_SIDE) & free
    if inside.sum() < FEW:
        return None
    upper, lower, nodes = at[1:6], at[:6:-1], []
    for half in (slice(0, 3), slice(2, 5)):
        levels = []
        for edge, off in ((upper[half], _ABOVE), (lower[half], _BELOW)):
            strip = np.concatenate([edge + (0, off[0] * _EYES), edge[::-1] + (0, off[1] * _EYES)])
            skin = filled(strip, UPPER_SIDE) & free
            levels.append(float(np.quantile(grey[skin], _LIT)) if skin.sum() >= FEW else np.nan)
        levels = [levels[1 - row] if np.isnan(one) else one for row, one in enumerate(levels)]
        if not np.isnan(levels[0]):
            x = UPPER[0] + (float(upper[half][:, 0].mean()) + 0.5) / UPPER_SIDE * UPPER[2]
            nodes.append((x, levels[0], min(levels)))
    if not nodes:
        return None
    # Two nodes always: one that hair hangs over is as the other.
    skin = np.array(sorted(nodes if len(nodes) == 2 else [*nodes, *nodes]), np.float32)
    dark = inside & (grey <= np.quantile(grey[inside], DARKEST))
    return Strands.of(seen[dark].mean(0).astype(np.float32), skin)


def filled(points: np.ndarray, side: int) -> np.ndarray:
    """bool (side, side): inside an outline, pixels."""
    canvas = np.zeros((side, side), np.uint8)
    points = np.clip(np.round(points), -(1 << 14), 1 << 14).astype(np.int32)
    cv2.fillPoly(canvas, [points], 255)
    return canvas > 0


_GREY = np.array((0.299, 0.587, 0.114), np.float32)
