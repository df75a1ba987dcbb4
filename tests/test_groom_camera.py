import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from train.groom.camera import Camera, eye_centres, eye_middle, portrait_camera
from train.groom.head import load_head


@pytest.fixture(scope="module")
def head():
    return load_head()


def seen_face(camera, head):
    """The landmarks as a tracker tells them: pixels, depth in the same unit."""
    seen = camera.see(head.landmarks)
    depth = (seen[:, 2] - seen[:, 2].mean()) * camera.focal / seen[:, 2].mean()
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:468] = np.c_[camera.project(head.landmarks), depth]
    return Face(landmarks)


@pytest.mark.parametrize(("size", "distance"), [((448, 640), 64), ((896, 1280), 128), ((224, 320), 32)])
def test_frontal_eyes_lie_where_head_space_has_them(head, size, distance):
    camera = portrait_camera(head, size=size)
    right, left = camera.project(np.array(eye_centres(head)))
    width, height = size
    assert right + (0.5, 0.5) == pytest.approx((width / 2 - distance / 2, height * 232 / 640), abs=0.05)
    assert left + (0.5, 0.5) == pytest.approx((width / 2 + distance / 2, height * 232 / 640), abs=0.05)


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"),
    [(20, 0, 0), (-45, 0, 0), (0, 15, 0), (0, -25, 0), (0, 0, 10), (0, 0, -30), (30, -20, 5)],
)
def test_the_pose_is_told_as_the_mirror_tells_it(head, yaw, pitch, roll):
    # Perspective and the slope of this face add a little to what is asked for.
    level = np.array(seen_face(portrait_camera(head, field_of_view=8), head).pose)
    turned = np.array(seen_face(portrait_camera(head, yaw, pitch, roll, field_of_view=8), head).pose)
    assert turned - level == pytest.approx((yaw, pitch, roll), abs=2.0)


def test_the_eyes_stay_when_the_head_turns(head):
    level = portrait_camera(head)
    for yaw, pitch, roll in ((45, 0, 0), (-30, 25, 0), (10, -25, 20)):
        turned = portrait_camera(head, yaw, pitch, roll)
        assert turned.see(eye_middle(head)) == pytest.approx(level.see(eye_middle(head)), abs=1e-6)
        assert turned.project(eye_middle(head)) == pytest.approx((223.5, 231.5), abs=1e-6)


def test_any_focal_length_keeps_the_eye_distance(head):
    near, far = portrait_camera(head, field_of_view=60), portrait_camera(head, field_of_view=15)
    assert far.see(eye_middle(head))[2] > 4 * near.see(eye_middle(head))[2]
    for camera in (near, far):
        right, left = camera.project(np.array(eye_centres(head)))
        assert left[0] - right[0] == pytest.approx(64, abs=0.05)


def test_a_rotation_keeps_lengths_and_hands(head):
    rotation = portrait_camera(head, 33, -14, 21).rotation
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_a_camera_comes_back_from_its_numbers(head):
    camera = portrait_camera(head, 12, 3, -4)
    again = Camera.from_json(camera.to_json())
    assert again.project(head.landmarks) == pytest.approx(camera.project(head.landmarks))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"yaw": 120}, "--yaw 120 is out of range. Give -90 to 90 degrees."),
        ({"pitch": float("nan")}, "--pitch nan is out of range. Give -60 to 60 degrees."),
        ({"size": (4, 4)}, "--size 4x4 is out of range"),
        ({"field_of_view": 0}, "field of view of 0 is out of range. Give 5 to 90"),
    ],
)
def test_what_is_out_of_range_is_told_with_its_range(head, wrong, said):
    with pytest.raises(MirrorError, match=said):
        portrait_camera(head, **wrong)
