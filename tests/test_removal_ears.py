"""Ears that hair hid: where they are, when they are drawn, and what they look like."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.core.head_crop import SIDE
from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.ears import bared, drawn, ears_of, place, slimmed, with_ears

SKIN = np.array((0.75, 0.55, 0.45), np.float32)
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
        ear = drawn(width)
        alpha, relief = ear[..., 0], ear[..., 1]
        assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] > 0.95
        assert alpha[0].max() < 0.02 and alpha[-1].max() < 0.02 and alpha[:, -1].max() < 0.02
        assert 0.25 < relief.min() < 0.8, "it has folds"
        assert 1.0 < relief.max() < 1.25, "and a rim that catches light"
    assert drawn(32) is drawn(32), "drawn once"


def test_ears_lie_at_the_sides_of_the_face_at_the_height_of_the_eyes() -> None:
    for left, low, high in ((True, 0.22, 0.32), (False, 0.68, 0.78)):
        ear = next(one for one in ears_of(shape(), NOBODY) if one.left == left)
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


def test_an_ear_that_shows_below_hair_goes_on_above_where_that_is_taken_away() -> None:
    matte = NOBODY.copy()
    ear = ears_of(shape(), matte)[0]
    rows, columns = ear.box
    tip = rows.start + (rows.stop - rows.start) // 4
    matte[:tip] = 1
    ears = bared(ears_of(shape(), matte), matte, NOBODY)
    assert [ear.hidden for ear in ears] == [0, 0], "most of it is seen"
    skin = np.broadcast_to(SKIN, (FILL_SIDE, FILL_SIDE, 3)).astype(np.float32)
    beneath, wall = with_ears(np.zeros((SIDE, SIDE, 3), np.float32), ALL.copy(), skin, ears)
    drawn_ear = ear.alpha > 0.9
    assert (wall[ear.box][drawn_ear] < 0.11).all() and beneath[ear.box][drawn_ear].min() > 0.05
    assert bared(ears_of(shape(), NOBODY), NOBODY, NOBODY) == [], "no hair lay over them"


def test_an_ear_that_the_new_hair_covers_is_not_drawn() -> None:
    ears = ears_of(shape(), ALL)
    assert bared(ears, ALL, ALL) == []
    half = ALL.copy()
    half[:, SIDE // 2 :] = 0
    assert [ear.left for ear in bared(ears, ALL, half)] == [False]


def test_beside_a_hidden_ear_a_face_ends_at_its_outline() -> None:
    ears = ears_of(shape(), ALL)
    fat = ALL.copy()
    slim = slimmed(fat, shape(), ears)
    cheek = int(0.6 * SIDE)  # between ear and jaw
    assert slim[cheek, int(0.34 * SIDE)] == 1, "the face itself stays"
    assert slim[cheek, int(0.27 * SIDE)] < 0.05 and slim[cheek, int(0.73 * SIDE)] < 0.05
    assert (slim[: int(0.4 * SIDE)] == 1).all() and (slim[int(0.75 * SIDE) :] == 1).all(), "skull and neck"
    assert slimmed(fat, shape(), []) is fat
    one = slimmed(fat, shape(), [ear for ear in ears if ear.left])
    assert (one[:, SIDE // 2 :] == 1).all() and one[cheek, int(0.27 * SIDE)] < 0.05


def test_an_ear_has_the_colour_of_the_cheek_and_hides_the_wall() -> None:
    wall = np.broadcast_to(np.array((0.1, 0.2, 0.9), np.float32), (SIDE, SIDE, 3)).copy()
    skin = np.broadcast_to(SKIN, (FILL_SIDE, FILL_SIDE, 3)).astype(np.float32)
    ears = ears_of(shape(), ALL)
    out, share = with_ears(wall.copy(), ALL.copy(), skin, ears)
    assert out.dtype == share.dtype == np.float32
    for ear in ears:
        sure = ear.alpha > 0.99
        colours = out[ear.box][sure]
        assert (colours.mean(0) > 0.6 * SKIN).all() and (colours.mean(0) < SKIN).all()
        assert share[ear.box][sure].max() < 0.02
    untouched = ALL > 0
    for ear in ears:
        untouched[ear.box] = False
    assert np.array_equal(out[untouched], wall[untouched]) and (share[untouched] == 1).all()
