"""Neck, shoulders and clothes beneath long hair that is taken away: carried on from what is seen of them.

The painter knows well how far a body reaches; of what colour it is there, it paints a fog of skin, clothes
and wall. What is seen of them beside the hair says it better.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.face import FACE_OVAL
from mirror.fill import FILL_SIDE, fill_in
from mirror.headspace import EYE_CENTRE
from mirror.smooth import Calm
from mirror.wall import textured

# How far a colour may be off the skin of the face and still be skin: deviation, RGB of 0 to 1.
_ALIKE = 0.15
# What all of the body counts for clothes, where none are seen; how little what is nearly skin does.
_ANY, _COLLAR = 1e-4, 4
# A neck: as wide as so much of the face, and so far below the chin (in sides of the square) as skin is usual.
_WIDE, _LONG = 1.3, 0.22
# How much that counts against what the painter painted, and how much what is seen beside does; how much
# steeper the way from skin to cloth gets.
_USUAL, _NEAR, _CRISP = 1.0, 2.0, 8.0
# How little of skin a colour may be to be cloth that is carried on with its pattern.
_WORN = 0.3
# Over so much of the square, upwards from half-way between eyes and chin, the painter's own jaw passes over.
_OVER = 0.08


def carried_on(
    body: np.ndarray,
    camera: np.ndarray,
    seen: np.ndarray,
    person: np.ndarray,
    tone: np.ndarray,
    shape: np.ndarray,
    image: np.ndarray | None = None,
    calm: Calm | None = None,
) -> np.ndarray:
    """The body, from the jaw downwards in the colours of skin and clothes as they are seen.

    Args:
        body: float32 (S, S, 3), 0 to 1, as it was painted.
        camera: float32 (64, 64, 3), 0 to 1.
        seen: float32 (64, 64), 1 where the camera shows what will be shown, else 0.
        person: float32 (64, 64), alpha of the person before the room.
        tone: float32 (64, 64, 3), the skin of the face in its light, see `mirror.light.Lit.skin`.
        shape: float32 (75,), see `mirror.headspace.face_shape`.
        image: float32 (1, 3, S, S), the camera's, so that clothes have their pattern and folds; None: smooth.
        calm: of a stream, as for `mirror.wall.textured`.

    Returns:
        float32 (S, S, 3).
    """
    oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2) / 4 + 0.5
    left, right, chin = oval[:, 0].min(), oval[:, 0].max(), oval[:, 1].max()
    rows, columns = _PLACE[:, None], _PLACE[None, :]
    below = np.clip((rows - (chin + EYE_CENTRE[1]) / 2) * (1 / _OVER), 0, 1)
    known = np.where(person > 0.9, seen, 0)
    off = camera - tone
    alike = np.exp(cv2.transform(off * off, _ONES) * (-0.5 / _ALIKE**2))
    skin = fill_in(camera, known * alike)
    # What is half skin is the edge of a collar.
    cloth = fill_in(camera, known * np.maximum((1 - alike) ** _COLLAR * (rows > chin), _ANY))
    # Between the two lies what was painted: nearer to which?
    line = skin - cloth
    size = (FILL_SIDE, FILL_SIDE)
    painted = cv2.GaussianBlur(cv2.resize(body, size, interpolation=cv2.INTER_AREA), (0, 0), 2.0) - cloth
    length = cv2.max(cv2.transform(line * line, _ONES), 1e-3)
    mix = cv2.divide(cv2.transform(cv2.multiply(painted, line), _ONES), length)
    beside = np.abs(columns - (left + right) / 2) * (2 / max(right - left, 0.05))
    usual = np.clip(1.5 - _WIDE * beside, 0, 1) * np.clip(1 - (rows - chin) / _LONG, 0, 1)
    # And what is seen beside it, is that skin or cloth?
    there = known * (rows > chin)
    near = fill_in(cv2.merge([alike, alike, alike]), there)[..., 0] if there.any() else np.float32(0.5)
    mix = mix - 0.5 + _USUAL * (usual - 0.5) + _NEAR * (near - 0.5)
    mix = cv2.GaussianBlur(mix.astype(np.float32), (5, 5), 0.8)
    share = np.broadcast_to(below * (1 - known), known.shape).astype(np.float32)
    if image is not None:
        worn = np.where((alike < _WORN) & (rows > chin), known, np.float32(0))
        cloth = textured(cloth, image, worn, _NOBODY, calm)
    # Drawn at full size, for a collar is a line and no fog; above the jaw there is nothing to draw.
    first = int(np.argmax(below > 0))
    scale = body.shape[0] // FILL_SIDE
    part = body[first * scale :]
    mix, share, skin, cloth = (
        cv2.resize(one[first * len(one) // FILL_SIDE :], part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        for one in (mix, share, skin, cloth)
    )
    mix = np.clip(mix * np.float32(_CRISP) + np.float32(0.5), 0, 1)
    colours = cv2.blendLinear(skin, cloth, mix, 1 - mix)
    return np.concatenate([body[: first * scale], cv2.blendLinear(colours, part, share, 1 - share)])


_PLACE = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE
_ONES, _NOBODY = np.ones((1, 3), np.float32), np.zeros((FILL_SIDE, FILL_SIDE), np.float32)
