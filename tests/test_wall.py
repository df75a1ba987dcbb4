"""Removed hair uncovers the wall: where, in what colour, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compose import compose, frame_mattes
from mirror.edge import MATCH_SIDE
from mirror.head import SIDE
from mirror.headspace import FACE_SHAPE_SIZE, HeadTransform
from mirror.matte import Mattes
from mirror.plate import Plate
from mirror.style import OVAL_POINTS
from mirror.swap import Layer
from mirror.wall import WALL_SIDE, Outlines, beside, uncover

S = WALL_SIDE
SKIN, WALL = np.array((0.75, 0.55, 0.45), np.float32), np.array((0.3, 0.45, 0.6), np.float32)
NONE, ALL = np.zeros((S, S), np.float32), np.ones((S, S), np.float32)


def shape_of(yaw: float = 0.0) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, OVAL_POINTS, endpoint=False)
    points = np.stack([0.5 + 0.17 * np.sin(turn), 0.54 - 0.23 * np.cos(turn)], 1)
    shape = np.zeros(FACE_SHAPE_SIZE, np.float32)
    shape[: 2 * OVAL_POINTS] = ((points - 0.5) * 4).ravel()
    shape[2 * OVAL_POINTS] = yaw / 30
    return shape


def plain(colour: np.ndarray, side: int = S) -> np.ndarray:
    return np.broadcast_to(colour, (side, side, 3)).astype(np.float32).copy()


def rows() -> np.ndarray:
    return np.broadcast_to(((np.arange(S) + 0.5) / S)[:, None], (S, S))


def test_geometry_says_wall_around_the_skull_and_never_within_it() -> None:
    outlines = Outlines.of(shape_of())
    black = np.zeros((S, S, 3), np.float32)  # a guess that is like nothing
    share, _ = uncover(black, plain(WALL), ALL, ALL, outlines)
    assert share[10, 64] > 0.99 and share[50, 10] > 0.99 and share[50, 118] > 0.99
    assert not share[42:90, 54:74].any(), "skull and face"
    assert not share[rows() > 0.76].any(), "shoulders and clothes"
    assert np.abs(np.diff(share, axis=0)).max() < 0.35 and np.abs(np.diff(share, axis=1)).max() < 0.35


def test_elsewhere_the_painters_guess_says() -> None:
    outlines = Outlines.of(shape_of())
    beside_the_neck = np.s_[104:112, 40:50]
    for guess, wanted in ((plain(WALL + 0.02), 1.0), (plain(np.zeros(3, np.float32)), 0.0)):
        share, _ = uncover(guess, plain(WALL), ALL, ALL, outlines)
        assert share[beside_the_neck] == pytest.approx(wanted, abs=0.01)
        assert not share[48:80, 55:73].any(), "a face of the wall's colour is a face"


def test_nothing_of_the_plate_is_shown_where_it_knows_nothing() -> None:
    guess = plain(WALL)
    share, _ = uncover(guess, plain(WALL), NONE, ALL, Outlines.of(shape_of()), plain(SKIN, MATCH_SIDE))
    assert not share.any()


@pytest.mark.parametrize("known", [NONE, ALL], ids=["beside", "plate"])
def test_a_blurred_skull_gets_an_outline(known: np.ndarray) -> None:
    outlines = Outlines.of(shape_of())
    skull = np.zeros((S, S), np.float32)
    cv2.ellipse(skull, (64, 62), (23, 34), 0, 0, 360, 1.0, -1)
    blurred = cv2.GaussianBlur(skull, (0, 0), 4.0)
    guess = plain(WALL) + blurred[..., None] * (SKIN - WALL)
    share, add = uncover(guess, plain(WALL), known, ALL, outlines, plain(SKIN, MATCH_SIDE))
    shown = (guess + add) * (1 - share[..., None]) + WALL * share[..., None]
    mix = ((shown - WALL) @ (SKIN - WALL)) / ((SKIN - WALL) @ (SKIN - WALL))
    assert mix.min() > -0.02 and mix.max() < 1.02
    before, after = blurred[8:50, 64], mix[8:50, 64]
    unsure = [int(((line > 0.15) & (line < 0.85)).sum()) for line in (before, after)]
    assert unsure[1] <= 0.6 * unsure[0], "the way from wall to skin is shorter"
    assert np.abs(after - skull[8:50, 64]).mean() < 0.75 * np.abs(before - skull[8:50, 64]).mean()


def test_what_is_neither_skin_nor_wall_stays_on_head_and_shoulders_and_is_a_halo_elsewhere() -> None:
    outlines = Outlines.of(shape_of())
    guess = plain(np.array((0.1, 0.5, 0.15), np.float32))
    _, add = uncover(guess, plain(WALL), NONE, ALL, outlines, plain(SKIN, MATCH_SIDE))
    assert not add[rows() > 0.76].any() and np.abs(add[outlines.likely > 0.999]).max() < 1e-3
    assert np.abs((guess + add)[10:20, 10:118] - WALL).max() < 0.01
    _, add = uncover(guess, plain(WALL), NONE, NONE, outlines, plain(SKIN, MATCH_SIDE))
    assert not add.any(), "what the wall looks like is not known"


def test_turned_away_the_back_of_the_head_has_room() -> None:
    ahead, turned = Outlines.of(shape_of()), Outlines.of(shape_of(yaw=30))
    # The nose points to the picture's right: the back of the head comes into sight on the left.
    left, right = np.s_[50:60, 24:40], np.s_[50:60, 88:104]
    assert turned.beyond[left].mean() < ahead.beyond[left].mean() - 0.1
    assert turned.beyond[right] == pytest.approx(ahead.beyond[right], abs=0.02)


def test_an_even_wall_is_carried_on_behind_the_head_and_a_pattern_is_not() -> None:
    outlines = Outlines.of(shape_of())
    cover = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(cover, (128, 120), (75, 95), 0, 0, 360, 1.0, -1)
    ramp = plain(WALL, SIDE) + np.linspace(-0.1, 0.1, SIDE, dtype=np.float32)[None, :, None]
    camera = np.where(cover[..., None] > 0, np.float32(0.9), ramp)
    wall, sure = beside(camera, cover, outlines)
    at = np.s_[30:60, 30:98:67]
    wanted = cv2.resize(ramp, (S, S), interpolation=cv2.INTER_AREA)
    assert sure[at].min() > 0.9 and np.abs(wall[at] - wanted[at]).max() < 0.05
    tiles = (np.indices((SIDE, SIDE)).sum(0) // 12 % 2).astype(np.float32)[..., None] * np.ones(3, np.float32)
    _, sure = beside(np.where(cover[..., None] > 0, np.float32(0.9), tiles), cover, outlines)
    assert sure.max() < 0.1
    _, sure = beside(camera, np.ones_like(cover), outlines)
    assert not sure.any(), "nothing of the wall is in sight"


def room(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return cv2.GaussianBlur(rng.integers(0, 256, (240, 320, 3), dtype=np.uint8), (0, 0), 1.2)


def taught(image: np.ndarray, transform: HeadTransform) -> Plate:
    plate, nothing = Plate(), np.zeros((SIDE, SIDE), np.float32)
    for n in range(60):
        plate.learn(image, n / 30, Mattes(nothing, nothing, nothing), transform)
    return plate


def uncovered_layer(wall: float) -> Layer:
    old = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(old, (128, 110), (70, 80), 0, 0, 360, 1.0, -1)
    old = cv2.blur(old, (5, 5))
    share = np.full_like(old, wall)
    return Layer(np.full((SIDE, SIDE, 3), 77, np.uint8), old, old, np.zeros_like(old), share)


@pytest.mark.parametrize("angle", [0.0, 0.3])
def test_where_the_plate_knows_the_wall_the_picture_shows_it_sharp(angle: float) -> None:
    transform = HeadTransform(160.0, 120.0, 200.0, angle)
    image = room()
    plate, person = taught(image, transform), image.copy()
    cv2.circle(person, (160, 108), 45, (30, 20, 10), -1)  # hair
    out = compose(person, uncovered_layer(1.0), transform, plate=plate)
    assert np.abs(out.astype(int) - image).max() <= 1, "as if nobody stood there"
    half = compose(person, uncovered_layer(0.5), transform, plate=plate)[108, 160]
    assert half == pytest.approx((image[108, 160].astype(float) + 77) / 2, abs=1.5)
    for layer in (uncovered_layer(1.0), uncovered_layer(0.0)):
        plain_old = Layer(layer.rgb, layer.cover, layer.old, layer.new)
        without = compose(person, plain_old, transform)
        assert np.array_equal(compose(person, layer, transform), without), "no plate, no wall"
        assert np.array_equal(compose(person, plain_old, transform, plate=plate), without)


def test_with_a_plate_too_nothing_changes_where_no_matte_reaches() -> None:
    rng = np.random.default_rng(5)
    changed_at_all = 0
    for turn in range(40):
        transform = HeadTransform(
            rng.uniform(0, 320), rng.uniform(0, 240), rng.uniform(60, 500), rng.uniform(-0.7, 0.7)
        )
        plate, image = taught(room(turn), transform), room(turn + 100)
        layer = uncovered_layer(float(rng.uniform(0.1, 1)))
        strength = float(rng.uniform(0.05, 1))
        out = compose(image, layer, transform, strength, plate)
        old, new = frame_mattes(layer, transform, (320, 240), strength)
        changed = (out != image).any(2)
        assert not (changed & (old == 0) & (new == 0)).any(), f"turn {turn}"
        changed_at_all += int(changed.sum())
    assert changed_at_all > 50_000


def test_what_the_painter_calls_room_becomes_wall_and_what_he_calls_body_stays() -> None:
    outlines, guess = Outlines.of(shape_of()), plain((0.5, 0.3, 0.6))
    body = np.ones((WALL_SIDE, WALL_SIDE), np.float32)
    body[:, : WALL_SIDE // 2] = 0
    share, add = uncover(guess, plain(WALL), ALL, ALL, outlines, None, body)
    # Beside the face, where geometry leaves it open.
    place = (outlines.between > 0.9) & (outlines.beyond < 0.1)
    left, right = place.copy(), place.copy()
    left[:, WALL_SIDE // 2 - 4 :] = right[:, : WALL_SIDE // 2 + 4] = False
    assert left.any() and right.any()
    assert share[left].min() > 0.8 and share[right].max() < 0.2
    assert np.abs((guess + add)[left] - np.array(WALL, np.float32)).max() < 0.12
    assert np.abs(add[right]).max() < 1e-5
