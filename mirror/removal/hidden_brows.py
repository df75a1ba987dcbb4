"""Hidden brows: brows that hair hung over, on what is painted beneath it.

No network knows them. What hair hides of one brow is seen of the other, or beside: a brow is read off along
and across where it is free, and laid where it is not. Where hair hangs over both nobody sees which is which:
within a brow's outline either is darker than the skin, and both look like a brow, so there the camera's own
picture stays.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import fill_polygon

# How much darker than the skin, of 1, what is seen there must be: from the first on a little of it stays,
# from the second all. Fair hair over fair skin would be a pale patch.
_DARKER = (0.02, 0.1)
# How softly a brow ends, in pixels of the square, and how much of it shows: skin shines through brows.
_SOFT, _DENSE = 1.2, 0.9
_GREY = np.array([[0.299, 0.587, 0.114]], np.float32)
# A brow straightened: pixels along it between two of its five points, and across; so much of its height lies
# above and below the mesh's.
_STEP, _TALL, _BEYOND = 10, 16, 0.5
_LONG = 4 * _STEP
# Alpha of hair from which on what is seen is hair; how much of a column must be free to be known; what share
# of the columns must be, or too little is seen of either.
_HAIR, _FREE, _ENOUGH = 0.06, 0.6, 0.35
# At the nose and at the temple a brow goes on beyond what is known of it for so many columns, thinning out;
# if more is missing it is not known.
_BEGINS, _ENDS = 8, 18
_FLOOR = 0.03  # of 1, added before logarithms


def with_brows(person: np.ndarray, head: Head, hair: np.ndarray | None = None) -> np.ndarray:
    """A person without hair, with the brows that it hid: a new picture, or the same where none are known.

    Args:
        person: float32 (256, 256, 3) RGB, 0 to 1.
        hair: float32 (256, 256), alpha of the hair that is there; None: it may be anywhere.
    """
    if head.brows is None:
        return person
    brows = np.zeros((SIDE, SIDE), np.uint8)
    for upper, lower in head.brows.reshape(2, 2, -1, 2):
        brows = cv2.max(brows, fill_polygon(np.concatenate([upper, lower[::-1]]), SIDE))
    x, y, width, height = cv2.boundingRect(brows)
    if not width:
        return person
    edge = 4 + height // 4
    part = slice(max(y - edge, 0), y + height + edge), slice(max(x - edge, 0), x + width + edge)
    seen, skin = cv2.merge([plane[part] for plane in head.image[0]]), np.ascontiguousarray(person[part])
    out = person.copy()
    if hair is not None:
        free = (cv2.dilate(hair[part], np.ones((3, 3), np.uint8)) < _HAIR) & (head.valid[part] > 127)
        points = head.brows * SIDE - 0.5 - (part[1].start, part[0].start)
        laid = _laid(seen, skin, free.astype(np.float32), points.astype(np.float32))
        if laid is not None:
            out[part] = laid
            return out
    darker = cv2.transform(cv2.GaussianBlur(skin, (0, 0), 2) - seen, _GREY)
    share = np.clip((darker - _DARKER[0]) / (_DARKER[1] - _DARKER[0]), 0, 1)
    soft = cv2.GaussianBlur(brows[part].astype(np.float32) * np.float32(_DENSE / 255), (0, 0), _SOFT)
    share = (share * soft * (head.valid[part] > 127)).astype(np.float32)
    out[part] = cv2.blendLinear(seen, skin, share, 1 - share)
    return out


def _laid(seen: np.ndarray, skin: np.ndarray, free: np.ndarray, points: np.ndarray) -> np.ndarray | None:
    """Skin with both brows as they are seen of either; None: too little is.

    Args:
        seen, skin: float32 (h, w, 3), the camera's picture and what was painted, of a part of the square.
        free: float32 (h, w), 1 where no hair hangs. points: float32 (2, 10, 2), of the brows, its pixels.
    """
    ratio = np.log((seen + _FLOOR) / (cv2.GaussianBlur(skin, (0, 0), 2) + _FLOOR))
    sheet = np.dstack([np.minimum(ratio, 0) * free[..., None], free]).astype(np.float32)
    quads = [_quads(one) for one in points]
    both = _straightened(sheet, quads[0]) + _straightened(sheet, quads[1])
    count = both[..., 3]
    columns = (np.minimum(count, 1).mean(0) > _FREE).nonzero()[0]
    if len(columns) < _ENOUGH * _LONG or columns[0] > _BEGINS or _LONG - columns[-1] > _ENDS:
        return None
    known = both[..., :3] / np.maximum(count, 1e-3)[..., None]
    at = np.arange(_LONG)
    rows = [[np.interp(at, columns, row[columns, k]) for k in range(3)] for row in known]
    brow = np.array(rows, np.float32).transpose(0, 2, 1)
    left = np.minimum(1 - (columns[0] - at) / _BEGINS, 1 - (at - columns[-1]) / _ENDS)
    brow *= (np.clip(left, 0, 1)[None] * _WINDOW)[..., None].astype(np.float32)
    total = np.zeros((*seen.shape[:2], 4), np.float32)
    whole = np.dstack([brow, np.ones((_TALL, _LONG), np.float32)])
    for one in quads:
        for k, quad in enumerate(one):
            matrix = cv2.getPerspectiveTransform(_RECTANGLE, quad)
            piece = np.ascontiguousarray(whole[:, k * _STEP : (k + 1) * _STEP])
            total += cv2.warpPerspective(piece, matrix, seen.shape[1::-1], flags=cv2.INTER_LINEAR)
    laid = total[..., :3] / np.maximum(total[..., 3:], 1)
    return skin * np.exp(laid)


def _quads(brow: np.ndarray) -> list[np.ndarray]:
    """The four pieces of a brow, float32 (4, 2) each: of its upper edge, then back along its lower."""
    upper, lower = brow[:5], brow[5:]
    down = (lower - upper) * _BEYOND
    upper, lower = upper - down, lower + down
    return [np.array([upper[k], upper[k + 1], lower[k + 1], lower[k]], np.float32) for k in range(4)]


def _straightened(sheet: np.ndarray, quads: list[np.ndarray]) -> np.ndarray:
    """A brow along and across, float32 (16, 40, 4)."""
    pieces = [
        cv2.warpPerspective(sheet, cv2.getPerspectiveTransform(quad, _RECTANGLE), (_STEP, _TALL))
        for quad in quads
    ]
    return np.hstack(pieces)


_RECTANGLE = np.array([(0, 0), (_STEP, 0), (_STEP, _TALL), (0, _TALL)], np.float32) - np.float32(0.5)
# Nothing at the edges of what was read, where a forehead's own shade begins.
_WINDOW = np.minimum(
    np.clip(np.minimum(np.arange(_TALL) + 0.5, _TALL - 0.5 - np.arange(_TALL)) / 4, 0, 1)[:, None],
    np.clip(np.minimum(np.arange(_LONG) + 0.5, _LONG - 0.5 - np.arange(_LONG)) / 3, 0, 1)[None],
)
