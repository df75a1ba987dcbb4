"""Tone curves: grown hair in the light, shade and shine that a camera gave a person's own hair.

A colour and a light guessed from a face leave a cast: the sun-lit side of dark hair came out orange and its
shine blue. What a camera makes of a person's hair is seen in their hair: how bright its brights and how
dark its darks are, and which colour each of them has.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

REC709 = np.array([0.2126, 0.7152, 0.0722], np.float32)  # luminance of linear sRGB

# Quantiles of brightness at which hair is looked at. Less or more than the outer ones is a speck.
QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
# How far the outer quantiles may be from the next, as a share of how far that one is from the middle: on 21
# people the brightest are 0.25 to 0.8 of it away, the darkest 0.05 to 0.6. More is wall in the hair's edge.
TAILS = (0.6, 0.8)
# So much of all hair, darker and brighter, tells the colour of a level.
ABOUT = 0.12
# Light that is added before logarithms, linear: black hair is the sensor's noise.
DARK = 0.004
# By which factor a distribution may be drawn together. 0.6 left bright tips on the shoulders of a man whose
# dark hair a hazy webcam makes one grey; less is flat.
LEAST = 0.35
# Brightness follows at these quantiles: brights are shine, of which sleek hair has more than curls.
ANCHORS = (0.25, 0.5)
# Of how far one lock's colour is from others as bright, so much stays.
KEPT = 0.5
# The table: its steps, and log luminances it reaches from and to.
_STEPS, _TONES = 2048, (float(np.log(DARK)), float(np.log(4.0)))
# Fewer pixels of hair this opaque say nothing.
FEWEST, OPAQUE = 600, 0.9
# Pixels at the rim that are left out, where enough is left then.
RIMS = (5, 3, 2, 1, 0)
# The darkest of a head, of 1: pupils, nostrils, the roots of dark hair, all but black. So much of what comes
# from there is veil, and at most so much light, linear (a grey level of 70).
DARKEST, VEILED, THICKEST = 0.001, 0.9, 0.06


@dataclass(frozen=True)
class ToneCurves:
    """Hair's brightness and colour from its darks to its brights.

    Attributes:
        levels: (7,), log luminance at `QUANTILES`.
        chroma: (7, 3), log of each channel by luminance, mean of hair about as bright.
    """

    levels: np.ndarray
    chroma: np.ndarray

    @classmethod
    def of(cls, colours: np.ndarray) -> ToneCurves | None:
        """Of linear colours of hair, (N, 3); None: too few."""
        if len(colours) < FEWEST:
            return None
        tone, chroma = _split(colours)
        levels = np.quantile(tone, QUANTILES)
        half = QUANTILES.index(0.5)
        levels[0] = max(levels[0], levels[1] - TAILS[0] * (levels[half] - levels[1]))
        levels[-1] = min(levels[-1], levels[-2] + TAILS[1] * (levels[-2] - levels[half]))
        means = []
        for quantile in QUANTILES:
            low, high = np.quantile(tone, [max(0.0, quantile - ABOUT), min(1.0, quantile + ABOUT)])
            means.append(chroma[(tone >= low) & (tone <= high)].mean(0))
        # A level each, rising: interpolation needs them so.
        return cls(levels + 1e-4 * np.arange(len(levels)), np.array(means))

    def chroma_at(self, tone: np.ndarray) -> np.ndarray:
        """Log of channels by luminance, (N, 3), of hair of these log luminances, (N,)."""
        return np.stack([np.interp(tone, self.levels, one) for one in self.chroma.T], -1)

    def lit(self, brighter: float) -> ToneCurves:
        """In so many times as much light."""
        return ToneCurves(self.levels + np.log(max(brighter, 1e-3)), self.chroma)

    @property
    def middle(self) -> np.ndarray:
        """Linear colour, (3,), of hair of medium brightness."""
        half = QUANTILES.index(0.5)
        return np.exp(self.chroma[half]) * max(float(np.exp(self.levels[half])) - DARK, 1e-4)


def to_linear(image: np.ndarray) -> np.ndarray:
    """A head's picture, float32 (1, 3, S, S), sRGB, 0 to 1, in linear light: (S, S, 3)."""
    picture = image[0].transpose(1, 2, 0)
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    return np.ascontiguousarray(linear, np.float32)


