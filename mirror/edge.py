"""Where paint meets camera: the painter's colours taken to the person's own skin."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.face import FACE_OVAL
from mirror.headspace import EYE_CENTRE, fill_polygon
from mirror.light import Lit

MATCH_SIDE = 64
_SKULL = np.ones((7, 1), np.uint8)
# A bare skull is at least as large as the face oval stretched so: sideways, and above the eyes upwards.
_SCALP = (1.0, 1.45)
# A tall one is higher by this factor.
_TALL = 1.3
# How much the tone of the face counts for the scalp against what is seen of it at the edge, and how much
# darker than the face the round of the skull is at its outline.
_TONE, _ROUND = 0.15, 0.06
# How far the hue of a skull is that of the face, and how much darker or brighter it may be.
_HUE, _SHADE = 0.85, (0.6, 1.35)
# How much the mean of all errors counts against what is near.
_USUAL = 3e-3
# How far the forehead may be off the tone of the face and still be skin.
_ALIKE = 0.12
# Alpha of the body from which on what is painted is body and not room.
_SURE = 0.8
_LUMA = np.array([[0.2126, 0.7152, 0.0722]], np.float32)


def match_kept(
    body: np.ndarray,
    solid: np.ndarray,
    camera: np.ndarray,
    cover: np.ndarray,
    blind: np.ndarray,
    skin: np.ndarray,
    scalp: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """Takes the painter's colours of the body to the camera's at the edge of what is covered.

    Between the edge of the cover and the edge of the hole the painter painted blindly what the camera
    shows too. How far it is off there is spread smoothly inwards (normalised convolution at two
    scales, Knutsson & Westin 1993) and added. The face learns from the face and the rest from the rest:
    a collar that was painted too blue says nothing of a forehead.

    Args:
        body, camera: float32 (S, S, 3), 0 to 1.
        solid: float32 (S, S), alpha of the body before the room, as it was painted.
        cover: float32 (S, S), as in `Layer`.
        blind: float32 (S, S), 1 where the painter saw nothing but the frame has pixels, else 0.
        skin: uint8 (S, S), 255 inside the face oval.
        scalp: what a bare skull looks like and where there is one, see `scalp_of`; far from where skin is
            seen the painter's is taken to that.

    Returns:
        float32 (S, S, 3).
    """
    half = (body.shape[1] // 2, body.shape[0] // 2)
    size = (MATCH_SIDE, MATCH_SIDE)
    # By area, so that a cell counts only as far as it is free of cover: at half size, for speed.
    seen = cv2.resize(np.where(cover < 0.02, blind, 0), half, interpolation=cv2.INTER_AREA)
    ring = np.where(seen > 0.99, np.float32(1), np.float32(0))
    error = cv2.resize(camera, half, interpolation=cv2.INTER_AREA)
    small = cv2.resize(error, size, interpolation=cv2.INTER_AREA)
    painted = cv2.resize(body, half, interpolation=cv2.INTER_AREA)
    error -= painted
    painted = cv2.resize(painted, size, interpolation=cv2.INTER_AREA)
    # A large error is a thing the painter did not know of rather than a tint: it counts for less.
    red, green, blue = cv2.split(cv2.absdiff(error, 0))
    ring *= np.exp(cv2.max(cv2.max(red, green), blue) ** 2 * (-1 / 0.16))
    inside = cv2.resize(skin, half, interpolation=cv2.INTER_AREA).astype(np.float32) * (1 / 255)
    share = cv2.resize(inside, size, interpolation=cv2.INTER_AREA)
    # The oval ends at the hairline; the skull, bare under removed hair, is skin as well.
    share = cv2.GaussianBlur(cv2.dilate(share, _SKULL, anchor=(0, 0)), (5, 5), 1.0)
    of_skin = _spread(error, ring * inside)
    there = cv2.resize(solid, half, interpolation=cv2.INTER_AREA)
    of_rest = _spread(error, np.where(there > _SURE, ring * (1 - inside), 0))
    if scalp is not None:
        tone, where = scalp
        free = cv2.resize(
            np.where(cover < 0.02, skin * np.float32(1 / 255), 0), size, interpolation=cv2.INTER_AREA
        )
        tone = _as_seen(tone, small, free)
        off = (tone - painted) * where[..., None]
        # Smooth: the painter's own shading stays.
        wide = cv2.GaussianBlur(cv2.merge([*cv2.split(off), where]), (15, 15), 3.0)
        of_skin += wide * np.float32(_TONE)
        share = np.maximum(share, where)
    tint = _divided(of_skin) * share[..., None] + _divided(of_rest) * (1 - share[..., None])
    if scalp is not None:
        tint = _pinned(painted + tint, tone, where, tint)
    return cv2.add(body, cv2.resize(tint, body.shape[1::-1], interpolation=cv2.INTER_LINEAR))


def _as_seen(tone: np.ndarray, camera: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The tone of a skull, (64, 64, 3), as the forehead shows it next to the edge, where it shows any.

    Args:
        camera: (64, 64, 3); free: (64, 64), how much of the face is seen there.
    """
    off = camera - tone
    # Brows and glare are no skin.
    alike = np.exp(cv2.transform(off * off, np.ones((1, 3), np.float32)) * (-0.5 / _ALIKE**2))
    weight = np.where(free > 0.9, alike, 0).astype(np.float32)
    weight[round(EYE_CENTRE[1] * MATCH_SIDE) - 4 :] = 0
    near = cv2.GaussianBlur(cv2.merge([*cv2.split(off * weight[..., None]), weight]), (25, 25), 4.0)
    sums = near + near.mean((0, 1)) * np.float32(_USUAL)
    return tone + sums[..., :3] / (sums[..., 3:] + np.float32(1e-4))


