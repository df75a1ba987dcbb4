"""Wisps: single hairs that stand off a head, finer than any matte.

Left where they are they stand round a bald head like a ghost of the hair that was there. They are what is
thin, near the hair, and lighter or darker than the wall behind it (top-hat and black-hat of mathematical
morphology, Serra 1982); on a busy wall, where everything is thin, nothing is taken for one. Before a plain
wall whatever is next to hair goes with it: the wall that is put there is like the one that was.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.removal.background_sharpness import masked_blur

WISP_SIDE = 128  # pixels in which they are looked for: there a hair is one or two wide
_THIN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
# How far from the hair a wisp may lie on the wall, on the forehead, and where the wall itself is looked at.
_NEAR, _BESIDE, _RIM, _WALL = (np.ones((2 * radius + 1,) * 2, np.uint8) for radius in (8, 4, 7, 16))
# Pixels across which the wall is one; what the whole of it counts where little is near, as a share of that.
_FAR, _LITTLE = (41, 41), 0.02
_HAIR, _FAINT = 0.3, 0.02  # alphas from which on it is the hair itself, and where it may be
# From the first on a difference is a wisp, at the second for certain, before a plain wall and on a forehead;
# what is thin on the wall anyway counts so much more.
_PLAIN, _FOREHEAD, _BUSY = (0.012, 0.045), (0.03, 0.07), 2.5
# Rows, as shares of the side, down to which a forehead may have some: to the brows, softly.
_BROWS = (0.34, 0.37)
# Light and shade of a wall are what lies between these sizes, pixels; from the first difference on there is
# some, at the second no hair's surroundings go with it (a car's window and its seats were wiped off).
_SHADE_SIZES, _SHADED = (1.5, 8.0), (0.015, 0.04)
_SIDEWAYS = np.ones((3, 3), np.uint8)
_FADES = (13, 13)  # in half so many pixels it fades out, as wide as a hole is round the hair
# Alpha from which on something is there, or gone; the largest scrap, of the square; how far from what is gone
# it begins, and how far its rim reaches.
_LEFT, _SCRAP, _EDGE, _AROUND = 0.3, 0.01, np.ones((5, 5), np.uint8), np.ones((9, 9), np.uint8)


def wisps(
    image: np.ndarray,
    hair: np.ndarray,
    person: np.ndarray,
    face: np.ndarray,
    valid: np.ndarray,
    beyond: np.ndarray,
    sharp: np.ndarray | None = None,
) -> np.ndarray:
    """Alpha of the hairs that a matte left out.

    Args:
        image: float32 (1, 3, S, S) RGB, 0 to 1.
        hair, person: float32 (S, S), alphas.
        face: uint8 (S, S), 255 inside the face oval; valid: uint8 (S, S), 255 inside the picture.
        beyond: float32 (128, 128), 1 where there is neither head nor shoulder, see
            `mirror.removal.head_outlines.Outlines`.
        sharp: float32 (128, 128), see `mirror.removal.background_sharpness.in_focus`; None: it may all be.

    Returns:
        float32 (128, 128), 0 to 1; 0 in the hair itself.
    """
    size = (WISP_SIDE, WISP_SIDE)
    small = cv2.merge([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in image[0]])
    thin = _thin(cv2.convertScaleAbs(small, alpha=255))
    matte, body = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (hair, person))
    oval, seen = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (face, valid))
    strong = cv2.compare(matte, _HAIR, cv2.CMP_GT)
    near = cv2.dilate(strong, _NEAR)
    inside = cv2.erode(seen, _THIN) == 255
    # What is person and no hair, ears and clothes, is left alone, its edge too.
    flesh = np.where((body > 0.5) & (matte < _HAIR) & (beyond < 0.5), np.uint8(1), np.uint8(0))
    wall = inside & (cv2.dilate(flesh, _THIN) == 0)
    around = wall & (cv2.dilate(strong, _WALL) > 0) & (near == 0)
    plain = thin - np.float32(_BUSY) * _usual(thin, around.astype(np.float32))
    found = np.where(wall & (near > 0), _ramp(plain, *_PLAIN), np.float32(0))
    if sharp is not None:
        # An arm beside a head is neither wall nor hair.
        arm = np.where((body > 0.5) & (matte < _FAINT), np.uint8(1), np.uint8(0))
        bare = wall & (cv2.dilate(arm, _THIN) == 0)
        even = (1 - sharp) * (1 - _shaded(small, bare & (matte < _FAINT)))
        rim = np.where(bare & (cv2.dilate(strong, _RIM) > 0), even, np.float32(0))
        found = cv2.max(found, cv2.blur(rim, (3, 3)))
    brow = (np.arange(WISP_SIDE, dtype=np.float32) + 0.5) / WISP_SIDE
    above = np.clip((_BROWS[1] - brow) * (1 / (_BROWS[1] - _BROWS[0])), 0, 1)[:, None]
    forehead = (oval == 255) & (cv2.dilate(strong, _BESIDE) > 0)
    found = np.where(forehead, _ramp(thin, *_FOREHEAD) * above, found)
    return cv2.dilate(np.where(matte > _HAIR, np.float32(0), found), _SIDEWAYS)


def faded(hole: np.ndarray) -> np.ndarray:
    """How far a plain wall goes with the hair: not to the hole's edge all at once.

    What is put there is never quite the wall that was; where it ended at a line, that would be a ring.

    Args:
        hole: float32 (S, S), 1 inside, 0 outside, see `mirror.removal.inpainting_mask.cut_hole`.

    Returns:
        float32 (128, 128), 0 to 1; 0 at the hole's edge and beyond.
    """
    small = cv2.resize(hole, (WISP_SIDE, WISP_SIDE), interpolation=cv2.INTER_AREA)
    return cv2.max(cv2.blur(small, _FADES) * 2 - 1, 0)


def scraps(person: np.ndarray, old: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """What is left of hair when the rest goes: small pieces at its edge that hang together with nobody.

    A lock that the matte missed, at an ear or on a shoulder, would float on the wall.

    Args:
        person: float32 (S, S), alpha of the person; old: float32 (S, S), matte of what is taken away.
        inner: uint8 (S, S), not 0 inside eyes, nose and mouth, which is somebody.

    Returns:
        float32 (S, S), 0 to 1: alpha of what goes too.
    """
    gone = old > _LEFT
    left = ((person > _LEFT) & ~gone).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=4)
    found = np.zeros(count, np.uint8)
    found[labels[cv2.dilate(gone.astype(np.uint8), _EDGE) > 0]] = 1
    found[stats[:, cv2.CC_STAT_AREA] >= _SCRAP * person.size] = 0
    # What leaves the picture is an arm or a shoulder, or somebody else.
    for somebody in (0, labels[0], labels[-1], labels[:, 0], labels[:, -1], labels[inner > 0]):
        found[somebody] = 0
    if not found.any():
        return np.zeros_like(old)
    pieces = cv2.dilate(found[labels], _AROUND).astype(np.float32)
    return cv2.GaussianBlur(pieces, (0, 0), 1.0)


def _thin(image: np.ndarray) -> np.ndarray:
    """How far each pixel differs from what is around it, where that is thin: float32 (S, S), 0 to 1."""
    lighter = cv2.morphologyEx(image, cv2.MORPH_TOPHAT, _THIN)
    darker = cv2.morphologyEx(image, cv2.MORPH_BLACKHAT, _THIN)
    red, green, blue = cv2.split(cv2.max(lighter, darker))
    return cv2.max(cv2.max(red, green), blue).astype(np.float32) * np.float32(1 / 255)


def _shaded(image: np.ndarray, wall: np.ndarray) -> np.ndarray:
    """How far a wall has light and shade, in focus or out of it, float32 (S, S), 0 to 1: what is put in its
    place is not like it."""
    # On its rim the wall is mixed with hair.
    known, grey = cv2.erode(wall.astype(np.float32), _THIN), image.mean(-1)
    near, far = (masked_blur(grey, known, sigma) for sigma in _SHADE_SIZES)
    return masked_blur(_ramp(cv2.absdiff(near, far), *_SHADED), known, _SHADE_SIZES[1] / 2)


def _usual(thin: np.ndarray, around: np.ndarray) -> np.ndarray:
    """How thin things are on the wall near each place: a shelf on one side says nothing of the other."""
    near, count = (cv2.blur(one, _FAR, borderType=cv2.BORDER_CONSTANT) for one in (thin * around, around))
    everywhere = float(near.sum()) / max(float(count.sum()), 1e-6)
    return (near + np.float32(_LITTLE * everywhere)) / (count + np.float32(_LITTLE))


def _ramp(thin: np.ndarray, begin: float, end: float) -> np.ndarray:
    return np.clip((thin - begin) * (1 / (end - begin)), 0, 1).astype(np.float32)
