"""Which picture size is best, from what each was measured to do."""

from __future__ import annotations

import pytest

from mirror.app.calibration.camera_modes import best_mode, try_modes
from mirror.app.calibration.measurements import Camera, try_camera
from tests.test_app_calibration import FakeCamera


def mode(width: int, height: int, rate: float, problem: str | None = None) -> Camera:
    return Camera(0, "Eye", (width, height), rate, problem)


@pytest.mark.parametrize(
    ("modes", "best", "why"),
    [
        ([(640, 480, 30), (1280, 720, 30), (1920, 1080, 30)], (1280, 720), "larger ones cost time"),
        ([(640, 480, 30), (1280, 720, 10), (1920, 1080, 5)], (640, 480), "1280x720 gives only 10"),
        ([(640, 480, 30), (1280, 720, 29)], (1280, 720), "largest that works"),
        ([(640, 480, 30), (1280, 720, 24), (1920, 1080, 6)], (1280, 720), "1920x1080 gives only 6"),
        ([(640, 480, 15), (1280, 720, 8)], (640, 480), "More light"),
        ([(640, 480, 15.2), (1280, 720, 15.0)], (1280, 720), "More light"),
        ([(1920, 1080, 30)], (1920, 1080), "smallest that is smooth"),
    ],
)  # fmt: skip
def test_the_best_size_and_why(modes, best, why):
    found = best_mode([mode(*values) for values in modes])
    assert found is not None and found[0].size == best and why in found[1]


def test_no_size_works():
    assert best_mode([]) is None and best_mode([mode(640, 480, 0.0, "black")]) is None


def test_every_size_is_tried_and_told_by_what_the_camera_gives(monkeypatch):
    monkeypatch.setattr(try_camera, "__kwdefaults__", {"watch": 0.1, "settle": 0.0, "patience": 0.3})

    class Scaled(FakeCamera):
        """Brings what the camera gives to the size that was asked for, as the real source does."""

        def __init__(self, asked: tuple[int, int]) -> None:
            super().__init__("mute" if asked == (640, 480) else "live", asked)
            self.native = min(asked, (1280, 720))

    asked: list[tuple[int, int]] = []
    found = try_modes(
        0, "Eye", lambda number, size: Scaled(size), progress=lambda size, share: asked.append(size)
    )
    assert asked == [(640, 480), (1280, 720), (1920, 1080)]
    assert [(one.size, one.problem is None) for one in found] == [((640, 480), False), ((1280, 720), True)]
