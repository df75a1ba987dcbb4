"""Grain: skin that was hidden is rough where the skin that is seen is, and lies still."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import SIDE, Head
from mirror.removal.texture_synthesis import grain_of, wall_grain_of, with_grain
from tests.oval import oval_shape

ALL = np.ones((SIDE, SIDE), np.float32)


def head(roughness: float, level: float = 0.5) -> Head:
    """A face of one colour whose pixels vary by `roughness` of it."""
    noise = np.random.default_rng(3).standard_normal((SIDE, SIDE)).astype(np.float32)
    image = np.clip(np.float32(level) * (1 + np.float32(roughness) * noise), 0, 1)
    face = np.full((SIDE, SIDE), 255, np.uint8)
    nothing = np.zeros_like(face)
    return Head(np.stack([image] * 3)[None], face, nothing, face, oval_shape())


def roughness(skin: np.ndarray) -> float:
    return float(skin.std() / skin.mean())


@pytest.mark.parametrize("wanted", [0.002, 0.01, 0.025])
def test_it_is_nearly_as_strong_as_in_the_picture_and_no_stronger_than_skin_is(wanted: float) -> None:
    skin = with_grain(np.full((SIDE, SIDE, 3), 0.6, np.float32), ALL, grain_of(head(wanted), ALL))
    assert 0.6 * wanted < roughness(skin) < 0.95 * wanted
    assert skin.mean() == pytest.approx(0.6, abs=0.002)
    storm = grain_of(head(0.6), ALL)
    assert np.array_equal(storm, grain_of(head(0.9), ALL)), "creases are no grain"


def test_it_is_a_share_of_the_brightness() -> None:
    dim, bright = (grain_of(head(0.006, level), ALL) for level in (0.2, 0.7))
    assert dim == pytest.approx(bright, rel=0.05)


def test_it_lies_only_where_it_is_asked_for_and_is_the_same_each_time() -> None:
    left = ALL.copy()
    left[:, SIDE // 2 :] = 0
    plain = np.full((SIDE, SIDE, 3), 0.6, np.float32)
    strong = grain_of(head(0.01), ALL)
    one, two = (with_grain(plain, left, strong) for _ in range(2))
    assert np.array_equal(one, two)
    assert np.array_equal(one[:, SIDE // 2 :], plain[:, SIDE // 2 :]) and one[:, : SIDE // 2].std() > 0.001


def test_where_no_skin_is_seen_it_is_what_is_usual() -> None:
    unseen = grain_of(head(0.01), np.zeros_like(ALL))
    assert (unseen > 0.0005).all() and (unseen < 0.003).all()
    hidden = dataclasses.replace(head(0.01), face=np.zeros((SIDE, SIDE), np.uint8))
    assert np.array_equal(grain_of(hidden, ALL), unseen)


@pytest.mark.parametrize("wanted", [0.004, 0.01])
def test_a_walls_grain_is_as_strong_as_where_the_wall_is_seen(wanted: float) -> None:
    image = head(wanted).image
    wall = with_grain(np.full((SIDE, SIDE, 3), 0.6, np.float32), ALL, wall_grain_of(image, ALL))
    assert 0.7 * wanted < roughness(wall) < 1.05 * wanted


def test_a_shelf_on_a_wall_is_no_grain() -> None:
    image = head(0.004).image.copy()
    image[..., 60:120, 40:90] *= 0.3
    assert wall_grain_of(image, ALL) == pytest.approx(wall_grain_of(head(0.004).image, ALL), rel=0.2)


def test_a_street_is_no_grain() -> None:
    noise = np.random.default_rng(5).random((SIDE // 4, SIDE // 4)).astype(np.float32)
    image = np.broadcast_to(np.kron(noise, np.ones((4, 4), np.float32)), (1, 3, SIDE, SIDE))
    wall = with_grain(np.full((SIDE, SIDE, 3), 0.6, np.float32), ALL, wall_grain_of(image, ALL))
    assert image.std() > 0.2 and roughness(wall) < 0.02


def test_lamps_out_of_focus_are_no_grain() -> None:
    plain = head(0.002).image
    lamps = cv2.GaussianBlur(np.random.default_rng(5).random((SIDE, SIDE)).astype(np.float32), (0, 0), 6)
    lamps = (lamps - lamps.mean()) * (0.1 / lamps.std())
    lamps[:, SIDE // 2 :] *= 0.1  # and on one side hardly any
    busy, quiet = wall_grain_of(plain + lamps, ALL), wall_grain_of(plain, ALL)
    rough = [
        roughness(with_grain(np.full((SIDE, SIDE, 3), 0.6, np.float32), ALL, one)) for one in (busy, quiet)
    ]
    assert rough[0] < 1.3 * rough[1], "light and shade are none"
    assert busy[0] > 0.3 * quiet[0], "and the camera's noise is told"


def test_a_person_is_no_wall_and_where_too_little_is_seen_there_is_no_grain() -> None:
    image = head(0.008).image.copy()
    image[..., :64, :] = head(0.003).image[..., :64, :]
    wall = np.zeros_like(ALL)
    wall[:64] = 1
    smooth, rough = wall_grain_of(image, wall), wall_grain_of(image, 1 - wall)
    assert (rough > 2 * smooth).all()
    corner = np.zeros_like(ALL)
    corner[:20, :20] = 1
    assert not wall_grain_of(image, corner).any()
