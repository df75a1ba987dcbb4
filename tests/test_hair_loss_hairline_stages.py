"""Where hair is lost at each stage: more and more of it, from the temples, and never the other way."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.head_space import face_shape
from mirror.hair.loss.hairline_stages import LAST, NAMES, SIDE, bare, scalp, stage_words
from tests.train_tiny import SQUARE, some_face


@pytest.fixture(scope="module")
def shape() -> np.ndarray:
    return face_shape(some_face(yaw=0.0), SQUARE)


def test_every_stage_loses_what_the_one_before_has_lost(shape: np.ndarray) -> None:
    stages = [bare(shape, stage) for stage in np.arange(0, LAST + 0.1, 0.5)]
    areas = [float(one.mean()) for one in stages]
    assert stages[0].shape == (SIDE, SIDE) and stages[0].dtype == np.float32
    assert areas[0] == 0.0 and areas[-1] == 1.0
    assert all(more > less for less, more in zip(areas, areas[1:], strict=False))
    for less, more in zip(stages, stages[1:], strict=False):
        assert (more >= less - 0.05).all()


def test_temples_go_before_the_middle_and_the_rim_stays_longest(shape: np.ndarray) -> None:
    rows, columns = np.nonzero(scalp(shape) > 0.5)
    line = int(rows[np.abs(columns - SIDE // 2) < 2].max())  # the hairline in the middle
    third = bare(shape, 2.0)[line - 6]
    middle, temple = third[SIDE // 2], third.max()
    assert temple > 0.9 and middle < 0.4
    fifth = bare(shape, 4.0)
    assert fifth[line - 10, SIDE // 2] > 0.9
    assert fifth[round(0.5 * SIDE), 8] < 0.5, "beside the ear hair is left"


def test_no_hair_hangs_in_the_air_above_a_bare_head(shape: np.ndarray) -> None:
    from mirror.hair.loss.skull_coordinates import SkullCoordinates

    above = SkullCoordinates.of(shape).beside > 0.02
    for stage in np.arange(0, LAST + 0.1, 0.25):
        gone = bare(shape, stage)
        for column in range(SIDE // 2 - 6, SIDE // 2 + 7):
            top = int(np.flatnonzero(above[: SIDE // 2, column]).max())  # the row just above the head
            on_it, over_it = gone[top + 1 : top + 4, column], gone[: top + 1, column]
            if on_it.min() > 0.85:
                assert over_it.min() > 0.85, f"{stage}: its roots are on the head, and gone"


def test_front_and_temples_leave_no_island_between_them(shape: np.ndarray) -> None:
    for stage in np.arange(3.0, 4.1, 0.25):
        kept = 1 - bare(shape, stage)
        row = int(np.flatnonzero(scalp(shape)[:, SIDE // 2] > 0.5).max()) - 10
        middle = kept[row, SIDE // 2]
        sides = kept[row, [SIDE // 2 - 17, SIDE // 2 + 17]].max()
        assert middle < sides + 0.55, stage


def test_no_hair_grows_on_the_face(shape: np.ndarray) -> None:
    grows = scalp(shape)
    assert (grows[round(0.46 * SIDE) :, SIDE // 2 - 20 : SIDE // 2 + 20] == 0).all()
    assert (grows[:8] == 1).all()


def test_a_turned_head_has_its_forelock_beside_the_middle() -> None:
    centres = []
    for yaw in (-25.0, 0.0, 25.0):
        kept = 1 - bare(face_shape(some_face(yaw=yaw), SQUARE), 2.0)
        band = kept[20:34].mean(0)
        centres.append(float((band * np.arange(SIDE)).sum() / band.sum()))
    assert len({round(centre) for centre in centres}) > 1


def test_stages_have_the_names_of_a_clinic() -> None:
    assert [stage_words(stage) for stage in range(LAST + 1)] == [
        *(f"Norwood {n}" for n in NAMES[:-1]),
        "bald",
    ]
    assert stage_words(-3) == "Norwood I" and stage_words(99) == "bald"
