"""Heads moved and mirrored: the maps and the face shape stay one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest

import mirror.hair.painting.hair_swap
import mirror.removal.inpainting_mask
import train.data.augmentation
from mirror.core.face import FACE_OVAL, LEFT_EYE, RIGHT_EYE, Face
from mirror.core.head_space import face_shape, fill_polygon
from tests.train_tiny import SIDE, SQUARE, some_face, some_item
from train.data.augmentation import Jitter, augment, random_hole

STILL = Jitter(rotation=0, scale=0, shift=0, gain=0, colour=0)
FAR = Jitter(rotation=0.2, scale=0.12, shift=0.05)


def oval_of(shape: np.ndarray) -> np.ndarray:
    """Unit coordinates (36, 2) of the oval in a face-shape vector."""
    return shape[:72].reshape(-1, 2) / 4 + 0.5


def within_a_pixel(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two masks are the same but for one pixel along their outlines."""
    a, b = a > 127, b > 127
    wider = [cv2.dilate(m.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for m in (a, b)]
    return bool((a <= wider[1]).all() and (b <= wider[0]).all())


def centre_of(mask: np.ndarray) -> np.ndarray:
    """Centre of mass (y, x) of a mask, pixels."""
    return np.array(
        [(np.indices(mask.shape)[i] * (mask / 255.0)).sum() / (mask / 255.0).sum() for i in (0, 1)]
    )


def mirrored(face: Face) -> Face:
    """The same face in a mirrored picture, 256 pixels wide: what was left is now right."""
    points = face.landmarks.copy()
    points[:, 0] = SIDE - 1 - points[:, 0]
    swapped = points.copy()
    oval = list(FACE_OVAL)
    for i, landmark in enumerate(oval):
        swapped[landmark] = points[oval[-i % 36]]
    # Outer corner for outer corner, inner for inner.
    for mine, theirs in zip(RIGHT_EYE, LEFT_EYE, strict=True):
        swapped[mine], swapped[theirs] = points[theirs], points[mine]
    return Face(swapped)


def test_a_mirrored_item_is_the_item_of_the_mirrored_face() -> None:
    face, item = some_face(roll=5.0), some_item()
    item["shape"] = face_shape(face, SQUARE)
    flips = 0
    for seed in range(12):
        out = augment(item, STILL, np.random.default_rng(seed))
        if np.array_equal(out["face"], item["face"]):
            np.testing.assert_allclose(out["shape"], item["shape"], atol=1e-5)
            np.testing.assert_array_equal(out["image"], item["image"])
        else:
            flips += 1
            np.testing.assert_array_equal(out["face"], item["face"][:, ::-1])
            np.testing.assert_array_equal(out["image"], item["image"][:, ::-1])
            np.testing.assert_allclose(out["shape"], face_shape(mirrored(face), SQUARE), atol=1e-4)
    assert 0 < flips < 12


@pytest.mark.parametrize("seed", range(8))
def test_the_shape_vector_moves_with_the_face_map(seed: int) -> None:
    item = some_item(seed)
    assert within_a_pixel(fill_polygon(oval_of(item["shape"]), SIDE), item["face"])
    out = augment(item, FAR, np.random.default_rng(seed))
    assert out["shape"].dtype == np.float32 and out["shape"].shape == (75,)
    drawn = fill_polygon(oval_of(out["shape"]), SIDE)
    assert within_a_pixel(drawn, out["face"])
    np.testing.assert_allclose(centre_of(drawn), centre_of(out["face"]), atol=0.25)
    assert not within_a_pixel(item["face"], out["face"]), "a seed that moves nothing proves nothing"


def test_the_roll_follows_the_rotation() -> None:
    """The roll in the shape vector is the angle by which the oval really was turned."""
    item = some_item()
    for seed in range(6):
        out = augment(item, FAR, np.random.default_rng(seed))
        before, after = oval_of(item["shape"]), oval_of(out["shape"])
        sign = 1.0
        if (out["shape"][72] > 0) != (item["shape"][72] > 0):  # mirrored: mirror it back
            after = np.roll(after[::-1], 1, 0) * (-1, 1)
            sign = -1.0
        a, b = ((p - p.mean(0)) @ (1, 1j) for p in (before, after))
        turned = np.degrees(np.angle(np.vdot(a, b)))
        assert sign * out["shape"][74] * 30 - item["shape"][74] * 30 == pytest.approx(turned, abs=0.01)


def test_augmenting_leaves_the_shard_alone() -> None:
    item = some_item()
    copy = {name: array.copy() for name, array in item.items()}
    augment(item, Jitter(worse=1.0), np.random.default_rng(0))
    for name, array in copy.items():
        np.testing.assert_array_equal(item[name], array)


def test_there_is_one_hole() -> None:
    """Training cuts with the very function that the mirror cuts with, and the hole holds both shapes."""
    assert (
        train.data.augmentation.cut_hole
        is mirror.removal.inpainting_mask.cut_hole
        is mirror.hair.painting.hair_swap.cut_hole
    )
    own, other = np.zeros((64, 64), np.float32), np.zeros((64, 64), np.float32)
    own[10:20, 20:40], other[30:50, 5:15] = 1, 1
    whole = {
        (radius, both): mirror.removal.inpainting_mask.cut_hole(
            own, other if both else 0 * other, 256, radius=radius
        )
        for radius, both in itertools.product(range(1, 5), (False, True))
    }
    plain = 0
    for seed in range(40):
        hole = random_hole(own, other, 256, np.random.default_rng(seed))
        assert hole.shape == (256, 256) and set(np.unique(hole)) <= {0.0, 1.0}
        assert hole[40:80, 80:160].all(), "the picture's own hair must always be cut out"
        plain += any(np.array_equal(hole, known) for known in whole.values())
    assert 15 < plain < 40, "about two thirds are cut_hole of the two shapes, the others have an ellipse more"


def test_light_from_one_side_darkens_the_other_and_changes_no_label() -> None:
    item = some_item(3)
    plain = augment(item, replace(STILL, side_light=0.0), np.random.default_rng(5))
    darker = []
    for seed in range(12):
        lit = augment(item, replace(STILL, side_light=1.0), np.random.default_rng(seed))
        assert lit["image"].dtype == np.uint8 and set(lit) == set(plain)
        halves = [lit["image"][100:180, part].mean() for part in (slice(60, 120), slice(136, 196))]
        darker.append(abs(np.log(halves[0] / halves[1])))
        assert lit["image"].mean() <= plain["image"].mean() + 1
    assert np.median(darker) > 0.1
