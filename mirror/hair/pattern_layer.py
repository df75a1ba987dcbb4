"""Pattern layer: a key view's layers in two shades, as a pattern lays them along the strands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist

import cv2
import numpy as np

from mirror.hair.key_view import KeyView
from mirror.hair.lit_layer import (
    BESIDE,
    OPAQUE,
    SPECK,
    LitLayer,
    Shade,
    picture_of,
    toned,
    tones_to,
)
from mirror.hair.strand_flow import LIGHT, StrandFlow, flow_behind, flow_of
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.tone_curves import ToneCurves, ToneMap

# The length of most hair of a layer is the length of a style: single hairs are longer.
_LONGEST, _SOLID = 95, 0.5
# Centimetres over which a root shadow melts into the lengths, and by which it is deeper in some strands than
# in the next, a deviation; over which highlights come out of the root, and two halves meet.
_MELT, _UNEVEN, _OUT, _MEET = 4.0, 0.7, 1.5, 0.35
_WIDE = 8.0  # cm from the middle to where hair hangs at the side
# Shares of the length: over which an ombre and a balayage pass into the second shade, and by which strands
# differ: an ombre a little, balayage is painted in Vs.
_OMBRE, _BALAYAGE = (0.45, 0.05), (0.4, 0.12)
_FURTHEST = 2.0  # deviations that strands begin higher or lower: no single one stays behind to its tip
# Deviations of a streak over which its edge is soft; how much of the second shade is in the middle of one: a
# foil holds some hair back.
_EDGE, _MIDDLE = 1.4, 0.75
# In the lengths of balayage this share is left of what the pieces that are left out would have: ends join.
_JOINED = 0.55
# How much single strands stand out where one shade passes over into the other, and what is 1, log grey level.
_STRAND, _STANDS_OUT = 0.2, 0.15
_UNSEEN = 0.02  # of a shade: so little is not laid
# Where one ray of few that found a lamp in deep shade would be a light speck among dark hair, so much less of
# the second shade is laid in pieces. Laid less in all deep shade it left dark blotches in light lengths.
_DEEP, _PIECES = 0.8, ("highlights", "balayage")
# How far grey levels are off those around, as a share of them, where they begin to be specks and are; strands
# are off by 0.06 to 0.1. Hair that is lit so many times as much as most has none.
_SPECKS, _LIT = (0.11, 0.19), 1.4
_NOISE = 12.0  # grey levels in deep shade that are no strands


@dataclass(frozen=True, slots=True, eq=False)
class PatternedShade:
    """Hair that is worn in two shades.

    Attributes:
        dye: says how they are laid.
        first, second: the two; None: as it grew.
    """

    dye: PatternedDye
    first: Shade | None
    second: Shade | None


Worn = Shade | PatternedShade


def in_pattern(
    view: KeyView, layers: tuple[LitLayer, ...], shade: PatternedShade, now: ToneCurves, light: float
) -> tuple[LitLayer, ...]:
    """The layer in front and the one behind in two shades.

    Args:
        layers: as they grew. now: the tones of the first.
        light: how bright it is now, see `mirror.hair.lit_layer.brightness`.
    """
    front, behind = layers
    flow = flow_of(view, front.box, picture_of(view, f"front/{LIGHT}", cv2.IMREAD_GRAYSCALE), front.share)
    there = flow.length[front.share[::2, ::2] > _SOLID]
    reach = max(float(np.percentile(there[::4], _LONGEST)), 1.0) if there.size >= 4 else 1.0
    worn = [None if one is None else (tones_to(now, one, light), one) for one in (shade.first, shade.second)]
    share = _of_layer(along_strands(shade.dye, flow, reach), front)
    share = _by_strand(share, front, _DEEP if shade.dye.kind in _PIECES else 0.0)
    front = _mixed(front, share, worn[0], worn[1])
    if behind.rgb.size:
        share = _of_layer(along_strands(shade.dye, flow_behind(view, behind.box), reach), behind)
        behind = _mixed(behind, share, worn[0], worn[1])
    return front, behind


def _of_layer(share: np.ndarray, layer: LitLayer) -> np.ndarray:
    """A share at half a layer's side at its own."""
    rows, columns = layer.share.shape
    return cv2.resize(share, None, fx=2, fy=2)[:rows, :columns]


