"""Where paint meets camera: the painter's colours taken to the person's own skin."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import EYE_CENTRE
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.observed import Observed
from mirror.removal.skull_shape import HIGH, WIDE, Skull

MATCH_SIDE = 64
_SKULL = np.ones((7, 1), np.uint8)
# How much darker than the face the round of the skull is at its outline.
_ROUND = 0.12
# Rows, as shares of the side: from the first to the second the skull ends, at the brows, and beside them;
# how far brows reach, in halves of the face's width.
_BROWS, _TEMPLES, _WIDTH = (0.345, 0.385), (0.42, 0.47), 0.72
_CLEAR = 0.4  # of that: where more is skull, skin that is seen is forehead and no brow
# So many cells of skull that are seen say how light it is, within these factors of what the face says.
_ENOUGH, _LEVEL = 8, (0.5, 2.0)
# How much brighter than the face the painter may have a skull (never darker: it paints stubble at a hairline
# that is gone), and over how many cells of 64 its light and shade are smoothed.
_SHADE, _EVEN = (1.0, 1.1), 2.0
# How much of what sets a forehead off from the cheeks, in brightness and hue, is the whole skull's (of 135
# bald portraits 0.6 on light skin to 1 on dark, in each of L, a, b), and over how many cells of 64 the rest
# fades out.
_SHINE, _FADES = 0.7, 3.0
# Down to here a face is cheeks and forehead, share of the side; how much darker its skin may be than it
# shines.
_CHEEKS, _DULL = 0.6, (0.65, 1.0)
# How much darker or brighter than the middle of the face its light may make the skull.
_LIGHT = (0.85, 1.12)
_LUMA = np.array([[0.2126, 0.7152, 0.0722]], np.float32)
_RIM = np.ones((3, 3), np.uint8)
_HAIRLINE = np.ones((5, 5), np.uint8)  # cells of 64
# How much the mean of all errors counts against what is near.
_USUAL = 3e-3
# How much brighter than cheeks a skull is where a fringe hides the forehead.
_LIFT = np.array((1.06, 1.08, 1.08), np.float32)
# How far the forehead may be off the tone of the face and still be skin.
_ALIKE = 0.14
# Alpha of the body from which on what is painted is body and not room.
_SURE = 0.8


def match_kept(
    body: np.ndarray,
    solid: np.ndarray,
    camera: np.ndarray,
    cover: np.ndarray,
    blind: np.ndarray,
    skin: np.ndarray,
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

    Returns:
        float32 (S, S, 3).
    """
    half = (body.shape[1] // 2, body.shape[0] // 2)
    size = (MATCH_SIDE, MATCH_SIDE)
    # By area, so that a cell counts only as far as it is free of cover: at half size, for speed.
    seen = cv2.resize(np.where(cover < 0.02, blind, 0), half, interpolation=cv2.INTER_AREA)
    ring = np.where(seen > 0.99, np.float32(1), np.float32(0))
    error = cv2.resize(camera, half, interpolation=cv2.INTER_AREA)
    error -= cv2.resize(body, half, interpolation=cv2.INTER_AREA)
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
    tint = _divided(of_skin) * share[..., None] + _divided(of_rest) * (1 - share[..., None])
    return cv2.add(body, cv2.resize(tint, body.shape[1::-1], interpolation=cv2.INTER_LINEAR))


def scalp_of(
    face: np.ndarray,
    skull: Skull,
    alpha: np.ndarray,
    body: np.ndarray,
    solid: np.ndarray,
    observed: Observed,
    oval: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What a bare skull looks like on this person, and where there is one.

    The skin of the face, on a round surface, with the light and shade that the painter gave it, within
    bounds; next to skin that is seen, as it is seen.

    Args:
        face: float32 (64, 64, 3), the skin of the face in its light, see
            `mirror.core.face_lighting.Lit.skin`.
        alpha: float32 (S, S), of the skull, see `Skull.alpha`.
        body: float32 (S, S, 3), 0 to 1, as it was painted; solid: float32 (S, S), its alpha.
        oval: uint8 (S, S), 255 inside the face oval.

    Returns:
        float32 (S, S, 3), 0 to 1; float32 (S, S): 1 on the skull and a little beyond, softly 0 at the brows.
    """
    camera, free = observed.camera, observed.seen
    place = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE
    x = (place - skull.middle) * (1 / max(skull.half * WIDE, 0.05))
    y = np.minimum(place - EYE_CENTRE[1], 0) * (1 / max(skull.half * HIGH, 0.05))
    far = np.minimum(x[None, :] ** 2 + y[:, None] ** 2, 1)
    shade = (1 - _ROUND * far * far).astype(np.float32)
    size = (FILL_SIDE, FILL_SIDE)
    face = _dull(face, camera, cv2.resize(oval, size, interpolation=cv2.INTER_AREA), free)
    tone = cv2.multiply(face, cv2.merge([shade, shade, shade]))
    small, sure = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (body, solid))
    sure = np.clip(sure * 2 - 1, 0, 1) + np.float32(1e-3)
    paint, usual = (cv2.transform(one, _LUMA) for one in (small, tone))
    shade = cv2.divide(
        cv2.GaussianBlur(paint * sure, (0, 0), _EVEN), cv2.GaussianBlur(usual * sure, (0, 0), _EVEN)
    )
    near = np.minimum(cv2.GaussianBlur(sure, (0, 0), _EVEN) * 2, 1)
    shade = 1 + (np.clip(shade, *_SHADE) - 1) * near
    tone = cv2.multiply(tone, cv2.merge([shade, shade, shade]))
    # The face oval ends below the hairline: a bare forehead above it is skull too.
    there = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    ends = _ends(skull)
    known = np.where((there > 0.99) & (ends > _CLEAR), free, 0).astype(np.float32)
    # Next to a hairline skin is darkened by down and shadow, which would be carried on over the whole crown.
    clear = known * cv2.erode(free, _HAIRLINE)
    if (clear > 0).sum() >= _ENOUGH:
        known = clear
    cheeks = (cv2.resize(oval, size, interpolation=cv2.INTER_AREA) == 255) & (free > 0)
    cheeks[: int(EYE_CENTRE[1] * FILL_SIDE)] = cheeks[int(_CHEEKS * FILL_SIDE) :] = False
    plain = _level(camera[cheeks], tone[cheeks]) if cheeks.sum() >= _ENOUGH else None
    bare = known > 0
    # From few cells little is believed: a forehead that a fringe uncovers bit by bit changes nothing at once.
    sure = np.float32(np.clip((int(bare.sum()) - _ENOUGH / 2) / _ENOUGH, 0, 1))
    if plain is not None:
        tone = tone * (plain * _LIFT ** (1 - sure))
    if sure > 0:
        level = _level(camera[bare], tone[bare])
        near = np.minimum(cv2.GaussianBlur(known, (0, 0), _FADES) * 4, 1) * sure
        # Strands and glare are no skin.
        off = camera - tone * level
        known *= np.exp(cv2.transform(off * off, np.ones((1, 3), np.float32)) * (-0.5 / _ALIKE**2))
        # A forehead shines where the light is on it; the crown beyond does too, and a little less.
        tone = tone * level ** (_SHINE * sure if plain is not None else sure)
        tone = tone + fill_in(camera - tone, known) * near[..., None]
    # A cell more: at its outline too a skull is skin.
    where = cv2.dilate(there, _RIM) * ends
    full = alpha.shape[::-1]
    return (
        cv2.resize(tone, full, interpolation=cv2.INTER_LINEAR),
        cv2.resize(where, full, interpolation=cv2.INTER_LINEAR),
    )


def _dull(face: np.ndarray, camera: np.ndarray, oval: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The skin itself, in the light of the face: cheeks and forehead shine, and shine is grey.

    One hue, that of most of the face; and how the light changes up to the crown is only guessed, so within
    bounds.
    """
    skin = (oval == 255) & (free > 0)
    skin[int(_CHEEKS * FILL_SIDE) :] = False  # below, beards grow
    if skin.sum() < _ENOUGH:
        usual = own = np.median(face.reshape(-1, 3), 0)
    else:
        usual = np.maximum(np.median(face[skin], 0), np.float32(0.02))
        own = usual * np.clip(np.median(camera[skin], 0) / usual, *_DULL)
    light = cv2.transform(face, _LUMA) * np.float32(1 / max(float(usual @ _LUMA[0]), 0.02))
    return np.clip(light, *_LIGHT)[..., None] * own.astype(np.float32)


def _level(seen: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """How much brighter skin is seen than said, by channel: of float32 (N, 3) each, float32 (3,)."""
    level = np.median(seen, 0) / np.maximum(np.median(tone, 0), np.float32(0.02))
    return np.clip(level, *_LEVEL).astype(np.float32)


def _ends(skull: Skull) -> np.ndarray:
    """(64, 64): 1 on what is skull, 0 from the brows down and, beside them, from the ears down."""
    place = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE
    low, beside = (np.clip((end - place) * (1 / (end - begin)), 0, 1) for begin, end in (_BROWS, _TEMPLES))
    outwards = np.clip((np.abs(place - skull.middle) * (1 / max(skull.half, 0.05)) - _WIDTH) * 8, 0, 1)
    return (low[:, None] * (1 - outwards) + beside[:, None] * outwards).astype(np.float32)


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
