"""Facial hair colour: what colour brows and beard take beside hair of another colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.hair.styles.natural_range import LEVELS


@dataclass(frozen=True, slots=True)
class Follows:
    """How one kind of facial hair follows the hair of the head.

    Attributes:
        deeper: levels of depth that it is darker beside the fairest hair.
        lighter: levels that it is lighter beside the darkest.
        share: of the way from its own colour that it goes.
        veil: of 1, how much more whole hair counts than hair that is half skin.
        grain: how much more or less strands take that stand out of those beside them, or lie between.
    """

    deeper: float
    lighter: float
    share: float
    veil: float
    grain: float


# Stylists say: beside light or grey hair brows are two shades darker than it, beside dark hair up to two
# lighter (bebeautiful.in, "Should your eyebrows match your hair colour"; "one to two shades", yourbestselves
# .com; the shades are those of `LEVELS`). A tint does not reach the root and leaves single hairs out: three
# quarters of the way. Beards are of one growth with the hair, and hold on to a little more of their depth.
BROWS, BEARD = Follows(2.0, 1.0, 0.75, 0.3, 0.4), Follows(1.0, 0.5, 0.9, 0.75, 1.3)
_FAIR, _DEEP = (5.0, 8.0), (2.0, 4.0)  # levels between which hair counts as fair more and more, as dark less
_NUMBERS = np.arange(1, len(LEVELS) + 1, dtype=float)
_LIGHTS = np.array([level.light for level in LEVELS], float)
_PIGMENT = 0.6  # power of what is left of lightness with which chroma goes, as for dyes


def taken(own: np.ndarray, worn: np.ndarray, follows: Follows) -> np.ndarray:
    """The colour that facial hair takes.

    Args:
        own: float32 (3,) RGB, 0 to 255, of the hair of brows or beard. worn: of the hair of the head.

    Returns:
        float32 (3,) RGB, 0 to 255.
    """
    mine, theirs = (_lab(one) for one in (own, worn))
    level = float(np.interp(theirs[0], _LIGHTS, _NUMBERS))
    fair = float(np.interp(level, _FAIR, (0, 1)))
    dark = float(np.interp(level, _DEEP, (1, 0)))
    wanted = level - follows.deeper * fair + follows.lighter * dark
    # Beyond the lightest level hair is bleached white: so many levels deeper all the same.
    beyond = max(float(theirs[0]) - _LIGHTS[-1], 0.0)
    light = float(np.interp(wanted, _NUMBERS, _LIGHTS)) + beyond
    # What lies between the two already is as light as it should be.
    low, high = sorted((light, float(theirs[0])))
    light = min(max(float(mine[0]), low), high)
    chroma = min(light / max(float(theirs[0]), 1.0), 1.0) ** _PIGMENT
    wished = np.array((light, theirs[1] * chroma, theirs[2] * chroma), np.float32)
    mixed = mine + (wished - mine) * np.float32(follows.share)
    return np.clip(cv2.cvtColor(mixed[None, None], cv2.COLOR_Lab2RGB)[0, 0], 0, 1) * 255


def _lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor((rgb[None, None] * (1 / 255)).astype(np.float32), cv2.COLOR_RGB2Lab)[0, 0]