def _mixed(
    layer: LitLayer,
    share: np.ndarray,
    first: tuple[ToneMap, Shade] | None,
    second: tuple[ToneMap, Shade] | None,
) -> LitLayer:
    """A layer in two shades, `share` of the second; None: as it grew."""
    # What is seen of one alone is not made in the other.
    share = np.where(share < _UNSEEN, np.float32(0), np.where(share > 1 - _UNSEEN, np.float32(1), share))
    mine = layer if first is None else toned(replace(layer, share=layer.share * (share < 1)), *first)
    theirs = layer if second is None else toned(replace(layer, share=layer.share * (share > 0)), *second)
    return replace(layer, rgb=cv2.blendLinear(theirs.rgb, mine.rgb, share, 1 - share))


def along_strands(dye: PatternedDye, flow: StrandFlow, reach: float) -> np.ndarray:
    """How much of the second shade there is, float32 (H, W), 0 to 1.

    Args:
        reach: length of the style's hair, cm.
    """
    if dye.kind == "split":
        # Half of each meets in the middle; another share moves the border aside.
        return _step(-flow.side, _WIDE * (1 - 2 * dye.share), _MEET)
    streak = np.clip(flow.streak, -_FURTHEST, _FURTHEST)
    if dye.kind == "roots":
        lengths = flow.length - np.float32(_UNEVEN) * streak
        return dye.share * _step(lengths, dye.begins * reach + _MELT / 2, _MELT / 2)
    picked = _picked(flow.streak, dye.share)
    if dye.kind == "highlights":
        return _MIDDLE * picked * _step(flow.length, dye.begins * reach, _OUT)
    along = flow.length * np.float32(1 / reach)
    soft, uneven = _OMBRE if dye.kind == "ombre" else _BALAYAGE
    begun = _step(along + np.float32(uneven) * streak, dye.begins + soft / 2, soft / 2)
    joined = _JOINED * _step(along, dye.begins + soft, soft)
    return begun * (picked + (1 - picked) * joined)


def _picked(streak: np.ndarray, share: float) -> np.ndarray:
    """The strands that are picked, a share of all."""
    if share >= 1:
        return np.ones_like(streak)
    if share <= 0:
        return np.zeros_like(streak)
    return _step(streak, NormalDist().inv_cdf(1 - share), _EDGE / 2)


def _step(value: np.ndarray, middle: float, half: float) -> np.ndarray:
    """From 0 to 1 about a middle, softly, float32."""
    at = np.clip((value - np.float32(middle - half)) * np.float32(1 / (2 * half)), 0, 1)
    return at * at * (3 - 2 * at)


def _by_strand(share: np.ndarray, layer: LitLayer, deep: float) -> np.ndarray:
    """Where a shade passes over into the other strands take it one by one: those that stand out first, and
    `deep` less where there are but specks."""
    grey = cv2.cvtColor(layer.rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.blur(grey, BESIDE)
    out = np.log((grey + np.float32(_NOISE)) / (around + np.float32(_NOISE))) * np.float32(
        _STRAND / _STANDS_OUT
    )
    share = np.clip(share + 4 * share * (1 - share) * np.clip(out, -_STRAND, _STRAND), 0, 1)
    if deep and (dense := layer.share > OPAQUE[0]).any():
        middle = float(np.median(grey[dense]))
        specks = cv2.absdiff(grey, cv2.medianBlur(grey, SPECK))
        noisy = cv2.blur(specks, BESIDE) / (around + np.float32(_NOISE))
        noisy = np.clip((noisy - _SPECKS[0]) * np.float32(1 / (_SPECKS[1] - _SPECKS[0])), 0, 1)
        noisy *= np.clip((_LIT - around / np.float32(middle + 1)) * np.float32(1 / (_LIT - 1)), 0, 1)
        share *= 1 - np.float32(deep) * noisy
    return share
