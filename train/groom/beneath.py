"""What a person looks like beneath new hair: the camera's picture, and a made one where old hair was.

Only what old hair covers is made. The matte says roughly where that is; single hairs and down that it misses
stand out against the skin or the wall beside them, and are found by that. The wall is filled with patches of
itself. Skin near the former hairline is carried on from the skin beside it; further up it is what the mirror
paints, brought to the tone of its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import BROWS, FACE_OVAL
from train.groom.inpaint import completed, membrane
from train.groom.people import Sitter
from train.groom.tones import to_linear, to_srgb

# Hair reaches further than the matte says, pixels of the portrait: single hairs and their shade; on walls,
# where nothing need be kept, further.
REACH, REACH_ON_WALL = 5, 11
# Hair that the matte misses lies so near to hair that it sees, pixels; so much of a pixel is hair for
# certain, and so much is no more than the skin's own texture.
DOWN, STRAY, SURE, TEXTURE = 12, 30, 0.22, 0.07
# Hair that the matte misses lies in strands and lines no wider than so many pixels.
THIN = 9
# A wall on which the colour of hair differs so little from the wall's own roughness shows no stray hair.
ROUGH = 0.06
# Skin is carried on so far from what is seen of it, pixels; so far on it is the mirror's.
NEAR, BEYOND = 5.0, 22.0
# Skin within so many pixels of the line says how tones differ; they are known over so many more; the most
# that made skin is made brighter or darker.
BESIDE, KNOWN, MOST = 6.0, 30.0, 2.0
# Rows of the ears, in heights of the face from the eyes (0) to the chin (1).
EARS = (-0.25, 0.8)


@dataclass(frozen=True)
class Bare:
    """A person without hair.

    Attributes:
        picture: uint8 (H, W, 3) sRGB; where `made` is 0 the camera's pixels to the bit.
        made: float32 (H, W): how much of each pixel is made, 0 to 1.
    """

    picture: np.ndarray
    made: np.ndarray


def beneath(sitter: Sitter, kept: np.ndarray | None = None) -> Bare:
    """The person without hair.

    Args:
        sitter: the person.
        kept: float32 (H, W), 0 to 1: where their hair stays all the same; None: nowhere.
    """
    picture = to_linear(sitter.picture)
    skin = _smooth(picture, _seen_skin(sitter))
    old = _where_old(sitter, picture, skin)
    known = (old == 0) & (cv2.dilate(sitter.person, _disc(7)) < 0.1) & (sitter.inside > 0.99)
    # Kept hair is no wall to fill others with.
    if kept is not None:
        old = old * (1 - kept)
    wall = picture
    if (hole := (old > 0) & (sitter.person < 0.98)).any() and known.any():
        wall = to_linear(completed(sitter.picture, known, hole))
    person = sitter.person[..., None]
    made = person * carried_out(_skin(sitter, skin, old), sitter.person) + (1 - person) * wall
    mixed = to_srgb(made * old[..., None] + picture * (1 - old[..., None]))
    return Bare(np.where(old[..., None] > 0, mixed, sitter.picture).astype(np.uint8), old)


def _disc(side: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def _seen_skin(sitter: Sitter) -> np.ndarray:
    """bool (H, W): the person where no hair is near."""
    near = cv2.dilate(np.where(sitter.hair > 0.15, sitter.hair, 0), _disc(2 * DOWN + 1)) > 0
    return (sitter.person > 0.95) & (sitter.inside > 0.99) & ~near & ~(sitter.hair > 0.04)


def _smooth(picture: np.ndarray, known: np.ndarray) -> np.ndarray:
    """What is known carried on smoothly, at a quarter of the resolution: float32 (H, W, 3)."""
    weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), 3.0)
    mean = cv2.GaussianBlur(picture * known[..., None], (0, 0), 3.0) / np.maximum(weight, 1e-3)[..., None]
    size = (picture.shape[1] // 4, picture.shape[0] // 4)
    small = cv2.resize(mean, size, interpolation=cv2.INTER_AREA)
    there = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    return cv2.resize(membrane(small, there), picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _where_old(sitter: Sitter, picture: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """float32 (H, W): how much of each pixel is made, 0 (the camera's) to 1."""
    seen = np.where(sitter.hair > 0.04, sitter.hair, 0)
    old = np.clip(cv2.GaussianBlur(cv2.dilate(seen, _disc(REACH)), (0, 0), 1.2) * 1.6, 0, 1)
    wide = cv2.dilate((sitter.hair > 0.02).astype(np.float32), _disc(REACH_ON_WALL))
    old = np.maximum(old, cv2.GaussianBlur(wide, (0, 0), 1.5) * (1 - sitter.person))
    sure = (sitter.hair > 0.9).astype(np.float32)
    if sure.sum() > 50:
        weight = cv2.GaussianBlur(sure, (0, 0), 20.0)[..., None] + 1e-4
        hair = cv2.GaussianBlur(picture * sure[..., None], (0, 0), 20.0)
        hair = (hair + 1e-4 * picture[sure > 0].mean(0)) / weight
        old = np.maximum(old, _missed_on_skin(sitter, _share(picture, hair, skin)))
        old = np.maximum(old, _missed_on_wall(sitter, picture, hair))
    old = old * (sitter.inside > 0.5)
    return np.where(old > 0.02, old, 0).astype(np.float32)


def _share(picture: np.ndarray, hair: np.ndarray, bare: np.ndarray) -> np.ndarray:
    """float32 (H, W): how much of a pixel is hair, by the colours of hair and of what is beneath.

    Colours are compared coded: eyes see dark down on bright skin as strongly as bright hair on dark skin.
    """
    picture, hair, bare = (np.sqrt(np.clip(one, 0, 1)) for one in (picture, hair, bare))
    towards = hair - bare
    return ((picture - bare) * towards).sum(-1) / np.maximum((towards**2).sum(-1), 0.02)


def _missed_on_skin(sitter: Sitter, share: np.ndarray) -> np.ndarray:
    """Down and single hairs on forehead and temples: brows and beards are hair, too, and stay."""
    far = cv2.distanceTransform((sitter.hair < 0.15).astype(np.uint8), cv2.DIST_L2, 5)
    near = np.clip((DOWN - far) / (DOWN / 2), 0, 1)
    brows = np.zeros(share.shape, np.uint8)
    for brow in BROWS:
        cv2.fillConvexPoly(
            brows, cv2.convexHull(np.round(sitter.landmarks[list(brow), :2]).astype(np.int32)), 1
        )
    brows = cv2.GaussianBlur(cv2.dilate(brows, _disc(11)).astype(np.float32), (0, 0), 2.0)
    found = np.clip((cv2.GaussianBlur(share, (0, 0), 0.7) - TEXTURE) / (SURE - TEXTURE), 0, 1)
    # What the matte sees is broad itself: without it a fringe of shade along its edge is thin.
    # At the person's edge skin is mixed with the wall.
    found = found * (cv2.erode(sitter.person, _disc(7)) > 0.9)
    found = np.maximum(_thin(found * (sitter.hair < 0.4)) * near, found * (far < DOWN / 2))
    found = cv2.GaussianBlur(cv2.dilate(found.astype(np.float32), _disc(5)), (0, 0), 0.8)
    return found * _above_eyes(sitter) * (1 - np.minimum(brows, 1))


def _above_eyes(sitter: Sitter) -> np.ndarray:
    """float32 (H, 1): 1 above the brows, 0 from the eyes on: ears, glasses and beards are below."""
    eyes, brows = (
        float(sitter.landmarks[list(points), 1].mean()) for points in ((33, 263), (*BROWS[0], *BROWS[1]))
    )
    rows = np.arange(len(sitter.hair), dtype=np.float32)[:, None]
    return np.clip((eyes - rows) / max(eyes - brows, 1.0), 0, 1)


def _thin(found: np.ndarray) -> np.ndarray:
    """What is thin of it: broad shapes are shade on skin, and things behind on walls."""
    found = found.astype(np.float32)
    return found - cv2.morphologyEx(found, cv2.MORPH_OPEN, _disc(THIN))


def _missed_on_wall(sitter: Sitter, picture: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """Single hairs before a wall that is even enough to tell."""
    beside = (cv2.dilate(sitter.person, _disc(5)) < 0.1) & (sitter.inside > 0.99)
    seen = (sitter.hair > 0.05).astype(np.float32)
    near = cv2.dilate(seen, _disc(2 * STRAY + 1)) > 0
    around = beside & ~near & (cv2.dilate(seen, _disc(4 * STRAY + 1)) > 0)
    if around.sum() < 500:
        return np.zeros_like(sitter.hair)
    share = _share(picture, hair, _smooth(picture, beside & ~near))
    rough = float(np.quantile(np.abs(share[around]), 0.9))
    if rough > ROUGH:
        return np.zeros_like(sitter.hair)
    found = _thin(np.clip((share - 3 * rough) / (2 * rough + 0.02), 0, 1) * (beside & near))
    return cv2.GaussianBlur(cv2.dilate(found, _disc(5)), (0, 0), 0.8)


def _skin(sitter: Sitter, skin: np.ndarray, old: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3) linear: what is beneath old hair on the person."""
    made = to_linear(sitter.bald)
    new = _changed(sitter)
    share = (sitter.person * cv2.GaussianBlur(new, (0, 0), 1.0))[..., None]
    made = made * (1 + share * (_gain(sitter, made, old, old * new) - 1))
    far = cv2.distanceTransform((~_seen_skin(sitter)).astype(np.uint8), cv2.DIST_L2, 5) - DOWN
    # Where the mirror took nothing away its picture is the camera's, hair and all.
    near = np.maximum(np.clip((BEYOND - far) / (BEYOND - NEAR), 0, 1), 1 - cv2.GaussianBlur(new, (0, 0), 1.0))
    near = (near * _above_eyes(sitter))[..., None]
    return near * skin + (1 - near) * made


def carried_out(skin: np.ndarray, person: np.ndarray) -> np.ndarray:
    """A person's colours carried on past their edge, where a picture mixes them with the wall's, and where
    sharpening has left a rim of light: float32 (H, W, 3).

    Args:
        skin: float32 (H, W, 3) linear. person: float32 (H, W), their matte.
    """
    sure = (cv2.erode(person, _disc(5)) > 0.9).astype(np.float32)
    weight = cv2.GaussianBlur(sure, (0, 0), 2.5)[..., None]
    beside = cv2.GaussianBlur(skin * sure[..., None], (0, 0), 2.5) / np.maximum(weight, 1e-4)
    return np.where((sure[..., None] > 0) | (weight < 1e-3), skin, beside)


def _changed(sitter: Sitter) -> np.ndarray:
    """float32 (H, W): 1 where the mirror took something away."""
    return (np.abs(sitter.bald.astype(np.int16) - sitter.picture).max(-1) > 2).astype(np.float32)


def _gain(sitter: Sitter, made: np.ndarray, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3) by which made skin is multiplied: the quotient of seen and made skin along the line
    between them, carried on over what was made."""
    person = (sitter.person > 0.95) & (sitter.inside > 0.5)
    seen = (person & (old < 0.02)).astype(np.float32)
    new = (person & (new > 0.9)).astype(np.float32)
    near_seen, near_new = (cv2.GaussianBlur(one, (0, 0), BESIDE) for one in (seen, new))
    line = new * (near_seen > 0.03) * (near_new > 0.03)
    if line.sum() < 50:
        return np.ones_like(made)
    picture = to_linear(sitter.picture)
    tone = (
        cv2.GaussianBlur(picture * seen[..., None], (0, 0), BESIDE) / np.maximum(near_seen, 1e-3)[..., None]
    )
    other = cv2.GaussianBlur(made * new[..., None], (0, 0), BESIDE) / np.maximum(near_new, 1e-3)[..., None]
    gain = np.clip((tone + 2e-3) / (other + 2e-3), 1 / MOST, MOST) * line[..., None]
    # Each further blur reaches further; where a finer one knows nothing the coarser one speaks.
    carried = np.broadcast_to(gain.sum((0, 1)) / line.sum(), made.shape).astype(np.float32)
    for sigma in (KNOWN, KNOWN / 3):
        weight = cv2.GaussianBlur(line, (0, 0), sigma)[..., None]
        carried = (cv2.GaussianBlur(gain, (0, 0), sigma) + 0.02 * carried) / (weight + 0.02)
    return carried


def hidden_ears(sitter: Sitter, front: np.ndarray) -> np.ndarray:
    """float32 (H, W): 1 where ears were hidden by old hair and new hair lies all round, 0 elsewhere.

    Nobody has seen these ears, so new hair that surrounds them hides them too.

    Args:
        front: float32 (H, W), alpha of the new hair before the person.
    """
    height, width = front.shape
    oval = np.zeros((height, width), np.uint8)
    cv2.fillPoly(oval, [np.round(sitter.landmarks[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    eyes, chin = float(sitter.landmarks[[33, 263], 1].mean()), float(sitter.landmarks[152, 1])
    rows = (np.arange(height) - eyes) / max(chin - eyes, 1.0)
    beside = ((rows > EARS[0]) & (rows < EARS[1]))[:, None] & (oval == 0)
    around = np.clip((cv2.GaussianBlur(front, (0, 0), 9) - 0.35) / 0.25, 0, 1)
    was = cv2.dilate(sitter.hair, np.ones((7, 7)))
    return cv2.GaussianBlur(beside * around * was, (0, 0), 1.5).astype(np.float32)
