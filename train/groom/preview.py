"""A head as a quick picture: shaded, with brows, lips and eyes, by the plain rasteriser."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from train.groom.face_paint import eyes, paint
from train.groom.head import Head
from train.groom.raster import Pinhole, project, rasterise, vertex_normals

# Two lamps and the sky: directions in the camera's axes (x right, y down, z ahead), and strengths.
_LAMPS = (((-0.4, -0.6, -0.7), 0.65), ((0.8, -0.1, -0.6), 0.15))
_SKY, WALL = 0.35, 0.35


@dataclass(frozen=True)
class View:
    """A camera before a head; see `train.groom.raster.Pinhole`."""

    rotation: np.ndarray
    translation: np.ndarray
    focal: float
    centre: tuple[float, float]


def facing(yaw: float, pitch: float) -> np.ndarray:
    """The rotation under which the nose goes to the picture's right by `yaw` and up by `pitch` degrees."""
    a, b = np.radians(yaw), -np.radians(pitch)
    ahead = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return nod @ ahead @ turn


def view_of(head: Head, yaw: float, pitch: float, eyes_at: tuple[float, float], eye_distance: float) -> View:
    """A camera 90 cm before a head. From the front its eyes are so far apart; their middle is at a pixel."""
    right, left = (head.vertices[one].mean(0) for one in eyes(head))
    turned, away = facing(yaw, pitch), 90.0
    focal = eye_distance * away / float(np.linalg.norm(left - right))
    return View(turned, np.array([0, 0, away]) - turned @ ((left + right) / 2), focal, eyes_at)


def shaded(head: Head, camera: Pinhole, colour: np.ndarray | None = None) -> np.ndarray:
    """What the vertices look like in the preview's light, linear, float32 (V, 3).

    Args:
        colour: albedo of the vertices; `paint` where it is None.
    """
    normals = vertex_normals(head.vertices, head.triangles) @ np.asarray(camera.rotation, np.float32).T
    light = np.full(len(normals), _SKY, np.float32)
    for way, strength in _LAMPS:
        light += strength * np.clip(normals @ (np.array(way, np.float32) / np.linalg.norm(way)), 0, None)
    return (paint(head) if colour is None else colour) * light[:, None]


def draw(head: Head, camera: Pinhole, size: tuple[int, int], colour: np.ndarray | None = None) -> np.ndarray:
    """The head before a grey wall: RGB uint8 (H, W, 3).

    Args:
        size: (width, height).
        colour: as of `shaded`.
    """
    points = project(head.vertices, camera)
    points[:, :2] = points[:, :2] * 2 + 0.5
    seen = rasterise(points, head.triangles, (size[0] * 2, size[1] * 2))
    linear = seen.of(shaded(head, camera, colour), head.triangles, WALL)
    small = cv2.resize(linear, size, interpolation=cv2.INTER_AREA)
    return (np.clip(small, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
