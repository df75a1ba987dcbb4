"""The light a face is in, measured on its skin and eyes, so that new hair can take it.

Skin differs between people, light does not care whose face it falls on. What is measured is therefore
three things: the tone of this person's skin, which says nothing about light; how it changes across and
down the face, which says where the light comes from; and the whites of the eyes, whose colour is nearly
the same in everybody, which say how bright and how warm it is.

All numbers are natural logarithms of linear light, RGB; linear light is taken as display value ** 2.2, so
a difference d of such logarithms is a factor exp(d / 2.2) of display values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from mirror.core.head_crop import Head

GAMMA = 2.2
LIGHT_SIZE = 9
UNKNOWN = np.zeros(LIGHT_SIZE, np.float32)
SETTLE_SECONDS = 0.5
FIELD_SIDE = 32  # cells a side are enough for so smooth a field
_SIDE = 64
_LUMA = np.array((0.2126, 0.7152, 0.0722))
_LEAST = 60  # cells of skin; fewer are no face
_BLACK = 1 / 255
# Medians of 212 portraits: log R/G and B/G of skin, its luminance, and that of the whites of the eyes, which
# lie in the shade of the lids.
_SKIN, _SKIN_BRIGHTNESS, _WHITE_BRIGHTNESS = np.array((0.62, -0.33)), -1.48, -1.7
# What a white thing shows in the light of the middle one of them.
USUAL = np.full(3, _WHITE_BRIGHTNESS, np.float32)
# Eyes shine in a dark room too, and what glasses mirror is no white. Where all that is round a face is as
# dark as this (mean luminance; from the first on a little, at the second wholly), the skin says how bright
# the light is: by so much as it is darker than skin of its hue mostly is (of 1860 portraits in even light,
# over their log R/G). On 1281 others hair follows that and not the eyes; twice, as `_BRIGHTNESS` halves it.
_DARK, _HUES, _SKIN_OF_HUE, _FULLY, _DIM = (-2.9, -3.6), (0.1, 1.4), (-0.71, -0.69), 2.0, 0.5
_AROUND = 0.08  # share of the square that must be seen round a face
# Of a difference between two lights what people's faces and eyes differ by anyway is taken off, so much of
# the rest is carried, and never more than the last: of brightness, of colour, and of a gradient's both.
_BRIGHTNESS, _CAST = (0.15, 0.58, 1.3), (0.12, 0.58, 0.4)
_SLOPE, _SLOPE_CAST = (0.7, 0.75, 4.0), (0.7, 0.3, 1.0)
_MOST = (-1.3, 0.5)  # of all together, at any place: what is too bright is seen sooner
# A gradient is measured on the face alone: it goes on a little beyond it, and then no further.
_CENTRE, _REACH = (0.5, 0.48), (0.25, 0.22)


@dataclass(frozen=True, slots=True)
class Lit:
    """A face in its light; see the module.

    Attributes:
        tone: float64 (3,), of the skin between the eyes.
        level: float64 (3,), of what a white thing there would show.
        across, down: float64 (3,), change of the skin per side of the square, to the right and downwards.
        sure: 0 to 1, how clearly the whites of the eyes were seen.
    """

    tone: np.ndarray
    level: np.ndarray
    across: np.ndarray
    down: np.ndarray
    sure: float

    @property
    def light(self) -> np.ndarray:
        """float32 (9,): level, across, down; what a style keeps of its exemplar's light."""
        return np.concatenate([self.level, self.across, self.down]).astype(np.float32)

    def skin(self, side: int) -> np.ndarray:
        """The skin's tone at every place, gradient included: float32 (side, side, 3), display 0 to 1."""
        field = self.tone + _slopes(self.across, self.down, FIELD_SIDE // 2)
        small = np.exp(field * (1 / GAMMA)).astype(np.float32)
        return cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR)

    def towards(self, other: Lit, share: float) -> Lit:
        """This one moved towards another; its level only so far as the other saw the eyes."""
        sure = share * other.sure
        return Lit(
            self.tone + (other.tone - self.tone) * share,
            self.level + (other.level - self.level) * sure,
            self.across + (other.across - self.across) * share,
            self.down + (other.down - self.down) * share,
            self.sure + (other.sure - self.sure) * share,
        )


