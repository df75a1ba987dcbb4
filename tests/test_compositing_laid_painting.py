"""What was painted a moment ago, laid on the head as it is now."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.alpha_compositing import compose
from mirror.compositing.laid_painting import LaidPainting, Painting, painting_of
from mirror.compositing.over import Canvas
from mirror.core.head_space import HeadTransform, face_shape
from mirror.core.layer import Layer
from mirror.removal.background_plate import Plate
from mirror.removal.long_hair import Under
from tests.train_tiny import some_face

SIZE = (320, 240)
AT = HeadTransform(160.0, 118.0, 200.0, 0.05)
CAMERA = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)


def face(yaw: float = 0.0) -> np.ndarray:
    points = some_face(yaw=yaw)
    return face_shape(points, HeadTransform.from_face(points))


def soft(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((256, 256), np.float32)
    mask[top:bottom, left:right] = 1
    return cv2.GaussianBlur(mask, (0, 0), 2) * (cv2.blur(mask, (9, 9)) > 0)


def some_layer(colour: int = 200) -> Layer:
    rgb = np.full((256, 256, 3), colour, np.uint8)
    rgb[:, ::8] = 60
    new, old = soft(70, 20, 190, 90), soft(60, 30, 80, 200)
    return Layer(rgb, np.maximum(new, old), old, new)


def laid(painting: Painting, yaw: float = 0.0, at: HeadTransform = AT, strength: float = 1.0) -> LaidPainting:
    return LaidPainting(painting, painting.sheet, face(yaw), at, strength, Plate())


def shown(one: LaidPainting, camera: np.ndarray = CAMERA) -> np.ndarray:
    out = camera.copy()
    one.lay(out, camera, Canvas())
    return out


def test_on_the_head_that_it_was_painted_on_it_lies_as_painted() -> None:
    layer = some_layer()
    painting = painting_of(layer, face(), AT, SIZE)
    off = np.abs(shown(laid(painting)).astype(int) - compose(CAMERA, layer, AT))
    # Colours are mixed after they are multiplied with alpha, not before.
    assert off.mean() < 0.4 and np.percentile(off, 99.5) <= 12


@pytest.mark.parametrize("strength", [1.0, 0.4, 0.0])
@pytest.mark.parametrize("yaw", [0.0, 6.0, -9.0])
def test_what_neither_matte_reaches_is_the_cameras_to_the_bit(yaw: float, strength: float) -> None:
    layer = some_layer()
    under = Under(layer.rgb, soft(60, 76, 90, 120), soft(60, 76, 90, 120), np.zeros((256, 256), np.float32))
    painting = painting_of(replace(layer, below=under), face(), AT, SIZE)
    for at in (AT, replace(AT, x=60.0, y=70.0), replace(AT, x=900.0)):
        one = laid(painting, yaw, at, strength)
        changed = (shown(one) != CAMERA).any(-1)
        old, new = one.mattes(SIZE)
        assert not changed[(old == 0) & (new == 0)].any()
        assert changed.any() == (strength > 0 and at.x < 500)


def test_it_turns_with_the_head_the_way_paint_does() -> None:
    spot = np.zeros((256, 256), np.float32)
    spot[96:112, 120:136] = 1  # on the forehead, in front of the head's centre
    layer = Layer(np.full((256, 256, 3), 255, np.uint8), spot, np.zeros_like(spot), spot)
    painting = painting_of(layer, face(), AT, SIZE)
    black = np.zeros_like(CAMERA)
    middles = []
    for yaw in (-8.0, 0.0, 8.0):
        there = shown(laid(painting, yaw), black).sum((0, 2)).astype(float)
        middles.append(float(there @ np.arange(SIZE[0]) / there.sum()))
    left, ahead, right = middles
    assert abs(left - ahead) > 1 and (left - ahead) * (right - ahead) < 0
    assert abs(left - ahead + (right - ahead)) < 1, "as far to one side as to the other"


def test_one_fades_into_the_next() -> None:
    first, then = (painting_of(some_layer(colour), face(), AT, SIZE) for colour in (200, 100))
    both = then.after(first)
    assert both.before is not None
    pictures = []
    for share in (0.0, 0.5, 1.0):
        one = replace(laid(both), sheet=both.sheet.mixed(both.before, share))
        pictures.append(shown(one).astype(int))
    assert np.abs(pictures[0] - shown(laid(first))).max() <= 1
    assert np.abs(pictures[2] - shown(laid(then))).max() <= 1
    assert np.abs(pictures[1] * 2 - pictures[0] - pictures[2]).max() <= 4


def test_squares_that_come_and_go_fade_too_and_so_do_larger_ones() -> None:
    small = painting_of(some_layer(), face(), AT, SIZE)
    below = soft(60, 76, 90, 140)
    under = Under(some_layer().rgb, below, below, np.zeros_like(below))
    fine = cv2.merge([cv2.resize(some_layer().rgb, (512, 512)), np.full((512, 512), 200, np.uint8)])
    near = replace(AT, scale=400.0)
    large = painting_of(replace(some_layer(), below=under, fine=fine), face(), near, (900, 900))
    for one, other in ((small, large), (large, small)):
        both = one.after(other)
        assert both.before is not None and len(both.sheet.squares) == len(both.before.squares) == 2
        half = both.sheet.mixed(both.before, 0.5)
        assert [len(square) for square in half.squares] == [len(square) for square in both.sheet.squares]
        assert both.sheet.squares[1].any() or both.before.squares[1].any()


def test_the_plate_is_shown_where_the_wall_is_known() -> None:
    wall = np.full((240, 320, 3), (10, 120, 60), np.uint8)
    plate = Plate()
    for n in range(80):
        plate.learn(wall, n / 10)
    layer = some_layer()
    known = replace(layer, wall=np.where(layer.new > 0, 0, layer.old).astype(np.float32))
    painting = painting_of(known, face(), AT, SIZE)
    one = LaidPainting(painting, painting.sheet, face(), AT, 1.0, plate)
    out, (old, new) = shown(one), one.mattes(SIZE)
    bared = (old > 0.999) & (new == 0)
    assert bared.sum() > 200
    assert np.abs(out[bared].astype(int) - wall[bared]).mean() < 6
    painted = shown(laid(painting_of(layer, face(), AT, SIZE)))[bared].astype(int)
    assert np.abs(painted - wall[bared]).mean() > 50


def test_what_is_held_before_the_head_stays_the_cameras() -> None:
    painting = painting_of(some_layer(), face(), AT, SIZE)
    front = np.zeros((256, 256), np.uint8)
    front[:, 100:140] = 255
    one = replace(laid(painting), front=front)
    out = shown(one)
    pasted = cv2.warpAffine(front, AT.matrix(256), SIZE, flags=cv2.INTER_LINEAR)
    assert np.array_equal(out[pasted == 255], CAMERA[pasted == 255])
    assert (out != CAMERA).any(-1)[pasted == 0].sum() > 500


def test_beyond_the_edge_of_the_frame_all_goes_on_as_it_is_there() -> None:
    layer = some_layer()
    rows = np.arange(256)[:, None, None]
    low = replace(AT, y=40.0)  # its top is out of the picture
    edge = 256 * (0.46 - 40 / 200)
    beyond = np.where(rows < edge, np.uint8(0), layer.rgb)
    painting = painting_of(replace(layer, rgb=beyond.astype(np.uint8)), face(), low, SIZE)
    down = replace(low, y=50.0)
    out = shown(laid(painting, at=down), np.zeros_like(CAMERA))
    assert out[:9, 140:180].max(1).min() > 150, "not what was guessed there"
