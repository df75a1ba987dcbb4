"""Quality gates: what a picture is measured by before it may teach, and from where on it is left out.

Each gate returns a `Finding`: what was measured, the limit, and whether the picture is rejected. The
limits were set by eye on 4,395 portraits, so that a gate misses some rather than takes good ones; none
looks at how light skin is, nor at whether there is hair. The gate of hats is in `hat_gate.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import INNER_FACE, LEFT_EYE, RIGHT_EYE, Face
from mirror.core.head_space import EYE_DISTANCE, HeadTransform, fill_polygon

# What --keep takes. "no face" and "unreadable" leave nothing that could be kept.
OPTIONAL = ("several faces", "pose", "too small", "greyscale", "blur", "sunglasses", "hat")
GATE_SIDE = 256  # pixels of the head-space square that the gates look at

YAW_LIMIT = 40.0  # degrees
PITCH_LIMIT = 35.0  # degrees
SECOND_FACE_LIMIT = 0.5  # height of the second face over that of the first
EYES_LIMIT = 23.0  # pixels between the eyes: half of what a 256-pixel square shows
COLOUR_LIMIT = 2.0  # CIE Lab units of chroma that lightness does not explain
SHARPNESS_LIMIT = 0.25  # fine contrast over all contrast
LENS_LIMIT = 1.5  # stops darker than the skin, plus twice the change of colour in stops

# The skin beside the nose and its tip: neither beard, brow nor a lens reaches there.
CHEEKS = ((205, 36, 203, 206, 216, 207), (425, 266, 423, 426, 436, 427))
NOSE = (5, 51, 45, 4, 275, 281)
# From brow to mouth: all that is looked at for sunglasses.
WINDOW = (slice(80, 208), slice(48, 208))
# A lens reaches further than an eye: centre and half axes in widths of the eye, from its middle.
LENS_DOWN, LENS_HALF_WIDTH, LENS_HALF_HEIGHT = 0.35, 0.8, 0.6

_LINEAR = np.arange(256) / 255
_LINEAR = np.where(_LINEAR < 0.04045, _LINEAR / 12.92, ((_LINEAR + 0.055) / 1.055) ** 2.4)
_STOPS = np.log2(_LINEAR + 0.004).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a gate found: `value` lies on the wrong side of `limit` where `rejected`.

    Example:
        >>> str(Finding("pose", 47.2, 40.0, True))
        '47.2, limit 40'
    """

    reason: str
    value: float
    limit: float
    rejected: bool

    def __str__(self) -> str:
        return f"{self.value:.3g}, limit {self.limit:g}"


def several_faces(faces: list[Face]) -> Finding:
    """How high the second face is beside the first. Faces are sorted, largest first; at least one."""
    ratio = faces[1].height / faces[0].height if len(faces) > 1 else 0.0
    return Finding("several faces", ratio, SECOND_FACE_LIMIT, ratio > SECOND_FACE_LIMIT)


def pose(face: Face) -> Finding:
    """Degrees by which the head is turned aside or nods, whichever is nearer to its limit."""
    yaw, pitch, _ = (abs(angle) for angle in face.pose)
    aside = yaw / YAW_LIMIT > pitch / PITCH_LIMIT
    value, limit = (yaw, YAW_LIMIT) if aside else (pitch, PITCH_LIMIT)
    return Finding("pose", value, limit, value > limit)


def too_small(transform: HeadTransform, limit: float = EYES_LIMIT) -> Finding:
    """Pixels between the eyes, in the picture as it was taken."""
    distance = transform.scale * EYE_DISTANCE
    return Finding("too small", distance, limit, distance < limit)


def greyscale(head: np.ndarray, valid: np.ndarray) -> Finding:
    """How much colour there is that lightness alone does not explain, in CIE Lab units (RMS).

    In grey and in sepia pictures chroma is a function of lightness, so a cubic fit leaves nothing. Skin
    beside hair, cloth and wall leaves 12, a dark face before a brown wall still more than 2.3.

    Args:
        head: uint8 RGB (256, 256, 3); valid: uint8 (256, 256), see `mirror.core.head_space.valid_map`.
    """
    small = cv2.resize(head, (64, 64), interpolation=cv2.INTER_AREA)
    inside = cv2.resize(valid, (64, 64), interpolation=cv2.INTER_AREA) > 250
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[inside]
    light = lab[:, 0] / 100
    powers = np.stack([np.ones_like(light), light, light**2, light**3], 1)
    fit, *_ = np.linalg.lstsq(powers, lab[:, 1:], rcond=None)
    value = float(np.sqrt(((lab[:, 1:] - powers @ fit) ** 2).sum(1).mean()))
    return Finding("greyscale", value, COLOUR_LIMIT, value < COLOUR_LIMIT)


