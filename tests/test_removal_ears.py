"""Ears: where they lie, and whether hair hides them."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.core.head_crop import SIDE
from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.removal.ears import ears_of, outline, place

NOBODY, ALL = np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32)


def shape(yaw: float = 0.0, pitch: float = 0.0) -> np.ndarray:
    """Of a face 0.4 wide and 0.5 high; the walk round it begins on the forehead and goes to high x."""
    out = np.zeros(FACE_SHAPE_SIZE, np.float32)
    turn = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    oval = np.stack([0.2 * np.sin(turn), 0.03 - 0.25 * np.cos(turn)], 1) * 4
    out[: 2 * len(FACE_OVAL)] = oval.ravel()
    out[2 * len(FACE_OVAL) :][:2] = yaw / 30, pitch / 30
    return out


def test_an_ear_is_whole_in_the_middle_and_nothing_round_it() -> None:
    for width in (16, 32, 64):
        alpha = outline(width)
        assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] > 0.95
        assert alpha[0].max() < 0.02 and alpha[-1].max() < 0.02 and alpha[:, -1].max() < 0.02
    assert outline(32) is outline(32), "drawn once"


def test_ears_lie_at_the_sides_of_the_face_at_the_height_of_the_eyes() -> None:
    for ear, low, high in zip(ears_of(shape(), NOBODY), (0.22, 0.68), (0.32, 0.78), strict=True):
        rows, columns = np.nonzero(ear.alpha > 0.5)
        x = (columns + ear.box[1].start) / SIDE
        y = (rows + ear.box[0].start) / SIDE
        assert low < x.mean() < high
        assert 0.41 < y.min() < 0.45 and 0.55 < y.max() < 0.61


def test_the_ear_that_the_face_turns_away_from_is_seen_more() -> None:
    def width(left: bool, yaw: float) -> float:
        placed = place(shape(yaw), left, SIDE)
        return 0.0 if placed is None else abs(placed[0][0, 0]) * placed[2]

    ahead = width(True, 0)
    assert width(False, 0) == pytest.approx(ahead)
    # The nose points to high x where yaw is negative, see `mirror.removal.skull_shape.Skull.of`.
    assert width(True, 10) > 1.5 * ahead and ahead > 2.5 * width(True, -10)
    assert place(shape(-25), True, SIDE) is None and place(shape(25), False, SIDE) is None


def test_ears_sink_as_the_face_looks_up() -> None:
    tops = [ears_of(shape(pitch=pitch), NOBODY)[0].box[0].start for pitch in (-15, 0, 15)]
    assert tops[0] < tops[1] - 5 and tops[1] < tops[2] - 5


@pytest.mark.parametrize("hair, hidden", [(0.0, 0), (0.25, 0), (1.0, 1)])
def test_an_ear_is_hidden_where_hair_lies_over_most_of_it(hair: float, hidden: float) -> None:
    ears = ears_of(shape(), ALL * np.float32(hair))
    assert [ear.hidden for ear in ears] == [hidden, hidden]
