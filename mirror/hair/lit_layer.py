"""Lit layer: one layer of a key view decoded, its light groups added up, in the colour that it is worn in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.hair.key_view import CELL, GROUPS, KeyView
from mirror.hair.styles.dye import Dye, tones_of
from mirror.hair.tone_curves import ANY_PIGMENT, REC709, ToneCurves, ToneMap

Tints = Mapping[str, tuple[float, float, float]]

_STEPS = 4096  # of the table from linear to sRGB: finer than a grey level but at the darkest
# Light adds up in linear numbers, pictures are mixed in sRGB: (1 - alpha) of a background's light is
# (1 - alpha) ** 0.45 of its grey level. That holds for hair much darker than what it lies over; hair as
# bright as skin (0.35) is mixed as it is.
GAMMA, _BRIGHT = 0.45, 0.35
_THIN, BESIDE = 1.0, (9, 9)  # how much the hair beside counts, and how far it is looked for, pixels
# Pixels of a view: narrower gaps are closed, where mean alpha is above the first, wholly above the second.
GAP, _THICK = 5, (0.55, 0.8)
_FAINT = 4  # of 255: alpha that the compression left where there is no hair
# A camera rolls brights off: linear luminance from which on it does, and what it never gets beyond. Of 3185
# people 45 have hair whose middle is above 0.5; of 158 with 0.3 to 0.5 the brightest tenth is 0.44 above it
# (log; 0.24 to 0.70) and a fiftieth is brighter than 0.68. Blond, silver and platinum hair as it is rendered
# had middles of 0.3 to 0.9, 0.7 above them, and came to 0.93.
_SHOULDER, _WHITE = 0.2, 0.8
# Light that hair behind gets besides, as a share of the middle of hair in front; pixels of which specks are
# fewer than half.
_THROWN, SPECK = 0.18, 5
# Grey levels by those of most hair, below which it begins to be in deep shade, and is.
_SHADY = (0.7, 0.4)
# Alpha from which on hair tells its tones; where there is too little of that, as in stubble, less will do.
OPAQUE = (0.9, 0.6, 0.3, 0.1)


@dataclass(slots=True, eq=False)
class Shade:
    """What colour hair is worn in that was grown in another.

    Attributes:
        dye: the shade that it is dyed.
        tones: of a person's own hair, which it follows from darks to brights; None: those of the dye.
        light: how bright it was when these were measured, see `brightness`; None: as it is.
        veil: linear RGB (3,) that lies over the person's picture; None: nothing does.
    """

    dye: Dye
    tones: ToneCurves | None = None
    light: float | None = None
    veil: np.ndarray | None = None


def brightness(tints: Tints) -> float:
    """How much light all groups throw together, linear."""
    return sum(float(np.mean(tint)) for tint in tints.values())


@dataclass(frozen=True, slots=True, eq=False)
class LitLayer:
    """One layer in the light of now.

    Attributes:
        box: left, top, right, bottom of what is in it.
        rgb: uint8 (H, W, 3), sRGB, straight; share: float32 (H, W), alpha; both of the box.
    """

    box: tuple[int, int, int, int]
    rgb: np.ndarray
    share: np.ndarray


def decoded(view: KeyView, layer: str, tints: Tints) -> LitLayer:
    """A layer, "front" or "back", in a light: linear RGB that each group is multiplied with."""
    alpha = picture_of(view, f"{layer}/alpha", cv2.IMREAD_GRAYSCALE)
    x0, y0, x1, y1 = bounds(cv2.compare(alpha, _FAINT, cv2.CMP_GT))
    if x1 <= x0:
        return LitLayer((0, 0, 0, 0), np.zeros((0, 0, 3), np.uint8), np.zeros((0, 0), np.float32))
    box = np.s_[y0:y1, x0:x1]
    light = np.zeros((y1 - y0, x1 - x0, 3), np.float32)
    for group in GROUPS:
        tint = np.array(tints.get(group, (0, 0, 0)), np.float32)
        if tint.any():
            name = f"{layer}/{group}"
            picture = picture_of(view, name, cv2.IMREAD_COLOR)[box]
            # OpenCV decodes to blue, green, red.
            table = (_SQUARES[:, None] * (tint[::-1] * np.float32(view.peaks[name])))[None]
            light += cv2.LUT(picture, np.ascontiguousarray(table, np.float32))
    share = without_gaps(SHARES[alpha[box]], GAP)
    # Where hair is thin the noise of its alpha would make its colour: there it is that of the hair beside it.
    some = _THIN * (1 - share) + 1e-3
    around, beside = cv2.blur(light, BESIDE), cv2.blur(share, BESIDE)
    straight = (light + around * some[..., None]) / (share + beside * some + 1e-4)[..., None]
    return LitLayer((x0, y0, x1, y1), coded(rolled_off(straight[..., ::-1])), share)


def without_gaps(share: np.ndarray, gap: int) -> np.ndarray:
    """Alpha of hair, float32 (H, W), with no scalp seen through a gap narrower than so many pixels where hair
    is thick: such a gap is black with shade, and skin in it was an orange speck. Between a fringe's locks
    a forehead is still seen."""
    thick = cv2.blur(share, (2 * gap + 1, 2 * gap + 1))
    thick = np.clip((thick - _THICK[0]) * np.float32(1 / (_THICK[1] - _THICK[0])), 0, 1)
    closed = cv2.morphologyEx(
        share, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    )
    return share + thick * (closed - share)


def tones_now(front: LitLayer) -> ToneCurves | None:
    """Tones of hair as it grew; None: there is too little hair to be told."""
    if not front.rgb.size:
        return None
    linear = cv2.GaussianBlur(LINEAR[front.rgb], (0, 0), 1.0)
    found = (ToneCurves.of(linear[front.share > least]) for least in OPAQUE)
    return next((now for now in found if now is not None), None)


def tones_to(now: ToneCurves, shade: Shade, light: float) -> ToneMap:
    """From such tones to those of a shade, in a light that is so bright."""
    wanted = tones_of(shade.dye, now) if shade.tones is None else shade.tones
    brighter = 1.0 if shade.light is None else light / max(shade.light, 1e-6)
    return ToneMap(now, wanted.lit(brighter), ANY_PIGMENT)


def without_specks(layer: LitLayer, noise: np.ndarray | None = None) -> LitLayer:
    """In its deep shade, where one ray of few that found a lamp is a white dot.

    Args:
        noise: float32 (H, W), 0 to 1, of the whole view: where it is known to be such dots; None: nowhere.
    """
    if not layer.rgb.size or not (dense := layer.share > OPAQUE[0]).any():
        return layer
    grey = cv2.cvtColor(layer.rgb, cv2.COLOR_RGB2GRAY)
    shade = in_shade(cv2.blur(grey, BESIDE).astype(np.float32), float(np.median(grey[dense])))
    steady = cv2.medianBlur(layer.rgb, SPECK)
    if noise is not None:
        x0, y0, x1, y1 = layer.box
        dots = np.ascontiguousarray(noise[y0:y1, x0:x1])
        # Where half of the dots are bright a median is one of them.
        steady = cv2.blendLinear(cv2.blur(steady, BESIDE), steady, dots, 1 - dots)
        shade = cv2.max(shade, dots)
    return LitLayer(layer.box, cv2.blendLinear(steady, layer.rgb, shade, 1 - shade), layer.share)


def in_shade(grey: np.ndarray, middle: float) -> np.ndarray:
    """How deep in the shade hair of such grey levels is, float32, 0 to 1, where `middle` is that of most."""
    lit, deep = (share * max(middle, 1.0) for share in _SHADY)
    return np.clip((lit - grey) * np.float32(1 / (lit - deep)), 0, 1)


def scattered(behind: LitLayer, front: LitLayer) -> LitLayer:
    """Hair behind the neck as it is in a room: few rays find their way there, those that do are specks, and
    what skin, clothes and walls throw back is missing, so that it was a black hole beside the neck."""
    if not behind.rgb.size or not (dense := front.share > OPAQUE[0]).any():
        return behind
    thrown = np.median(LINEAR[front.rgb[dense]], 0) * _THROWN
    steady = cv2.medianBlur(behind.rgb, SPECK)
    return LitLayer(behind.box, coded(LINEAR[steady] + thrown), behind.share)


def toned(layer: LitLayer, tones: ToneMap, shade: Shade) -> LitLayer:
    """The same hair in the tones of a shade, behind its veil."""
    there = layer.share > 0
    rgb = layer.rgb.copy()
    if there.any():
        linear = tones(LINEAR[layer.rgb[there]])
        if shade.tones is None:  # those of own hair have been through a camera
            linear = rolled_off(linear)
        rgb[there] = coded(linear if shade.veil is None else linear + shade.veil)
    return LitLayer(layer.box, rgb, layer.share)


def rolled_off(linear: np.ndarray) -> np.ndarray:
    """Linear RGB, float32 (..., 3), with brights as a camera shows them: the same colour, less of it."""
    tone = linear @ REC709
    if not (tone > _SHOULDER).any():  # as hair that is not light never is
        return linear
    room = _WHITE - _SHOULDER
    shown = _SHOULDER + room * (1 - np.exp(np.minimum(_SHOULDER - tone, 0) * np.float32(1 / room)))
    gain = np.where(tone > _SHOULDER, shown / np.maximum(tone, _SHOULDER), np.float32(1))
    return linear * gain[..., None].astype(np.float32)


def premultiplied(layer: LitLayer, view: KeyView) -> np.ndarray:
    """The whole view, uint8 (H, W, 4), RGB premultiplied in sRGB, and alpha as grey levels are mixed."""
    height, width = (CELL * side for side in view.depth.shape)
    found = np.zeros((height, width, 4), np.uint8)
    x0, y0, x1, y1 = layer.box
    if x1 <= x0:
        return found
    grey = cv2.LUT(cv2.cvtColor(layer.rgb, cv2.COLOR_RGB2GRAY), LINEAR)
    cover = 1 - (1 - layer.share) ** mixing_power(cv2.blur(grey, BESIDE))
    premultiplied = layer.rgb.astype(np.float32) * cover[..., None]
    found[y0:y1, x0:x1] = np.dstack([premultiplied, cover * 255]).round().astype(np.uint8)
    return found


def picture_of(view: KeyView, name: str, flags: int) -> np.ndarray:
    """One picture of a view. A file whose SHA-256 was right may still hold nonsense: then it is black."""
    data = np.frombuffer(view.pictures[name], np.uint8)
    found = cv2.imdecode(data, flags)
    if found is None:
        height, width = (CELL * side for side in view.depth.shape)
        found = np.zeros((height, width) if flags == cv2.IMREAD_GRAYSCALE else (height, width, 3), np.uint8)
    return found


def mixing_power(grey: np.ndarray) -> np.ndarray:
    """What is left of a background is raised to this, float32: light hair, `grey` linear, 0 to 1, is mixed as
    it is; through thin dark hair more is seen in grey levels than in light."""
    return (GAMMA + (1 - GAMMA) * np.minimum(grey * (1 / _BRIGHT), 1)).astype(np.float32)


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not 0, uint8 (H, W)."""
    x, y, width, height = cv2.boundingRect(mask)
    return x, y, x + width, y + height


def _to_srgb(linear: np.ndarray) -> np.ndarray:
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (coded * 255 + 0.5).astype(np.uint8)


def coded(linear: np.ndarray) -> np.ndarray:
    """Linear light to uint8 sRGB, by a table."""
    return _SRGB[(np.clip(linear, 0, 1) * (_STEPS - 1) + 0.5).astype(np.uint16)]


_SRGB = _to_srgb(np.linspace(0, 1, _STEPS))
LINEAR = np.interp(np.arange(256), _SRGB, np.linspace(0, 1, _STEPS)).astype(np.float32)
_SQUARES = (np.arange(256, dtype=np.float32) / 255) ** 2
# Alpha as it is stored to a share.
SHARES = np.clip((np.arange(256, dtype=np.float32) - _FAINT) * (1 / (255 - _FAINT)), 0, 1)
