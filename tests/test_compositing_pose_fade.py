"""The new hair fades in with a face, and out where the head is turned too far, without a flicker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.compositing.pose_fade import (
    AFTER_SECONDS,
    BARE_UP,
    FADE_SECONDS,
    GOES,
    NOSE_DOWN,
    NOSE_UP,
    ROLL,
    TOWARDS,
    TURN_SECONDS,
    YAW,
    Fade,
    believable,
    faded_in,
)


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


def test_hair_that_only_goes_holds_further_up_and_is_gone_with_the_tracker() -> None:
    up = (0.0, BARE_UP[0], 0.0)
    assert believable(up, BARE_UP) == 1 and believable(up) < GOES
    assert believable((0.0, BARE_UP[1], 0.0), BARE_UP) == 0
    assert believable((0.0, NOSE_DOWN[1], 0.0), BARE_UP) == 0, "down it is as for all hair"
    assert Fade().strength(turned(*up), 5.0, 0.0, BARE_UP) == 1
    assert Fade().strength(turned(*up), 5.0, 0.0) == 0


def turning(axis: int, angles: np.ndarray) -> np.ndarray:
    """What is shown while a head turns about one axis."""
    poses = np.zeros((len(angles), 3))
    poses[:, axis] = angles
    return shown([(float(yaw), float(pitch), float(roll)) for yaw, pitch, roll in poses])


@pytest.mark.parametrize(
    ("axis", "hold", "gone"), [(0, *YAW), (0, -YAW[0], -YAW[1]), (1, *NOSE_UP), (1, *NOSE_DOWN), (2, *ROLL)]
)
def test_a_head_that_turns_away_slowly_loses_the_hair_between_the_limits_and_gets_it_back(
    axis: int, hold: float, gone: float
) -> None:
    away = np.linspace(0, gone, 600)
    strengths = turning(axis, np.concatenate([away, away[::-1]]))
    out, back = strengths[:600], strengths[600:]
    assert (out[np.abs(away) <= abs(hold)] == 1).all() and out[-1] == 0 and back[-1] == 1
    assert (np.diff(out) <= 1e-9).all() and (np.diff(back) >= -1e-9).all()
    for way in (out, back):
        assert ((way > 0.01) & (way < 0.99)).sum() <= TURN_SECONDS * 30 + 1, "a ghost for no longer than that"
    left, came = int(np.argmin(out > 0.5)), 600 - int(np.argmax(back > 0.5))
    assert abs(away[came]) < abs(away[left]), "it comes back later than it went"


def test_trembling_at_the_limit_does_not_flicker() -> None:
    for middle in np.linspace(*YAW, 19):
        noise = np.random.default_rng(0).uniform(-0.7, 0.7, 120)
        strengths = shown([(middle + n, 0.0, 0.0) for n in noise])
        steps = np.diff(strengths)
        assert (steps <= 0).all() or (steps >= 0).all(), "one way, and then it stays"


def test_a_snap_of_the_head_is_no_snap_of_the_hair() -> None:
    strengths = shown([(0.0, 0.0, 0.0)] * 5 + [(70.0, 0.0, 0.0)] * 40 + [(0.0, 0.0, 0.0)] * 40)
    assert np.abs(np.diff(strengths)).max() < 0.2
    assert strengths[44] == 0 and strengths[-1] == 1
    assert strengths[5 + 10] < 0.01, "and yet it is gone within 0.35 s"


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


@pytest.mark.parametrize("pose", [(60.0, 0.0, 0.0), (0.0, 44.0, 0.0), (0.0, -50.0, 0.0)])
def test_who_stays_turned_away_is_told_and_who_looks_aside_for_a_moment_is_not(
    pose: tuple[float, float, float],
) -> None:
    fade, told = Fade(), []
    for i in range(round(30 * (AFTER_SECONDS + 1))):
        fade.strength(turned(*pose), 5.0, i / 30)
        told.append(fade.advice)
    first = told.index(TOWARDS)
    assert first / 30 == pytest.approx(AFTER_SECONDS, abs=0.05) and set(told[:first]) == {""}
    fade.strength(turned(), 5.0, AFTER_SECONDS + 1.0)
    assert fade.advice == "", "at once, as the hair comes back"
    aside = Fade()
    for i in range(60):
        aside.strength(turned(*(pose if i % 30 < 20 else (0.0, 0.0, 0.0))), 5.0, i / 30)
        assert aside.advice == ""
