"""Holding a camera's exposure and white balance, as far as the camera can.

A mirror whose camera keeps correcting itself changes the colour of the hair whenever somebody in white
walks past. What a camera can do is only known by asking it, and by reading back what it took.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass

import cv2

from mirror.sources.camera_devices import Device

# What "by hand" and "automatic" are called: Video4Linux has its own numbers, the others 0 and 1.
_EXPOSURE_BY_HAND = {"Linux": 1.0}
_EXPOSURE_ALONE = {"Linux": 3.0}
_NEAR = 0.02  # share by which a camera may round what it was asked for


@dataclass(frozen=True, slots=True)
class Dial:
    """One thing that a camera sets itself or is held at.

    Attributes:
        name: for people.
        value: OpenCV's property for the value.
        auto: OpenCV's property for who sets it.
        by_hand, alone: what `auto` is set to.
    """

    name: str
    value: int
    auto: int
    by_hand: float
    alone: float


def exposure() -> Dial:
    """The dial of the exposure, as this operating system counts."""
    system = platform.system()
    return Dial(
        "exposure", cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE,
        _EXPOSURE_BY_HAND.get(system, 0.0), _EXPOSURE_ALONE.get(system, 1.0),
    )  # fmt: skip


def white_balance() -> Dial:
    """The dial of the white balance."""
    return Dial("white balance", cv2.CAP_PROP_WB_TEMPERATURE, cv2.CAP_PROP_AUTO_WB, 0.0, 1.0)


def hold(device: Device, dial: Dial, value: float | None = None) -> float | None:
    """Holds a dial at `value`, or where it stands; what it is held at then, None where it cannot be.

    A dial that cannot be held is handed back to the camera.
    """
    wanted = device.get(dial.value) if value is None else value
    # A camera without this dial answers 0 or -1, whatever it is asked.
    took = device.set(dial.auto, dial.by_hand) and device.set(dial.value, wanted)
    stands = device.get(dial.value)
    held = took and device.get(dial.auto) == dial.by_hand
    if not held or stands in (0.0, -1.0) or abs(stands - wanted) > max(_NEAR * abs(wanted), 1.0):
        release(device, dial)
        return None
    return stands


def release(device: Device, dial: Dial) -> None:
    """Lets the camera set a dial itself again."""
    device.set(dial.auto, dial.alone)
