"""The light on a face: measured through skin of every tone, carried to hair, calm over time."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.face_lighting import FIELD_SIDE, GAMMA, UNKNOWN, LightMeter, gains, measure, mixed
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import FACE_SHAPE_SIZE

LIGHT_SKIN, DARK_SKIN = (0.62, 0.36, 0.27), (0.16, 0.075, 0.045)  # linear
WARM = np.array((1.3, 1.0, 0.55))


def head_of(
    skin: tuple[float, float, float] = LIGHT_SKIN,
    lamp: np.ndarray | None = None,
    across: float = 0.0,
    down: float = 0.0,
    noise: float = 0.01,
) -> Head:
    """A face of one skin with brows, beard, glare and whites of the eyes, in a light."""
    linear = np.full((SIDE, SIDE, 3), 0.3)
    face = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(face, (128, 140), (48, 66), 0, 0, 360, 255, -1)
    linear[face > 0] = skin
    for x in (105, 151):
        cv2.ellipse(linear, (x, 118), (10, 5), 0, 0, 360, (0.4, 0.4, 0.4), -1)
        cv2.circle(linear, (x, 118), 4, (0.02, 0.03, 0.05), -1)
        cv2.line(linear, (x - 12, 104), (x + 12, 104), (0.02, 0.02, 0.02), 3)
    cv2.circle(linear, (140, 92), 4, (1, 1, 1), -1)  # a highlight
    cv2.ellipse(linear, (128, 195), (35, 12), 0, 0, 360, (0.03, 0.02, 0.02), -1)  # a beard
    inner = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(inner, (92, 110), (164, 180), 255, -1)
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    light = np.exp(across * (columns - 0.5) + down * (rows - 0.48))[..., None]
    linear *= light * (np.ones(3) if lamp is None else lamp)
    shown = np.clip(linear, 0, 1) ** (1 / GAMMA) + np.random.default_rng(1).normal(0, noise, linear.shape)
    image = np.ascontiguousarray(np.clip(shown, 0, 1).transpose(2, 0, 1)[None], np.float32)
    return Head(
        image, face, inner, np.full((SIDE, SIDE), 255, np.uint8), np.zeros(FACE_SHAPE_SIZE, np.float32)
    )


def light_of(head: Head) -> np.ndarray:
    found = measure(head)
    assert found is not None and found.light.shape == UNKNOWN.shape and found.light.dtype == np.float32
    return found.light


@pytest.mark.parametrize("skin", [LIGHT_SKIN, DARK_SKIN], ids=["light", "dark"])
def test_tone_and_gradient_are_read_off_the_skin(skin: tuple[float, float, float]) -> None:
    found = measure(head_of(skin, across=-1.5, down=-1.0))
    assert found is not None and found.sure > 0.8
    assert found.tone == pytest.approx(GAMMA * np.log(np.array(skin) ** (1 / GAMMA) + 1 / 255), abs=0.06)
    assert found.across == pytest.approx(-1.5, abs=0.25) and found.down == pytest.approx(-1.0, abs=0.4)
    between_the_eyes = found.skin(SIDE)[123, 128]
    assert between_the_eyes == pytest.approx(np.array(skin) ** (1 / GAMMA), abs=0.02)


def test_the_colour_of_a_lamp_is_told_from_the_colour_of_skin() -> None:
    neutral, dark, warm = (light_of(h) for h in (head_of(), head_of(DARK_SKIN), head_of(lamp=WARM)))
    assert np.abs(neutral[:3] - dark[:3]).max() < 0.1, "dark skin is no dim room"
    assert (warm - neutral)[:3] == pytest.approx(np.log(WARM), abs=0.08)


def test_hair_takes_the_lamp_and_not_the_skin() -> None:
    neutral = light_of(head_of())
    assert gains(neutral, neutral) == pytest.approx(1, abs=1e-6)
    other = gains(light_of(head_of(DARK_SKIN)), neutral)
    assert other is not None and other == pytest.approx(1, abs=0.05), (
        "a dark-skinned person's hair is not darker"
    )
    warm = gains(light_of(head_of(lamp=WARM)), neutral)
    assert warm is not None and warm.shape == (FIELD_SIDE, FIELD_SIDE, 3) and warm.dtype == np.float32
    red, _, blue = warm.mean((0, 1))
    assert red > 1.03 and blue < 0.9
    dim = gains(light_of(head_of(lamp=np.full(3, 0.4))), neutral)
    assert dim is not None and 0.6 < dim.mean() < 0.9


def test_a_window_on_one_side_lights_the_hair_on_that_side() -> None:
    neutral = light_of(head_of())
    field = gains(light_of(head_of(across=-3.0)), neutral)
    assert field is not None
    row = field[16, :, 1]
    assert (np.diff(row) < 0).all() and row[4] > 1.1 and row[-4] < 0.93
    # Beyond the face it goes on only a little.
    assert abs(row[0] - row[4]) < 0.4 * abs(row[4] - row[16])
    same = gains(light_of(head_of(across=-3.0)), light_of(head_of(across=-3.0)))
    assert same == pytest.approx(1, abs=1e-6), "the exemplar stood at a window too"


def glowing(head: Head, white: float = 0.8) -> Head:
    """The same head whose eyes shine."""
    image = head.image.copy()
    for x in (105, 151):
        image[:, :, 114:123, x - 9 : x + 9] = white
    return replace(head, image=image)


def brightness(head: Head) -> float:
    return float(light_of(head)[:3].mean())


def test_eyes_that_shine_in_a_dark_room_are_not_believed() -> None:
    usual, dim = head_of(), head_of(lamp=np.full(3, 0.07))
    assert brightness(glowing(dim)) < brightness(usual) - 1
    assert brightness(glowing(dim)) == pytest.approx(brightness(glowing(dim, 0.6)), abs=0.1)


def test_an_exemplar_before_a_black_cloth_is_in_even_light() -> None:
    dim = glowing(head_of(lamp=np.full(3, 0.07)))
    found, room = measure(dim, room=False), measure(dim)
    assert found is not None and room is not None
    assert found.level.mean() > room.level.mean() + 1


def test_dark_skin_in_a_bright_room_is_no_dim_light() -> None:
    light, dark = (brightness(head_of(skin)) for skin in (LIGHT_SKIN, DARK_SKIN))
    assert dark == pytest.approx(light, abs=0.15)


def test_a_face_lit_before_a_dark_wall_is_lit() -> None:
    """A photographer's black backdrop says nothing: the skin is as bright as skin is."""
    head = head_of()
    image = head.image.copy()
    image[:, :, head.face == 0] *= 0.2
    assert brightness(replace(head, image=image)) == pytest.approx(brightness(head), abs=0.1)


