"""The composite: exactly the camera's pixels where neither matte reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.compositing.frame_part import box_of, reached
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, paste_back
from mirror.core.layer import Layer
from mirror.removal.long_hair import lowered

WIDTH, HEIGHT = 320, 240


def cloud(rng: np.random.Generator, *, faint: bool = False) -> np.ndarray:
    """A soft, ragged matte that is exactly 0 over much of the square."""
    noise = rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.6, 8))
    alpha = np.clip(noise / noise.std() * 0.8 - 0.5, 0, 1)
    frame = rng.integers(0, 90)
    alpha[:frame] = 0
    alpha[:, : frame // 2] = 0
    alpha[SIDE - frame // 3 :] = 0
    return (alpha * (0.02 if faint else 1)).astype(np.float32)


def layer_of(old: np.ndarray, new: np.ndarray, seed: int = 0) -> Layer:
    rgb = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    return Layer(rgb, np.maximum(old, new), old, new)


def somewhere(rng: np.random.Generator) -> HeadTransform:
    return HeadTransform(
        rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(60, 700), rng.uniform(-0.7, 0.7)
    )


def room(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def test_untouched_to_the_bit_where_neither_matte_reaches() -> None:
    rng = np.random.default_rng(3)
    changed_at_all = 0
    for turn in range(150):
        layer = layer_of(cloud(rng, faint=turn % 5 == 0), cloud(rng, faint=turn % 5 == 0), turn)
        image, transform, strength = room(rng), somewhere(rng), float(rng.uniform(0.02, 1))
        kept = image.copy()
        out = compose(image, layer, transform, strength)
        assert out is not image and np.array_equal(image, kept), "the input is not written to"
        assert out.shape == image.shape and out.dtype == np.uint8
        old, new = frame_mattes(layer, transform, (WIDTH, HEIGHT), strength)
        for matte in (old, new):
            assert matte.shape == (HEIGHT, WIDTH) and matte.dtype == np.float32
            assert matte.min() >= 0 and matte.max() <= 1
        changed = (out != image).any(2)
        assert not (changed & (old == 0) & (new == 0)).any(), f"turn {turn}"
        changed_at_all += int(changed.sum())
    assert changed_at_all > 100_000


class Counted(np.ndarray):
    """A picture that counts how often it, or a copy of it, is copied."""

    copies = 0

    def copy(self, *how: Any, **named: Any) -> Any:
        Counted.copies += 1
        return super().copy(*how, **named)


def test_a_frame_is_copied_once_however_many_squares_hang_below_each_other() -> None:
    rng = np.random.default_rng(8)
    image, transform = room(rng), HeadTransform(150, 60, 100, 0.1)
    parts = [layer_of(cloud(rng), cloud(rng), turn) for turn in range(3)]
    layer = replace(parts[0], below=replace(parts[1], below=parts[2]))
    step = compose(compose(image, parts[2], lowered(lowered(transform))), parts[1], lowered(transform))
    Counted.copies = 0
    out = compose(image.view(Counted), layer, transform)
    assert Counted.copies == 1
    assert np.array_equal(out, compose(step, parts[0], transform)) and (out != image).any()


def test_it_is_the_plain_mixture_of_layer_and_picture() -> None:
    rng = np.random.default_rng(4)
    for turn in range(20):
        old = cv2.GaussianBlur(cloud(rng), (0, 0), 3)
        layer, image, transform = layer_of(old, old * 0.5, turn), room(rng), somewhere(rng)
        layer = Layer(cv2.GaussianBlur(layer.rgb, (0, 0), 3), layer.cover, layer.old, layer.new)
        whole = (0, 0, WIDTH, HEIGHT)
        weight = paste_back(layer.cover * np.float32(0.7), transform, whole)[..., None]
        wanted = paste_back(layer.rgb.astype(np.float32), transform, whole) * weight + image * (1 - weight)
        assert np.abs(compose(image, layer, transform, 0.7) - wanted).max() < 3


def test_strength_0_is_the_picture_and_more_of_it_shows_more() -> None:
    rng = np.random.default_rng(5)
    layer, image = layer_of(cloud(rng), cloud(rng)), np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    transform = HeadTransform(160, 120, 200, 0.1)
    assert np.array_equal(compose(image, layer, transform, 0.0), image)
    assert not any(matte.any() for matte in frame_mattes(layer, transform, (WIDTH, HEIGHT), 0.0))
    apart = [
        np.abs(compose(image, layer, transform, s).astype(int) - image).mean() for s in (0, 0.2, 0.5, 0.8, 1)
    ]
    assert all(a < b for a, b in zip(apart, apart[1:], strict=False))


def test_a_head_outside_the_frame_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    layer, image = layer_of(cloud(rng), cloud(rng)), room(rng)
    for x, y in ((-900, 100), (2000, 100), (100, -900), (100, 2000)):
        transform = HeadTransform(x, y, 300, 0.2)
        assert np.array_equal(compose(image, layer, transform), image)
        assert not any(matte.any() for matte in frame_mattes(layer, transform, (WIDTH, HEIGHT)))
    nothing = layer_of(np.zeros((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32))
    assert np.array_equal(compose(image, nothing, HeadTransform(160, 120, 200, 0)), image)


def test_pictures_that_lie_oddly_in_memory() -> None:
    rng = np.random.default_rng(7)
    layer, image, transform = layer_of(cloud(rng), cloud(rng)), room(rng), HeadTransform(160, 120, 200, 0.1)
    wanted = compose(image, layer, transform)
    for odd in (np.asfortranarray(image), image[:, ::-1].copy()[:, ::-1], np.repeat(image, 2, 1)[:, ::2]):
        assert np.array_equal(compose(odd, layer, transform), wanted)
    image.flags.writeable = False
    assert np.array_equal(compose(image, layer, transform), wanted)


def test_no_face_no_mattes() -> None:
    old, new = frame_mattes(None, None, (WIDTH, HEIGHT))
    assert old.shape == new.shape == (HEIGHT, WIDTH) and not old.any() and not new.any()


@pytest.mark.parametrize("angle", [0.0, 0.5])
def test_reached_holds_every_pixel_of_the_cover_and_little_more(angle: float) -> None:
    cover = np.zeros((SIDE, SIDE), np.uint8)
    cover[60:100, 70:190] = 1
    transform = HeadTransform(150.3, 110.8, 260.0, angle)
    left, top, right, bottom = reached(box_of(cover), transform, (WIDTH, HEIGHT))
    pasted = paste_back(cover * np.uint8(255), transform, (0, 0, WIDTH, HEIGHT))
    rows, columns = np.nonzero(pasted)
    assert left <= columns.min() and columns.max() < right and top <= rows.min() and rows.max() < bottom
    assert columns.min() - left < 6 and right - columns.max() < 6
    assert reached(box_of(np.zeros_like(cover)), transform, (WIDTH, HEIGHT)) == (0, 0, 0, 0)
