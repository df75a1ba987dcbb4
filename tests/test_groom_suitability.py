"""Who is refused grown hair: far or turned faces, children, covered heads."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from tests.test_groom_own_hairline import CAMERA, FIT, HEAD, sitter_with
from train.groom.head import load_head
from train.groom.record import Hairline
from train.groom.scalp import above_hairline
from train.groom.suitability import COVERED, GROWN_UP, LEAST_EYES, covered, proportion, unfit
from train.groom.surface import Surface

SKIN, SCARF = (190, 140, 120), (30, 60, 160)


@dataclasses.dataclass
class Seen:
    """What is asked of a tracked face."""

    landmarks: np.ndarray
    eyes: tuple[np.ndarray, np.ndarray]
    pose: tuple[float, float, float]


def face_of(name: str, pose: tuple[float, float, float] = (0.0, 0.0, 0.0), scale: float = 1.0) -> Seen:
    """The face of one of the heads, as the camera sees it."""
    points = CAMERA.project(load_head(name).landmarks) * scale
    right, left = (points[list(corners)].mean(0) for corners in ((33, 133), (362, 263)))
    return Seen(points, (right, left), pose)


def test_grown_faces_will_do_and_childrens_will_not():
    assert unfit(face_of("canonical")) == ""
    assert proportion(face_of("canonical").landmarks) > GROWN_UP > proportion(face_of("child_03").landmarks)
    assert "child" in unfit(face_of("child_03"))


@pytest.mark.parametrize(("pose", "word"), [((45.0, 0, 0), "yaw"), ((0, -30.0, 0), "pitch")])
def test_turned_heads_are_refused(pose, word):
    assert word in unfit(face_of("canonical", pose))


def test_small_faces_are_refused():
    assert f"{LEAST_EYES:.0f} or more" in unfit(face_of("canonical", scale=0.3))


@pytest.mark.parametrize(("worn", "refused"), [(SKIN, False), (SCARF, True)])
def test_a_scarf_is_told_from_a_bald_head(worn, refused):
    sitter = sitter_with(None)
    picture = np.full((*sitter.hair.shape, 3), SKIN, np.uint8)
    points, normals, canonical = Surface(HEAD, HEAD.triangles).sample(200_000, np.random.default_rng(1))
    seen = (above_hairline(canonical, Hairline(), 1) > 0) & ((normals @ CAMERA.rotation.T)[:, 2] < 0)
    at = np.round(CAMERA.project(points[seen])).astype(int)
    mask = np.zeros(sitter.hair.shape, np.uint8)
    ok = ((at >= 0) & (at < CAMERA.size)).all(1)
    mask[at[ok, 1], at[ok, 0]] = 1
    picture[cv2.dilate(mask, np.ones((5, 5))) > 0] = worn
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:468, :2] = CAMERA.project(HEAD.landmarks)[:468]
    landmarks[468:] = landmarks[33]
    person = dataclasses.replace(sitter, picture=picture, landmarks=landmarks)
    assert (covered(person, FIT) > COVERED) == refused
