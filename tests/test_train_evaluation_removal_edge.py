"""The seam: a step of a known colour at a known place is found, and what is no seam is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import Head
from mirror.core.head_space import face_map, inner_face_map
from mirror.core.layer import Layer
from tests.train_tiny import SIDE, SQUARE, some_face
from train.evaluation.held_out_people import Person
from train.evaluation.removal_edge import colour_steps, regions, seam

FOREHEAD = 84  # row of the edge on the forehead of `some_face`; the brows begin about 30 rows below
SKIN, WALL = (200, 160, 140), (90, 110, 160)
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
# Hair whose lower edge lies on the forehead; its other edges are where neither skin nor wall is looked at.
FRINGE = (ROWS < FOREHEAD) & (ROWS > 35) & (abs(COLUMNS - 128) < 45)


@pytest.fixture(scope="module")
def person() -> Person:
    face = some_face(2, yaw=0)
    valid = np.full((SIDE, SIDE), 255, np.uint8)
    head = Head(
        np.zeros((1, 3, SIDE, SIDE), np.float32),
        face_map(face, SQUARE, SIDE),
        inner_face_map(face, SQUARE, SIDE),
        valid,
        np.zeros(75, np.float32),
    )
    return Person("a", np.zeros((SIDE, SIDE, 3), np.uint8), face, SQUARE, head)


def removed(where: np.ndarray, new: np.ndarray | None = None) -> Layer:
    """Hair removed where a mask, bool (256, 256), says so."""
    old = cv2.blur(where.astype(np.float32), (3, 3))
    new = np.zeros_like(old) if new is None else new
    return Layer(np.zeros((SIDE, SIDE, 3), np.uint8), np.maximum(old, new), old, new)


def flat(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), colour, np.uint8)


def cie76(a: tuple[int, int, int], b: tuple[int, int, int]) -> float:
    lab = cv2.cvtColor(np.array([[a, b]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0]
    return float(np.linalg.norm(lab[0] - lab[1]))


def test_a_step_on_the_forehead(person: Person) -> None:
    picture = flat(SKIN)
    picture[FRINGE] = (200, 180, 150)
    found = seam(person, picture, removed(FRINGE))
    expected = cie76(SKIN, (200, 180, 150))
    assert expected > 5
    assert found.skin == pytest.approx(expected, abs=0.05)
    assert found.step == pytest.approx(expected, abs=0.05)
    assert found.untouched == pytest.approx(0, abs=0.05)


def test_no_step_where_the_paint_fits(person: Person) -> None:
    found = seam(person, flat(SKIN), removed(FRINGE))
    assert (found.step, found.skin, found.untouched) == pytest.approx((0, 0, 0), abs=0.01)


def test_shading_of_the_skin_is_what_the_step_is_measured_against(person: Person) -> None:
    """L* rises evenly down the face: across 9 pixels the edge and untouched skin step alike."""
    picture = np.repeat((60 + ROWS * 0.6)[..., None], 3, 2).astype(np.uint8)
    found = seam(person, picture, removed(FRINGE))
    assert found.skin is not None and found.untouched is not None
    assert found.skin == pytest.approx(9 * 0.6 / 255 * 100, rel=0.3), "9 pixels apart, about linear"
    assert found.skin / found.untouched == pytest.approx(1, abs=0.25)


def test_a_step_before_the_wall(person: Person) -> None:
    """Big hair beside the head: its edge on the wall counts for the step, not for the skin."""
    picture = flat(WALL)
    where = (abs(ROWS - 110) < 60) & (COLUMNS > 215) & (COLUMNS < 245)
    picture[where] = (90, 110, 200)
    found = seam(person, picture, removed(where))
    assert found.step == pytest.approx(cie76(WALL, (90, 110, 200)), abs=0.2)
    assert found.skin is None and found.untouched is None


def test_the_outline_of_the_bald_head_is_no_seam(person: Person) -> None:
    """Between skin and background nothing counts, however large the step; nor below the chin."""
    oval, skin, background = regions(person)
    assert not (skin & background).any() and not (oval & background).any()
    head = np.zeros((SIDE, SIDE), np.uint8)
    for top, bottom, down in ((180, 360, 96), (0, 180, 84)):
        cv2.ellipse(head, (128, 118), (58, down), 0, top, bottom, 255, -1)
    for skin_is, removed_is in ((head > 0, head == 0), (ROWS > 225, (ROWS > 215) & (ROWS < 240))):
        picture = flat(WALL)
        picture[skin_is] = SKIN
        found = seam(person, picture, removed(removed_is))
        assert found.step is None


def test_an_edge_under_new_hair_does_not_count(person: Person) -> None:
    picture = flat(SKIN)
    picture[FRINGE] = WALL
    new = np.where(abs(ROWS - FOREHEAD) < 12, 0.5, 0).astype(np.float32)
    assert seam(person, picture, removed(FRINGE, new)).step is None
    assert seam(person, picture, removed(np.zeros_like(FRINGE))).step is None, "nothing was removed"


def test_a_few_specks_do_not_make_the_step(person: Person) -> None:
    picture = flat(SKIN)
    picture[FOREHEAD - 5, 128] = (0, 0, 0)
    found = seam(person, picture, removed(FRINGE))
    assert found.step is not None and found.step < 1


def test_colour_steps_of_a_ramp() -> None:
    """Means of 3 to 6 pixels to either side of a ramp of 1 a pixel are 9 apart, along the ramp alone."""
    ramp = np.zeros((64, 64, 3), np.float32)
    ramp[..., 0] = np.arange(64)
    points = np.array([[30.0, 30.0], [30.5, 20.0]])
    assert colour_steps(ramp, points, np.array([[1.0, 0.0], [-1.0, 0.0]])) == pytest.approx((9, 9))
    assert colour_steps(ramp, points, np.array([[0.0, 1.0], [0.0, -1.0]])) == pytest.approx((0, 0))
