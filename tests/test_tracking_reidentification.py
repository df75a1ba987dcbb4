"""Whether who comes back is who left: by the light and dark of the face, and by the skin."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.tracking.reidentification import same_person
from tests.oval import oval_shape


def head(features: tuple[tuple[int, int], ...], skin: tuple[float, float, float] = (0.8, 0.6, 0.5)) -> Head:
    """A face of one colour with dark round spots at places (x, y)."""
    image = np.empty((SIDE, SIDE, 3), np.float32)
    image[...] = skin
    for place in features:
        cv2.circle(image, place, 10, (0.2, 0.15, 0.1), -1)
    face = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(face, (128, 138), (52, 70), 0, 0, 360, 255, -1)
    return Head(
        np.ascontiguousarray(image.transpose(2, 0, 1))[None], face, np.zeros_like(face),
        np.full_like(face, 255), oval_shape(),
    )  # fmt: skip


USUAL = ((105, 118), (151, 118), (128, 150), (128, 182))
OTHER = ((98, 108), (158, 108), (128, 165), (128, 195))


def test_the_same_face_with_noise_and_a_little_moved_is_the_same() -> None:
    one = head(USUAL)
    noise = np.random.default_rng(0).normal(0, 0.03, one.image.shape).astype(np.float32)
    assert same_person(one, replace(one, image=one.image + noise))
    assert same_person(one, head(tuple((x + 2, y + 1) for x, y in USUAL)))
    assert same_person(one, replace(one, image=one.image * np.float32(0.95))), "the camera's exposure wanders"


def test_another_face_is_another_though_its_skin_is_the_same() -> None:
    assert not same_person(head(USUAL), head(OTHER))


def test_other_skin_is_another_person() -> None:
    assert not same_person(head(USUAL), head(USUAL, (0.5, 0.35, 0.28)))
    assert not same_person(head(USUAL), head(USUAL, (0.8, 0.6, 0.6)))


def test_a_face_that_hardly_shows_is_nobodys() -> None:
    one = head(USUAL)
    assert not same_person(one, replace(one, valid=np.zeros_like(one.valid)))
    blank = replace(one, image=np.full_like(one.image, 0.5))
    assert not same_person(blank, blank), "a face without features says nothing"
