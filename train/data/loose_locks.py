"""Loose locks drawn on a head: thin ones that leave the hair and lie on forehead, cheek, neck or wall.

A teacher that sees heads at 512 pixels misses most of them, and a network that learnt from it leaves them
behind when the hair is taken away. Drawn ones have an alpha that is known.
"""

from __future__ import annotations

import cv2
import numpy as np

# Alphas between which a place lies on the outline of the hair, and where hair is sure to be hair.
_OUTLINE, _SURE = (60, 200), 230
_LOCKS = (1, 7)  # locks a head
_STRANDS = (2, 14)  # hairs or fine bundles of them a lock
# Lengths, and how far the hairs of a lock lie apart at its end, shares of the side.
_LONG, _APART = (0.04, 0.4), 0.02
_THICK = (0.35, 1.5)  # pixels of 256, at the root
_STEPS = 24  # points a hair
_FINER = 3  # how many times finer they are drawn, so that thin ones are faint and not broken
_SHIFT = 4  # binary places of OpenCV's coordinates


def with_loose_locks(item: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A head with some loose locks in the colour of its hair; the head itself where it has hardly any hair.

    Args:
        item: image uint8 (S, S, 3); matte, valid and, where known, person, uint8 (S, S).

    Returns:
        The same with them in `image`, `matte` and `person`.
    """
    matte = item["matte"]
    rows, columns = np.nonzero((matte > _OUTLINE[0]) & (matte < _OUTLINE[1]) & (item["valid"] > 127))
    sure = matte > _SURE
    if len(rows) < 50 or sure.sum() < 200:
        return item
    side = len(matte)
    outwards = _outwards(matte)
    image, alpha = item["image"].astype(np.float32), np.zeros((side, side), np.float32)
    for _ in range(rng.integers(*_LOCKS)):
        at = int(rng.integers(len(rows)))
        root = np.array([columns[at], rows[at]], float)
        lock = _drawn(root, outwards[rows[at], columns[at]], side, rng) * rng.uniform(0.6, 1.0)
        colour = _colour(item["image"], sure, root, rng)
        shine = 1 + rng.uniform(-0.25, 0.45) * cv2.GaussianBlur(
            rng.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 4
        ) * np.float32(8)
        image += (colour * np.clip(shine, 0.5, 1.8)[..., None] - image) * lock[..., None]
        alpha = alpha + lock - alpha * lock
    seen = item["valid"] > 127
    out = dict(item)
    out["image"] = np.where(seen[..., None], np.clip(np.round(image), 0, 255), item["image"]).astype(np.uint8)
    cover = alpha * seen
    for name in ("matte", "person"):
        if name in item:
            old = item[name].astype(np.float32) / 255
            out[name] = np.round((old + cover - old * cover) * 255).astype(np.uint8)
    # A hat is before the hair that is under it, and a lock hangs over its edge.
    for name in ("worn", "held"):
        if name in item:
            out[name] = np.round(item[name] * (1 - cover)).astype(np.uint8)
    return out


def _outwards(matte: np.ndarray) -> np.ndarray:
    """The way out of the hair at each place, float32 (S, S, 2), columns and rows, of length 0 to 1."""
    smooth = cv2.GaussianBlur(matte.astype(np.float32), (0, 0), 3)
    away = np.dstack([-cv2.Sobel(smooth, cv2.CV_32F, 1, 0), -cv2.Sobel(smooth, cv2.CV_32F, 0, 1)])
    return away / np.maximum(np.linalg.norm(away, axis=2, keepdims=True), 1e-3)


def _drawn(root: np.ndarray, away: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Alpha of a lock, float32 (S, S): hairs that leave the hair, fall and curl."""
    long = side * rng.uniform(*_LONG) ** rng.uniform(0.8, 1.4)
    fall, curl, frequency = rng.uniform(0.1, 1.5), rng.normal(0, 2.2), rng.uniform(0.3, 2.0)
    first = np.arctan2(away[1], away[0]) + rng.normal(0, 0.6)
    along = np.linspace(0, 1, _STEPS)
    canvas = np.zeros((side * _FINER, side * _FINER), np.uint8)
    for _ in range(rng.integers(*_STRANDS)):
        turned = first + curl * np.sin(frequency * np.pi * along + rng.normal(0, 0.15)) * along
        way = np.stack([np.cos(turned), np.sin(turned) + fall * along], 1)
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-3)
        points = root + rng.normal(0, 1.2, 2) + np.cumsum(way, 0) * (long * rng.uniform(0.7, 1.05) / _STEPS)
        points += np.outer(along**2, rng.normal(0, _APART * side, 2))
        thick = rng.uniform(*_THICK) * side / 256 * _FINER
        fixed = np.round((points * _FINER + (_FINER - 1) / 2) * 2**_SHIFT).astype(np.int32)
        for begin, width in ((0, thick), (_STEPS // 2, thick * 0.6)):
            part = fixed[begin : begin + _STEPS // 2 + 1]
            cv2.polylines(canvas, [part], False, 255, max(1, round(width)), cv2.LINE_AA, _SHIFT)
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def _colour(image: np.ndarray, sure: np.ndarray, root: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Of hair near the root, else of any of it, mostly a bright tone: float32 (3,)."""
    size = len(sure) // 12
    y, x = int(root[1]), int(root[0])
    near = np.s_[max(y - size, 0) : y + size + 1, max(x - size, 0) : x + size + 1]
    inside = sure[near]
    pixels = image[near][inside] if inside.sum() > 20 else image[sure]
    tone = np.quantile(pixels.astype(np.float32), rng.uniform(0.3, 0.95), axis=0)
    return (tone * rng.uniform(0.8, 1.3)).astype(np.float32)