class LightMeter:
    """The light over time: slow, so that hair does not flicker when a face turns or blinks."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the face."""
        self._lit: Lit | None = None
        self._at = 0.0

    def look(self, head: Head, hair: np.ndarray, now: float) -> Lit | None:
        """The light at `now`, seconds; None before a face was seen.

        Args:
            hair: float32 (256, 256), what is not skin.
        """
        found = measure(head, hair)
        if found is not None:
            share = 1 - float(np.exp(-max(0.0, now - self._at) / SETTLE_SECONDS))
            self._lit = found if self._lit is None else self._lit.towards(found, share)
        self._at = now
        return self._lit


def measure(head: Head, hair: np.ndarray | None = None, *, room: bool = True) -> Lit | None:
    """Measures a face, robustly: glare, brows, beard and glasses are outliers of a smooth skin.

    Args:
        hair: float32 (256, 256), the matte of what is not skin.
        room: whether a dark room may say that the light is dim. Of an exemplar it may not: those are in even
            light, and what is black behind them is a photographer's cloth.

    Returns:
        None where too little skin is to be seen.
    """
    planes = [cv2.resize(plane, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) for plane in head.image[0]]
    size = (_SIDE, _SIDE)
    skin = cv2.resize(cv2.min(head.face, head.valid), size, interpolation=cv2.INTER_AREA) > 254
    skin &= ~((cv2.resize(head.inner, size, interpolation=cv2.INTER_AREA) > 0) & _FEATURES)
    if hair is not None:
        skin &= cv2.resize(hair, size, interpolation=cv2.INTER_AREA) < 0.15
    if skin.sum() < _LEAST:
        return None
    values = GAMMA * np.log(np.stack([plane[skin] for plane in planes], 1) + _BLACK)
    places, weight = _PLACES[skin], _WEIGHT[skin]
    # Half of the face or more is skin: what is far from its middle is something else.
    luma = values @ _LUMA
    weight = weight * (np.abs(luma - np.median(luma)) < 1.2)
    fit = np.zeros((3, 3))
    for _ in range(4):
        weighted = places * weight[:, None]
        fit = np.linalg.solve(places.T @ weighted + np.diag((1e-6, 0.3, 0.3)), weighted.T @ values)
        off = np.abs((values - places @ fit) @ _LUMA)
        weight = _WEIGHT[skin] / (1 + (off / (2 * np.median(off) + 0.03)) ** 2)
    level, sure = _level(head.image[0], fit[0])
    dark = _darkness(planes, head, hair) if room else 0.0
    if dark > 0:
        usual = _SKIN_OF_HUE[0] + _SKIN_OF_HUE[1] * np.clip(fit[0][0] - fit[0][1], *_HUES)
        darker = min(float(fit[0] @ _LUMA - usual), 0.0)
        # Skin as bright as ever, before a black wall, is in the light: then the eyes are believed.
        eyes = max(float(level @ _LUMA) - _WHITE_BRIGHTNESS, 0.0) * min(-darker / _DIM, 1.0)
        level = level + dark * (_FULLY * darker - eyes)
        sure = max(sure, dark)
    return Lit(fit[0], level, fit[1], fit[2], sure)


def _darkness(planes: list[np.ndarray], head: Head, hair: np.ndarray | None) -> float:
    """How dark it is round a face, 0 to 1; 0 where too little is seen of it."""
    size = (_SIDE, _SIDE)
    around = cv2.resize(cv2.subtract(head.valid, head.face), size, interpolation=cv2.INTER_AREA) > 254
    if hair is not None:
        around &= cv2.resize(hair, size, interpolation=cv2.INTER_AREA) < 0.1
    if around.mean() < _AROUND:
        return 0.0
    seen = GAMMA * np.log(np.stack([plane[around] for plane in planes], 1) + _BLACK) @ _LUMA
    return float(np.clip((seen.mean() - _DARK[0]) * (1 / (_DARK[1] - _DARK[0])), 0, 1))


