"""Which source a word on the command line means, and what is taken when there is none."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.picture_file import READABLE, UNREADABLE
from mirror.sources.camera import USUAL_SIZE, CameraSource, cameras_here
from mirror.sources.camera_devices import THIS_MACHINE, Devices
from mirror.sources.camera_standby import NONE_WORKS, StandbySource
from mirror.sources.demo import DemoSource
from mirror.sources.photograph import PhotographSource
from mirror.sources.picture_adjustment import UNCALIBRATED, Adjustment, Calibrated
from mirror.sources.protocol import Source
from mirror.sources.replayable_video import Encore
from mirror.sources.video import VideoSource
from mirror.translation.message import Message

NO_CAMERA = Message("no camera found")
_log = logging.getLogger("mirror")


def open_source(
    spec: str | None,
    *,
    size: tuple[int, int] | None = None,
    pace: str = "source",
    calibrated: Calibrated = UNCALIBRATED,
    standby: bool = False,
    stays: bool = False,
    devices: Devices = THIS_MACHINE,
) -> Source:
    """Opens a camera, a video file, a photograph or the demo.

    Args:
        spec: "demo"; a camera's number ("0", or "/dev/video0" on Linux) or its name, whole or a part that
            only one has, in any case; the path of a video or a photograph. None: the calibrated camera,
            else the first that works, else the demo: `name`, `reason` and the log say which and why.
        size: (width, height) in pixels of the frames; None leaves it to the source.
        pace: "source", or "max" for files and the demo (a camera keeps its own pace).
        calibrated: the camera that calibration chose, and what is made of the pictures of cameras; not of
            one that merely stands in for the calibrated one.
        standby: with `spec` None and pace "source": where no camera can be had, the demo gives way to one as
            soon as it can.
        stays: a video stays on its last picture when it has ended, see `mirror.sources.replayable_video`.
        devices: how cameras are listed and opened.

    Raises:
        MirrorError: nothing answers to `spec`, or what does cannot be used.

    Example:
        >>> source = open_source("demo", size=(640, 360), pace="max")
        >>> source.name, source.size
        ('demo', (640, 360))
    """
    if spec is None:
        return _unasked(size, pace, calibrated, standby, devices)
    if spec.strip().lower() == "demo":
        return DemoSource(size or USUAL_SIZE, pace)
    number = re.fullmatch(r"(?:/dev/video)?(\d{1,3})", spec.strip())
    if number:
        known = dict(devices.listed()).get(int(number[1]), "")
        return CameraSource(int(number[1]), name=known, size=size, adjust=calibrated.adjust, devices=devices)
    path = Path(os.path.expanduser(spec))
    if os.path.exists(path):
        ending = path.suffix.lower()
        if ending in READABLE or ending in UNREADABLE:
            return PhotographSource(path, size, pace)
        if stays:
            return Encore(lambda: VideoSource(path, size, pace), pace)
        return VideoSource(path, size, pace)
    here = devices.listed()
    match = _by_name(spec, here)
    if match is None:
        raise MirrorError(
            f"--source {spec}: there is no such file and no camera of that name. {cameras_here(here)} "
            "Give a camera's number or name, the path of a video or a photograph, or demo."
        )
    return CameraSource(match[0], name=match[1], size=size, adjust=calibrated.adjust, devices=devices)


def _unasked(
    size: tuple[int, int] | None, pace: str, calibrated: Calibrated, standby: bool, devices: Devices
) -> Source:
    """The calibrated camera, else the first that works, else the demo until one does."""

    def find(level: int = logging.DEBUG) -> tuple[CameraSource | None, str]:
        return _find(size, calibrated, devices, level)

    camera, why = find(logging.WARNING)
    if camera is not None:
        _log.info("source: %s, %s", camera.name, camera.reason)
        return camera
    _log.warning("%s: showing the demo. Give --source a camera, a video or a photograph instead.", why)
    if not standby or pace != "source":
        return DemoSource(size or USUAL_SIZE, pace, why=why)
    return StandbySource(_size(size, calibrated.adjust), why, find, hoping=why != NO_CAMERA)


def _size(size: tuple[int, int] | None, adjust: Adjustment) -> tuple[int, int]:
    """(width, height) of the frames that the calibrated camera will give, so that they fit the demo's."""
    try:
        return adjust.size(size or USUAL_SIZE)
    except MirrorError:  # a crop of a larger picture than is asked for: that camera will say so itself
        return size or USUAL_SIZE


def _find(
    size: tuple[int, int] | None, calibrated: Calibrated, devices: Devices, level: int
) -> tuple[CameraSource | None, str]:
    """The calibrated camera, else the first that works; else None, and why, in a few words."""
    here = devices.listed()
    wanted = None
    if calibrated.camera is not None:
        word = calibrated.camera.strip()
        wanted = (int(word), dict(here).get(int(word), "")) if word.isdigit() else _by_name(word, here)
        if wanted is None:
            _log.log(level, "the calibrated camera %s is not here", word)
    held = ""
    for entry in [*([wanted] if wanted else []), *(camera for camera in here if camera != wanted)]:
        # Another camera hangs in another way: what was chosen for the calibrated one is not for it.
        made = calibrated.adjust if calibrated.camera is None or entry == wanted else Adjustment()
        try:
            source = CameraSource(entry[0], name=entry[1], size=size, adjust=made, devices=devices)
        except MirrorError as error:
            _log.log(level, "%s", error)
            who = devices.holder(entry[0])
            if who and not held:
                held = f"camera {entry[0]} ({entry[1]}) is in use by {who}"
            continue
        source.reason = "the calibrated camera" if entry == wanted else "the first camera that works"
        return source, ""
    return None, (held or NONE_WORKS) if here else NO_CAMERA


def _by_name(word: str, cameras: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The camera of that name: the whole name, else the only one that contains the word."""
    wanted = word.strip().lower()
    whole = [camera for camera in cameras if camera[1].lower() == wanted]
    if whole:
        return whole[0]
    part = [camera for camera in cameras if wanted and wanted in camera[1].lower()]
    if len(part) > 1:
        raise MirrorError(f"{word} could be several cameras. {cameras_here(part)} Give the number.")
    return part[0] if part else None
