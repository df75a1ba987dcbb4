"""Head space: one square in which every head sits alike.

A similarity transform puts the midpoint of the eyes at (0.5, 0.46) of the square's side, the eyes
0.18 of the side apart and level. Training and the live mirror import this same file, so a network
always sees what it was trained on. Unit coordinates run from 0 to 1 across the square; a crop of
`side` pixels has pixel centres at unit (i + 0.5) / side.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import BROWS, FACE_OVAL, INNER_FACE, Face

VERSION = "1"
EYE_CENTRE = (0.5, 0.46)
EYE_DISTANCE = 0.18


@dataclass(frozen=True, slots=True)
class HeadTransform:
    """Where the head-space square lies in a frame.

    Attributes:
        x, y: midpoint of the eyes, frame pixels.
        scale: frame pixels per side of the square (eye distance / 0.18).
        angle: radians, clockwise in the picture; 0 when the eyes are level.

    Example:
        >>> t = HeadTransform(x=640.0, y=360.0, scale=500.0, angle=0.0)
        >>> t.to_unit(np.array([[640.0, 360.0]])).round(6).tolist()
        [[0.5, 0.46]]
    """

    x: float
    y: float
    scale: float
    angle: float

    @classmethod
    def from_face(cls, face: Face) -> HeadTransform:
        """The transform of a tracked face. Raises ValueError if the eyes coincide."""
        right, left = face.eyes
        across = left - right
        distance = float(np.hypot(*across))
        if distance < 1e-3:
            raise ValueError("the two eye centres coincide: these landmarks are not a face")
        middle = (right + left) / 2
        return cls(
            float(middle[0]),
            float(middle[1]),
            distance / EYE_DISTANCE,
            float(np.arctan2(across[1], across[0])),
        )

    def matrix(self, side: int) -> np.ndarray:
        """float64 (2, 3): crop pixels of a `side`-pixel square -> frame pixels."""
        c, s = np.cos(self.angle) * self.scale, np.sin(self.angle) * self.scale
        linear = np.array([[c, -s], [s, c]]) / side
        # Crop pixel (0, 0) has its centre at unit 0.5 / side.
        offset = np.array([0.5 / side - EYE_CENTRE[0], 0.5 / side - EYE_CENTRE[1]]) * side
        return np.hstack([linear, (linear @ offset + (self.x, self.y))[:, None]])

    def to_unit(self, points: np.ndarray) -> np.ndarray:
        """Frame pixels (N, 2) -> unit coordinates (N, 2) of the square, float64."""
        c, s = np.cos(self.angle), np.sin(self.angle)
        moved = np.asarray(points, np.float64) - (self.x, self.y)
        return moved @ np.array([[c, -s], [s, c]]) / self.scale + EYE_CENTRE

    def to_frame(self, points: np.ndarray) -> np.ndarray:
        """Unit coordinates (N, 2) -> frame pixels (N, 2), float64."""
        c, s = np.cos(self.angle), np.sin(self.angle)
        moved = (np.asarray(points, np.float64) - EYE_CENTRE) * self.scale
        return moved @ np.array([[c, s], [-s, c]]) + (self.x, self.y)

    def part(self, left: float, top: float, side: float) -> HeadTransform:
        """Where a smaller square lies that begins at `left` and `top` of this one; all shares of its side.

        Example:
            >>> whole = HeadTransform(x=640.0, y=360.0, scale=500.0, angle=0.1)
            >>> whole.part(0.25, 0.5, 0.5).to_frame(np.zeros((1, 2))).round(6).tolist()
            [[513.627811, 367.420906]]
            >>> whole.to_frame(np.array([[0.25, 0.5]])).round(6).tolist()
            [[513.627811, 367.420906]]
        """
        middle = np.array([[left + EYE_CENTRE[0] * side, top + EYE_CENTRE[1] * side]])
        ((x, y),) = self.to_frame(middle).tolist()
        return HeadTransform(x, y, self.scale * side, self.angle)

    def frame_rectangle(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The square's bounding box inside a frame: left, top, right, bottom (exclusive)."""
        corners = self.to_frame(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64))
        left, top = np.floor(corners.min(0)).astype(int)
        right, bottom = np.ceil(corners.max(0)).astype(int) + 1
        clip_x, clip_y = lambda v: int(min(max(v, 0), width)), lambda v: int(min(max(v, 0), height))
        return clip_x(left), clip_y(top), clip_x(right), clip_y(bottom)


