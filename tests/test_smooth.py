"""The one-euro filter: still at rest, without lag in motion."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mirror.face import Face
from mirror.headspace import HeadTransform
from mirror.smooth import HEAD, FaceSmoother, HeadSmoother, OneEuro, Tuning

RATE = 30.0
SCALE = 450.0  # a face an arm's length from a 720p camera


def run(measured: list[HeadTransform], rate: float = RATE) -> np.ndarray:
    """float64 (N, 4): x, y, scale, angle after smoothing."""
    smoother = HeadSmoother()
    smoothed = [smoother.smooth(head, i / rate)[0] for i, head in enumerate(measured)]
    return np.array([(head.x, head.y, head.scale, head.angle) for head in smoothed])


@pytest.mark.parametrize("scale", [250.0, SCALE, 900.0])
def test_jitter_at_rest_is_a_third_or_less(scale: float) -> None:
    jitter = np.random.default_rng(1).normal(0, scale / SCALE, (900, 2))
    smoothed = run([HeadTransform(640 + x, 360 + y, scale, 0.0) for x, y in jitter])
    assert jitter[60:].std(0).min() > 3 * smoothed[60:, :2].std(0).max()


def test_size_and_tilt_are_stilled_too() -> None:
    noise = np.random.default_rng(2).normal(0, 2 / SCALE, (900, 2))
    smoothed = run([HeadTransform(640.0, 360.0, SCALE * math.exp(s), a) for s, a in noise])
    assert np.log(smoothed[60:, 2]).std() < noise[:, 0].std() / 3
    assert smoothed[60:, 3].std() < noise[:, 1].std() / 3


def test_lag_in_a_sway_is_under_4_px() -> None:
    """Side to side twice in 4 s, 200 px/s at the fastest; and at a constant 200 px/s."""
    time = np.arange(300) / RATE
    for path in (200 / np.pi * np.sin(np.pi * time), 200 * time):
        smoothed = run([HeadTransform(x, 360.0, SCALE, 0.0) for x in path])
        assert np.abs(smoothed[30:, 0] - path[30:]).max() < 4.0


def test_lag_at_60_frames_a_second_is_no_worse() -> None:
    path = 200 * np.arange(300) / 60
    smoothed = run([HeadTransform(x, 360.0, SCALE, 0.0) for x in path], rate=60)
    assert np.abs(smoothed[60:, 0] - path[60:]).max() < 4.0


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
        before.append(noisy.landmarks)
        after.append(smoother.smooth(noisy, i / RATE)[0].landmarks)
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
