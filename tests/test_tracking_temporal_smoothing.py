"""The one-euro filter: still at rest, without lag in motion."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mirror.core.face import Face
from mirror.core.head_space import HeadTransform
from mirror.tracking.optical_flow import Similarity
from mirror.tracking.temporal_smoothing import HEAD, Calm, FaceSmoother, HeadSmoother, OneEuro, Tuning

RATE = 30.0
EYES = [33, 133, 263, 362]
SCALE = 450.0  # a face an arm's length from a 720p camera


def run(measured: list[HeadTransform], rate: float = RATE) -> np.ndarray:
    """float64 (N, 4): x, y, scale, angle after smoothing."""
    smoother = HeadSmoother()
    smoothed = [smoother.smooth(head, i / rate)[0] for i, head in enumerate(measured)]
    return np.array([(head.x, head.y, head.scale, head.angle) for head in smoothed])


def test_the_hair_is_where_the_head_is_in_this_very_frame() -> None:
    path = np.random.default_rng(1).normal(0, 3, (90, 2)).cumsum(0)
    smoothed = run([HeadTransform(640 + x, 360 + y, SCALE, 0.0) for x, y in path])
    np.testing.assert_allclose(smoothed[:, :2], path + (640, 360), atol=1e-9)


def test_size_and_tilt_are_stilled_too() -> None:
    noise = np.random.default_rng(2).normal(0, 2 / SCALE, (900, 2))
    smoothed = run([HeadTransform(640.0, 360.0, SCALE * math.exp(s), a) for s, a in noise])
    assert np.log(smoothed[60:, 2]).std() < noise[:, 0].std() / 3
    assert smoothed[60:, 3].std() < noise[:, 1].std() / 3


def with_pixels(measured: list[HeadTransform], motions: list[Similarity]) -> np.ndarray:
    """As `run`, with what the pixels say of the motion into each picture but the first."""
    smoother, out = HeadSmoother(), []
    for i, (head, motion) in enumerate(zip(measured, motions, strict=True)):
        one, _ = smoother.smooth(head, i / RATE, motion if i else None)
        out.append((one.x, one.y, one.scale, one.angle))
    return np.array(out)


def test_a_still_head_is_as_large_as_the_pixels_say_while_landmarks_wander() -> None:
    seconds = np.arange(600) / RATE
    turns = 2 * math.pi * seconds
    wander = 2 / SCALE * np.stack([np.sin(0.4 * turns), np.cos(0.3 * turns)], 1)
    measured = [HeadTransform(640.0, 360.0, SCALE * math.exp(s), a) for s, a in wander]
    alone, both = run(measured), with_pixels(measured, [Similarity()] * len(measured))
    for column in (2, 3):
        assert both[150:, column].std() < 0.8 * alone[150:, column].std()
    assert abs(both[150:, 2].mean() - SCALE) < 1 and abs(both[150:, 3].mean()) < 1 / SCALE


def test_what_the_pixels_add_up_wrongly_is_put_right_by_the_landmarks() -> None:
    """A hundredth of a percent a picture, which is a third of a percent a second."""
    measured = [HeadTransform(640.0, 360.0, SCALE, 0.0)] * 600
    found = with_pixels(measured, [Similarity(1.0001 + 0.0001j)] * 600)
    assert np.abs(found[:, 2] / SCALE - 1).max() < 0.004 and np.abs(found[:, 3]).max() < 0.004


def test_a_head_that_moves_has_the_size_that_the_landmarks_say() -> None:
    """Turning it looks narrower, and the pixels take that for smaller."""
    measured = [HeadTransform(640.0 + 3 * i, 360.0, SCALE, 0.0) for i in range(90)]
    shrinking = [Similarity(0.998 + 0j, complex(3 + 0.002 * (640 + 3 * i), 0.002 * 360)) for i in range(90)]
    found = with_pixels(measured, shrinking)
    assert np.abs(found[:, 2] / SCALE - 1).max() < 0.01, "and not by a sixth"


@pytest.mark.parametrize("rate", [30.0, 60.0])
def test_the_rim_of_a_head_that_comes_nearer_lags_by_less_than_4_px(rate: float) -> None:
    """Half as large again in 2 s; half the square's side is the rim."""
    scales = SCALE * np.exp(np.log(1.5) * np.arange(int(2 * rate)) / (2 * rate))
    smoothed = run([HeadTransform(640.0, 360.0, s, 0.0) for s in scales], rate=rate)
    assert np.abs(smoothed[int(rate) :, 2] - scales[int(rate) :]).max() / 2 < 4.0


