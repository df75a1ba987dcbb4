"""The program with a settings file that says how the camera hangs: what it keeps is turned and cut."""

from __future__ import annotations

import functools

import cv2
import numpy as np

import run_mirror
from mirror import sources
from mirror.settings.command_line import read_settings
from mirror.settings.options import Settings
from mirror.settings.settings_file import save_settings
from mirror.sources.exposure_lock import exposure
from tests.program_run import read
from tests.test_sources_picture_adjustment import Dials


def test_the_program_turns_cuts_and_holds_as_the_settings_file_says(tmp_path, monkeypatch, demo_frame):
    bgr = np.ascontiguousarray(demo_frame[..., ::-1])  # 640 x 360
    device = Dials([bgr])
    devices = sources.Devices(lambda: [(0, "Eye")], lambda number: device)
    opened = functools.partial(sources.open_source, devices=devices)
    monkeypatch.setattr(sources, "open_source", opened)
    monkeypatch.setattr(run_mirror.signal, "signal", lambda *_: None)
    kept = Settings(camera="Eye", size=(640, 360), rotate=180, crop=(80, 20, 480, 320), exposure=156.0)
    save_settings(kept, tmp_path / "settings.toml")
    flags = ["--settings", str(tmp_path / "settings.toml"), "--style", "bob", "--headless", "--frames", "2",
             "--no-mirror", "--record", str(tmp_path / "frames")]  # fmt: skip
    assert run_mirror.run(read_settings(flags)) == 0

    shown = read(sorted((tmp_path / "frames").glob("*.png"))[-1])
    expected = np.rot90(demo_frame[20:340, 80:560], 2)
    assert shown.shape == expected.shape == (320, 480, 3)
    # What no hair covers is the camera's own to the bit: the corners, and most of it.
    assert np.array_equal(shown[:40, :40], expected[:40, :40])
    assert np.array_equal(shown[-40:, -40:], expected[-40:, -40:])
    assert (shown == expected).all(axis=2).mean() > 0.4
    assert device.stands[cv2.CAP_PROP_EXPOSURE] == 156.0
    assert device.stands[exposure().auto] == exposure().by_hand
