"""Shade: the colour that a person's hair has, or had, from all that is seen of it.

Hair at the sides and back says it best; where there is little, stubble on the scalp, brows and beard do, in
this order, each as far as it is seen for certain. A bare scalp is no hair, whatever a matte takes it for. Out
of nothing nothing is guessed: then the person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face_lighting import Lit, measure
from mirror.core.head_crop import Head
from mirror.core.head_space import EYE_DISTANCE
from mirror.hair.loss.hairline_stages import scalp
from mirror.hair.styles.dye import Dye
from mirror.hair.tone_curves import ToneCurves, tones_of
from mirror.removal.skull_shape import Skull

# What a person is asked to choose from: natural shades of `mirror.hair.styles.dye.DYES`, from dark to light.
NATURAL = ("black", "dark brown", "chestnut", "copper", "ash blond", "golden blond", "silver")
# So much of it must be known, of 1, or it is asked for.
_KNOWN = 0.2
# Skin is as light as the face by so much L* at most, of its hue to so many degrees, and has so much of its
# chroma at least.
_LIGHTS, _HUES, _CHROMAS = (-22.0, 28.0), 20.0, (0.45, 1.8)
_SOLID = 0.9  # alpha of hair with no skin or wall in it
_PLENTY = 0.01  # of the square: from that much hair on its colour is known
_FEW = 60  # pixels; fewer tell nothing
# How much darker than the face a scalp is anyway, of 1; by how much more stubble makes it for certain; how
# much of what is seen is then hair, and how far it is believed at most.
_ROUND, _SHADOW, _STUBBLE, _TOLD = 0.12, 0.3, 0.6, 0.7
# The same of brows: the darkest so many percent of them count; hair is darker than the skin by so much L* at
# least. Chroma at most, where skin shines through what is measured.
_FAINT, _DARK, _BROW, _DARKEST, _DARKER, _CHROMA = 0.1, 0.35, 0.8, 30, 16.0, 13.0
# The share of a chin that is no skin from which on there is a beard, and for certain; how far it is believed.
_SHAVEN, _BEARDED, _BEARD = 0.25, 0.7, 0.9
# Shorn hair: no more than this many squares of the eye distance, so far along the way from the colour of
# brows to that of skin and so far beside it (CIE76). Short hair over skin lighter than that (L*) is as often
# light. Of 32 held-out people with little hair the one who was given light hair is found, and no other.
_LITTLE, _ALONG, _ASIDE, _LIGHT_SKIN = 1.8, (0.2, 1.0), 12.0, 57.0
_SPREADS, _USUAL_SPREAD, _BLACKEST = (5.0, 12.0), 7.0, 8.0


@dataclass(frozen=True, slots=True)
class Sign:
    """What one kind of hair says of its colour.

    Attributes:
        lab: float32 (3,), CIE Lab.
        sure: 0 to 1.
        spread: standard deviation of its lightness, L*.
    """

    lab: np.ndarray
    sure: float
    spread: float = _USUAL_SPREAD


def own_shade(head: Head, matte: np.ndarray, lit: Lit | None = None) -> Dye | None:
    """The colour of a person's hair, in the light that the person is in, as a shade to dye with.

    Args:
        matte: float32 (256, 256), of the hair that is there.
        lit: that light; None: measured here.

    Returns:
        None where nothing says it. Never lighter than all that does.

    Example:
        >>> own_shade(head, matte).light  # doctest: +SKIP
        23.4
    """
    found = signs(head, matte, lit)
    # In this order: what is said surely leaves little to those behind.
    left, weights = 1.0, []
    for sign in found:
        weights.append(left * sign.sure)
        left *= 1 - sign.sure
    if 1 - left < _KNOWN:
        return None
    share = np.array(weights) / (1 - left)
    light, a, b = (float(value) for value in share @ np.stack([sign.lab for sign in found]))
    return Dye("your own", light, a, b, spread=float(share @ [sign.spread for sign in found]))


# How fast a look is worth less as the head turns: at 30 degrees a sixth, at 45 nothing beside one from the
# front. Hair seen from the side lies in its own shade.
_TURNED = 12


def from_the_front(head: Head) -> float:
    """How far a head is seen from the front, 0 to 1: what its hair's colour may be read from."""
    yaw = np.radians(30 * head.shape[-3])  # see `mirror.core.head_space.face_shape`
    return float(max(np.cos(yaw), 0.0) ** _TURNED)