def test_the_angle_goes_round() -> None:
    """A picture that turns steadily does not spin back when the angle changes sign at half a turn."""
    angles = np.linspace(0, 3 * math.pi, 200)
    smoothed = run([HeadTransform(640.0, 360.0, SCALE, math.remainder(a, 2 * math.pi)) for a in angles])
    behind = [math.remainder(a - b, 2 * math.pi) for a, b in zip(angles, smoothed[:, 3], strict=True)]
    assert np.abs(behind).max() < 0.05
    assert np.abs(smoothed[:, 3]).max() <= math.pi


@pytest.mark.parametrize(
    "second, time",
    [
        (HeadTransform(900.0, 360.0, SCALE, 0.0), 1 / RATE),  # jumped aside
        (HeadTransform(640.0, 360.0, 2 * SCALE, 0.0), 1 / RATE),  # twice as near at once
        (HeadTransform(650.0, 360.0, SCALE, 0.0), 1.0),  # away for a second
        (HeadTransform(650.0, 360.0, SCALE, 0.0), -1.0),  # a clip that starts again
    ],
)
def test_another_head_is_not_mixed_with_the_last(second: HeadTransform, time: float) -> None:
    smoother = HeadSmoother()
    assert smoother.smooth(HeadTransform(640.0, 360.0, SCALE, 0.0), 0.0)[1]
    smoothed, fresh = smoother.smooth(second, time)
    assert fresh
    assert (smoothed.x, smoothed.y) == pytest.approx((second.x, second.y))
    assert smoothed.scale == pytest.approx(second.scale)


def test_a_moving_head_is_not_another() -> None:
    smoother = HeadSmoother()
    fresh = [smoother.smooth(HeadTransform(20.0 * i, 360.0, SCALE, 0.0), i / RATE)[1] for i in range(20)]
    assert fresh == [True] + [False] * 19


def test_reset_forgets() -> None:
    smoother = HeadSmoother()
    smoother.smooth(HeadTransform(640.0, 360.0, SCALE, 0.0), 0.0)
    smoother.reset()
    head = HeadTransform(650.0, 365.0, SCALE, 0.1)
    smoothed, fresh = smoother.smooth(head, 1 / RATE)
    assert fresh
    assert (smoothed.x, smoothed.y, smoothed.angle) == pytest.approx((650, 365, 0.1))


def some_face(seed: int = 0) -> Face:
    """Landmarks that are somewhere around a face 200 px high, the eyes where they belong."""
    points = np.random.default_rng(seed).normal(0, 60, (478, 3)) + (640, 360, 0)
    points[[33, 133]] = (590, 340, 0), (620, 341, 0)
    points[[362, 263]] = (660, 341, 0), (690, 340, 0)
    return Face(points.astype(np.float32), 0.9)


def test_a_smoothed_face_and_its_transform_are_one() -> None:
    """from_face of the smoothed face is the smoothed transform: head space fits the landmarks."""
    rng = np.random.default_rng(3)
    faces, heads = FaceSmoother(), HeadSmoother()
    for i in range(40):
        noisy = Face(some_face().landmarks + rng.normal(0, 1, (478, 3)).astype(np.float32) + (3 * i, 0, 0))
        smoothed, _ = faces.smooth(noisy, i / RATE)
        head, _ = heads.smooth(HeadTransform.from_face(noisy), i / RATE)
        again = HeadTransform.from_face(smoothed)
        assert (again.x, again.y) == pytest.approx((head.x, head.y), abs=0.01)
        assert again.scale == pytest.approx(head.scale, rel=1e-4)
        assert again.angle == pytest.approx(head.angle, abs=1e-4)
    assert smoothed.landmarks.dtype == np.float32


def test_the_shape_of_a_face_is_stilled() -> None:
    rng = np.random.default_rng(4)
    still, smoother = some_face().landmarks, FaceSmoother()
    before, after = [], []
    for i in range(300):
        noisy = Face(still + rng.normal(0, 1, still.shape).astype(np.float32))
        # Beside the eyes: where the head is passes as measured.
        before.append(noisy.landmarks - noisy.landmarks[EYES].mean(0))
        smoothed = smoother.smooth(noisy, i / RATE)[0].landmarks
        after.append(smoothed - smoothed[EYES].mean(0))
    # 454, far from the eyes, also carries their tilt's noise: the worst case of the oval.
    assert np.std(before, axis=0)[454].mean() > 2 * np.std(after, axis=0)[454].mean()


