"""Pose, warp, choice of views, light and mixing, each against what is known of it."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.compositing.frame_part import Warp
from mirror.compositing.hairline_fit import HairlineFit
from mirror.compositing.head_pose import inverse, moved, pose_of, similarity
from mirror.compositing.head_silhouette import RAYS
from mirror.compositing.over import Canvas, dimmed, masked, over, shaded
from mirror.compositing.skin_light import SkinLight
from mirror.compositing.views import SECONDS, ViewChoice, by_distance
from mirror.compositing.warp import CONTROL, FaceShape, OwnShape, ViewWarp
from mirror.core.face import Face
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.hair.key_view import GROUPS, SKIN
from tests.grown_fakes import SIZE, grown_style
from train.groom.camera import portrait_camera
from train.groom.head import load_head


def face_at(yaw: float, pitch: float = 0.0, scale: float = 1.0, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    """float32 (478, 3): the groom's own head, turned, as a tracker would tell it in a picture."""
    head = load_head()
    camera = portrait_camera(head, yaw=yaw, pitch=pitch, size=SIZE)
    seen = camera.see(head.landmarks)
    flat = camera.project(head.landmarks) * scale + (x, y)
    depth = (seen[:, 2] - seen[:, 2].mean()) * camera.focal / seen[:, 2].mean() * scale
    points = np.column_stack([flat, depth]).astype(np.float32)
    return np.concatenate([points, points[:10]])


@pytest.mark.parametrize("yaw, pitch", [(0, 0), (20, 0), (-33, 0), (0, 15), (12, -10)])
def test_the_pose_is_the_one_that_the_head_was_turned_by(yaw: float, pitch: float) -> None:
    pose = pose_of(grown_style().landmarks, face_at(yaw, pitch, 2.0))
    assert abs(pose.yaw - yaw) < 2 and abs(pose.pitch - pitch) < 2.5


def test_an_affine_map_and_its_inverse() -> None:
    points = np.array([[0.0, 0], [5, 1], [2, 7]])
    there = similarity(points, points @ np.array([[0.0, 2], [-2, 0]]) + (3, 4))
    assert np.allclose(moved(moved(points, there), inverse(there)), points)


@pytest.mark.parametrize("yaw", [10.0, 17.0, 2.0])
def test_a_point_on_the_head_lands_where_the_head_has_turned_to(yaw: float) -> None:
    """The layer's own surface is a plane through the eyes here: a point of it is known in both pictures."""
    style, scale = grown_style(), 1.7
    warp = ViewWarp(style, style.views[1])
    face = face_at(yaw, scale=scale, x=40, y=25)
    placed = warp.place(pose_of(style.landmarks, face), face, FaceShape(), 0.0)
    size = (420, 600)
    grid = Warp(placed.matrix, placed.field(0)).grid((0, 0, *size), Canvas())
    camera = portrait_camera(load_head(), yaw=yaw, size=SIZE)
    for pixel in ((112.0, 80.0), (90.0, 60.0), (140.0, 100.0)):
        view = style.views[1]
        point = view.camera.lift(np.array([pixel]), np.array([view.depth[0, 0]], np.float64))
        at = np.round(camera.project(point)[0] * scale + (40, 25)).astype(int)
        assert np.hypot(*(grid[at[1], at[0]] - pixel)) < 3, (pixel, grid[at[1], at[0]])


def test_a_wider_face_wears_wider_hair() -> None:
    style = grown_style()
    warp = ViewWarp(style, style.views[1])
    usual, wide = face_at(10.0), face_at(10.0)
    wide[:, 0] = (wide[:, 0] - 112) * 1.1 + 112
    pose = pose_of(style.landmarks, usual)
    boxes = [
        warp.place(pose, face, FaceShape(), 0.0).reached(0, (62, 44, 162, 116), (1000, 1000))
        for face in (usual, wide)
    ]
    assert boxes[1][2] - boxes[1][0] > boxes[0][2] - boxes[0][0] + 4


def test_an_outline_is_close_around_what_a_box_reaches() -> None:
    style = grown_style()
    face = face_at(10.0, scale=3.0)
    placed = ViewWarp(style, style.views[1]).place(pose_of(style.landmarks, face), face, FaceShape(), 0.0)
    box, size = (62, 44, 162, 116), (1000, 1000)
    outline, reached = placed.outline(0, box, size), placed.reached(0, box, size)
    assert all(a <= b for a, b in zip(reached[:2], outline[:2], strict=True))
    assert all(a >= b for a, b in zip(reached[2:], outline[2:], strict=True))
    wide = (box[2] - box[0]) * placed.scale
    assert abs(outline[2] - outline[0] - wide) < 0.12 * wide < 0.5 * (reached[2] - reached[0] - wide)
    assert placed.outline(0, (9, 9, 9, 9), size) == (0, 0, 0, 0)


