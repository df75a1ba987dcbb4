"""Neck, shoulders and clothes beneath long hair that is taken away: carried on from what is seen of them.

The network `body` knows well how far a body reaches and about where clothes begin; unsure where exactly, it
paints a fog of skin and clothes. Here it becomes a line between the two, in the colours that are seen of
them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.observed import Observed
from mirror.removal.skull_shape import BACK
from mirror.removal.soft_threshold import crisp
from mirror.removal.uncovered_background import textured
from mirror.tracking.temporal_smoothing import Calm

# How far a colour may be off the skin of the face and still be skin: deviation, RGB of 0 to 1.
_ALIKE = 0.15
# How little what is nearly skin counts for clothes.
_COLLAR = 4
# A neck: as wide as so much of the face, and so far below the chin (in sides of the square) as skin is usual.
_WIDE, _LONG = 1.3, 0.22
_BESIDE = 1.25  # halves of the face's width: as far to the side nothing is worn above the chin
# How dark it may be in the shade of the chin and how light in the sun, of the face; what the face says of its
# colour where it is seen.
_SHADE, _SUN, _FACE = 0.4, 1.5, 0.02
# How much the shade of a jaw dims a neck right beneath it; where it has fallen to a third, of the side.
_DIM, _UNDER = 0.4, 0.06
# How much it counts what the network says of bare skin, what is usual, what is seen beside, and that nobody
# wears anything beside the jaw; how smooth the line between skin and cloth is, in cells of 64.
_TOLD, _USUAL, _NEAR, _JAW, _LINE = 4.0, 1.0, 1.0, 2.0, 1.2
# What colours that are guessed count against those that are seen, of skin and of cloth; what share of a fog
# must be cloth to be asked for its colour. Where so many cells of clothes are seen it counts so much of that.
_SKIN, _CLOTH, _THIN = 0.03, 0.2, 0.2
_ENOUGH, _ANYWAY = 24, 0.1
# A cell of a hem stands for so many more that are seen below, and what the network counts then.
_BELOW, _BELIEVED = 2, 0.1
# What the other shoulder counts where one is not seen.
_OTHER = 0.3
# How much of three by three cells clothes take up to be believed.
_PIECE = 0.5
# Beyond these, of 0 to 1, skin is skin and cloth is cloth.
_SURE = (-0.5, 1.5)
# How little of skin a colour may be to be cloth that is carried on with its pattern.
_WORN = 0.3
# How far hues (colours over their brightness) may be apart and be the same skin, and from when on they are
# not; how many times lighter skin may be than itself beside; and over how many cells of 64 one light passes
# over into the other.
_HUES, _LIGHTS, _SOFTLY = (0.06, 0.12), 3.5, 3.0
# Over so much of the square, upwards from half-way between eyes and chin, the painter's own jaw passes over.
_OVER = 0.08


@dataclass(frozen=True, slots=True)
class PaintedBody:
    """A body beneath hair as the networks paint it.

    Attributes:
        colours: float32 (S, S, 3) RGB, 0 to 1.
        bare: float32 (64, 64), 0 to 1, how much of it is bare skin.
        alpha: float32 (64, 64), 0 to 1, of the body before the room.
    """

    colours: np.ndarray
    bare: np.ndarray
    alpha: np.ndarray


def carried_on(
    painted: PaintedBody,
    observed: Observed,
    tone: np.ndarray,
    shape: np.ndarray,
    image: np.ndarray | None = None,
    calm: Calm | None = None,
    still: Calm | None = None,
) -> np.ndarray:
    """The body, from the jaw downwards in the colours of skin and clothes as they are seen.

    Args:
        tone: float32 (64, 64, 3), the skin of the face in its light, see
            `mirror.core.face_lighting.Lit.skin`.
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        image: float32 (1, 3, S, S), the camera's, so that clothes have their pattern and folds; None: smooth.
        calm: of a stream, as for `mirror.removal.uncovered_background.textured`; still: of the same, so that
            a collar that is guessed stays where it is.

    Returns:
        float32 (S, S, 3), 0 to 1.
    """
    body = painted.colours
    oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2) / 4 + 0.5
    chin = oval[:, 1].max()
    rows = _PLACE[:, None]
    below = np.clip((rows - (chin + EYE_CENTRE[1]) / 2) * (1 / _OVER), 0, 1)
    known = _known(observed)
    # A head turns before its neck, which stays behind.
    back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * BACK

    def guess() -> np.ndarray:
        return _guess(painted, observed, tone, oval, back)

    guessed = guess() if still is None else still(guess)
    assert guessed is not None
    mix, skin, cloth, worn = guessed[..., 0], guessed[..., 1:4], guessed[..., 4:7], guessed[..., 7]
    alike = _same(skin, cloth)
    softly = cv2.GaussianBlur(np.clip(mix, 0, 1), (0, 0), _SOFTLY)
    share = np.broadcast_to(below * (1 - known), known.shape).astype(np.float32)
    if image is not None:
        cloth = textured(np.ascontiguousarray(cloth), image, worn, _NOBODY, calm)
    # Drawn at full size, for a collar is a line and no fog; above the jaw there is nothing to draw.
    first = int(np.argmax(below > 0))
    scale = body.shape[0] // FILL_SIDE
    part = body[first * scale :]
    mix, softly, alike, share, skin, cloth = (
        cv2.resize(one[first * len(one) // FILL_SIDE :], part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        for one in (mix, softly, alike, share, skin, cloth)
    )
    mix = cv2.blendLinear(softly, crisp(cv2.GaussianBlur(mix, (0, 0), scale / 2)), alike, 1 - alike)
    shade = _jaw(oval, body.shape[0])[first * scale :]
    skin = cv2.multiply(skin, cv2.merge([shade, shade, shade]))
    colours = cv2.blendLinear(skin, cloth, mix, 1 - mix)
    return np.concatenate([body[: first * scale], cv2.blendLinear(colours, part, share, 1 - share)])


def _known(observed: Observed) -> np.ndarray:
    """float32 (64, 64): 1 where the person is seen."""
    return np.where(observed.person > 0.9, observed.seen, 0)


def _guess(
    painted: PaintedBody, observed: Observed, tone: np.ndarray, oval: np.ndarray, back: float
) -> np.ndarray:
    """Skin or cloth, and of what colours: float32 (64, 64, 8).

    Above a half what is beneath the hair is skin; the colour of skin; that of cloth; and where cloth is seen.
    """
    bare, camera, hem, known = painted.bare, observed.camera, observed.hem, _known(observed)
    left, right, chin = oval[:, 0].min(), oval[:, 0].max(), oval[:, 1].max()
    rows, columns = _PLACE[:, None], _PLACE[None, :]
    half = max((right - left) / 2, 0.025)
    aside = np.abs((columns - (left + right) / 2) * (1 / half) - back)
    usual = np.clip(1.5 - _WIDE * aside, 0, 1) * np.clip(1 - (rows - chin) / _LONG, 0, 1)
    throat = (usual * (rows > chin)).astype(np.float32)
    alike = _alike(camera, tone, throat)
    # A neck has its own shade: where it is seen, the face says little of it.
    bared = known * alike * np.where(rows > chin, np.float32(1), np.float32(_FACE))
    guessed = cv2.resize(painted.colours, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA)
    # Where there is hardly any body it says nothing of its colours.
    hidden = (1 - known) * painted.alpha**2
    told = camera + (guessed - camera) * (1 - known)[..., None]
    skin = fill_in(told, bared + hidden * np.float32(_SKIN) * bare**4)
    # What is half skin is the edge of a collar.
    worn = (1 - alike) ** _COLLAR * (1 - throat) ** 2 * (rows > chin)
    # A few cells between two locks are the shade of hair, and would colour a whole shoulder.
    worn = known * worn.astype(np.float32)
    pieces = cv2.blur(worn, (3, 3), borderType=cv2.BORDER_REPLICATE)
    worn = np.where(pieces > _PIECE, worn, np.float32(0))
    if hem is not None:
        worn[-1, hem] = 1
    # Where the network is unsure it paints a fog of skin and cloth: what of it is cloth?
    fog = bare[..., None]
    unmixed = np.clip((guessed - fog * skin) * (1 / np.maximum(1 - fog, _THIN)), 0, 1)
    # Never lighter than both: light in it may be the wall's.
    unmixed = np.minimum(unmixed, np.maximum(guessed, skin))
    told = np.where(known[..., None] > 0, camera, unmixed).astype(np.float32)
    # The less is seen of clothes, the more it is asked.
    cells, least = float(worn.sum()), _ANYWAY
    if hem is not None and hem.any():
        cells, least = cells + _BELOW * float(hem.sum()), _ANYWAY * _BELIEVED
    asked = np.float32(_CLOTH * max(1 - cells / _ENOUGH, least))
    cloth = fill_in(told, worn + hidden * asked * (1 - bare) ** 3)
    # Between the two lies a line: where the network is as sure of the one as of the other.
    mix = 0.5 + _TOLD * (bare - 0.5)
    # And what is seen beside it, is that skin or cloth?
    near = _beside(cv2.medianBlur(alike, 3), known * (rows > chin), (left + right) / 2 + back * half)
    # Above the chin and beside the jaw nobody wears anything.
    jaw = np.clip((chin + _OVER / 4 - rows) * (2 / _OVER), 0, 1) * np.clip(8 * (_BESIDE - aside), 0, 1)
    mix = np.clip(mix, -1, 2) + _USUAL * (usual - 0.5) + _NEAR * (near - 0.5) + _JAW * jaw
    mix = np.clip(cv2.GaussianBlur(mix.astype(np.float32), (0, 0), _LINE), *_SURE)
    seen = np.where((alike < _WORN) & (rows > chin), known, np.float32(0))
    return cv2.merge([mix, *cv2.split(skin), *cv2.split(cloth), seen]).astype(np.float32)


def _same(skin: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """How much what seems to be worn is bare skin in another light, float32 (64, 64), 0 to 1."""
    light, other = (cv2.transform(one, _LUMA) + np.float32(1e-3) for one in (skin, cloth))
    off = skin * (1 / light)[..., None] - cloth * (1 / other)[..., None]
    hue = np.sqrt(cv2.transform(off * off, _ONES))
    alike = np.clip((_HUES[1] - hue) * (1 / (_HUES[1] - _HUES[0])), 0, 1)
    return np.where(cv2.max(light, other) < _LIGHTS * cv2.min(light, other), alike, 0).astype(np.float32)


def _alike(camera: np.ndarray, tone: np.ndarray, throat: np.ndarray) -> np.ndarray:
    """How much each colour is skin, float32 (64, 64), 0 to 1: on a throat in the shade of the chin, too."""
    length = cv2.max(cv2.transform(tone * tone, _ONES), 1e-4)
    gain = cv2.divide(cv2.transform(cv2.multiply(camera, tone), _ONES), length)
    # Nowhere lighter or darker than it is in the face; on a throat down to `_SHADE`.
    gain = np.clip(gain, 1 - (1 - _SHADE) * throat, 1 + (_SUN - 1) * throat)
    off = camera - tone * gain[..., None]
    return np.exp(cv2.transform(off * off, _ONES) * (-0.5 / _ALIKE**2))


def _beside(alike: np.ndarray, seen: np.ndarray, middle: float) -> np.ndarray:
    """Whether skin or cloth is seen beside each place, or else on the other side of the throat."""
    if not seen.any():
        return np.full_like(alike, 0.5)
    # Clothes are worn on both shoulders, mostly.
    other = np.array([[-1, 0, 2 * middle * FILL_SIDE - 1], [0, 1, 0]])
    size = (FILL_SIDE, FILL_SIDE)
    other_seen = cv2.warpAffine(seen, other, size) * np.float32(_OTHER)
    both = np.where(seen > 0, alike, cv2.warpAffine(alike, other, size))
    return fill_in(cv2.merge([both, both, both]), cv2.max(seen, other_seen))[..., 0]


def _jaw(oval: np.ndarray, side: int) -> np.ndarray:
    """The shade that a jaw throws on the neck, float32 (side, side): 1 in the face and far from it."""
    half = side // 2  # smooth enough
    out = 255 - fill_polygon(oval.astype(np.float64), half)
    far = cv2.distanceTransform((out > 127).astype(np.uint8), cv2.DIST_L2, 3)
    shade = np.exp(far * np.float32(-1 / (_UNDER * half))) * out * np.float32(_DIM / 255)
    return 1 - cv2.resize(shade, (side, side), interpolation=cv2.INTER_LINEAR)


_PLACE = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE
_LUMA = np.array([[0.2126, 0.7152, 0.0722]], np.float32)
_ONES, _NOBODY = np.ones((1, 3), np.float32), np.zeros((FILL_SIDE, FILL_SIDE), np.float32)
