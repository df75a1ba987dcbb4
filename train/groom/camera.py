"""Camera: where a picture of a head is taken from, told as the live mirror tells a pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import LEFT_EYE, RIGHT_EYE

if TYPE_CHECKING:
    from train.groom.head import Head

# Head space 2: 64 pixels an eye distance, 7 eye distances wide and 10 high, the eyes 3.625 below the top.
SIZE = (448, 640)
EYE_DISTANCE = 64 / 448  # of the width
EYES_AT = (0.5, 232 / 640)
# Degrees, over the picture's height: a head about one metre from a webcam.
FIELD_OF_VIEW = 36.0
RANGES = {"yaw": 90.0, "pitch": 60.0, "roll": 180.0}
# Head axes (left, back, up) -> camera axes (right, down, forward) of a camera straight before the face.
_FACING = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True)
class Camera:
    """A pinhole camera.

    Attributes:
        rotation: float64 (3, 3): head axes -> camera axes as OpenCV has them (x right, y down, z forward).
        translation: float64 (3,) cm: camera = rotation @ head + translation.
        focal: pixels.
        centre: where the optical axis meets the picture, pixels; the top-left pixel's centre is (0, 0).
        size: width, height in pixels.
    """

    rotation: np.ndarray
    translation: np.ndarray
    focal: float
    centre: tuple[float, float]
    size: tuple[int, int]

    def see(self, points: np.ndarray) -> np.ndarray:
        """Head coordinates (..., 3) cm -> camera coordinates (..., 3) cm, float64."""
        return np.asarray(points, np.float64) @ self.rotation.T + self.translation

    def project(self, points: np.ndarray) -> np.ndarray:
        """Head coordinates (..., 3) cm -> pixels (..., 2), float64."""
        seen = self.see(points)
        return seen[..., :2] / seen[..., 2:] * self.focal + self.centre

    def pixels_a_cm(self) -> float:
        """How large a centimetre is at the head's middle, pixels."""
        return self.focal / float(self.translation[2])

    def halved(self) -> Camera:
        """The camera of the same picture at half its side; odd sides are rounded up."""
        x, y = ((one + 0.5) / 2 - 0.5 for one in self.centre)
        width, height = (-(-one // 2) for one in self.size)
        return Camera(self.rotation, self.translation, self.focal / 2, (x, y), (width, height))

    def doubled(self) -> Camera:
        """The camera of the same picture at twice its side."""
        x, y = (2 * one + 0.5 for one in self.centre)
        width, height = (2 * one for one in self.size)
        return Camera(self.rotation, self.translation, 2 * self.focal, (x, y), (width, height))

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, as the path tracer's jobs and the labels of a data set take them."""
        return {
            "rotation": np.asarray(self.rotation).tolist(),
            "translation": np.asarray(self.translation).tolist(),
            "focal": float(self.focal),
            "centre": [float(one) for one in self.centre],
            "size": [int(one) for one in self.size],
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Camera:
        """The camera that `to_json` told."""
        x, y = told["centre"]
        width, height = told["size"]
        return cls(
            np.array(told["rotation"]), np.array(told["translation"]), told["focal"], (x, y), (width, height)
        )


def portrait_camera(
    head: Head,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    size: tuple[int, int] = SIZE,
    field_of_view: float = FIELD_OF_VIEW,
    at: tuple[float, float] = EYES_AT,
) -> Camera:
    """The camera of head space 2, with the head turned before it.

    The eye distance is 64 / 448 of the width when yaw and pitch are 0. The head turns about the middle of its
    eyes, which stays where it is in the picture and in depth.

    Args:
        yaw, pitch, roll: degrees, as `mirror.core.face.Face.pose` tells them of the picture: yaw positive
            when the nose turns to the picture's right, pitch when it turns up, roll when the head tilts
            clockwise.
        size: width, height in pixels.
        field_of_view: degrees over the height of the picture: the smaller, the further away the camera.
        at: where the middle of the eyes lies, in shares of width and height; the optical axis goes through
            it.

    Raises:
        MirrorError: an angle, a size or a field of view out of range.

    Example:
        >>> from train.groom.head import load_head
        >>> head = load_head()
        >>> portrait_camera(head).project(eye_middle(head)).round(3).tolist()
        [223.5, 231.5]
    """
    for name, value in (("yaw", yaw), ("pitch", pitch), ("roll", roll)):
        limit = RANGES[name]
        if not -limit <= value <= limit:
            raise MirrorError(f"--{name} {value:g} is out of range. Give -{limit:g} to {limit:g} degrees.")
    if not 5 <= field_of_view <= 90:
        raise MirrorError(f"A field of view of {field_of_view:g} is out of range. Give 5 to 90 degrees.")
    width, height = size
    if not (16 <= width <= 4096 and 16 <= height <= 4096):
        raise MirrorError(
            f"--size {width}x{height} is out of range. Give 16x16 to 4096x4096, such as 448x640."
        )
    right, left = eye_centres(head)
    focal = height / 2 / np.tan(np.radians(field_of_view) / 2)
    across = np.asarray(left - right, np.float64)
    distance = focal * float(np.hypot(across[0], across[2])) / (EYE_DISTANCE * width)
    rotation = _turn(*np.radians([yaw, pitch, roll])) @ _FACING
    centre = (at[0] * width - 0.5, at[1] * height - 0.5)
    translation = np.array([0.0, 0.0, distance]) - rotation @ eye_middle(head)
    return Camera(rotation, translation, float(focal), centre, (int(width), int(height)))


def eye_centres(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the subject's right and left eye, as `mirror.core.face.Face.eyes` has them: (3,) cm each."""
    points = np.asarray(head.landmarks, np.float64)
    return points[list(RIGHT_EYE)].mean(0), points[list(LEFT_EYE)].mean(0)


def eye_middle(head: Head) -> np.ndarray:
    """(3,) cm."""
    right, left = eye_centres(head)
    return (right + left) / 2


def _turn(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Camera axes -> camera axes, so that a pose read off the turned axes is this one."""
    # The pitch is read off the axis from forehead to chin, whose depth shrinks as the head turns aside.
    pitch = float(np.arcsin(np.clip(np.sin(pitch) / np.cos(yaw), -1, 1))) if abs(np.cos(yaw)) > 1e-6 else 0.0
    cr, sr, cy, sy, cp, sp = (
        np.cos(roll),
        np.sin(roll),
        np.cos(yaw),
        np.sin(yaw),
        np.cos(pitch),
        np.sin(pitch),
    )
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    # Looking to the picture's right brings the subject's left, which is there, away from the camera.
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    return about_z @ about_y @ about_x