def _pinned(bare: np.ndarray, tone: np.ndarray, where: np.ndarray, tint: np.ndarray) -> np.ndarray:
    """A tint that gives a skull the colour of the person's skin as well, all (64, 64, 3) but `where`.

    The painter's light and shade stay, within bounds; what is skin has one hue.
    """
    shade = cv2.divide(cv2.transform(bare, _LUMA), cv2.transform(tone, _LUMA) + np.float32(0.02))
    shade = np.clip(shade, *_SHADE)
    off = cv2.subtract(cv2.multiply(tone, cv2.merge([shade, shade, shade])), bare)
    share = where * np.float32(_HUE)
    return cv2.add(tint, cv2.multiply(off, cv2.merge([share, share, share])))


def scalp_of(lit: Lit, shape: np.ndarray, body: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """What a bare skull would look like on this person, and where there certainly is one.

    Args:
        lit: the person's skin in its light.
        shape: float32 (75,), see `mirror.headspace.face_shape`.
        body: float32 (S, S), alpha of the body as the painter paints it: above the eyes that is skull too.

    Returns:
        float32 (64, 64, 3), 0 to 1: the tone of the face, with its light and the shading of a round surface;
        float32 (64, 64): 1 on the skull, softly 0 beyond it.
    """
    oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2).astype(np.float64) / 4 + 0.5
    skull = oval.copy()
    middle = (oval[:, 0].min() + oval[:, 0].max()) / 2
    skull[:, 0] = middle + (oval[:, 0] - middle) * _SCALP[0]
    above = oval[:, 1] < EYE_CENTRE[1]
    skull[above, 1] = EYE_CENTRE[1] + (oval[above, 1] - EYE_CENTRE[1]) * _SCALP[1]
    where = fill_polygon(skull, MATCH_SIDE).astype(np.float32) * (1 / 255)
    place = (np.arange(MATCH_SIDE, dtype=np.float32) + 0.5) / MATCH_SIDE
    wide, high = (skull[:, 0].max() - middle), EYE_CENTRE[1] - skull[:, 1].min()
    x, y = (place - middle) / max(wide, 0.05), np.minimum(place - EYE_CENTRE[1], 0) / max(high, 0.05)
    far = np.minimum(x[None, :] ** 2 + y[:, None] ** 2, 1)
    if body is not None:
        small = cv2.resize(body, (MATCH_SIDE, MATCH_SIDE), interpolation=cv2.INTER_AREA)
        # A tall skull; beyond that it is the ghost of one.
        tall = skull.copy()
        tall[above, 1] = EYE_CENTRE[1] + (skull[above, 1] - EYE_CENTRE[1]) * _TALL
        where = np.maximum(where, small * (fill_polygon(tall, MATCH_SIDE) > 127))
    where[place > EYE_CENTRE[1]] = 0
    shade = (1 - _ROUND * far * far).astype(np.float32)
    return cv2.multiply(lit.skin(MATCH_SIDE), cv2.merge([shade, shade, shade])), cv2.GaussianBlur(
        where, (5, 5), 1.0
    )


def _spread(error: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """An error (H, W, 3) known where `weight` (H, W) counts, blurred: sums and their weights (64, 64, 4)."""
    weighted = cv2.merge([*(channel * weight for channel in cv2.split(error)), weight])
    small = cv2.resize(weighted, (MATCH_SIDE, MATCH_SIDE), interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(small, (9, 9), 1.5)
    # As wide as sigma 6, by area at a quarter of the side, where it is cheap.
    quarter = cv2.resize(small, (MATCH_SIDE // 4, MATCH_SIDE // 4), interpolation=cv2.INTER_AREA)
    far = cv2.resize(cv2.GaussianBlur(quarter, (9, 9), 1.5), (MATCH_SIDE, MATCH_SIDE))
    # And where nothing is near, what is usual.
    return cv2.scaleAdd(far, 0.05, near) + quarter.mean((0, 1)) * np.float32(_USUAL)


def _divided(sums: np.ndarray) -> np.ndarray:
    return sums[..., :3] / (sums[..., 3:] + 1e-6)
