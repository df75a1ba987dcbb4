"""Hair laid over a person touches no pixel that it need not, in the right order, in the light of the face."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from train.groom.beneath import beneath
from train.groom.lay_over import OwnHair, estimate_light, lay_over
from train.groom.lights import GROUPS, Light
from train.groom.own_colour import own_tones
from train.groom.people import Sitter, _carried_down, _with_face
from train.groom.renderer import Layers
from train.groom.tones import REC709, to_linear, to_srgb

HEIGHT, WIDTH = 160, 112
WHITE = Light(dict.fromkeys(GROUPS, 1.0), {})


def sitter() -> Sitter:
    """A disc of skin before a noisy wall, with a cap of old hair that the bald picture lacks."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    picture = random.integers(90, 110, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    person = (np.hypot((x - 56) / 30, (y - 80) / 40) < 1).astype(np.float32)
    picture[person > 0] = (180, 130, 110)
    bald = picture.copy()
    hair = ((np.hypot((x - 56) / 34, (y - 60) / 36) < 1) & (y < 50)).astype(np.float32)
    picture[hair > 0] = (20, 15, 10)
    landmarks = np.full((478, 3), 56.0, np.float32)
    around = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    oval = np.stack([56 + 24 * np.sin(around), 85 - 30 * np.cos(around), 0 * around], 1)
    landmarks[list(FACE_OVAL)] = oval
    landmarks[:, 1] = np.where(landmarks[:, 1] == 56, 85, landmarks[:, 1])
    landmarks[[468, 473], 0] = 44, 68
    nothing, everywhere = np.zeros((HEIGHT, WIDTH), np.float32), np.ones((HEIGHT, WIDTH), np.float32)
    return Sitter(picture, bald, hair, person, nothing, everywhere, landmarks, (56.0, 80.0), 1.0)


def layers(alpha: np.ndarray, behind: np.ndarray | None = None, colour: float = 0.1) -> Layers:
    """Hair of an even grey; its light comes from the dome alone."""

    def rgba(cover: np.ndarray) -> np.ndarray:
        return np.concatenate([np.repeat(cover[..., None] * colour, 3, -1), cover[..., None]], -1).astype(
            np.float32
        )

    def groups(cover: np.ndarray) -> dict[str, np.ndarray]:
        return {name: rgba(cover)[..., :3] * (name == "dome") for name in GROUPS}

    behind = np.zeros_like(alpha) if behind is None else behind
    return Layers(rgba(alpha), groups(alpha), rgba(np.maximum(alpha, behind)), groups(behind))


def patch(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    alpha = np.zeros((HEIGHT, WIDTH), np.float32)
    alpha[top:bottom, left:right] = 1
    return alpha


def test_without_new_hair_only_old_hair_is_touched():
    person = sitter()
    laid = lay_over(person, layers(patch(0, 0, 0, 0)), WHITE)
    near = cv2.dilate(person.hair, np.ones((17, 17))) > 0
    assert not laid.touched[~near].any()
    assert (laid.picture[person.hair > 0].mean(0) > 80).all(), "the old hair is gone"


def test_pixels_far_from_hair_are_the_cameras_to_the_bit():
    person = sitter()
    laid = lay_over(person, layers(patch(40, 20, 70, 60)), WHITE)
    near = cv2.dilate(np.maximum(person.hair, laid.alpha), np.ones((17, 17))) > 0
    assert np.array_equal(laid.picture[~near], person.picture[~near])


def test_hair_lies_before_the_person_and_hair_behind_only_on_the_wall():
    person = sitter()
    laid = lay_over(person, layers(patch(50, 70, 62, 90), behind=patch(0, 100, WIDTH, 130)), WHITE)
    hair = to_srgb(np.full(3, 0.1))
    assert np.abs(laid.picture[80, 56].astype(int) - hair).max() < 12
    assert np.abs(laid.picture[115, 4].astype(int) - hair).max() < 12, "behind the person, before the wall"
    assert np.array_equal(laid.picture[115, 56], person.picture[115, 56]), "not before the person"


def test_own_roots_are_the_cameras_to_the_bit():
    person, alpha = sitter(), patch(20, 20, 90, 60)
    roots = patch(30, 48, 80, 54)
    laid = lay_over(person, layers(alpha), WHITE, own=OwnHair(roots, 0 * roots))
    same = (laid.picture == person.picture).all(-1)
    assert same[roots > 0].all() and not same[40:46, 40:70].any()
    assert laid.alpha[50, 50] == 0 and laid.alpha[42, 50] > 0.9


def test_hair_is_brought_to_the_colour_of_ones_own():
    person = sitter()
    tones = own_tones(person)
    assert tones is not None
    assert tones.middle == pytest.approx(to_linear(np.array([20, 15, 10], np.uint8)), abs=1e-3)
    laid = lay_over(
        person,
        layers(patch(20, 20, 90, 60), colour=0.01),
        WHITE,
        own=OwnHair(patch(0, 0, 0, 0), patch(0, 0, 0, 0), tones),
    )
    assert laid.picture[30:40, 40:70].mean((0, 1)) == pytest.approx([20, 15, 10], abs=3)


def test_hair_is_dark_where_own_hair_is_dark():
    person = sitter()
    hair = person.hair > 0
    person.picture[hair] = (60, 50, 40)
    person.picture[:, 56:][hair[:, 56:]] = (25, 20, 15)
    nothing = patch(0, 0, 0, 0)
    new = layers(patch(20, 20, 90, 60), colour=0.03)
    laid = lay_over(person, new, WHITE, own=OwnHair(nothing, nothing, own_tones(person)))
    lit, shaded = (laid.picture[30:45, columns].mean() for columns in (slice(28, 44), slice(68, 84)))
    assert lit > 1.3 * shaded


def test_hair_has_no_more_pixels_than_the_photograph_had():
    locks = layers(patch(20, 20, 90, 60), colour=0.02)
    for light in locks.lights.values():
        light[:, ::4] *= 4
    fine, coarse = (
        lay_over(dataclasses.replace(sitter(), enlarged=enlarged), locks, WHITE).picture
        for enlarged in (1, 6)
    )
    assert fine[30:50, 40:70].std() > 4 * coarse[30:50, 40:70].std()


def test_what_is_held_in_front_stays_in_front():
    person = dataclasses.replace(sitter(), front=patch(50, 70, 62, 90))
    laid = lay_over(person, layers(patch(40, 60, 72, 100)), WHITE)
    assert np.abs(laid.picture[80, 56].astype(int) - person.picture[80, 56]).max() <= 2


def test_light_from_the_left_is_found_on_the_face():
    person = sitter()
    x = np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :, None] * np.ones((HEIGHT, 1, 3), np.float32)
    flat = np.full_like(x, 0.3)
    shapes = {"left": 1 - x, "right": x, "front": flat, "top": flat * 0.7, "back": flat * 0, "dome": flat}
    skin = {name: (picture * 0.36).astype(np.float32) for name, picture in shapes.items()}
    lit = to_srgb(np.where(person.person[..., None] > 0, skin["left"] * 1.2 + skin["dome"] * 0.3, 0.2))
    person = dataclasses.replace(person, picture=lit, hair=np.zeros_like(person.hair))
    seen = dataclasses.replace(
        layers(patch(0, 0, 0, 0)), shadow_lights={name: (one, one) for name, one in skin.items()}
    )
    light = estimate_light(person, seen, 0.36)
    assert light.weights["left"] > 3 * light.weights["right"]
    assert all(weight >= 0 for weight in light.weights.values())


