"""Several people: each gets hair, a poster gets none and steals nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import cv2
import numpy as np
import pytest

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.tracking.liveness import Life
from tests.train_tiny import some_face

clock = count(5000)


def sway(face: Face, number: int, by: float) -> Face:
    return Face(face.landmarks + np.array([by * np.sin(number / 5), 0, 0], np.float32))


def watched(by: float, seconds: float = 3.0, noise: float = 0.05) -> Life:
    life, rng = Life(), np.random.default_rng(0)
    for number in range(round(30 * seconds)):
        face = sway(some_face(), number, by)
        trembling = Face(face.landmarks + rng.normal(0, noise, face.landmarks.shape).astype(np.float32))
        life.note(trembling, number / 30)
    return life


def test_who_sways_is_alive_and_a_print_is_not() -> None:
    assert watched(3.0).alive is True
    assert watched(0.0).alive is False
    assert watched(0.0, seconds=0.5).alive is None, "too early to tell"


def test_who_blinks_is_alive() -> None:
    life = Life()
    for number in range(80):
        points = some_face().landmarks.copy()
        if number % 20 < 5:
            for upper, lower in ((159, 145), (386, 374)):
                points[upper, :2] = points[lower, :2]
        else:
            for upper, lower in ((159, 145), (386, 374)):
                points[upper, :2] = points[lower, :2] - (0, 4)
        life.note(Face(points), number / 30)
    assert life.alive is True


def test_a_clock_that_goes_back_begins_anew() -> None:
    life = watched(3.0)
    life.note(some_face(), 0.0)
    for number in range(80):
        life.note(some_face(), number / 30)
    assert life.alive is False


@pytest.fixture(scope="module")
def mirror() -> Iterator[Mirror]:
    """One of this file's own: who is followed depends on what a tracker has seen before."""
    mirror = Mirror(style="bob", seed=5)
    yield mirror
    mirror.close()


@pytest.fixture
def scene(portrait: np.ndarray):
    """A maker of frames: two people who move, or a large poster beside a person."""
    small = cv2.resize(portrait[:360, 60:420], (330, 330), interpolation=cv2.INTER_AREA)
    other = np.ascontiguousarray(small[:, ::-1])
    large = cv2.resize(portrait[:360, 60:420], (450, 450), interpolation=cv2.INTER_AREA)

    def frame(number: int, poster: bool) -> np.ndarray:
        image = np.full((540, 1040, 3), 150, np.uint8)
        x, y = 60 + round(16 * np.sin(number / 6)), 120 + round(8 * np.cos(number / 5))
        image[y : y + 330, x : x + 330] = small
        if poster:
            image[40:490, 540:990] = large
        else:
            x = 620 - round(16 * np.sin(number / 7))
            image[100:430, x : x + 330] = other
        noise = np.random.default_rng(number).integers(-1, 2, image.shape)
        return np.clip(image.astype(int) + noise, 0, 255).astype(np.uint8)

    return frame


def dressed(mirror: Mirror, scene, poster: bool, frames: int) -> tuple[float, float]:
    """How much the left and the right half of the pictures of the last second differ from their frames: the
    median of them, as a tracker may stumble over one."""
    begin, shares = next(clock), list[tuple[float, float]]()
    blank = np.full((540, 1040, 3), 150, np.uint8)
    mirror.process(Frame(blank, begin, begin + 0.0))
    for number in range(frames):
        image = scene(number, poster)
        out = mirror.process(Frame(image, number, begin + 2 + number / 20))
        if number >= frames - 20:
            apart = np.abs(out.image.astype(int) - image).max(2) > 30
            shares.append((apart[:, :520].mean(), apart[:, 520:].mean()))
    for _ in range(60):
        next(clock)
    left, right = np.median(shares, 0)
    return float(left), float(right)


def test_two_people_both_get_hair(mirror: Mirror, scene) -> None:
    left, right = dressed(mirror, scene, poster=False, frames=75)
    assert left > 0.01 and right > 0.01


def test_a_large_poster_gets_none_and_the_person_does(mirror: Mirror, scene) -> None:
    left, right = dressed(mirror, scene, poster=True, frames=130)
    assert left > 0.01, "the person beside the poster has hair"
    assert right == 0, "the poster is left as it is"
