"""The light on the face, and what to change where the delay is long."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.app.calibration import delay_advice
from mirror.app.calibration.delay_advice import Link, advice, ask
from mirror.app.calibration.face_light import measure, said
from tests.setup_world import oval

BOX = (220.0, 80.0, 420.0, 360.0)


def picture(left: float, right: float, behind: float = 120.0) -> np.ndarray:
    """A face whose left and right half, as the person has them, are so bright; not mirrored."""
    image = np.full((480, 640, 3), behind, np.float32)
    yy, xx = np.mgrid[:480, :640]
    face = ((xx - 320) / 100) ** 2 + ((yy - 220) / 140) ** 2 <= 1
    image[face & (xx >= 320)] = left  # not mirrored: the person's left is the picture's right
    image[face & (xx < 320)] = right
    return image.clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(("image", "words"), [
    (picture(150, 150), "is good"),
    (picture(90, 90), "is good"),  # dark skin in good light: something else in the picture is light
    (picture(60, 60, 170), "is good"),
    (picture(60, 150), "dark on your left"),
    (picture(150, 60), "dark on your right"),
    (picture(150, 100), "is good"),  # as in a portrait
    (picture(40, 40, 30), "Too dark:"),
    (picture(253, 253), "Too bright"),
    (picture(50, 50, 255), "from behind"),
])  # fmt: skip
def test_the_light_is_judged(image, words):
    light = measure(image, oval(*BOX))
    assert light is not None
    sign, told = said(light)
    assert words in told and (sign == "good") == ("is good" in words)


def test_half_a_face_is_not_judged():
    assert measure(picture(150, 150), oval(-150.0, 80.0, 50.0, 360.0)) is None


class Device:
    def __init__(self, code: str, exposure: float) -> None:
        self.answers = {
            cv2.CAP_PROP_FOURCC: float(cv2.VideoWriter.fourcc(*code)) if code else -1.0,
            cv2.CAP_PROP_EXPOSURE: exposure,
        }

    def get(self, propId: int) -> float:
        return self.answers[propId]


@pytest.mark.parametrize(("system", "exposure", "seconds"), [
    ("Linux", 333.0, 0.0333), ("Windows", -5.0, 1 / 32), ("Darwin", 0.0, None), ("Linux", -1.0, None),
])  # fmt: skip
def test_a_camera_is_asked(system, exposure, seconds, monkeypatch):
    monkeypatch.setattr(delay_advice.platform, "system", lambda: system)
    link = ask(Device("YUYV", exposure))
    assert link.format == "YUYV"
    assert link.exposure == (None if seconds is None else pytest.approx(seconds))
    assert ask(Device("", exposure)).format == ""


def test_what_helps_is_told_the_likeliest_first():
    def heads(*given):
        return [words.split(":")[0] for words in advice(*given)]

    good = Link("MJPG", 0.01)
    assert heads(30.0, (1280, 720), good) == ["Cable", "Screen"]
    assert heads(30.0, (1280, 720), Link("MJPG", 0.05)) == ["Light", "Cable", "Screen"]
    assert heads(12.0, (1280, 720), Link("YUYV")) == ["Light", "Format", "Cable", "Screen"]
    assert heads(30.0, (640, 480), Link("YUYV")) == ["Cable", "Screen"]
