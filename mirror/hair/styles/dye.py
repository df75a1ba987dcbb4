"""Dye: another shade on painted hair, its strands, light and shade kept."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import cv2
import numpy as np

from mirror.core.face_lighting import USUAL
from mirror.hair.styles.shade import DYES, NONE, Dye
from mirror.hair.styles.shade_names import find
from mirror.hair.tone_curves import DARK, QUANTILES, REC709, ToneCurves

STEPS = 512  # of the table from a hair pixel's grey to its dyed colour
# Lightness may be spread or drawn together by so much: more would show the noise of very even hair.
GAINS = (0.45, 3.0)
EVEN = 3.0  # L*: hair that varies by less counts as varying by this
# Where a curve bends, in standard deviations: shades go deeper than highlights go high.
DEEP, HIGH = 4.0, 2.4
LEAST = 100  # pixels of solid hair
_LIGHTEST = 98  # per cent of solid hair is no lighter than its lightest strands
_RIM = np.ones((7, 7), np.uint8)
# Where the quantiles of tone curves lie on a normal distribution, and the least L*.
_STANDARD_NORMAL = tuple(NormalDist().inv_cdf(quantile) for quantile in QUANTILES)
_DARKEST = 1.5
_LUMA = np.array([[0.2126, 0.7152, 0.0722]], np.float32)

__all__ = ["DYES", "NONE", "Dye", "between", "dyed", "find", "light_of", "tones_of"]


def between(one: Dye | None, other: Dye | None, share: float) -> Dye | None:
    """What is on while one shade (or none) fades into another (or none); `share` is 0 to 1."""
    if one is not None and other is not None:
        return one.mixed(other, share)
    if other is not None:
        return replace(other, amount=other.amount * share)
    return None if one is None else replace(one, amount=one.amount * (1 - share))


def light_of(light: np.ndarray, dye: Dye) -> np.ndarray:
    """The light that dyed hair is in before it takes the person's, float32 (9,).

    Where it comes from is still the exemplar's; how bright and how warm it is, the shades bring along,
    which are those of hair in a photograph's usual light. Unknown light (all 0) stays unknown.
    """
    if not light.any():
        return light
    out = light.copy()
    out[:3] += (USUAL - out[:3]) * np.float32(dye.amount)
    return out


def dyed(rgb: np.ndarray, hair: np.ndarray, dye: Dye | None, amount: float = 1.0) -> np.ndarray:
    """Dyes painted hair; nothing else changes.

    The lightness of every pixel is taken relative to the hair's own mean and spread, and given to the
    shade: what was a highlight stays one, and what lay in shadow does. Chroma is the shade's own, less in
    deep shadow (as pigment has it) and in highlights (which show the lamp).

    Args:
        rgb: float32 (S, S, 3), 0 to 1.
        hair: float32 (S, S), alpha of the hair, 0 to 1.
        dye: None leaves the picture as it is.
        amount: besides the dye's own, 0 to 1.

    Returns:
        float32 (S, S, 3): `rgb` itself where there is nothing to dye, else a new array, which may leave 0
        to 1 by a little.
    """
    amount = amount * dye.amount if dye is not None else 0.0
    if dye is None or amount <= 0:
        return rgb
    touched = cv2.compare(hair, 0.0, cv2.CMP_GT)
    left, top, width, height = cv2.boundingRect(touched)
    if width == 0:
        return rgb
    box = np.s_[top : top + height, left : left + width]
    within, alpha = rgb[box], hair[box]
    solid = _solid(alpha)
    if solid is None:
        return rgb
    grey = cv2.transform(within, _LUMA)
    mean, deviation = (float(value[0, 0]) for value in cv2.meanStdDev(grey, mask=solid))
    table = _table(dye, _lightness(mean), _slope(mean) * deviation)
    steps = np.clip(grey * np.float32(STEPS - 1), 0, STEPS - 1).astype(np.uint16)
    # Whatever shines through at the rim, nothing there is lighter than the hair itself.
    lightest = np.take(table, np.percentile(steps[solid > 0], _LIGHTEST).astype(int), axis=0)
    shade = np.minimum(_to_the_rim(np.take(table, steps, axis=0), within, solid), lightest)
    # The painter's rim is wider than its alpha: lightened as much as the rest, it would be a pale line.
    share = (alpha * alpha if dye.light > _lightness(mean) else alpha) * np.float32(amount)
    out = rgb.copy()
    cv2.copyTo(cv2.blendLinear(shade, within, share, 1 - share), touched[box], out[box])
    return out


def tones_of(dye: Dye, now: ToneCurves) -> ToneCurves:
    """The tones of hair that was dyed, in usual light, for `mirror.hair.tone_curves.ToneMap`.

    Args:
        now: of the hair as it is, which a dye of little `amount` is between.
    """
    away = np.array(_STANDARD_NORMAL)
    light = np.clip(dye.light + dye.spread * away, _DARKEST, 98)
    chroma = np.clip(light / dye.light, 0, 1) ** 0.6 * (1 - np.clip((away - 1) / HIGH, 0, 1) * dye.gloss)
    lab = np.stack([light, chroma * dye.a, chroma * dye.b], -1).astype(np.float32)
    # Bold shades lie outside of what a screen shows: they are as bold as it can.
    rgb = np.clip(cv2.cvtColor(lab[None], cv2.COLOR_Lab2RGB)[0], 0, 1)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    brightness = linear @ REC709 + DARK
    levels, colour = np.log(brightness), np.log((linear + DARK) / brightness[:, None])
    levels = now.levels + (levels - now.levels) * dye.amount
    return ToneCurves(
        np.maximum.accumulate(levels) + 1e-4 * np.arange(len(levels)),
        now.chroma + (colour - now.chroma) * dye.amount,
    )


def _solid(alpha: np.ndarray) -> np.ndarray | None:
    """Where hair is seen and nothing else, uint8, 0 or 255; None where there is too little hair to tell.

    Along its rim the wall or the forehead shines through, which would pass for highlights.
    """
    for least, rim in ((0.9, _RIM), (0.9, None), (0.5, None)):
        solid = cv2.compare(alpha, least, cv2.CMP_GT)
        if rim is not None:
            solid = cv2.erode(solid, rim)
        if cv2.countNonZero(solid) >= LEAST:
            return solid
    return None


def _to_the_rim(shade: np.ndarray, rgb: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """Dyed hair, (H, W, 3), which is right where `solid` is 255, led on beyond.

    What changes there is how the colour changes (normalised convolution), whatever shines through.
    """
    weight = cv2.blur(solid, (3, 3)).astype(np.float32) * (1 / 255)
    few = weight[::4, ::4, None]
    total = np.concatenate([(shade[::4, ::4] - rgb[::4, ::4]) * few, few], 2)
    # Where no solid hair is near, its mean.
    spread = cv2.GaussianBlur(total, (9, 9), 2.0) + np.float32(1e-3) * total.mean((0, 1))
    change = cv2.resize(spread[..., :3] / spread[..., 3:], solid.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.blendLinear(shade, cv2.add(rgb, change), weight, 1 - weight)


def _table(dye: Dye, mean: float, deviation: float) -> np.ndarray:
    """From grey (0 to 1 in STEPS steps) to dyed colour: float32 (STEPS, 3) RGB, 0 to 1.

    `mean`, `deviation`: of the hair as it is, L*.
    """
    # Not all the way: very wavy hair keeps more contrast than very even hair gets.
    gain = np.clip((dye.spread / max(deviation, EVEN)) ** 0.7, *GAINS)
    away = (_GREYS - mean) * gain / dye.spread  # in standard deviations of the dyed hair
    bend = np.where(away < 0, DEEP, HIGH).astype(np.float32)
    light = dye.light + dye.spread * away / np.sqrt(1 + (away / bend) ** 2)
    light = np.clip(light, 1, 98).astype(np.float32)
    # Pigment: as dark as it is, so little chroma; highlights go over into the lamp's white.
    deep = np.clip(light / dye.light, 0, 1) ** 0.6
    shine = np.clip((away - 1) / HIGH, 0, 1) * dye.gloss
    chroma = (deep * (1 - shine)).astype(np.float32)
    lab = np.stack([light, chroma * np.float32(dye.a), chroma * np.float32(dye.b)], -1)
    return np.clip(cv2.cvtColor(lab[None], cv2.COLOR_Lab2RGB)[0], 0, 1)


def _lightness(grey: float) -> float:
    """L* of a grey, 0 to 1, gamma-encoded."""
    return float(np.interp(grey * (STEPS - 1), np.arange(STEPS), _GREYS))


def _slope(grey: float) -> float:
    """How fast L* rises with the grey there."""
    return (_lightness(min(grey + 0.02, 1)) - _lightness(max(grey - 0.02, 0))) / 0.04


def _lightness_of_greys() -> np.ndarray:
    steps = np.linspace(0, 1, STEPS, dtype=np.float32)
    return cv2.cvtColor(np.dstack([steps] * 3), cv2.COLOR_RGB2Lab)[0, :, 0]


_GREYS = _lightness_of_greys()
