"""The delay between screen and camera, found again in pictures whose delay is known."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.app.calibration.screen_delay import find_delay


def seen(delay: float, rate: float, *, gain: float = 60.0, noise: float = 0.3, smear: bool = False):
    """What a camera of `rate` pictures a second sees of a screen that changes every 0.9 s or so."""
    random = np.random.default_rng(3)
    flips, at = [], 1.0
    for number in range(6):
        flips.append((at, number % 2 == 0))
        at += 0.9 + float(random.uniform(0, 0.2))
    samples = []
    for index in range(int((at + 0.5) * rate)):
        when = (index + 0.37) / rate
        # A picture gathers light for a whole frame: the one at the edge is half bright.
        moments = np.linspace(when - delay - (1 / rate if smear else 0), when - delay, 20)
        white = [next((w for t, w in reversed(flips) if t <= moment), False) for moment in moments]
        samples.append((when, 80 + gain * float(np.mean(white)) + float(random.normal(0, noise))))
    return samples, flips, at


@pytest.mark.parametrize("delay", [0.03, 0.12, 0.31, 0.6])
@pytest.mark.parametrize("rate", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("smear", [False, True])
def test_a_known_delay_is_found_to_less_than_a_frame(delay, rate, smear):
    found = find_delay(*seen(delay, rate, smear=smear))
    assert found is not None and found.tried == 6 and found.seen >= 5
    assert 0 <= found.median / 1e3 - delay < 1 / rate
    assert found.low <= found.median <= found.high < (delay + (2 if smear else 1) / rate) * 1e3


def test_a_faint_reflection_is_enough():
    found = find_delay(*seen(0.1, 30.0, gain=4.0, noise=0.2))
    assert found is not None and abs(found.median - 100) < 1000 / 30


def test_a_camera_that_does_not_see_the_screen():
    assert find_delay(*seen(0.1, 30.0, gain=0.0, noise=0.3)) is None
    assert find_delay([], [(1.0, True)], 2.0) is None and find_delay([], [], 0.0) is None


def test_a_lamp_switched_on_is_no_flash():
    samples, flips, end = seen(0.1, 30.0, gain=0.0)
    lamp = [(when, mean + (50 if when > flips[1][0] + 0.3 else 0)) for when, mean in samples]
    assert find_delay(lamp, flips, end) is None


def test_a_camera_that_evens_the_flash_out_again():
    samples, flips, end = seen(0.15, 30.0, smear=False)

    # Its exposure follows, so that half a second after a change the picture is almost as it was.
    def even(when: float, mean: float) -> float:
        changed = max((t for t, _ in flips if t + 0.15 <= when), default=None)
        return mean if changed is None else 100 + (mean - 100) * float(np.exp(-(when - changed - 0.15) / 0.2))

    found = find_delay([(when, even(when, mean)) for when, mean in samples], flips, end)
    assert found is not None and abs(found.median - 150) < 1000 / 30
