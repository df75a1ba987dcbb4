"""What to change where the delay is long: light and exposure, the camera's format, its cable, the screen."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Protocol

import cv2

from mirror.app.calibration.camera_modes import SMOOTH
from mirror.translation.message import Message, Said

SLOW = 80.0  # milliseconds that screen and camera may take; the mirror's own work comes on top
_LONG = 1 / 40  # seconds of exposure with which 30 pictures a second are only just possible
_CABLE = 640 * 480  # pixels up to which a USB 2 port carries 30 uncompressed pictures a second


class Answering(Protocol):
    """The one thing of a camera's device that is asked here."""

    def get(self, propId: int) -> float:
        """A property of OpenCV; 0 or -1 where the camera does not say."""


@dataclass(frozen=True, slots=True)
class Link:
    """How a camera's pictures come.

    Attributes:
        format: as four letters: "MJPG", "YUYV"; "" where the camera does not say.
        exposure: seconds of a picture; None where the camera does not say.
    """

    format: str = ""
    exposure: float | None = None


def ask(device: Answering) -> Link:
    """What the camera says of itself; between two pictures, in the thread that reads them."""
    code = int(device.get(cv2.CAP_PROP_FOURCC))
    letters = "".join(chr(code >> shift & 0xFF) for shift in (0, 8, 16, 24)) if code > 0 else ""
    value, system = device.get(cv2.CAP_PROP_EXPOSURE), platform.system()
    exposure = None
    if system == "Linux" and value > 0:
        exposure = value / 1e4  # Video4Linux counts in 100 microseconds
    elif system == "Windows" and -14 <= value < 0:
        exposure = 2.0**value  # DirectShow in powers of two
    return Link(letters if letters.isalnum() else "", exposure)


def advice(rate: float, size: tuple[int, int], link: Link) -> list[Message]:
    """What may shorten a long delay, the likeliest first.

    Args:
        rate: pictures a second, as measured.
        size: (width, height) of them.
        link: how they come.
    """
    told = []
    if link.exposure is not None and link.exposure >= _LONG:
        told.append(
            Message(
                "Light: each picture is exposed for {time:.0f} ms. Put a lamp in front, or go back and hold "
                "the exposure darker.", time=1e3 * link.exposure,
            )
        )  # fmt: skip
    elif rate < SMOOTH:
        told.append(
            Message(
                "Light: only {rate:.0f} pictures a second. Cameras slow down in the dark: put a lamp there.",
                rate=rate,
            )
        )
    if link.format not in ("", "MJPG") and size[0] * size[1] > _CABLE:
        told.append(
            Message(
                "Format: the pictures come as {format}, not as MJPG, and fill the cable. Go back and take "
                "640x480, or take a camera that knows MJPG.", format=Said(link.format),
            )
        )  # fmt: skip
    told.append(
        Message("Cable: plug the camera into a USB port of the machine itself, no hub; a blue one is faster.")
    )
    told.append(Message("Screen: on a television choose the game mode; all others hold pictures back."))
    return told