def gains(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray | None:
    """What display values of hair lit by one light are multiplied by to look lit by another.

    Where the light comes from is carried whole; how bright and how warm it is, damped; all within bounds.

    Args:
        mine, theirs: float32 (9,), the person's light and the exemplar's; all 0 is unknown.

    Returns:
        float32 (32, 32, 3) over the head square; None where a light is unknown and nothing is to be done.
    """
    if not mine.any() or not theirs.any():
        return None
    level, across, down = (mine - theirs).astype(np.float64).reshape(3, 3)
    level, across, down = (
        _carried(bright, *by) + _carried(cast, *cast_by)
        for (bright, cast), by, cast_by in (
            (_split(level), _BRIGHTNESS, _CAST),
            (_split(across), _SLOPE, _SLOPE_CAST),
            (_split(down), _SLOPE, _SLOPE_CAST),
        )
    )
    field = np.clip(level + _slopes(across, down, FIELD_SIDE), *_MOST)
    return np.exp(field * (1 / GAMMA)).astype(np.float32)


def mixed(mine: np.ndarray, theirs: np.ndarray, amount: float) -> np.ndarray:
    """Between two styles' lights, float32 (9,); an unknown one is taken for the other."""
    if not mine.any() or not theirs.any():
        return mine if mine.any() else theirs
    return mine + (theirs - mine) * np.float32(amount)


def _level(image: np.ndarray, skin: np.ndarray) -> tuple[np.ndarray, float]:
    """The logarithm of white in this light, and how clearly the whites of the eyes say so."""
    eyes = np.concatenate([image[:, rows, columns].reshape(3, -1) for rows, columns in _EYES], 1)
    values = GAMMA * np.log(eyes + _BLACK)
    tone, brightness = np.array((skin[0] - skin[1], skin[2] - skin[1])), skin @ _LUMA
    # By skin alone, half believed: it may be the person's and not the light's.
    by_skin = _white(_WHITE_BRIGHTNESS + 0.5 * (brightness - _SKIN_BRIGHTNESS), 0.35 * (tone - _SKIN))
    bright = values[:, _LUMA @ values > brightness - 1.0]
    if bright.shape[1] < 0.3 * values.shape[1]:
        return by_skin, 0.0  # sunglasses, a visor
    # Lids are redder than any white, and a blue iris is darker.
    white = 0.7 * (bright[2] - bright[0]) + _LUMA @ bright
    middle = np.median(bright[:, white >= np.quantile(white, 0.8)], 1)
    less_red = (tone[0] - tone[1]) - (middle[0] - middle[2])
    sure = float(np.clip((less_red - 0.25) / 0.4, 0, 1))
    return by_skin + (middle - by_skin) * sure, sure


def _white(brightness: float, chroma: np.ndarray) -> np.ndarray:
    """RGB of this luminance (of logarithms), and of these log R/G and B/G."""
    rgb = np.array((chroma[0], 0.0, chroma[1]))
    return rgb + brightness - rgb @ _LUMA


def _carried(difference: np.ndarray | float, least: float, share: float, most: float) -> np.ndarray:
    """A difference less what it may be by chance, damped, within bounds."""
    beyond = np.sign(difference) * np.maximum(np.abs(difference) - least, 0)
    return np.clip(beyond * share, -most, most)


def _split(rgb: np.ndarray) -> tuple[float, np.ndarray]:
    """Brightness, and the colour that is left without it."""
    bright = float(rgb @ _LUMA)
    return bright, rgb - bright


def _slopes(across: np.ndarray, down: np.ndarray, side: int) -> np.ndarray:
    """float64 (side, side, 3): a gradient that levels off beyond the face."""
    place = (np.arange(side) + 0.5) / side
    x, y = (reach * np.tanh((place - c) / reach) for c, reach in zip(_CENTRE, _REACH, strict=True))
    return x[None, :, None] * across + y[:, None, None] * down


_Y, _X = (np.mgrid[:_SIDE, :_SIDE] + 0.5) / _SIDE
_PLACES = np.stack([np.ones_like(_X), _X - _CENTRE[0], _Y - _CENTRE[1]], -1)
# Brows, eyes and mouth, where they lie in every head square; the cheeks between them are skin.
_FEATURES = (_Y < 0.52) | (_Y > 0.6)
# Below the nose a beard may grow.
_WEIGHT = np.where(_Y > 0.62, 0.3, 1.0)
# Rows and columns of the eyes' openings at 256 pixels.
_EYES = ((slice(112, 124), slice(93, 117)), (slice(112, 124), slice(139, 163)))