def crop(image: np.ndarray, transform: HeadTransform, side: int) -> np.ndarray:
    """Cuts the head-space square out of a picture.

    Args:
        image: uint8 or float32, (H, W) or (H, W, C).
        transform: where the square lies.
        side: pixels of the result.

    Returns:
        Same dtype and channels, (side, side[, C]). Outside the picture it is 0.
    """
    # Bilinear sampling skips pixels once it shrinks by more than two; halve by area first.
    shrink = transform.scale / side
    if shrink >= 2.0:
        left, top, right, bottom = transform.frame_rectangle(image.shape[1], image.shape[0])
        factor = int(shrink)
        # A whole cell more on each side where the frame has it, or the square's last row would fade to black.
        left, top = max(0, left - factor), max(0, top - factor)
        right, bottom = min(image.shape[1], right + factor), min(image.shape[0], bottom + factor)
        width, height = (right - left) // factor, (bottom - top) // factor
        if width >= 1 and height >= 1:
            part = image[top : top + height * factor, left : left + width * factor]
            small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
            inside = HeadTransform(
                (transform.x - left + 0.5) / factor - 0.5,
                (transform.y - top + 0.5) / factor - 0.5,
                transform.scale / factor,
                transform.angle,
            )
            return _warp(small, inside, side)
    return _warp(image, transform, side)


def _warp(image: np.ndarray, transform: HeadTransform, side: int) -> np.ndarray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, transform.matrix(side), (side, side), flags=flags)


def valid_map(width: int, height: int, transform: HeadTransform, side: int) -> np.ndarray:
    """uint8 (side, side): 255 where the square lies inside a width x height frame, else 0."""
    edges = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5],
                      [-0.5, height - 0.5]])  # fmt: skip
    return fill_polygon(transform.to_unit(edges), side)


def paste_back(
    layer: np.ndarray, transform: HeadTransform, rectangle: tuple[int, int, int, int]
) -> np.ndarray:
    """Warps a head-space layer onto a rectangle of the frame, at the frame's resolution.

    Args:
        layer: (S, S) or (S, S, C), uint8 or float32.
        rectangle: left, top, right, bottom in frame pixels.

    Returns:
        Same dtype, (bottom - top, right - left[, C]); 0 outside the square.
    """
    left, top, right, bottom = rectangle
    matrix = transform.matrix(layer.shape[0])
    matrix[:, 2] -= (left, top)
    return cv2.warpAffine(layer, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)


def fill_polygon(points: np.ndarray, side: int) -> np.ndarray:
    """uint8 (side, side): 255 inside the polygon of unit points (N, 2), edges antialiased."""
    canvas = np.zeros((side, side), np.uint8)
    shift = 4
    pixels = (np.asarray(points) * side - 0.5) * (1 << shift)
    pixels = np.clip(np.round(pixels), -(1 << 20), 1 << 20).astype(np.int32)
    cv2.fillPoly(canvas, [pixels], 255, lineType=cv2.LINE_AA, shift=shift)
    return canvas


def face_map(face: Face, transform: HeadTransform, side: int) -> np.ndarray:
    """uint8 (side, side): 255 inside the face oval."""
    return fill_polygon(transform.to_unit(face.landmarks[list(FACE_OVAL), :2]), side)


def inner_face_map(face: Face, transform: HeadTransform, side: int) -> np.ndarray:
    """uint8 (side, side): 255 inside the hull of eyes, nose and mouth."""
    points = transform.to_unit(face.landmarks[list(INNER_FACE), :2]).astype(np.float32)
    return fill_polygon(cv2.convexHull(points)[:, 0], side)


def brow_points(face: Face, transform: HeadTransform) -> np.ndarray:
    """float32 (2, 10, 2), unit points: of each brow of `mirror.core.face.BROWS` the upper edge, then the
    lower."""
    points = transform.to_unit(face.landmarks[np.array(BROWS).ravel(), :2])
    return points.reshape(2, -1, 2).astype(np.float32)


def face_shape(face: Face, transform: HeadTransform) -> np.ndarray:
    """The shape and pose of a face as a condition for the networks.

    Returns:
        float32 (75,): the 36 oval points in unit coordinates less (0.5, 0.5), times 4, then yaw,
        pitch and roll (relative to the square, so only what the alignment leaves) over 30 degrees.
    """
    oval = (transform.to_unit(face.landmarks[list(FACE_OVAL), :2]) - 0.5) * 4
    yaw, pitch, roll = face.pose
    angles = np.array([yaw, pitch, roll - np.degrees(transform.angle)]) / 30
    return np.concatenate([oval.ravel(), angles]).astype(np.float32)


def oval_of(shape: np.ndarray) -> np.ndarray:
    """The face oval of a `face_shape`: unit points, float64 (36, 2)."""
    return shape[: 2 * len(FACE_OVAL)].reshape(-1, 2).astype(np.float64) / 4 + 0.5


FACE_SHAPE_SIZE = 2 * len(FACE_OVAL) + 3
