"""The teacher's best effort: several looks at one head, each laid back where it belongs."""

from __future__ import annotations

import numpy as np

from mirror.core.head_space import HeadTransform, crop
from train.data.teacher_segmenter import TEACHER_SIDE, best_matte


class Reads:
    """A teacher whose matte is the red channel, and that counts how often it was asked."""

    def __init__(self, wrong_at: int | None = None) -> None:
        self.asked, self._wrong_at = 0, wrong_at

    def matte(self, head: np.ndarray) -> np.ndarray:
        self.asked += 1
        if self.asked == self._wrong_at:
            return np.ones(head.shape[:2], np.float32)
        return head[..., 0].astype(np.float32) / 255


def picture() -> np.ndarray:
    y, x = np.mgrid[0:600, 0:700]
    red = 120 + 100 * np.sin(x / 40) * np.cos(y / 55)
    return np.stack([red, red, red], -1).astype(np.uint8)


def test_all_looks_agree_where_they_lie() -> None:
    image, transform = picture(), HeadTransform(x=340.0, y=290.0, scale=380.0, angle=0.2)
    teacher = Reads()
    best = best_matte(teacher, image, transform)
    alone = crop(image, transform, TEACHER_SIDE)[..., 0].astype(np.float32) / 255
    assert teacher.asked == 3 and best.shape == (TEACHER_SIDE, TEACHER_SIDE)
    inner = (slice(8, -8), slice(8, -8))
    assert np.abs(best - alone)[inner].max() < 0.03


def test_one_mistaken_look_is_outvoted() -> None:
    image, transform = np.zeros((400, 400, 3), np.uint8), HeadTransform(200.0, 180.0, 300.0, 0.0)
    assert best_matte(Reads(wrong_at=1), image, transform).max() < 0.5
