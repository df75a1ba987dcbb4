"""Head space: to it and back, to a tenth of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.face import FACE_OVAL, Face
from mirror.core.head_space import (
    EYE_CENTRE,
    EYE_DISTANCE,
    FACE_SHAPE_SIZE,
    HeadTransform,
    crop,
    face_map,
    face_shape,
    fill_polygon,
    inner_face_map,
    paste_back,
    valid_map,
)

SIZE = (1280, 720)
PLACES = [
    HeadTransform(640.0, 360.0, 450.0, 0.0),
    HeadTransform(611.3, 287.7, 333.3, 0.31),
    HeadTransform(700.25, 380.5, 440.0, -0.52),
    HeadTransform(640.0, 330.0, 256.0, 3.0),
]


def gradient(width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
    """float32 (H, W, 2): each pixel holds its own x and y, so that a value is a place."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.dstack([x, y])


def centres(side: int) -> np.ndarray:
    """float64 (side * side, 2): unit coordinates of a crop's pixel centres, row by row."""
    along = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(along, along)
    return np.column_stack([x.ravel(), y.ravel()])


def a_face(x: float = 640, y: float = 360, eyes: float = 81) -> Face:
    """An upright face: an oval, and a mesh that is symmetric about the line between the eyes."""
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = (x, y + 0.6 * eyes)
    for i, index in enumerate(FACE_OVAL):
        angle = 2 * np.pi * i / len(FACE_OVAL)
        points[index, :2] = (x + 1.1 * eyes * np.sin(angle), y + 0.6 * eyes - 1.5 * eyes * np.cos(angle))
    for index, away in ((33, -0.7), (133, -0.3), (362, 0.3), (263, 0.7)):
        points[index, :2] = (x + away * eyes, y)
    points[[61, 291, 17], :2] = (x - 0.4 * eyes, y + eyes), (x + 0.4 * eyes, y + eyes), (x, y + 1.2 * eyes)
    return Face(points)


@pytest.mark.parametrize("place", PLACES)
def test_points_go_there_and_back(place: HeadTransform) -> None:
    points = np.random.default_rng(0).uniform(0, 1280, (100, 2))
    np.testing.assert_allclose(place.to_frame(place.to_unit(points)), points, atol=1e-9)


def test_the_eyes_are_where_head_space_has_them() -> None:
    for turned in (0.0, 0.4):
        face = a_face()
        spin = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
        face.landmarks[:, :2] = (face.landmarks[:, :2] - (640, 360)) @ spin + (640, 360)
        place = HeadTransform.from_face(face)
        right, left = place.to_unit(np.stack(face.eyes))
        assert right == pytest.approx((EYE_CENTRE[0] - EYE_DISTANCE / 2, EYE_CENTRE[1]), abs=1e-6)
        assert left == pytest.approx((EYE_CENTRE[0] + EYE_DISTANCE / 2, EYE_CENTRE[1]), abs=1e-6)
        assert place.angle == pytest.approx(turned, abs=1e-6)