def test_the_first_face_passes_unchanged() -> None:
    face = some_face()
    smoothed, fresh = FaceSmoother().smooth(face, 5.0)
    assert fresh
    np.testing.assert_allclose(smoothed.landmarks, face.landmarks, atol=1e-3)
    assert smoothed.score == face.score


def test_a_filter_reaches_what_it_is_given() -> None:
    smooth = OneEuro(HEAD)
    smooth(np.zeros(3), 0.0)
    for i in range(1, 300):
        value = smooth(np.full(3, 0.1), i / RATE)
    assert value == pytest.approx(0.1, abs=2e-3)


def test_cutoff_is_in_hertz() -> None:
    """A step through a plain 1 Hz low-pass: 1 - 1/e after 1 / (2 pi) seconds, at any frame rate."""
    for rate in (200, 1000):
        smooth = OneEuro(Tuning(still=1.0, quick=0.0, speed=1.0))
        smooth(np.zeros(1), 0.0)
        for i in range(1, round(rate / (2 * math.pi)) + 1):
            value = smooth(np.ones(1), i / rate)
        assert value[0] == pytest.approx(1 - 1 / math.e, abs=0.01)


def test_a_turning_head_is_followed_within_25_ms() -> None:
    """From side to side in 2 s, 80 degrees a second at the fastest: hair turns by this shape."""
    rng = np.random.default_rng(5)
    ball = rng.normal(0, 1, (478, 3))
    ball *= 90 / np.linalg.norm(ball, axis=1, keepdims=True)
    ball[[33, 133]], ball[[263, 362]] = (-35, 0, -80), (35, 0, -80)
    smoother, steps, behind = FaceSmoother(), [], []
    for i in range(150):
        angle = np.radians(25) * math.sin(math.pi * i / 30)
        turn = np.array(
            [[math.cos(angle), 0, -math.sin(angle)], [0, 1, 0], [math.sin(angle), 0, math.cos(angle)]]
        )
        points = (ball @ turn.T + (640, 360, 0) + rng.normal(0, 0.2, ball.shape)).astype(np.float32)
        face = smoother.smooth(Face(points), i / 30)[0]
        if i >= 30:
            yaw = math.atan2(*(face.landmarks[454] - face.landmarks[234])[[2, 0]])
            true = math.atan2(*(points[454] - points[234])[[2, 0]])
            behind.append(math.remainder(yaw - true, 2 * math.pi))
            steps.append(np.radians(25) * math.pi * math.cos(math.pi * i / 30))
    # A lag of t seconds is an error of t times the speed.
    lag = -np.dot(behind, steps) / np.dot(steps, steps)
    assert 0 < lag < 0.025


def test_what_the_square_of_the_speed_adds() -> None:
    """The linear filter lags no less at twice the speed; the other one does."""

    def behind(tuning: Tuning, speed: float) -> float:
        smooth = OneEuro(tuning)
        values = [float(smooth(np.array([speed * i / 30]), i / 30)[0]) for i in range(120)]
        return speed * 119 / 30 - values[-1]

    linear, square = Tuning(0.0, 10.0, 2.0), Tuning(0.0, 10.0, 2.0, quicker=100.0)
    assert behind(linear, 0.4) >= behind(linear, 0.2)
    assert behind(square, 0.4) < 0.9 * behind(square, 0.2) < 0.6 * behind(linear, 0.2)


def test_a_map_that_trembles_is_calmed_and_another_is_taken_at_once() -> None:
    rng = np.random.default_rng(0)
    calm = Calm(share=0.1, jump=2.0)
    calmed = np.stack([calm(lambda: rng.normal(0, 1, (8, 8)).astype(np.float32)) for _ in range(200)])
    assert calmed.dtype == np.float32 and calmed[50:].std() < 0.35
    other = np.full((8, 8), 5, np.float32)
    assert np.array_equal(calm(lambda: other), other)
    assert np.array_equal(calm(lambda: np.ones((4, 4), np.float32)), np.ones((4, 4)))
    given = calm(lambda: other)
    given[:] = 0  # what was given away is not what is remembered
    assert calm(lambda: None) is None
    assert np.array_equal(calm(lambda: other + 1), other + 1), "and nothing is left of before"


def test_a_dear_map_is_made_in_every_third_picture() -> None:
    made = []
    calm = Calm(share=1.0, jump=9.0, every=3)
    shown = [float(calm(lambda: np.full(1, float(made.append(None) or len(made))))[0]) for _ in range(7)]
    assert shown == [1, 1, 1, 2, 2, 2, 3]
