"""A camera that hangs askew, sees too much, or must not correct itself: turned, cut and held."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.sources import Devices, open_source
from mirror.sources.camera import CameraSource
from mirror.sources.exposure_lock import exposure, hold, release
from mirror.sources.picture_adjustment import Adjustment, Calibrated
from tests.test_sources_camera import FakeDevice, camera


class Dials(FakeDevice):
    """A device with the dials of a camera; `fixed` are those it has not."""

    def __init__(self, script: list[np.ndarray | None], *, fixed: bool = False) -> None:
        super().__init__(script)
        dial = exposure()
        self.fixed = fixed
        self.stands = {dial.auto: dial.alone, dial.value: 250.0, cv2.CAP_PROP_AUTO_WB: 1.0,
                       cv2.CAP_PROP_WB_TEMPERATURE: 4000.0, cv2.CAP_PROP_FPS: 30.0}  # fmt: skip

    def get(self, propId: int) -> float:
        return self.stands.get(propId, 0.0)

    def set(self, propId: int, value: float) -> bool:
        if self.fixed and propId in (cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE):
            return False
        self.stands[propId] = value
        return True


def corners() -> np.ndarray:
    """BGR (240, 320, 3): red at the top left, green at the top right, blue at the bottom left."""
    image = np.zeros((240, 320, 3), np.uint8)
    image[:40, :40], image[:40, -40:], image[-40:, :40] = (0, 0, 255), (0, 255, 0), (255, 0, 0)
    return image


RED, GREEN, BLUE, BLACK = [255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]


@pytest.mark.parametrize(
    ("rotate", "seen"),
    # top left, top right, bottom left, bottom right
    [(0, [RED, GREEN, BLUE, BLACK]), (90, [BLUE, RED, BLACK, GREEN]),
     (180, [BLACK, BLUE, GREEN, RED]), (270, [GREEN, BLACK, RED, BLUE])],
)  # fmt: skip
def test_the_picture_is_turned_clockwise(rotate, seen):
    source = camera(FakeDevice([corners()]), size=(320, 240), adjust=Adjustment(rotate=rotate))
    image = source.read().image
    assert source.size == (image.shape[1], image.shape[0])
    assert [image[y, x].tolist() for y in (5, -5) for x in (5, -5)] == seen
    assert image.flags.c_contiguous


def test_the_crop_counts_in_the_cameras_own_pixels_before_it_is_turned():
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    adjust = Adjustment(rotate=90, crop=(20, 30, 200, 100))
    source = camera(FakeDevice([noise]), size=(320, 240), adjust=adjust)
    expected = np.rot90(noise[30:130, 20:220, ::-1], -1)
    assert source.size == (100, 200) and np.array_equal(source.read().image, expected)


def test_a_picture_of_another_size_is_brought_to_size_before_it_is_cut():
    source = camera(FakeDevice([corners()]), size=(640, 480), adjust=Adjustment(crop=(0, 0, 80, 80)))
    assert source.native == (320, 240) and source.size == (80, 80)
    assert source.read().image[40, 40].tolist() == RED


def test_a_crop_beyond_the_picture_is_said_and_the_camera_given_back():
    device = FakeDevice([corners()])
    with pytest.raises(MirrorError, match=r'crop = "200,0,200,100".*320x240.*calibrate'):
        camera(device, adjust=Adjustment(crop=(200, 0, 200, 100)))
    assert device.released


def test_exposure_and_white_balance_are_held_and_again_after_the_camera_was_away():
    first, second = Dials([corners(), corners(), *[None] * 5]), Dials([corners()])
    source = camera(first, second, adjust=Adjustment(exposure=156.0, white_balance=4600.0))
    assert first.stands[cv2.CAP_PROP_EXPOSURE] == 156 and first.stands[cv2.CAP_PROP_WB_TEMPERATURE] == 4600
    assert first.stands[exposure().auto] == exposure().by_hand and first.stands[cv2.CAP_PROP_AUTO_WB] == 0
    source.read(), source.read()
    assert first.released and second.stands[cv2.CAP_PROP_EXPOSURE] == 156


def test_nothing_is_touched_that_nobody_asked_for():
    device = Dials([corners()])
    camera(device)
    assert device.stands[exposure().auto] == exposure().alone and device.stands[cv2.CAP_PROP_EXPOSURE] == 250


def test_a_camera_that_cannot_hold_it_goes_on_and_says_so(caplog):
    source = camera(Dials([corners()], fixed=True), adjust=Adjustment(exposure=156.0))
    assert "does not hold its exposure at 156" in caplog.text and source.read() is not None


def test_holding_where_it_stands_and_letting_go():
    device = Dials([corners()])
    assert hold(device, exposure()) == 250.0
    release(device, exposure())
    assert device.stands[exposure().auto] == exposure().alone
    assert hold(Dials([corners()], fixed=True), exposure()) is None
    assert hold(FakeDevice([corners()]), exposure()) is None  # answers 0 to everything


def test_an_aside_is_done_between_two_pictures():
    source, told = camera(device := Dials([corners()])), []
    source.tell(told.append)
    assert not told and source.read() is not None and told == [device]


def test_only_the_calibrated_camera_is_adjusted():
    adjust = Adjustment(rotate=90)
    devices = {0: None, 1: FakeDevice([corners()])}
    reached = Devices(lambda: [(0, "Good"), (1, "Other")], devices.get)
    options = {"devices": reached, "size": (320, 240)}
    stand_in = open_source(None, calibrated=Calibrated("Good", adjust), **options)
    assert stand_in.name == "camera 1 (Other)" and stand_in.size == (320, 240)
    assert open_source(None, calibrated=Calibrated("Other", adjust), **options).size == (240, 320)
    assert open_source(None, calibrated=Calibrated(adjust=adjust), **options).size == (240, 320)
    named = open_source("other", calibrated=Calibrated(adjust=adjust), **options)
    assert isinstance(named, CameraSource) and named.size == (240, 320)
