"""Lights: six groups that are rendered apart, and named lights, which are weighted sums of them.

Light adds up, so a picture in any light is `sum(weight * tint * group)`. The groups stand in the room and so
keep their place in the picture when the head turns: left and right are the picture's.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mirror.core.errors import MirrorError

if TYPE_CHECKING:
    from train.groom.camera import Camera

GROUPS = ("left", "right", "front", "top", "back", "dome")


@dataclass(frozen=True)
class Lamp:
    """A round soft light. With weight 1 it makes a white card that faces it at the head's place as bright as
    1.

    Attributes:
        place: cm from the head's middle, in the picture's directions: right, up, towards the camera.
        size: diameter, cm: the larger, the softer its shadows.
    """

    place: tuple[float, float, float]
    size: float


# The window is large and near, as windows are; the front is a soft box over the camera; the back light is
# small, high and to one side, so that it draws a rim and does not shine through all of the hair.
LAMPS = {
    "left": Lamp((-150.0, 35.0, 45.0), 70.0),
    "right": Lamp((150.0, 35.0, 45.0), 70.0),
    "front": Lamp((-15.0, 70.0, 150.0), 50.0),
    "top": Lamp((0.0, 170.0, 15.0), 60.0),
    "back": Lamp((60.0, 90.0, -130.0), 40.0),
}
# Brightness of the dome of light below, at and above the horizon; its mean over the sphere is about 0.75.
DOME = {"bottom": 0.35, "horizon": 0.75, "top": 1.0}


@dataclass(frozen=True)
class Light:
    """A named light.

    Attributes:
        weights: of the groups, 0 or more; those not named are 0.
        tints: linear RGB of the groups; those not named are white.
    """

    weights: Mapping[str, float]
    tints: Mapping[str, tuple[float, float, float]]

    def factors(self) -> dict[str, np.ndarray]:
        """What each group's picture is multiplied with: float32 (3,)."""
        return {
            group: np.float32(self.weights.get(group, 0.0))
            * np.array(self.tints.get(group, (1, 1, 1)), np.float32)
            for group in GROUPS
        }


# Linear RGB of daylight through cloud, of the sky, of the sun low, and of a household lamp before a camera
# that is balanced between it and daylight.
_SKY = (0.86, 0.96, 1.16)
_SUN = (1.12, 0.99, 0.82)
_LAMP = (1.35, 0.95, 0.55)


def _light(tints: Mapping[str, tuple[float, float, float]] | None = None, **weights: float) -> Light:
    return Light(weights, tints or {})


LIGHTS: dict[str, Light] = {
    "studio": _light(front=0.55, left=0.30, right=0.12, top=0.10, back=0.25, dome=0.30),
    "soft": _light(front=0.25, left=0.10, right=0.10, top=0.10, dome=0.60),
    "window_left": _light({"left": _SKY}, left=1.05, front=0.06, dome=0.22),
    "window_right": _light({"right": _SKY}, right=1.05, front=0.06, dome=0.22),
    "overhead": _light({"top": (1.05, 1.0, 0.93)}, top=0.95, front=0.06, dome=0.30),
    "backlit": _light({"back": _SUN}, back=1.9, dome=0.45, front=0.05),
    "warm_lamp": _light({"right": _LAMP, "dome": (1.2, 0.97, 0.7)}, right=0.75, front=0.12, dome=0.28),
    "overcast": _light({"dome": (0.95, 1.0, 1.06), "top": (0.95, 1.0, 1.06)}, dome=0.85, top=0.30),
    "screen": _light({"front": (0.88, 0.98, 1.12)}, front=0.62, dome=0.16),
    "sunset": _light({"left": _LAMP, "dome": _SKY, "back": _SUN}, left=1.1, back=0.4, dome=0.22),
}


def find_light(name: str) -> Light:
    """A light by name. Raises MirrorError, with the names that are closest, for one that is not there."""
    if name not in LIGHTS:
        near = difflib.get_close_matches(name, LIGHTS, n=3, cutoff=0.4) or list(LIGHTS)
        raise MirrorError(f"No light is called {name!r}. Choose one of: {', '.join(near)}.")
    return LIGHTS[name]


def add_light(groups: Mapping[str, np.ndarray], light: Light) -> np.ndarray:
    """Pictures of the groups, linear (..., 3) each, to one picture in that light, float32 (..., 3)."""
    factors = light.factors()
    total = np.zeros_like(next(iter(groups.values())), np.float32)
    for name, picture in groups.items():
        if factors[name].any():
            total += picture.astype(np.float32) * factors[name]
    return total


def place_lamps(camera: Camera, middle: np.ndarray) -> dict[str, Any]:
    """The lamps in head space for this camera, as the path tracer's job `light` takes them.

    Args:
        middle: (3,) cm, the point they shine at.
    """
    # Columns: the picture's right, up, and towards the camera, in head coordinates.
    axes = np.asarray(camera.rotation, np.float64).T @ np.diag([1.0, -1.0, -1.0])
    lamps = []
    for group, lamp in LAMPS.items():
        place = np.array(lamp.place)
        lamps.append(
            {
                "group": group,
                "position": (middle + axes @ place).tolist(),
                "target": np.asarray(middle, np.float64).tolist(),
                "size": lamp.size,
                # A diffuse lamp of P watts gives P / (pi d^2) at distance d, a white card pi times its
                # brightness.
                "power": float(np.pi**2 * (place @ place)),
            }
        )
    return {"lamps": lamps, "up": axes[:, 1].tolist(), "dome": DOME}