def test_coinciding_eyes_are_no_face() -> None:
    with pytest.raises(ValueError, match="coincide"):
        HeadTransform.from_face(Face(np.zeros((478, 3), np.float32)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("side", [64, 256, 257])
def test_each_pixel_of_a_crop_is_the_place_it_stands_for(place: HeadTransform, side: int) -> None:
    """Holds where the crop shrinks by more than two as well: averaging first must not shift it."""
    cut = crop(gradient(), place, side).reshape(-1, 2)
    expected = place.to_frame(centres(side))
    # The outermost pixels of the averaged picture lie up to one coarse pixel inside.
    margin = max(1.0, place.scale / side) + 1
    low, high = margin, np.array(SIZE) - 1 - margin
    inside = ((expected > low) & (expected < high)).all(1)
    unit = centres(side)
    reach = (margin + 1) / place.scale
    inside &= ((unit > reach) & (unit < 1 - reach)).all(1)
    assert inside.sum() > side * side / 2
    # OpenCV places bilinear samples on a grid of 1/32 of a pixel.
    allowed = 0.1 if place.scale / side < 2 else 0.1 * int(place.scale / side)
    assert np.abs(cut[inside] - expected[inside]).max() < allowed
    assert np.abs((cut[inside] - expected[inside]).mean(0)).max() < 0.05


@pytest.mark.parametrize("place", PLACES)
def test_crop_and_paste_back_is_the_picture_again(place: HeadTransform) -> None:
    """A place goes into the crop and comes back within 0.1 px of where it was."""
    layer = crop(gradient(), place, 512)
    left, top, right, bottom = place.frame_rectangle(*SIZE)
    back = paste_back(layer, place, (left, top, right, bottom))
    assert back.shape == (bottom - top, right - left, 2)
    original = gradient()[top:bottom, left:right]
    unit = place.to_unit(original.reshape(-1, 2)).reshape(original.shape)
    well_inside = ((unit > 0.01) & (unit < 0.99)).all(2)
    assert well_inside.sum() > 0.9 * place.scale**2
    assert np.abs(back - original)[well_inside].max() < 0.1


@pytest.mark.parametrize("place", PLACES)
def test_a_spot_is_found_where_its_landmark_is(place: HeadTransform) -> None:
    """Draw a dot in the frame, cut it out: its centre of mass is at the landmark's unit coordinates."""
    landmark = place.to_frame(np.array([[0.42, 0.61]]))[0]
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    spot = np.exp(-((x - landmark[0]) ** 2 + (y - landmark[1]) ** 2) / 50).astype(np.float32)
    cut = crop(spot, place, 256)
    found = (cut.reshape(-1, 1) * centres(256)).sum(0) / cut.sum()
    assert np.abs((found - (0.42, 0.61)) * place.scale).max() < 0.1


@pytest.mark.parametrize("scale", [512.0, 700.0, 1000.0])
def test_shrinking_does_not_shift(scale: float) -> None:
    """Averaging first and plain sampling agree on a smooth picture, also next to the frame's edge."""
    for place in (HeadTransform(640.0, 360.0, scale, 0.0), HeadTransform(301.7, 203.3, scale, 0.2)):
        side = 256
        plain = cv2.warpAffine(
            gradient(), place.matrix(side), (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        averaged = crop(gradient(), place, side)
        # At the frame's right and lower edge the average leaves out what does not fill a coarse pixel.
        margin = 2 * scale / side + 2
        places = place.to_frame(centres(side)).reshape(side, side, 2)
        whole = ((places > margin) & (places < np.array(SIZE) - 1 - margin)).all(2)
        whole[[0, 1, -2, -1]] = whole[:, [0, 1, -2, -1]] = False
        assert whole.mean() > 0.25
        assert np.abs((averaged - plain)[whole]).max() < 0.1 * int(scale / side)
        assert np.abs((averaged - plain)[whole].mean(0)).max() < 0.05


def test_shrinking_fills_the_square_to_its_rim() -> None:
    """Only the outermost row and column may be dimmed, where a coarse pixel was cut short."""
    white = np.full((720, 1280), 255, np.uint8)
    for scale in (515.0, 523.7, 560.0):
        for angle in (0.0, 0.1):
            cut = crop(white, HeadTransform(640.3, 350.1, scale, angle), 128)
            assert cut[1:-1, 1:-1].min() == 255
            assert cut.min() > 100


def test_sides_agree() -> None:
    """A crop of 512 averaged to 256 and a crop of 256 show the same, pixel on pixel."""
    place = HeadTransform(611.3, 340.7, 450.0, 0.2)
    fine = cv2.resize(crop(gradient(), place, 512), (256, 256), interpolation=cv2.INTER_AREA)
    assert np.abs(fine - crop(gradient(), place, 256))[2:-2, 2:-2].max() < 0.1


def test_a_mirrored_picture_gives_a_mirrored_crop() -> None:
    picture = cv2.GaussianBlur(
        np.random.default_rng(0).integers(0, 256, (720, 1280, 3), dtype=np.uint8), (0, 0), 4
    )
    place = HeadTransform(611.3, 340.7, 420.0, 0.25)
    flipped = HeadTransform(SIZE[0] - 1 - place.x, place.y, place.scale, -place.angle)
    here, there = crop(picture, place, 256), crop(picture[:, ::-1], flipped, 256)[:, ::-1]
    assert np.abs(here.astype(int) - there.astype(int)).max() <= 2


def test_outside_the_picture_is_0_and_not_valid() -> None:
    """The valid map says which pixels of a crop were in the frame."""
    white = np.full((720, 1280), 255, np.uint8)
    for place in (HeadTransform(100.0, 100.0, 500.0, 0.3), HeadTransform(1200.0, 650.0, 300.0, -1.0)):
        valid = valid_map(1280, 720, place, 256)
        cut = crop(white, place, 256)
        assert valid.dtype == np.uint8
        assert 0.1 < (valid == 255).mean() < 0.95
        # Both edges are antialiased, so compare what is clearly in or out.
        core = cv2.erode(valid, np.ones((5, 5))) == 255
        assert cut[core].min() == 255
        assert cut[cv2.dilate(valid, np.ones((5, 5))) == 0].max() == 0
    inside = valid_map(1280, 720, HeadTransform(640.0, 370.0, 400.0, 0.1), 256)
    assert inside.min() == 255


def test_the_rectangle_holds_the_square_and_stays_in_the_frame() -> None:
    for place in (*PLACES, HeadTransform(-50.0, 700.0, 300.0, 0.5), HeadTransform(9000.0, 10.0, 300.0, 0.0)):
        left, top, right, bottom = place.frame_rectangle(*SIZE)
        assert 0 <= left <= right <= 1280 and 0 <= top <= bottom <= 720
        corners = place.to_frame(np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))
        for x, y in corners:
            if 0 <= x < 1279 and 0 <= y < 719:
                assert left <= x < right and top <= y < bottom


def test_crops_keep_type_and_channels() -> None:
    place = PLACES[1]
    for shape, dtype in (((720, 1280), np.uint8), ((720, 1280, 3), np.uint8), ((720, 1280, 3), np.float32)):
        cut = crop(np.ones(shape, dtype), place, 64)
        assert cut.dtype == dtype
        assert cut.shape == (64, 64, *shape[2:])


def test_face_maps_lie_on_the_face() -> None:
    face = a_face()
    place = HeadTransform.from_face(face)
    oval, inner = face_map(face, place, 256), inner_face_map(face, place, 256)
    assert oval.dtype == inner.dtype == np.uint8
    # An upright, symmetric face: its map is its own mirror image, and the inner face is inside.
    assert np.abs(oval.astype(int) - oval[:, ::-1]).max() <= 40
    assert 0 < (inner == 255).sum() < (oval == 255).sum()
    assert oval[inner == 255].min() == 255
    # Half the width of the oval is 1.1 eye distances, half its height 1.5.
    expected = np.pi * 1.1 * 1.5 * (EYE_DISTANCE * 256) ** 2
    assert (oval / 255.0).sum() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("side", [64, 256])
def test_a_polygon_lies_where_its_points_are(side: int) -> None:
    """OpenCV's antialiased polygons are two thirds of a pixel fat, but alike all round: not shifted."""
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    middle = np.array([0.47, 0.53])
    disc = fill_polygon(middle + 0.3 * np.column_stack([np.cos(angles), np.sin(angles)]), side) / 255.0
    centre = (disc.reshape(-1, 1) * centres(side)).sum(0) / disc.sum()
    assert centre * side == pytest.approx(middle * side, abs=0.1)
    assert 0 <= np.sqrt(disc.sum() / np.pi) - 0.3 * side < 1


def test_the_shape_of_a_face_does_not_depend_on_where_it_is() -> None:
    near, far = a_face(640, 360, 81), a_face(300, 200, 40)
    shapes = [face_shape(face, HeadTransform.from_face(face)) for face in (near, far)]
    assert shapes[0].shape == (FACE_SHAPE_SIZE,)
    assert shapes[0].dtype == np.float32
    np.testing.assert_allclose(shapes[0], shapes[1], atol=1e-3)
    np.testing.assert_allclose(shapes[0][-3:], 0, atol=1e-3)  # it looks at the camera