def test_what_cannot_be_is_bounded() -> None:
    one = np.array([-1, -1, -1, 0, 0, 0, 0, 0, 0], np.float32)
    for far in (np.full(9, 9, np.float32), np.full(9, -9, np.float32)):
        field = gains(far, one)
        assert field is not None and field.min() > 0.5 and field.max() < 1.4


def test_an_unknown_light_does_nothing() -> None:
    light = light_of(head_of())
    assert gains(light, UNKNOWN) is None and gains(UNKNOWN, light) is None
    assert np.array_equal(mixed(light, UNKNOWN, 0.7), light) and np.array_equal(
        mixed(UNKNOWN, light, 0.2), light
    )
    assert mixed(light, light * 3, 0.5) == pytest.approx(light * 2)
    assert not mixed(UNKNOWN, UNKNOWN, 0.5).any()


def test_with_no_skin_in_sight_nothing_is_measured() -> None:
    head = head_of()
    assert measure(head, np.ones((SIDE, SIDE), np.float32)) is None
    assert measure(replace(head, valid=np.zeros((SIDE, SIDE), np.uint8))) is None


def test_sunglasses_are_not_the_whites_of_eyes() -> None:
    head = head_of()
    image = head.image.copy()
    image[:, :, 105:132, 85:171] = 0.03
    found, clear = measure(replace(head, image=image)), measure(head)
    assert found is not None and clear is not None and found.sure == 0
    assert np.abs(found.level - clear.level).max() < 0.8


def test_over_time_the_light_is_slow_and_does_not_jump() -> None:
    nothing = np.zeros((SIDE, SIDE), np.float32)
    meter, before, after = LightMeter(), head_of(), head_of(lamp=WARM, across=-2.0)
    first = meter.look(before, nothing, 0.0)
    assert first is not None and np.array_equal(first.light, light_of(before))
    seen = []
    for n in range(1, 91):
        lit = meter.look(after, nothing, n / 30)
        assert lit is not None
        seen.append(lit.light)
    steps = np.abs(np.diff(np.stack(seen), axis=0)).max(0)
    apart = np.abs(light_of(after) - light_of(before))
    assert (steps < 0.25 * apart + 0.02).all()
    assert np.abs(seen[14] - light_of(after))[3] == pytest.approx(np.exp(-1) * apart[3], rel=0.3)
    assert np.abs(seen[-1] - light_of(after)).max() < 0.1 * apart.max()
    meter.reset()
    anew = meter.look(after, nothing, 4.0)
    assert anew is not None and np.array_equal(anew.light, light_of(after))


def test_a_blink_does_not_change_the_lamp() -> None:
    nothing = np.zeros((SIDE, SIDE), np.float32)
    head, meter = head_of(lamp=WARM), LightMeter()
    image = head.image.copy()
    image[:, :, 110:127, 90:167] = (np.array(LIGHT_SKIN) * WARM).clip(0, 1)[:, None, None] ** (1 / GAMMA)
    shut = replace(head, image=image.astype(np.float32))
    before = meter.look(head, nothing, 0.0)
    for n in range(1, 8):
        after = meter.look(shut, nothing, n / 30)
    assert before is not None and after is not None
    assert np.abs(after.level - before.level).max() < 0.03