def test_a_face_that_is_hidden_gets_the_usual_light():
    person = dataclasses.replace(sitter(), hair=np.ones((HEIGHT, WIDTH), np.float32))
    flat = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    seen = dataclasses.replace(layers(patch(0, 0, 0, 0)), shadow_lights=dict.fromkeys(GROUPS, (flat, flat)))
    assert estimate_light(person, seen, 0.36).weights["front"] > 0


def test_linear_and_coded_are_each_others_inverse():
    values = np.arange(256, dtype=np.uint8).repeat(3).reshape(-1, 1, 3)
    assert np.array_equal(to_srgb(to_linear(values)), values)
    assert REC709.sum() == pytest.approx(1)


def test_a_body_goes_on_below_what_the_mattes_show():
    known = np.zeros((10, 6), bool)
    known[:5] = True
    person = np.zeros((10, 6), np.float32)
    person[:5, 2:4] = 1
    whole = _carried_down(person, known)
    assert whole[:, 2:4].all() and not whole[:, :2].any()


def test_skin_beneath_old_hair_is_as_the_mirror_paints_it_and_the_rest_stays():
    person = sitter()
    made = (person.person > 0) & (person.hair > 0)
    person.bald[made] = (150, 105, 85)
    skin = cv2.erode(made.astype(np.uint8), np.ones((9, 9))) > 0
    found = beneath(person)
    assert np.abs(found.picture[skin].astype(float) - (150, 105, 85)).max() <= 1
    far = cv2.dilate(person.hair, np.ones((21, 21))) == 0
    assert np.array_equal(found.picture[far], person.picture[far])
    assert not found.made[far].any()


def test_what_the_mirror_takes_away_beyond_the_matte_goes_too():
    person = sitter()
    person.picture[70:72, 45:67] = (120, 85, 72)
    found = beneath(person)
    assert (found.picture[70:72, 47:65, 0].mean(1) > 165).all()


def test_walls_are_filled_with_their_own_texture():
    person = sitter()
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    stripes = np.where((y // 4 + x // 4) % 2, 60, 150)[..., None].repeat(3, -1).astype(np.uint8)
    wall = (person.person == 0) & (person.hair == 0)
    person.picture[wall] = stripes[wall]
    bared = (person.person < 0.02) & (person.hair > 0)
    person.bald[bared] = 105
    found = beneath(person).picture[bared].astype(float)
    assert found.std() > 0.6 * stripes[bared].std(), "not an even grey"


def test_no_hair_is_seen_through_an_open_mouth():
    """Where the person's matte is unsure within the face it is mended; beyond the face it stays."""
    seated = sitter()
    unsure = seated.person.copy()
    unsure[95:100, 50:62] = 0.8
    mended = _with_face(unsure, seated.landmarks)
    assert np.all(mended[95:100, 50:62] == 1)
    assert np.array_equal(mended[:40], unsure[:40]) and np.array_equal(mended[130:], unsure[130:])