def is_skin(rgb: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """Where a picture, float32 (S, S, 3), shows skin of such a tone in whatever light: bool (S, S)."""
    seen, usual = (cv2.cvtColor(one, cv2.COLOR_RGB2Lab) for one in (rgb, tone))
    (chroma, hue), (own, own_hue) = (
        cv2.cartToPolar(one[..., 1], one[..., 2], angleInDegrees=True) for one in (seen, usual)
    )
    lighter, off = seen[..., 0] - usual[..., 0], np.abs((hue - own_hue + 180) % 360 - 180)
    strong = chroma / np.maximum(own, 1.0)
    return (
        (lighter > _LIGHTS[0])
        & (lighter < _LIGHTS[1])
        & (off < _HUES)
        & (strong > _CHROMAS[0])
        & (strong < _CHROMAS[1])
    )


def signs(head: Head, matte: np.ndarray, lit: Lit | None = None) -> list[Sign]:
    """What hair at sides and back, stubble, brows and beard say, in this order; see `own_shade`."""
    lit = lit or measure(head, matte)
    if lit is None:
        return []
    rgb = np.ascontiguousarray(head.image[0].transpose(1, 2, 0))
    tone = lit.skin(rgb.shape[0])
    gain = (rgb * tone).sum(2) / np.maximum((tone * tone).sum(2), 1e-4)
    skin = is_skin(rgb, tone)
    there = head.known & (head.inner == 0)
    hair = (matte > _SOLID) & there & ~skin
    own, brows = _hair(rgb, hair), _brows(rgb, tone, gain, matte, head)
    if own.sure and brows.sure and _shorn(own.lab, brows.lab, tone, matte):
        own = _NOTHING
    return [own, _stubble(rgb, tone, gain, there & ~hair, head.shape), brows, _beard(rgb, skin, matte, head)]


def own_tones(
    head: Head, matte: np.ndarray, lit: Lit | None = None, veil: np.ndarray | None = None
) -> ToneCurves | None:
    """What a person's hair is like from darks to brights, in the light that the person is in.

    Args:
        matte, lit: as `own_shade` takes them.
        veil: what lies over the picture and is not the hair's, see `mirror.hair.tone_curves.veiling_glare`.

    Returns:
        None: too little of it is seen, or it is shorn so short that its colour is the scalp's.
    """
    found = signs(head, matte, lit)
    if found and not found[0].sure:
        return None
    return tones_of(head.image, matte, veil)


def _shorn(hair: np.ndarray, brows: np.ndarray, tone: np.ndarray, matte: np.ndarray) -> bool:
    """Whether scalp shines through hair: it is little and between the colours of brows and dark skin.

    Args:
        hair, brows: CIE Lab. tone: of the skin, float32 (S, S, 3) RGB. matte: of the hair.
    """
    skin = np.median(_lab(tone.reshape(-1, 3)[::97]), 0)
    towards = skin - brows
    along = float((hair - brows) @ towards / max(float(towards @ towards), 1e-3))
    aside = float(np.linalg.norm(hair - brows - along * towards))
    little = (matte > 0.5).sum() < _LITTLE * (EYE_DISTANCE * len(matte)) ** 2
    return bool(little and skin[0] < _LIGHT_SKIN and _ALONG[0] < along < _ALONG[1] and aside < _ASIDE)


def _hair(rgb: np.ndarray, hair: np.ndarray) -> Sign:
    if hair.sum() < _FEW:
        return _NOTHING
    lab = _lab(rgb[hair])
    spread = float(np.clip(lab[:, 0].std(), *_SPREADS))
    return Sign(np.median(lab, 0), min(float(hair.mean()) / _PLENTY, 1.0), spread)


def _stubble(
    rgb: np.ndarray, tone: np.ndarray, gain: np.ndarray, where: np.ndarray, shape: np.ndarray
) -> Sign:
    """Stubble darkens the scalp beyond what its roundness does; what is seen is skin and hair, mixed."""
    side = len(rgb)
    above = cv2.resize(scalp(shape), (side, side), interpolation=cv2.INTER_LINEAR) > _SOLID
    inside = cv2.erode(Skull.of(shape).alpha(side), np.ones((9, 9), np.uint8)) > _SOLID
    where = where & above & inside
    if where.sum() < _FEW:
        return _NOTHING
    darker = 1 - _ROUND - float(np.median(gain[where]))
    hair = (rgb[where] - (1 - _STUBBLE) * tone[where]) / _STUBBLE
    lab = np.median(_lab(np.clip(hair, 0, 1).astype(np.float32)), 0)
    return Sign(_paler(lab), float(np.clip(darker / _SHADOW, 0, 1)) * _TOLD)


def _brows(rgb: np.ndarray, tone: np.ndarray, gain: np.ndarray, matte: np.ndarray, head: Head) -> Sign:
    if head.brows is None:
        return _NOTHING
    mask = np.zeros(matte.shape, np.uint8)
    for brow in head.brows:
        points = np.round(np.concatenate([brow[:5], brow[:4:-1]]) * len(mask) - 0.5).astype(np.int32)
        cv2.fillPoly(mask, [points], 255)
    # What hangs over a brow is no brow.
    where = (mask > 0) & (matte < 0.5) & head.known
    if where.sum() < _FEW:
        return _NOTHING
    dark = gain[where] <= np.percentile(gain[where], _DARKEST)
    fainter = 1 - float(np.median(gain[where][dark]))
    lab, skin = np.median(_lab(rgb[where][dark]), 0), float(np.median(_lab(tone[where])[:, 0]))
    # Between thin brows the skin shines through; hair is darker than that, and less red.
    lab = _paler(lab)
    lab[0] = max(_BLACKEST, min(float(lab[0]), skin - _DARKER))
    return Sign(lab, float(np.clip((fainter - _FAINT) / (_DARK - _FAINT), 0, 1)) * _BROW)


def _beard(rgb: np.ndarray, skin: np.ndarray, matte: np.ndarray, head: Head) -> Sign:
    """The chin, between the mouth and its end."""
    rows, columns = np.nonzero(head.inner)
    if not len(rows):
        return _NOTHING
    where = (head.face == 255) & (head.inner == 0) & head.known & (matte < 0.5)
    where[: rows.max() + 1] = False
    middle, half = (columns.min() + columns.max()) // 2, (columns.max() - columns.min()) // 4
    where[:, : middle - half] = where[:, middle + half :] = False
    if where.sum() < _FEW:
        return _NOTHING
    no_skin = where & ~skin
    share = float(no_skin.sum()) / float(where.sum())
    if no_skin.sum() < _FEW or share < _SHAVEN:
        return _NOTHING
    sure = min((share - _SHAVEN) / (_BEARDED - _SHAVEN), 1.0)
    return Sign(np.median(_lab(rgb[no_skin]), 0), sure * _BEARD)


def _paler(lab: np.ndarray) -> np.ndarray:
    """A colour that skin shines through, with no more chroma than hair has, and no darker than hair is."""
    chroma = max(float(np.hypot(lab[1], lab[2])), 1e-3)
    out = lab * np.array((1, *[min(1.0, _CHROMA / chroma)] * 2), np.float32)
    out[0] = max(float(out[0]), _BLACKEST)
    return out


def _lab(rgb: np.ndarray) -> np.ndarray:
    """Colours, float32 (N, 3), 0 to 1, in CIE Lab: (N, 3)."""
    return cv2.cvtColor(np.ascontiguousarray(rgb[None], np.float32), cv2.COLOR_RGB2Lab)[0]


_NOTHING = Sign(np.zeros(3, np.float32), 0.0)
