"""Removed hair uncovers the wall: where, in what colour, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_plate import Plate
from mirror.removal.skull_shape import Skull
from mirror.removal.uncovered_background import WALL_SIDE, Outlines, levelled, textured, wall_of, wall_share
from mirror.segmentation.matting import Mattes
from mirror.tracking.temporal_smoothing import Calm
from tests.oval import oval_shape

S = WALL_SIDE
SKIN, WALL = np.array((0.75, 0.55, 0.45), np.float32), np.array((0.3, 0.45, 0.6), np.float32)
NONE, ALL = np.zeros((S, S), np.float32), np.ones((S, S), np.float32)


def plain(colour: np.ndarray, side: int = S) -> np.ndarray:
    return np.broadcast_to(colour, (side, side, 3)).astype(np.float32).copy()


def rows() -> np.ndarray:
    return np.broadcast_to(((np.arange(S) + 0.5) / S)[:, None], (S, S))


def uncovered(solid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = oval_shape()
    share = wall_share(solid, Outlines.of(shape), Skull.of(shape).alpha(S))
    return cv2.blendLinear(plain(WALL), plain(SKIN), share, 1 - share), share


def test_geometry_says_wall_around_the_skull_and_never_within_it() -> None:
    for solid in (NONE, ALL):
        _, share = uncovered(solid)
        assert share[10, 64] > 0.99 and share[50, 10] > 0.99 and share[50, 118] > 0.99
        assert share[42:90, 54:74].max() < 0.03, "skull and face"
    _, share = uncovered(ALL)
    assert not share[rows() > 0.76].any(), "shoulders and clothes"
    for axis in (0, 1):
        below = np.abs(np.diff(share, axis=axis))[rows()[: S - 1 + axis, : S - axis] > 0.5]
        assert below.max() < 0.35, "the edge of the skull is tested in test_skull.py"


def test_elsewhere_the_painter_says_what_is_body() -> None:
    beside_the_neck = np.s_[104:112, 40:50]
    for solid, wanted in ((NONE, 1.0), (ALL, 0.0)):
        beneath, share = uncovered(solid)
        assert share[beside_the_neck] == pytest.approx(wanted, abs=0.01)
        assert beneath[beside_the_neck] == pytest.approx(
            np.broadcast_to(WALL if wanted else SKIN, (8, 10, 3)), abs=0.01
        )


def test_a_body_of_which_the_painter_is_unsure_gets_an_outline() -> None:
    neck = np.zeros((S, S), np.float32)
    neck[60:, 46:82] = 1
    blurred = cv2.GaussianBlur(neck, (0, 0), 4.0)
    beneath, share = uncovered(blurred)
    mix = ((beneath - WALL) @ (SKIN - WALL)) / ((SKIN - WALL) @ (SKIN - WALL))
    assert mix.min() > -0.02 and mix.max() < 1.02 and np.abs(1 - mix - share).max() < 0.01
    before, after = blurred[104, 30:64], mix[104, 30:64]
    unsure = [int(((line > 0.15) & (line < 0.85)).sum()) for line in (before, after)]
    assert unsure[1] <= 0.6 * unsure[0], "the way from wall to skin is shorter"
    assert np.abs(after - neck[104, 30:64]).mean() < 0.75 * np.abs(before - neck[104, 30:64]).mean()


def test_turned_away_the_back_of_the_head_has_room() -> None:
    ahead, turned = Outlines.of(oval_shape()), Outlines.of(oval_shape(yaw=30))
    # The nose points to the picture's right: the back of the head comes into sight on the left.
    left, right = np.s_[50:60, 24:40], np.s_[50:60, 88:104]
    assert turned.beyond[left].mean() < ahead.beyond[left].mean() - 0.1
    assert turned.beyond[right] == pytest.approx(ahead.beyond[right], abs=0.02)


def test_the_wall_beside_is_carried_on_behind_the_head() -> None:
    side = FILL_SIDE
    person = np.zeros((side, side), np.float32)
    cv2.ellipse(person, (32, 30), (19, 24), 0, 0, 360, 1.0, -1)
    seen = 1 - cv2.dilate(person, np.ones((3, 3)))
    ramp = plain(WALL, side) + np.linspace(-0.1, 0.1, side, dtype=np.float32)[None, :, None]
    camera = np.where(person[..., None] > 0, np.float32(0.9), ramp)
    wall = wall_of(camera, seen, person)
    assert wall.shape == (side, side, 3) and wall.dtype == np.float32
    assert np.abs(wall - ramp).max() < 0.06, "the head is nowhere in it"
    dark = np.where(np.arange(side)[:, None] < 8, np.float32(0.1), camera.mean(-1))[..., None] * np.ones(3)
    wall = wall_of(dark.astype(np.float32), seen, person)
    assert wall[:6].max() < 0.2, "where it is seen it is as it is seen"
    nowhere = wall_of(camera, np.zeros_like(seen), person)
    assert np.isfinite(nowhere).all()
    close = wall_of(camera, seen, np.ones_like(person))
    assert np.abs(close - ramp).max() < 0.1, "a head that fills the square: whatever is seen"


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


def striped(period: int = 8) -> np.ndarray:
    """A wall with level stripes, `period` pixels of the square each way, float32 (1, 3, 256, 256)."""
    stripes = 0.3 + 0.4 * ((np.arange(SIDE) // period) % 2)
    return np.broadcast_to(stripes[None, None, :, None], (1, 3, SIDE, SIDE)).astype(np.float32).copy()


def before_it(radius: int = 14, hair: float = 0.0, jag: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A striped picture with a dark disc in front; seen and person, float32 (64, 64) each."""
    image, hidden = striped(), np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(hidden, (128, 128), 4 * radius + jag, 255, -1)
    image[..., hidden > 0] = hair
    seen = cv2.resize(255 - hidden, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return image, seen, 1 - seen


def test_a_patterned_wall_goes_on_behind_the_hair_and_fades_deeper_in() -> None:
    image, seen, person = before_it()
    smooth = plain(np.full(3, 0.5, np.float32), FILL_SIDE)
    out = textured(smooth, image, seen, person)
    assert out.shape == (WALL_SIDE, WALL_SIDE, 3) and out.dtype == np.float32
    column, middle = out[64 - 20 : 64 + 20, 64 - 24, 0], out[60:68, 64, 0]
    assert column.std() > 0.1, "beside the outline: the stripes"
    assert np.abs(middle - 0.5).max() < 0.1, "in the middle: nobody knows"
    assert out.min() > 0.25, "and nowhere the hair itself"


def test_where_only_a_person_is_seen_nothing_is_reflected() -> None:
    image, seen, _ = before_it()
    smooth = plain(WALL, FILL_SIDE)
    for beside in (np.zeros_like(seen), np.ones_like(seen)):
        out = textured(smooth, image, seen * beside, np.ones_like(seen))
        assert np.allclose(out, WALL, atol=1e-5)
    everything = np.ones_like(seen)
    assert np.allclose(textured(smooth, image, everything, 0 * everything), WALL, atol=1e-5)


def test_a_reflection_does_not_jump_with_the_outline_of_the_hair() -> None:
    smooth = plain(np.full(3, 0.5, np.float32), FILL_SIDE)
    shaken = [before_it(jag=int(j)) for j in np.random.default_rng(0).integers(-2, 3, 40)]
    calm = Calm(share=0.12, jump=1.0)
    free = np.stack([textured(smooth, *one) for one in shaken])[10:]
    calmed = np.stack([textured(smooth, *one, calm=calm) for one in shaken])[10:]
    ring = np.s_[:, 64 - 22 : 64 + 22, 64 - 26 : 64 - 18]
    assert calmed.std(0)[ring[1:]].mean() < 0.6 * free.std(0)[ring[1:]].mean()


def test_what_lies_beyond_the_picture_is_not_reflected() -> None:
    """Above, the picture ends a little over the hair: no black line of it comes back behind the head."""
    image, seen, person = before_it()
    image[:] = 0.5
    image[..., : 4 * 15, :] = 0
    seen[:15] = 0
    out = textured(plain(np.full(3, 0.5, np.float32), FILL_SIDE), image, seen, person)
    assert np.abs(out[34:] - 0.5).max() < 0.02


def hid() -> np.ndarray:
    out = np.zeros((FILL_SIDE, FILL_SIDE), np.float32)
    out[16:48, 24:40] = 1
    return out


def test_a_guess_that_is_a_shade_off_takes_the_shade_of_what_it_meets() -> None:
    camera = plain(WALL, FILL_SIDE)
    out = levelled(plain(WALL - 0.05), camera, 1 - hid(), hid())
    assert out.shape == (S, S, 3) and out.dtype == np.float32
    assert np.abs(out[40:88, 52:76] - WALL).max() < 0.012


def test_strands_and_bodies_say_nothing_of_the_shade_of_a_wall() -> None:
    camera = plain(WALL, FILL_SIDE)
    camera[16:48, 22:24] = 0.95  # a bright strand on one side
    camera[48:] = (0.1, 0.1, 0.1)  # a shirt
    out = levelled(plain(WALL), camera, 1 - hid(), hid())
    assert np.abs(out[40:88, 52:76] - WALL).max() < 0.01


def test_where_nothing_was_hidden_or_nothing_is_seen_the_guess_stays() -> None:
    guess, camera, nowhere = plain(WALL - 0.05), plain(WALL, FILL_SIDE), np.zeros_like(hid())
    assert np.array_equal(levelled(guess, camera, 1 - hid(), nowhere), guess)
    assert np.array_equal(levelled(guess, camera, nowhere, hid()), guess)


def test_no_guess_is_corrected_by_more_than_a_shade() -> None:
    out = levelled(plain(WALL - 0.2), plain(WALL, FILL_SIDE), 1 - hid(), hid())
    assert (out - (WALL - 0.2)).max() <= 0.071
