"""Beneath hair that is taken away the head ends where heads end, within what is seen of the person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_space import EYE_CENTRE
from mirror.removal.skull_shape import HIGH, WIDE, Skull
from tests.oval import oval_shape

SIDE = 256
EYES = round(EYE_CENTRE[1] * SIDE)


def height(alpha: np.ndarray) -> float:
    """From the eyes up to the top, as a share of the side."""
    return float((alpha[:EYES, SIDE // 2] > 0.5).sum()) / SIDE


def width(alpha: np.ndarray, row: int = EYES - 20) -> float:
    return float((alpha[row] > 0.5).sum()) / SIDE


def silhouette(up: float, half: float) -> np.ndarray:
    """A person whose hair ends so far above the eyes and beside the middle, shares of the side."""
    out = np.zeros((SIDE, SIDE), np.float32)
    centre, axes = (SIDE // 2, EYES), (round(half * SIDE), round(up * SIDE))
    cv2.ellipse(out, centre, axes, 0, 0, 360, 1.0, -1)
    out[EYES:, 40:-40] = 1
    return out


def test_under_much_hair_it_has_the_size_of_heads() -> None:
    skull = Skull.of(oval_shape())
    assert skull.half == pytest.approx(0.17, abs=0.003) and skull.middle == pytest.approx(0.5, abs=0.003)
    for person in (None, np.ones((SIDE, SIDE), np.float32)):
        alpha = skull.alpha(SIDE, person)
        assert height(alpha) == pytest.approx(HIGH * 0.17, abs=0.012)
        assert width(alpha) == pytest.approx(2 * WIDE * 0.17, abs=0.02)
        assert alpha.min() >= 0 and alpha.max() <= 1 and alpha.dtype == np.float32
    steps = np.abs(np.diff(skull.alpha(SIDE), axis=0)[: EYES - 4])
    assert steps.max() < 0.6, "an edge as a camera sees it, no stairs"


def test_under_short_hair_it_ends_within_the_silhouette() -> None:
    person = silhouette(up=0.225, half=0.19)
    alpha = Skull.of(oval_shape()).alpha(SIDE, person)
    assert not ((alpha > 0.5) & (person < 0.5))[: EYES - 4].any()
    assert 0.2 < height(alpha) < 0.222


def test_a_lock_that_stands_off_does_not_dent_it_and_the_face_is_never_cut() -> None:
    person = silhouette(up=0.225, half=0.2)
    person[:60, 120:136] = 1
    dented = silhouette(up=0.225, half=0.2)
    dented[:90, 120:136] = 0
    plain, lock = (Skull.of(oval_shape()).alpha(SIDE, one) for one in (silhouette(0.225, 0.2), person))
    assert np.abs(plain - lock).mean() < 0.004
    thin = Skull.of(oval_shape()).alpha(SIDE, silhouette(0.05, 0.05))
    assert height(thin) > 0.9 * 0.17, "as high as the face is wide at least"


def test_beyond_the_frame_nobody_knows_where_a_head_ends() -> None:
    person, valid = silhouette(up=0.225, half=0.19), np.full((SIDE, SIDE), 255, np.uint8)
    person[:80] = 0
    valid[:80] = 0
    cut = Skull.of(oval_shape()).alpha(SIDE, person, valid)
    assert height(cut) > 0.22, "the picture's edge is no scalp"


def test_at_the_eyes_it_is_as_wide_as_the_body_beneath() -> None:
    narrow, wide = np.zeros((2, SIDE, SIDE), np.float32)
    for body, half in ((narrow, 0.15), (wide, 0.19)):
        body[40:, round((0.5 - half) * SIDE) : round((0.5 + half) * SIDE)] = 1
    skull = Skull.of(oval_shape())
    widths = [width(skull.alpha(SIDE, body=body), EYES - 1) for body in (narrow, wide)]
    assert widths[0] == pytest.approx(2 * 0.97 * 0.17, abs=0.02)
    assert widths[1] == pytest.approx(2 * 0.19, abs=0.02)
    tops = [height(skull.alpha(SIDE, body=body)) for body in (narrow, wide)]
    assert tops[0] == pytest.approx(tops[1], abs=0.005)


def test_turned_away_the_back_of_the_head_comes_into_sight() -> None:
    ahead, turned = (Skull.of(oval_shape(yaw=yaw)).alpha(SIDE) for yaw in (0.0, 30.0))
    # The nose points to the picture's right: the back of the head is on the left.
    left, right = np.s_[60:100, :128], np.s_[60:100, 128:]
    assert turned[left].sum() > ahead[left].sum() + 200
    assert turned[right].sum() == pytest.approx(ahead[right].sum(), abs=60)


def test_a_head_that_looks_up_is_seen_lower() -> None:
    heights = []
    for pitch in (-15.0, 0.0, 20.0):
        shape = oval_shape()
        shape[-2] = pitch / 30
        heights.append(height(Skull.of(shape).alpha(SIDE)) / 0.17)
    # Silhouettes of 140 portraits with thin hair: 1.80 and 1.64 halves of the face's width, a ratio of 0.91.
    assert heights[1] / heights[0] == pytest.approx(0.91, abs=0.04)
    assert heights[2] < 0.9 * heights[1]
