"""From a head and a style to a layer: where it may paint, and how it meets what it leaves alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import cv2
import numpy as np
import pytest

from mirror.core.face import INNER_FACE
from mirror.core.face_lighting import Lit
from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import FACE_SHAPE_SIZE, HeadTransform, fill_polygon, paste_back
from mirror.hair.painting.hair_swap import Swap, feather_new, feather_old
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, StyleCode
from mirror.pipeline.mirror import Mirror
from mirror.removal.crop_edge import tips, window
from mirror.removal.head_outlines import Outlines
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole
from tests.oval import oval_shape


def disc(x: float, y: float, radius: float, side: int = SIDE) -> np.ndarray:
    """A disc with a soft rim, float32 (side, side)."""
    rows, columns = np.mgrid[:side, :side]
    return np.clip((radius - np.hypot(columns - x, rows - y)) / 3 + 0.5, 0, 1).astype(np.float32)


class Painter:
    """Paints one colour, and the new hair where it is told; keeps what it was given."""

    name, device, precision, reason = "fake", "none", "f32", "a test"

    def __init__(self, colour: tuple[float, float, float], alpha: np.ndarray) -> None:
        self._answer = np.ones((1, 8, SIDE, SIDE), np.float32)
        self._answer[0, :6] = np.tile(colour, 2)[:, None, None]
        self._answer[0, 6] = alpha
        self.given: dict[str, np.ndarray] = {}

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        self.given = {name: array.copy() for name, array in arrays.items()}
        return {"layer": self._answer}

    def close(self) -> None:
        pass


def head_of(colour: tuple[float, float, float] = (0.5, 0.5, 0.5), inner: np.ndarray | None = None) -> Head:
    image = np.empty((1, 3, SIDE, SIDE), np.float32)
    image[0] = np.array(colour, np.float32)[:, None, None]
    face = (disc(128, 140, 60) * 255).astype(np.uint8)
    inner = np.zeros((SIDE, SIDE), np.uint8) if inner is None else inner
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    return Head(image, face, inner, whole, np.zeros(FACE_SHAPE_SIZE, np.float32))


def style_of(coarse: np.ndarray) -> StyleCode:
    shape = np.zeros(FACE_SHAPE_SIZE, np.float32)
    return StyleCode(np.ones(LATENT, np.float32), np.ones(DETAIL_SHAPE, np.float32), coarse, shape)


def paint(painter: Painter, head: Head, matte: np.ndarray, style: StyleCode) -> Any:
    engine: Any = painter
    return Swap(engine).paint(Subject(head, matte), style)


def test_the_layer_keeps_its_promises() -> None:
    own, coarse = disc(128, 70, 50), disc(32, 20, 18, COARSE_SIDE)
    painter = Painter((0.4, 0.3, 0.2), disc(128, 80, 80))
    layer = paint(painter, head_of(), own, style_of(coarse))
    assert layer.rgb.shape == (SIDE, SIDE, 3) and layer.rgb.dtype == np.uint8
    for part in (layer.cover, layer.old, layer.new):
        assert part.shape == (SIDE, SIDE) and part.dtype == np.float32
        assert part.min() == 0 and 0.99 < part.max() <= 1
    assert np.array_equal(layer.cover, np.maximum(layer.old, layer.new))
    assert (layer.cover[own > 0.5] > 0.97).all(), "the hair that was there is covered"


def test_the_painter_is_given_what_it_was_trained_with() -> None:
    own, coarse = disc(128, 70, 50), disc(32, 20, 18, COARSE_SIDE)
    painter = Painter((0.4, 0.3, 0.2), own)
    head = head_of()
    paint(painter, head, own, style_of(coarse))
    shapes = {name: array.shape for name, array in painter.given.items()}
    assert shapes == {
        "image": (1, 3, SIDE, SIDE), "maps": (1, 3, SIDE, SIDE), "coarse": (1, 1, 64, 64),
        "detail": (1, *DETAIL_SHAPE), "z": (1, LATENT), "shape": (1, FACE_SHAPE_SIZE),
    }  # fmt: skip
    assert all(array.dtype == np.float32 for array in painter.given.values())
    hole, face, valid = painter.given["maps"][0]
    small = cv2.resize(own, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
    assert np.array_equal(hole, cut_hole(small, coarse, SIDE, radius=3))
    assert np.allclose(face, head.face / 255) and (valid == 1).all()
    # Detail counts only where the style has hair.
    assert not painter.given["detail"][0][:, 62].any() and (painter.given["detail"][0][:, 20, 32] == 1).all()


def test_nothing_is_painted_outside_the_hole() -> None:
    own, coarse = disc(128, 60, 30), disc(32, 18, 10, COARSE_SIDE)
    painter = Painter((0.4, 0.3, 0.2), np.ones((SIDE, SIDE), np.float32))  # it claims hair everywhere
    layer = paint(painter, head_of(), own, style_of(coarse))
    hole = painter.given["maps"][0, 0]
    outside = cv2.dilate(hole, np.ones((5, 5))) == 0
    assert outside.mean() > 0.3 and not layer.cover[outside].any()


def test_a_stray_lock_far_from_the_styles_hair_is_not_shown() -> None:
    own, coarse = disc(128, 90, 100), disc(32, 30, 10, COARSE_SIDE)
    stray = np.maximum(disc(128, 120, 38), disc(128, 20, 6))
    layer = paint(Painter((0.4, 0.3, 0.2), stray), head_of(), own, style_of(coarse))
    assert layer.new[120, 128] > 0.99 and not layer.new[8:32].any()
    assert layer.old[20, 128] > 0.99, "what was there before goes all the same"


def test_a_faint_tail_of_the_painters_matte_counts_as_nothing() -> None:
    hole = np.ones((SIDE, SIDE), np.float32)
    assert not feather_new(np.full((SIDE, SIDE), 0.05, np.float32), hole).any()
    full = feather_new(np.ones((SIDE, SIDE), np.float32), hole)
    assert full.max() <= 1 and full.min() == 1
    ramp = feather_new(np.tile(np.linspace(0, 1, SIDE, dtype=np.float32), (SIDE, 1)), hole)[128]
    assert (np.diff(ramp) >= 0).all()


def test_bald_on_bald_paints_nothing() -> None:
    nothing = np.zeros((SIDE, SIDE), np.float32)
    layer = paint(Painter((1, 0, 0), nothing), head_of(), nothing, style_of(nothing[:64, :64].copy()))
    assert not layer.cover.any() and not layer.old.any() and not layer.new.any()


@pytest.mark.parametrize("scale", [90.0, 256.0, 800.0])
@pytest.mark.parametrize("tilt", [0.0, 0.35])
def test_eyes_nose_and_mouth_are_never_under_the_old_hairs_matte(scale: float, tilt: float) -> None:
    """Even where the matte network takes the whole head for hair, and at every size in the frame."""
    transform = HeadTransform(300.3, 260.7, scale, tilt)
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    hull = np.stack([0.5 + 0.16 * np.sin(turn), 0.55 + 0.15 * np.cos(turn)], 1)
    everywhere = np.ones((SIDE, SIDE), np.float32)
    old = feather_old(everywhere, everywhere, fill_polygon(hull, SIDE))
    assert old[10, 10] == 1
    pasted = paste_back(old, transform, (0, 0, 640, 640))
    inside = within(transform.to_frame(hull), 640, 640)
    assert inside.any() and not pasted[inside].any()


def test_on_a_real_face_the_hull_changes_only_under_new_hair(mirror: Mirror, portrait: np.ndarray) -> None:
    face = mirror.find_face(portrait)
    assert face is not None
    transform = HeadTransform.from_face(face)
    head = look_at(portrait, face, transform)
    hair = disc(128, 100, 110)  # hair that hangs over the eyes
    coarse = cv2.resize(hair, (64, 64), interpolation=cv2.INTER_AREA)
    layer = paint(Painter((0.9, 0.1, 0.1), disc(128, 60, 60)), head, hair, style_of(coarse))
    hull = cv2.convexHull(face.landmarks[list(INNER_FACE), :2])[:, 0]
    inside = within(hull, portrait.shape[1], portrait.shape[0])
    old = paste_back(layer.old, transform, (0, 0, portrait.shape[1], portrait.shape[0]))
    assert inside.sum() > 1000 and not old[inside].any()


def within(hull: np.ndarray, width: int, height: int) -> np.ndarray:
    """bool (height, width): pixels whose centre lies inside a convex outline (N, 2), whichever way round."""
    rows, columns = np.mgrid[:height, :width].astype(np.float64)
    sides = [
        (b[0] - a[0]) * (rows - a[1]) - (b[1] - a[1]) * (columns - a[0])
        for a, b in zip(hull.astype(np.float64), np.roll(hull.astype(np.float64), -1, 0), strict=True)
    ]
    return np.all(np.stack(sides) > 0, 0) | np.all(np.stack(sides) < 0, 0)


def lit(tone: tuple[float, float, float] = (-1.0, -2.0, -2.5), **said: Any) -> Lit:
    nothing = np.zeros(3)
    known: dict[str, Any] = {"level": np.full(3, -1.7), "across": nothing, "down": nothing, "sure": 1.0}
    return Lit(np.array(tone), **(known | said))


def test_the_shadow_under_a_hairline_goes_with_the_hair() -> None:
    outlines = Outlines.of(oval_shape())
    hair = disc(128, 40, 44)
    everywhere, no_face = np.ones((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.uint8)
    plain = feather_old(hair, everywhere, no_face)
    old = feather_old(hair, everywhere, no_face, outlines)
    line = int(np.nonzero(hair[:, 128] > 0.5)[0].max())
    assert plain[line + 8, 128] == 0 and old[line + 8, 128] > 0.3, "a little below the hairline"
    assert (np.diff(old[line:, 128]) <= 1e-6).all()
    assert not old[int(0.39 * SIDE) :].any(), "and brows are left alone"
    assert (old >= plain).all()


def test_hair_takes_the_light_and_nothing_else_does() -> None:
    own = np.zeros((SIDE, SIDE), np.float32)
    hair = disc(128, 60, 40)
    coarse = cv2.resize(hair, (64, 64), interpolation=cv2.INTER_AREA)
    engine: Any = Painter((0.4, 0.4, 0.4), hair)
    head, style = head_of((0.4, 0.4, 0.4)), style_of(coarse)
    style = dataclasses.replace(style, light=lit().light)
    same = Swap(engine).paint(Subject(head, own, lit=lit()), style)
    warm = Swap(engine).paint(Subject(head, own, lit=lit(level=np.array((-1.2, -1.7, -2.4)))), style)
    inside, outside = hair > 0.99, hair < 0.01
    change = warm.rgb.astype(int) - same.rgb
    assert change[inside][:, 0].mean() > 3 and change[inside][:, 2].mean() < -8
    assert not change[outside].any()
    unknown = Swap(engine).paint(
        Subject(head, own, lit=lit(level=np.array((-1.2, -1.7, -2.4)))), style_of(coarse)
    )
    assert np.array_equal(unknown.rgb, same.rgb), "of a style without light nothing is known"


def test_what_is_held_in_front_stays_in_front() -> None:
    own, hair = disc(128, 70, 50), disc(128, 80, 80)
    coarse = cv2.resize(hair, (64, 64), interpolation=cv2.INTER_AREA)
    engine: Any = Painter((0.4, 0.3, 0.2), hair)
    front = disc(150, 70, 20)
    free = Swap(engine).paint(Subject(head_of(), own), style_of(coarse))
    held = Swap(engine).paint(Subject(head_of(), own, front=front), style_of(coarse))
    for name in ("cover", "old", "new"):
        before, after = getattr(free, name), getattr(held, name)
        assert not after[front > 0.9].any() and np.array_equal(after[front == 0], before[front == 0])
        assert (after <= before).all() and before[front > 0.9].min() > 0.9
    assert np.array_equal(held.cover, np.maximum(held.old, held.new))
    doubt = Swap(engine).paint(Subject(head_of(), own, front=np.full_like(front, 0.25)), style_of(coarse))
    assert np.array_equal(doubt.cover, free.cover), "a doubt is no hand"


def test_the_cover_ends_softly_before_the_square_does():
    ramp = window(SIDE)
    assert ramp[100, 128] == 1 and ramp[SIDE - 12, 128] == 1
    assert max(ramp[0].max(), ramp[-1].max(), ramp[:, 0].max(), ramp[:, -1].max()) < 0.05
    assert np.abs(np.diff(ramp[:, 128])).max() < 0.2


def test_long_hair_ends_lock_by_lock_and_neither_in_a_line_nor_in_a_fog():
    ends = tips(SIDE)
    assert (ends[: int(SIDE * 0.85)] == 1).all() and not ends[-3:].any()
    where = (ends > 0.5).sum(0)
    assert where.max() - where.min() > 0.06 * SIDE, "not a line"
    assert ((ends > 0.05) & (ends < 0.95)).sum(0).max() < 0.04 * SIDE, "not a fog"
    assert np.array_equal(ends, tips(SIDE)), "the same every day"
