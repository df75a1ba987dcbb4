"""Camera sharpness: grown hair takes the sharpness of the picture, and is made anew where that is seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compositing.skin_light import usual_light
from mirror.core.head_space import HeadTransform
from mirror.core.workers import Workers
from mirror.hair.camera_sharpness import Sharpness, as_sharp, camera_fineness, fineness
from mirror.hair.store import LayerStore
from tests.grown_fakes import grown_style

SIDE = 256
EVERYWHERE = np.ones((SIDE, SIDE), np.uint8)


def texture(soft: float, seed: int = 0) -> np.ndarray:
    """uint8 (256, 256): strands, blurred."""
    noise = np.random.default_rng(seed).normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    strands = cv2.GaussianBlur(cv2.GaussianBlur(noise, (0, 0), sigmaX=0.6, sigmaY=6.0), (0, 0), soft)
    return np.clip(120 + strands * (25 / strands.std()), 0, 255).astype(np.uint8)


def layer(soft: float) -> np.ndarray:
    grey = texture(soft)
    return cv2.merge([grey, grey, grey, np.full_like(grey, 255)])


def shown(picture: np.ndarray) -> float:
    found = fineness(np.ascontiguousarray(picture[..., 0]), EVERYWHERE)
    assert found is not None
    return found


@pytest.mark.parametrize(("wanted", "way"), [(-0.6, -1), (0.6, 1)], ids=["softer", "sharper"])
@pytest.mark.parametrize("times", [1, 2])
def test_hair_becomes_as_sharp_as_the_camera(wanted: float, way: int, times: int) -> None:
    before = layer(0.4)
    if times == 2:
        before = cv2.resize(before, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    after = as_sharp(before, Sharpness(shown_at(before, times) + wanted, scale=1.0), times)
    off = shown_at(after, times) - shown_at(before, times)
    assert 0.15 < way * off < 0.9
    assert (after[..., :3] <= after[..., 3:]).all(), "premultiplied"


def shown_at(picture: np.ndarray, times: int) -> float:
    """As it is shown, once as large as its view."""
    return shown(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA) if times > 1 else picture)


def test_what_says_nothing_changes_nothing() -> None:
    before = layer(0.4)
    assert as_sharp(before, None) is before
    assert as_sharp(before, Sharpness(shown(before) - 0.17, 1.0)) is before, "as sharp already"
    nothing = np.zeros((40, 40, 4), np.uint8)
    assert as_sharp(nothing, Sharpness(0.0, 1.0)) is nothing
    assert fineness(texture(0.4), np.zeros((SIDE, SIDE), np.uint8)) is None


def test_the_camera_is_read_off_hair_and_face() -> None:
    transform = HeadTransform(SIDE / 2, SIDE / 2, SIDE, 0.0)
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    face = 0.5 + 0.25 * np.column_stack([np.cos(angles), np.sin(angles)])
    hair = np.zeros((SIDE, SIDE), np.float32)
    hair[:60] = 1.0
    sharp, soft = (cv2.merge([texture(blur)] * 3) for blur in (0.4, 0.9))
    of = {
        (name, bool(matte.any())): camera_fineness(image, transform, matte, face)
        for name, image in (("sharp", sharp), ("soft", soft))
        for matte in (hair, np.zeros_like(hair))
    }
    assert all(found is not None for found in of.values())
    for seen in (True, False):
        sharper, softer = of["sharp", seen], of["soft", seen]
        assert sharper is not None and softer is not None and sharper > softer + 0.2
    small = HeadTransform(4.0, 4.0, 8.0, 0.0)
    assert camera_fineness(sharp, small, hair, face) is None, "of so few pixels nothing is told"


def test_layers_are_made_anew_where_it_is_seen_and_only_there() -> None:
    style, store = grown_style(), LayerStore(Workers())
    store.light(usual_light())
    made = []
    for sharpness in (
        None,
        Sharpness(-0.1, 1.0),
        Sharpness(-0.2, 1.1),
        Sharpness(-0.4, 1.0),
        Sharpness(-0.4, 1.5),
    ):
        if sharpness is not None:
            store.sharpen(sharpness)
        store.tend(style, None, [1])
        store.finish()
        view = store.get(style, 1, None)
        assert view is not None and view.enlarge().double is not None
        made.append(view.sharpness)
    first = Sharpness(-0.1, 1.0)
    assert made == [None, first, first, Sharpness(-0.4, 1.0), Sharpness(-0.4, 1.5)]