def veiling_glare(linear: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Light that lens, air and camera lay over a whole picture, float32 (3,), linear RGB.

    Webcams lift black to a grey level of 45 to 65 (five clips looked at), photographs to 10 to 30. Hair that
    is laid in without it has deeper darks than anything beside it.

    Args:
        linear: float32 (H, W, 3), linear light. known: bool (H, W), where the picture is.

    Example:
        >>> veiling_glare(np.full((8, 8, 3), 0.01, np.float32), np.ones((8, 8), bool)).round(4)
        array([0.009, 0.009, 0.009], dtype=float32)
    """
    if not known.any():
        return np.zeros(3, np.float32)
    colours = cv2.GaussianBlur(linear, (0, 0), 1.0)[known]
    light = colours @ REC709
    dark = colours[light <= np.quantile(light, DARKEST)].mean(0)
    # What is darkest may have a colour of its own, as lashes do: then it is not all veil.
    return np.full(3, np.clip(VEILED * dark.min(), 0, THICKEST), np.float32)


def seen(picture: np.ndarray, hair: np.ndarray, inside: np.ndarray) -> ToneCurves | None:
    """Of the hair in a picture; None: too little is seen of it.

    Args:
        picture: float (H, W, 3), linear light. hair: float32 (H, W), its matte.
        inside: float32 (H, W), 1 where the picture is known.
    """
    sure = ((hair > OPAQUE) & (inside > 0.5)).astype(np.uint8)
    blurred = cv2.GaussianBlur(picture, (0, 0), 1.0)
    # At its rim hair is mixed with wall and skin: black clipped hair before a white wall had grey brights.
    for rim in RIMS:
        deep = cv2.erode(sure, np.ones((2 * rim + 1,) * 2, np.uint8)) > 0
        if deep.sum() >= FEWEST:
            return ToneCurves.of(blurred[deep])
    return None


def tones_of(image: np.ndarray, hair: np.ndarray, veil: np.ndarray | None = None) -> ToneCurves | None:
    """Of the hair of a head; None: too little is seen of it.

    Args:
        image: float32 (1, 3, S, S), sRGB, 0 to 1. hair: float32 (S, S), its matte.
        veil: linear RGB that lies over all of it, see `veiling_glare`; None: nothing does.
    """
    linear = to_linear(image)
    if veil is not None:
        linear = np.maximum(linear - veil, 0)
    return seen(linear, hair, np.ones_like(hair))


@dataclass(frozen=True)
class Limits:
    """How far hair may be changed to have other tones, as factors.

    Attributes:
        lighter: of its middle upwards. wider: of its distribution. brightness, chroma: of any tone.
        followed: how far the distribution follows, 0 to 1, where it gets wider: a style has lit and shaded
            sides of its own; its middle follows wholly. narrowed: the same where it is drawn together.
    """

    lighter: float
    wider: float
    brightness: float
    chroma: float
    followed: float
    narrowed: float


# Hair that was rendered in about the wanted colour. Black curls made as light as sleek hair were grey; wider,
# hair in back light had black hollows.
SAME_PIGMENT = Limits(2.0, 1.3, 6.0, 2.5, 0.6, 0.6)
# Hair of any colour that takes any other: a camera sees darks between locks and shine on them that no render
# of hair alone has. Held to the render's own width, hair was one even grey; 1.6 times as wide, flat black
# with glitter (pictures of 22 people looked at).
ANY_PIGMENT = Limits(1e3, 1.25, 1e3, 1e3, 0.7, 0.85)


class ToneMap:
    """Brings hair from its own tone curves to those of other hair: a table by log luminance, made once.

    Args:
        now: of the hair; wanted: of the other.
        limits: how far it may be changed.
    """

    def __init__(self, now: ToneCurves, wanted: ToneCurves, limits: Limits = SAME_PIGMENT) -> None:
        half = QUANTILES.index(0.5)
        spread = wanted.levels - wanted.levels[half]
        own = now.levels - now.levels[half]
        spread = np.sign(own) * np.clip(np.abs(spread), LEAST * np.abs(own), limits.wider * np.abs(own))
        darks = [QUANTILES.index(one) for one in ANCHORS]
        # What is drawn together keeps little of its own width: hair in haze has no lit locks.
        followed = np.where(np.abs(spread) < np.abs(own), limits.narrowed, limits.followed)
        aim = now.levels[half] + followed * spread + (1 - followed) * own
        aim += min(float((wanted.levels - aim)[darks].mean()), np.log(limits.lighter))
        most = np.log(limits.brightness)
        change = np.clip(aim - now.levels, -most, most)
        tone = np.linspace(*_TONES, _STEPS)
        # Beyond the outer quantiles tones go on with the change they had there.
        new_tone = tone + np.interp(tone, now.levels, change)
        most, expected = np.log(limits.chroma), now.chroma_at(tone)
        turn = np.clip(wanted.chroma_at(new_tone) - expected, -most, most)
        self._light = np.exp(new_tone).astype(np.float32)
        self._chroma = np.exp((1 - KEPT) * expected + turn).astype(np.float32)

    def __call__(self, colours: np.ndarray) -> np.ndarray:
        """Linear colours of hair, (..., 3), with the other's tones, float32."""
        colours = np.maximum(colours, 0).astype(np.float32)
        light = colours @ REC709 + np.float32(DARK)
        low, high = _TONES
        place = (np.log(light) - np.float32(low)) * np.float32((_STEPS - 1) / (high - low))
        number = np.clip(place + np.float32(0.5), 0, _STEPS - 1).astype(np.int32)
        out = self._chroma[number] * ((colours + np.float32(DARK)) / light[..., None]) ** np.float32(KEPT)
        out *= (self._light[number] / np.maximum(out @ REC709, np.float32(1e-6)))[..., None]
        # Taken off each channel, not off their light: else dark hair keeps 0.7 of its chroma and is grey.
        return np.maximum(out - np.float32(DARK), 0, out=out)


def follow_tones(layers: tuple[np.ndarray, ...], wanted: ToneCurves) -> tuple[np.ndarray, ...]:
    """Hair with the tones of other hair.

    Args:
        layers: float (H, W, 4) each, premultiplied linear light, of the same hair; the first is measured.

    Returns:
        float32 (H, W, 4) each; as they were where the first has too little hair.
    """
    first = layers[0]
    sure = first[..., 3] > OPAQUE
    now = ToneCurves.of(cv2.GaussianBlur(first[..., :3], (0, 0), 1.0)[sure])
    if now is None:
        return layers
    mapped = ToneMap(now, wanted)
    return tuple(_followed(layer, mapped) for layer in layers)


def _followed(layer: np.ndarray, mapped: ToneMap) -> np.ndarray:
    alpha = layer[..., 3:]
    covered = alpha[..., 0] > 1e-3
    out = layer.astype(np.float32, copy=True)
    out[covered, :3] = mapped(layer[covered][:, :3] / alpha[covered]) * alpha[covered]
    return out


def _split(colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log luminance (N,) and log of channels by luminance (N, 3)."""
    light = np.maximum(colours @ REC709, 0) + DARK
    return np.log(light), np.log((np.maximum(colours, 0) + DARK) / light[:, None])
