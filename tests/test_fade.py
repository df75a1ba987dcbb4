"""The new hair fades in with a face, and out where the head is turned too far, without a flicker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.fade import FADE_SECONDS, NOSE_DOWN, NOSE_UP, ROLL, YAW, Fade, believable, faded_in


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Any:
    return SimpleNamespace(pose=(yaw, pitch, roll))


def shown(poses: list[tuple[float, float, float]], fade: Fade | None = None) -> np.ndarray:
    fade = fade or Fade()
    return np.array([fade.strength(turned(*pose), 5.0, i / 30) for i, pose in enumerate(poses)])


def test_hair_holds_to_30_degrees_of_yaw_and_20_of_pitch_and_roll() -> None:
    for yaw in (-30, 0, 30):
        for pitch in (-20, 0, 20):
            for roll in (-20, 0, 20):
                assert believable((yaw, pitch, roll)) == 1


@pytest.mark.parametrize(
    ("axis", "hold", "gone"), [(0, *YAW), (0, -YAW[0], -YAW[1]), (1, *NOSE_UP), (1, *NOSE_DOWN), (2, *ROLL)]
)
def test_the_further_a_head_turns_away_the_weaker_the_hair(axis: int, hold: float, gone: float) -> None:
    def strength(angle: float) -> float:
        pose = [0.0, 0.0, 0.0]
        pose[axis] = angle
        return shown([(pose[0], pose[1], pose[2])])[0]

    assert strength(hold) == 1 and strength(gone) == strength(gone * 1.3) == 0
    steps = [strength(angle) for angle in np.linspace(hold, gone, 8)]
    assert all(a > b for a, b in zip(steps[1:-1], steps[2:], strict=False))


def test_trembling_at_the_limit_does_not_flicker() -> None:
    middle = sum(YAW) / 2
    noise = np.random.default_rng(0).uniform(-0.7, 0.7, 120)
    strengths = shown([(middle + n, 0.0, 0.0) for n in noise])
    assert 0.2 < strengths[60] < 0.8
    assert np.abs(np.diff(strengths[60:])).max() < 0.004


def test_a_snap_of_the_head_is_no_snap_of_the_hair() -> None:
    strengths = shown([(0.0, 0.0, 0.0)] * 5 + [(70.0, 0.0, 0.0)] * 40 + [(0.0, 0.0, 0.0)] * 40)
    assert np.abs(np.diff(strengths)).max() < 0.3
    assert strengths[44] == 0 and strengths[-1] == 1
    assert strengths[5 + 9] < 0.2, "and yet it is gone within 0.3 s"


def test_after_a_pause_the_pose_is_taken_as_it_is() -> None:
    fade = Fade()
    assert fade.strength(turned(), 5.0, 0.0) == 1
    assert fade.strength(turned(70), 5.0, 3.0) == 0
    assert fade.strength(turned(), 5.0, 1.0) == 1, "a clip that starts again"
    fade.strength(turned(70), 5.0, 1.05)
    fade.reset()
    assert fade.strength(turned(70), 5.0, 1.1) == 0


def test_it_fades_in_with_the_face() -> None:
    assert 0 < faded_in(0.0) < 0.2 and faded_in(FADE_SECONDS) == 1
    assert Fade().strength(turned(), 0.0, 7.0) == faded_in(0.0)
