"""How a head moved, read off the pixels: exact where landmarks tremble, silent where pixels say nothing."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from mirror.core.erase import blacken
from mirror.core.face import Face
from mirror.core.head_space import HeadTransform
from mirror.tracking.optical_flow import FIRM, Registration, Similarity, fit
from mirror.tracking.temporal_smoothing import FaceSmoother

SIZE = 360


def skin(seed: int = 0, grain: float = 4.0) -> np.ndarray:
    """A picture with something to hold on to everywhere, uint8 (360, 360, 3)."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, (SIZE, SIZE)), (0, 0), grain)
    grey = np.clip(128 + 40 * noise / noise.std(), 0, 255).astype(np.uint8)
    return cv2.merge([grey, grey, grey])


def face_at(place: complex = complex(180, 180), width: float = 120.0, tremble: float = 0.0) -> Face:
    """Landmarks all over a disk, the eyes level in its upper half."""
    rng = np.random.default_rng(5)
    radius, turn = np.sqrt(rng.random(478)) * width / 2, rng.random(478) * 2 * np.pi
    points = np.stack([radius * np.cos(turn), radius * np.sin(turn), np.zeros(478)], 1)
    points[[33, 133, 362, 263], :2] = np.array([[-0.3, 0], [-0.1, 0], [0.1, 0], [0.3, 0]]) * width
    points[10, :2], points[152, :2] = (0, -width / 2), (0, width / 2)
    points[:, :2] += (place.real, place.imag)
    if tremble:
        points += np.random.default_rng(int(1000 * abs(place))).normal(0, tremble, points.shape)
    return Face(points.astype(np.float32))


def moved(image: np.ndarray, motion: Similarity, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """The picture after a motion, with a camera's noise."""
    a, b = motion.a, motion.b
    matrix = np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
    out = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.clip(out + np.random.default_rng(seed).normal(0, noise, out.shape), 0, 255).astype(np.uint8)


def about(place: complex, scale: float, degrees: float, shift: complex) -> Similarity:
    """Growing and turning about a place, then shifting."""
    a = scale * complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    return Similarity(a, place - a * place + shift)


@pytest.mark.parametrize(
    "scale, degrees, shift", [(1.0, 0.0, 0.37 - 0.61j), (1.0, 0.0, 6.4 + 2.2j), (1.02, 1.5, 1.3 - 0.2j)]
)
def test_a_motion_is_read_to_a_twentieth_of_a_pixel(scale: float, degrees: float, shift: complex) -> None:
    middle = complex(180, 180)
    motion = about(middle, scale, degrees, shift)
    registration = Registration()
    assert registration.look(moved(skin(), Similarity(), 2.0), face_at(), 0.0) is None
    after = face_at(motion.a * middle + motion.b, tremble=0.4)
    found = registration.look(moved(skin(), motion, 2.0, seed=1), after, 0.04)
    assert found is not None
    for corner in (middle, middle + 60, middle - 60j):
        assert abs((found.a - motion.a) * corner + found.b - motion.b) < 0.05


def test_a_large_face_is_looked_at_smaller_and_still_read_exactly() -> None:
    picture = cv2.resize(skin(), None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    face = Face(face_at().landmarks * 3)
    registration = Registration()
    registration.look(picture, face, 0.0)
    shifted = np.roll(picture, (4, -7), (0, 1))
    found = registration.look(shifted, Face(face.landmarks + np.float32([-7, 4, 0])), 0.04)
    assert found is not None
    middle = complex(540, 540)
    assert abs(found.a * middle + found.b - middle - (-7 + 4j)) < 0.1


def test_what_speaks_or_blinks_has_no_say() -> None:
    before = np.random.default_rng(0).uniform(0, 100, (40, 2)).astype(np.float32)
    after = before + np.float32([2, 1])
    after[:12] += np.float32([0, 7])
    found = fit(before, after, 16)
    assert found is not None
    assert abs(found.a - 1) < 0.002 and abs(found.b - (2 + 1j)) < 0.1
    assert fit(before, np.random.default_rng(1).uniform(0, 100, (40, 2)).astype(np.float32), 16) is None
    assert fit(before[:1].repeat(20, 0), after[:1].repeat(20, 0), 16) is None


def test_pixels_that_say_nothing_give_no_motion() -> None:
    flat = np.full((SIZE, SIZE, 3), 90, np.uint8)
    registration = Registration()
    registration.look(skin(), face_at(), 0.0)
    assert registration.look(skin(seed=9), face_at(), 0.04) is None  # a cut to another picture
    # A face too small, or at the very edge, is no reason to fail.
    for face in (face_at(width=8), face_at(complex(-40, 180)), face_at(complex(400, 400))):
        assert registration.look(flat, face, 0.08) is None


def test_a_stream_whose_pictures_become_smaller_is_begun_anew() -> None:
    registration, picture = Registration(), skin()
    far, near = face_at(complex(260, 260)), face_at(complex(120, 120))
    assert registration.look(picture, far, 0.0) is None
    small = np.ascontiguousarray(picture[:240, :240])
    assert registration.look(small, near, 1 / 30) is None
    motion = registration.look(small, near, 2 / 30)
    assert motion is not None and abs(motion.a - 1) < 0.01, "and goes on from there"


def test_motions_since_the_last_look_add_up_to_the_whole() -> None:
    """However often the picture to compare with is changed on the way."""
    registration, whole, at = Registration(), Similarity(), Similarity()
    for i in range(40):
        at = about(complex(180, 180), 1 + 0.001 * i, 0.1 * i, complex(0.9 * i, 0.3 * i))
        face = face_at(at.a * complex(180, 180) + at.b)
        found = registration.look(moved(skin(), at, 2.0, seed=i), face, i / 30)
        whole = whole if found is None else found.after(whole)
    assert abs((whole.a - at.a) * 180 * (1 + 1j) + whole.b - at.b) < 0.5


def test_hair_stands_still_on_a_head_whose_landmarks_tremble_and_follows_one_that_moves() -> None:
    still, bare = FaceSmoother(), FaceSmoother()
    off, without = [], []
    for i in range(90):
        shift = complex(*np.random.default_rng(i).integers(-1, 2, 2)) if i < 60 else complex(4 * (i - 60), 0)
        motion = Similarity(1, shift)
        face = face_at(complex(150, 180) + shift, tremble=0.6)
        picture = moved(skin(), motion, 2.0, seed=i)
        for smoother, told, found in ((still, picture, off), (bare, None, without)):
            head = HeadTransform.from_face(smoother.smooth(face, i / 30, told)[0])
            found.append(complex(head.x, head.y) - shift)
    assert np.std(off[20:60]) < np.std(without[20:60]) / 3
    # Moving 4 pixels a frame it is where it was, beside the head, and no frame behind.
    assert np.abs(np.array(off[62:]) - np.mean(off[20:60])).max() < 0.5


def test_what_was_looked_at_is_wiped() -> None:
    smoother = FaceSmoother()
    smoother.smooth(face_at(), 0.0, skin())
    grey = smoother._registration._key.grey
    assert grey.any()
    blacken(smoother)
    assert not grey.any()


def test_every_firm_point_is_on_the_mesh_once() -> None:
    assert len(set(FIRM)) == len(FIRM) and max(FIRM) < 468
