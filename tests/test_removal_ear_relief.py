"""Ear relief: ears where hair had hidden them, of the colour of the skin before them."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE
from mirror.removal.ear_relief import TURNS, with_ears
from mirror.removal.ears import ears_of

SIDE = 256
SKIN = np.array((0.7, 0.5, 0.4), np.float32)


def shape(yaw: float = 0.0) -> np.ndarray:
    """Of a face that is turned so many degrees: float32 (75,)."""
    order = np.arange(len(FACE_OVAL)) * (2 * np.pi / len(FACE_OVAL)) - np.pi / 2
    oval = (np.stack([np.cos(order) * 0.2, np.sin(order) * 0.27], 1) + EYE_CENTRE - 0.5) * 4
    found = np.zeros(75, np.float32)
    found[: 2 * len(FACE_OVAL)] = oval.ravel()
    found[2 * len(FACE_OVAL)] = yaw / 30
    return found


def painted() -> tuple[np.ndarray, np.ndarray]:
    """A head without ears."""
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    head = (((columns - EYE_CENTRE[0]) / 0.21) ** 2 + ((rows - EYE_CENTRE[1]) / 0.3) ** 2 < 1).astype(
        np.float32
    )
    return np.broadcast_to(SKIN, (SIDE, SIDE, 3)).copy(), head


def hair(share: float) -> np.ndarray:
    return np.full((SIDE, SIDE), share, np.float32)


def test_hidden_ears_are_there() -> None:
    person, alpha = painted()
    after, wider = with_ears(person, alpha, shape(), hair(1.0))
    changed = np.abs(after - person).max(-1) > 0.02
    for half in (changed[:, : SIDE // 2], changed[:, SIDE // 2 :]):
        assert half.sum() > 100, "one on either side"
    assert not changed[:, 100:156].any(), "none in the face"
    assert (wider >= alpha).all() and (wider > alpha + 0.5).sum() > 50, "they stand out from the head"
    assert after.min() > 0.1 and after.max() <= 1


def test_they_have_the_colour_of_the_skin_before_them() -> None:
    person, alpha = painted()
    after, _ = with_ears(person, alpha, shape(), hair(1.0))
    changed = np.abs(after - person).max(-1) > 0.02
    mean = after[changed].mean(0)
    assert mean[0] / mean[2] == pytest.approx(SKIN[0] / SKIN[2], rel=0.15) and 0.5 < mean[1] / SKIN[1] < 1.1


def test_ears_that_are_seen_stay_as_they_are() -> None:
    person, alpha = painted()
    after, same = with_ears(person, alpha, shape(), hair(0.0))
    assert after is person and same is alpha


def test_half_hidden_ones_are_half_there() -> None:
    person, alpha = painted()
    wholly = np.abs(with_ears(person, alpha, shape(), hair(1.0))[0] - person).sum()
    half = np.abs(with_ears(person, alpha, shape(), hair(0.375))[0] - person).sum()
    assert 0.3 * wholly < half < 0.8 * wholly


@pytest.mark.parametrize("yaw", [-35.0, -20.0, 20.0, 35.0])
def test_of_a_turned_head_one_is_wide_and_the_other_is_not_seen(yaw: float) -> None:
    person, alpha = painted()
    after, _ = with_ears(person, alpha, shape(yaw), hair(1.0))
    changed = np.abs(after - person).max(-1) > 0.02
    low, high = changed[:, : SIDE // 2].sum(), changed[:, SIDE // 2 :].sum()
    near, far = (low, high) if yaw > 0 else (high, low)
    assert near > 3 * far and len(ears_of(shape(yaw), hair(1.0))) == 1
    assert TURNS[0] <= abs(yaw) <= TURNS[-1]


def test_where_no_skin_is_beside_there_is_none() -> None:
    person, alpha = painted()
    after, same = with_ears(person, np.zeros_like(alpha), shape(), hair(1.0))
    assert np.array_equal(after, person) and not same.any()