def test_hair_goes_with_the_skull_beneath_it() -> None:
    style, face = grown_style(), face_at(10.0)
    warp = ViewWarp(style, style.views[1])
    pose, eyes = pose_of(style.landmarks, face), face[[33, 133, 263, 362], :2].mean(0)

    def nodes(stretch: np.ndarray | None) -> np.ndarray:
        own = OwnShape(stretch, HairlineFit())
        placed = warp.place(pose, face, FaceShape(), 0.0, own)
        return moved(placed._there[0].reshape(-1, 2), placed.matrix)

    usual = nodes(None)
    distance = float(np.hypot(*(face[33, :2] - face[263, :2])))
    low, wide = nodes(np.full(len(RAYS), -0.1)), nodes(np.where(np.abs(RAYS - 90) > 60, 0.1, 0.0))
    above = usual[:, 1] < eyes[1] - distance
    below = (usual[:, 1] > eyes[1] + distance) & (np.abs(usual[:, 0] - eyes[0]) < distance / 3)
    assert (low[above, 1] > usual[above, 1] + 0.5).all()
    assert np.allclose(low[below], usual[below]) and np.allclose(wide[below], usual[below])
    beside = (usual[:, 0] > eyes[0] + 1.6 * distance) & (
        np.abs(usual[:, 1] - eyes[1] + distance) < distance / 3
    )
    assert beside.any() and (wide[beside, 0] > usual[beside, 0] + 0.02 * distance).all()


def test_the_shape_of_a_face_settles() -> None:
    shape, off = FaceShape(), np.zeros((len(CONTROL), 2))
    shape.settled(off, 0.0)
    assert 0 < shape.settled(off + 1, 0.1).max() < 0.4 < shape.settled(off + 1, 1.5).min()


def test_views_pass_over_into_each_other_and_do_not_tremble() -> None:
    yaws, choice = (-15.0, 0.0, 15.0), ViewChoice()
    assert choice.choose(yaws, 2.0, 0.0) == [(1, 1.0)]
    assert choice.choose(yaws, 8.5, 1.0) == [(1, 1.0)], "a head that trembles at the border changes nothing"
    shares = [dict(choice.choose(yaws, 9.5, 2.0 + step * SECONDS / 10)).get(2, 0.0) for step in range(0, 14)]
    assert shares[0] == 0 and shares[-1] == 1
    assert (np.diff(shares) >= 0).all() and np.diff(shares).max() < 0.11, "never a jump"
    assert choice.choose(yaws, 6.5, 9.0) == [(2, 1.0)], "nor is it back at once"
    choice.reset()
    assert choice.choose(yaws, 40.0, 9.0) == [(2, 1.0)]
    turned = [choice.choose(yaws, -60.0, at) for at in (9.1, 9.15, 9.4)]
    assert turned[0] == [(2, 1.0)] and turned[2] == [(0, 1.0)]
    assert sum(share for _, share in turned[1]) == pytest.approx(1)
    assert by_distance(yaws, 9.0) == [2, 1, 0]


def test_where_alpha_is_nothing_the_picture_stays_to_the_bit() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 48, 3), dtype=np.uint8)
    layer = np.zeros((64, 48, 4), np.uint8)
    layer[:20] = (10, 20, 30, 255)
    layer[20:30] = (50, 0, 0, 128)
    out, canvas = picture.copy(), Canvas()
    over(out, layer, canvas)
    assert np.array_equal(out[30:], picture[30:]) and (out[:20] == (10, 20, 30)).all()
    assert np.abs(out[20:30].astype(float) - (picture[20:30] * (127 / 255) + (50, 0, 0))).max() <= 1
    again = picture.copy()
    over(again, layer, canvas)
    assert np.array_equal(again, out)
    dimmed(again, np.full((64, 48), 255, np.uint8), canvas)
    assert np.array_equal(again, out)
    assert not masked(layer.copy(), np.zeros((64, 48), np.uint8), canvas).any()


def test_memory_is_taken_once() -> None:
    canvas = Canvas()
    first = canvas.take("a", 100, 100, 3)
    assert np.shares_memory(first, canvas.take("a", 90, 80, 3))
    assert not np.shares_memory(first, canvas.take("b", 90, 80, 3))


def test_light_from_the_left_is_light_from_the_left() -> None:
    """A face is painted as the bare head would be shaded: the weights say from where."""
    import dataclasses

    style = grown_style()
    points = face_at(10.0, scale=2.0)
    face = Face(points)
    transform = HeadTransform.from_face(face)
    places = transform.to_unit(points[:468, :2])
    side = places[list(SKIN), 0] - 0.5
    shading = np.full((len(SKIN), len(GROUPS)), 0.05, np.float32)
    shading[:, 0], shading[:, 1] = np.clip(0.2 - side, 0, 1), np.clip(0.2 + side, 0, 1)
    view = dataclasses.replace(style.views[1], shading=shading)
    ramp = np.linspace(1, 0, 448)[None, :, None] ** (1 / 2.2) * np.ones((640, 1, 3))
    head = look_at((ramp * 255).astype(np.uint8), face, transform)
    tints = SkinLight().look(head, places, np.zeros((256, 256), np.float32), view, 0.3, 0.0)
    assert tints["left"][1] > 2 * tints["right"][1]
    covered = SkinLight().look(head, places, np.ones((256, 256), np.float32), view, 0.3, 0.0)
    assert covered["left"] == covered["right"], "where no skin is seen the light is the usual one"


def test_skin_in_shade_is_warmer_and_what_is_not_shaded_stays_to_the_bit() -> None:
    skin = np.full((8, 8, 3), (200, 150, 130), np.uint8)
    lit, shade = skin.copy(), skin.copy()
    shaded(lit, np.full((8, 8), 255, np.uint8), Canvas())
    shaded(shade, np.full((8, 8), 180, np.uint8), Canvas())
    assert np.array_equal(lit, skin)
    red, green, blue = shade[0, 0] / skin[0, 0]
    assert abs(green - 180 / 255) < 0.01 and red > green + 0.02 and blue < green - 0.02