def blur(head: np.ndarray, face: Face, transform: HeadTransform) -> Finding:
    """Deviation of the Laplacian over that of the grey values, between brow and mouth.

    Looked at with the eyes 23 pixels apart, so that a small picture is not taken for a blurred one.
    Sharp portraits have about 0.9, the softest 0.3; blurred by a Gaussian of a 15th of the eye distance,
    three quarters fall below the limit, of an 11th nearly all.
    """
    side = GATE_SIDE // 2
    grey = cv2.cvtColor(cv2.resize(head, (side, side), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    points = transform.to_unit(face.landmarks[list(INNER_FACE), :2]).astype(np.float32)
    inside = fill_polygon(cv2.convexHull(points)[:, 0], side) > 127
    fine = cv2.Laplacian(grey, cv2.CV_32F)[inside].std()
    value = float(fine / max(grey[inside].std(), 4.0))
    return Finding("blur", value, SHARPNESS_LIMIT, value < SHARPNESS_LIMIT)


def sunglasses(head: np.ndarray, face: Face, transform: HeadTransform) -> Finding:
    """How far what lies around the eyes is from skin, the mean of both eyes.

    Measured in an ellipse that a lens fills and an eye in shadow does not, against the skin of cheek and
    nose: the stops by which 70% of it are darker, plus twice the distance in chromaticity (log2 of each
    channel less their mean) that 70% of it exceed. Shade keeps the chromaticity of skin, dark or light;
    clear glasses leave the skin behind them as it is.
    """
    stops, colour = light_and_colour(head[WINDOW])
    unit = transform.to_unit(face.landmarks[:, :2])
    skins = [_mask(unit, points) for points in (*CHEEKS, NOSE)]
    # A cheek that is turned away shows nothing; the nose always does.
    skins = [skin if skin.sum() > 10 else skins[2] for skin in skins]
    rows, columns = np.mgrid[WINDOW]
    values = []
    for corners, cheek in ((RIGHT_EYE, skins[0]), (LEFT_EYE, skins[1])):
        ends = unit[list(corners)] * GATE_SIDE
        width = float(np.linalg.norm(ends[0] - ends[1]))
        x, y = ends.mean(0) + (0, LENS_DOWN * width)
        across, down = (columns - x) / (LENS_HALF_WIDTH * width), (rows - y) / (LENS_HALF_HEIGHT * width)
        lens = across**2 + down**2 < 1
        light = min(np.median(stops[skin]) for skin in (cheek, skins[2]))
        tints = [
            np.linalg.norm(colour[lens] - np.median(colour[skin], 0), axis=1) for skin in (cheek, skins[2])
        ]
        darker = np.percentile(light - stops[lens], 30)
        values.append(float(darker + 2 * np.percentile(np.min(tints, 0), 30)))
    value = sum(values) / 2
    return Finding("sunglasses", value, LENS_LIMIT, value > LENS_LIMIT)


def by_attribute(reason: str, attributes: Mapping[str, object]) -> Finding | None:
    """The set's own word about a hat or a blur (CelebA's attributes), None where it has none."""
    name = {"hat": "Wearing_Hat", "blur": "Blurry"}.get(reason)
    if name is None or name not in attributes:
        return None
    said = bool(attributes[name])
    return Finding(reason, float(said), 0.0, said)


def light_and_colour(head: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lightness and chromaticity in stops: uint8 RGB (H, W, 3) -> float32 (H, W) and (H, W, 3).

    The mean of log2 of the linear channels, and what each channel differs from it. Less light moves the
    first and leaves the second.
    """
    logs = _STOPS[head]
    light = logs.mean(-1)
    return light, logs - light[..., None]


def _mask(unit: np.ndarray, points: tuple[int, ...]) -> np.ndarray:
    return fill_polygon(unit[list(points)], GATE_SIDE)[WINDOW] > 127
