"""Completion: wall that nobody has seen yet, pieced together from the wall beside it.

A network that paints a wall paints its colours and not its leaves: round new hair it lies like a haze. What
is pieced together lies still where it is in the frame, and what is seen of the wall later takes its place.
Where the wall is out of focus, so are the pieces.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_DISTANCE, HeadTransform, crop, paste_back
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_plate import NO_HAND, NOBODY, Plate, Rectangle
from mirror.removal.background_sharpness import in_focus, masked_blur
from mirror.removal.exemplar_inpainting import FAR, RADIUS, completed
from mirror.removal.head_outlines import Outlines
from mirror.segmentation.matting import Mattes

# Pixels between the eyes in the smaller picture, about: a piece is a quarter of that wide.
_EYES = 40
# Alphas from which on hair may be there, and how far round that wall is wanted: as far as what lies beneath
# is laid, in pixels of 128. Nearer to hair and to the person than that, in pixels of 256, a pixel is mixed
# with them.
_FAINT = 0.02
# How sharp a wall is, see `in_focus`, up to which pieces are blurred, and from which on they are not; by how
# much, pixels of the smaller picture (sigma).
_SHARP, _SOFT = (0.3, 0.6), 2.0
# A gap between pieces is spanned from so far away, pixels of the smaller picture (sigma), where so much of
# what is there is known.
_SPAN, _AMONG = 5.0, 0.3
# A seam: over so many pixels of the smaller picture it passes (sigma), so many times the mean of what is seen
# within so many, and so many grey levels besides.
_SEAM, _STRONGER, _NEAR, _SEEN = 1.0, 5.0, 16.0, 3.0
# Sigma that noise is finer than, pixels; standard deviation, of 255, of which more is no noise; and from the
# median of absolute values to the standard deviation.
_NOISE, _NOISIEST, _TO_SIGMA = 1.0, 5.0, 1.4826
_PIECE = 120  # pixels of the smaller picture: less is not worth a look
_WANTED, _CLEAR, _CLEAR_OF_SKIN = (
    cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1)) for by in (6, 6, 3)
)


def complete(
    plate: Plate,
    image: np.ndarray,
    transform: HeadTransform,
    mattes: Mattes,
    shape: np.ndarray,
    most: int | None = None,
) -> None:
    """Has a plate assume the wall that one person's hair hides, where it does not know it.

    Args:
        image: uint8 (H, W, 3) RGB, the camera's.
        transform, mattes, shape: of the head in it, `shape` as `mirror.core.head_space.face_shape` says.
        most: so many pieces at most; None: all that are missing.
    """
    height, width = image.shape[:2]
    shrink = max(round(transform.scale * EYE_DISTANCE / _EYES), 1)
    square = transform.frame_rectangle(width, height)
    if min(square[2] - square[0], square[3] - square[1]) < 4 * RADIUS * shrink:
        return
    hair = cv2.compare(mattes.hair, _FAINT, cv2.CMP_GT)
    # At half size, where outlines are drawn.
    skull = Outlines.of(shape).between
    near = cv2.dilate(cv2.resize(hair, skull.shape[::-1], interpolation=cv2.INTER_AREA), _WANTED)
    near[skull < 0.5] = 0
    wanted = cv2.compare(paste_back(near, transform, square), 0, cv2.CMP_GT)
    wanted[~plate.missing(square)] = 0
    box = cv2.boundingRect(wanted)
    if not box[2]:
        return
    rectangle = _around(box, square, shrink)
    left, top, right, bottom = rectangle
    wanted = wanted[top - square[1] : bottom - square[1], left - square[0] : right - square[0]] > 0
    body = cv2.max(mattes.person, mattes.front * np.float32(NOBODY / NO_HAND))
    body = cv2.compare(body, NOBODY, cv2.CMP_GT)
    taken = cv2.max(cv2.dilate(hair, _CLEAR), cv2.dilate(body, _CLEAR_OF_SKIN))
    # 0 outside the square, where nobody has looked for a person.
    visible = paste_back(cv2.bitwise_not(taken), transform, rectangle) > 254
    picture = plate.view(rectangle).copy()
    np.copyto(picture, image[top:bottom, left:right], where=visible[..., None])
    hidden, told = wanted & ~visible, visible | plate.told(rectangle)
    done, unlike = np.zeros_like(hidden), np.zeros_like(hidden)
    if np.count_nonzero(hidden) >= _PIECE * shrink * shrink:
        picture, done, unlike = completed(picture, told, hidden, shrink, most)
        picture, spanned = _without_gaps(picture, told | done, unlike & hidden, shrink)
        done, unlike = done | spanned, unlike & ~spanned
        sharp = paste_back(_sharpness(image, transform, taken), transform, rectangle)
        x, y, wide, high = cv2.boundingRect(done.astype(np.uint8))
        # As far round what was put as is looked at.
        far = round(_NEAR * shrink)
        part = np.s_[max(y - far, 0) : y + high + far, max(x - far, 0) : x + wide + far]
        if wide:
            picture[part] = _as_soft(picture[part], told[part], done[part], sharp[part], shrink)
    plate.assume(picture, rectangle, wanted & (visible | done))
    plate.give_up(rectangle, unlike & hidden)


def _sharpness(image: np.ndarray, transform: HeadTransform, taken: np.ndarray) -> np.ndarray:
    """How sharp the wall beside a head is, float32 (S, S), see `in_focus`; `taken` is what is no wall."""
    head = crop(image, transform, SIDE)
    inside = crop(np.full(image.shape[:2], 255, np.uint8), transform, SIDE)
    free = cv2.compare(cv2.bitwise_and(inside, cv2.bitwise_not(taken)), 254, cv2.CMP_GT)
    free = cv2.resize(free, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA)
    planes = head.transpose(2, 0, 1)[None].astype(np.float32) * np.float32(1 / 255)
    return in_focus(planes, free.astype(np.float32) * np.float32(1 / 255))


def _without_gaps(
    picture: np.ndarray, known: np.ndarray, gaps: np.ndarray, shrink: int
) -> tuple[np.ndarray, np.ndarray]:
    """A picture with the mean of what is round where no piece fitted, and bool (H, W), where that is: among
    pieces, where what a network painted would be a dark bar. `known` and `gaps`: bool (H, W)."""
    weight = known.astype(np.float32)
    if not gaps.any():
        return picture, gaps
    spanned = gaps & (cv2.GaussianBlur(weight, (0, 0), _SPAN * shrink) > _AMONG)
    if not spanned.any():
        return picture, spanned
    even = [masked_blur(one.astype(np.float32), weight, _SPAN * shrink) for one in cv2.split(picture)]
    return np.where(spanned[..., None], np.round(cv2.merge(even)), picture).astype(np.uint8), spanned


def _as_soft(
    picture: np.ndarray, told: np.ndarray, done: np.ndarray, sharp: np.ndarray, shrink: int
) -> np.ndarray:
    """A picture whose pieces are as soft as the wall they were taken from: one out of focus has no seams.

    Args:
        picture: uint8 (H, W, 3). told, done: bool (H, W), where it shows wall, and where its pieces lie.
        sharp: float32 (H, W), see `in_focus`. shrink: by how much the smaller picture is smaller.
    """
    known, seen = (one.astype(np.float32) for one in (told | done, told))
    even = cv2.merge(
        [masked_blur(one.astype(np.float32), known, _SOFT * shrink) for one in cv2.split(picture)]
    )
    # A seam is what is sharper than anything that is seen near it.
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = np.abs(grey - masked_blur(grey, known, _SEAM * shrink)) * known
    window = (2 * round(_NEAR * shrink) + 1,) * 2
    usual = cv2.blur(edges * seen, window) / np.maximum(cv2.blur(seen, window), 1e-3)
    seams = cv2.compare(edges, _STRONGER * usual + _SEEN, cv2.CMP_GT) * done
    seams = cv2.GaussianBlur(cv2.dilate(seams, _CLEAR).astype(np.float32) * np.float32(1 / 255), (0, 0), 1.5)
    share = np.clip((_SHARP[1] - sharp) * (1 / (_SHARP[1] - _SHARP[0])), 0, 1)
    share = np.maximum(share, seams) * done
    # With the noise of what is seen of it.
    fine = cv2.subtract(picture, cv2.GaussianBlur(picture, (0, 0), _NOISE), dtype=cv2.CV_32F)
    strength = np.median(np.abs(fine[told]), 0) * _TO_SIGMA if told.any() else np.zeros(3)
    noise = np.random.default_rng(0).standard_normal(done.shape).astype(np.float32)
    even += (noise - cv2.GaussianBlur(noise, (0, 0), _NOISE))[..., None] * np.minimum(strength, _NOISIEST)
    mixed = picture + (even - picture) * share[..., None]
    return np.clip(np.round(mixed), 0, 255).astype(np.uint8)


def _around(box: tuple[int, int, int, int], square: Rectangle, shrink: int) -> Rectangle:
    """Where pieces for a box (x, y, width, height) of a square are looked for, whole pixels when shrunk."""
    x, y, wide, high = box
    far = 2 * FAR * shrink
    left, top = square[0] + max(x - far, 0), square[1] + max(y - far, 0)
    right = min(square[0] + x + wide + far, square[2])
    bottom = min(square[1] + y + high + far, square[3])
    return left, top, right - (right - left) % shrink, bottom - (bottom - top) % shrink
