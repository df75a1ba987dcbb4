"""Layers that were rendered on one head brought to another: moved as the skin beneath them moves.

All heads have the same vertices, so where each lies in the two pictures says how skin moves; hair moves with
the skin that it is nearest to. Premultiplied colours and alpha move together: strands stay what they are.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.compositing.head_pose import moved as moved_by
from mirror.compositing.head_pose import similarity
from train.groom.head import PARTS, Head
from train.groom.raster import Pinhole, project, vertex_normals
from train.groom.renderer import Layers

# How many of the vertices that both cameras see say how skin moves.
VERTICES = 400
# Pixels, of portraits 448 wide: between the points of the grid on which it is worked out (at 8 what is laid
# between them ripples, and hair with it); and how far a vertex is heard (beyond it the nearest speak alike).
# A jaw and the neck right below it move apart where two heads are of other proportions: at 22, hair beside
# them was pressed to under a quarter in 141 of 800 pairs; at 40 it still is in 20 of those, and skin lies 0.2
# pixels of the render (224 wide) further off on the upper third of a head.
GRID, HEARD = 4, 40.0
# Faces turned away from the camera by up to a right angle are seen: the outline counts most.
TOWARDS = -0.05


def movement(
    head: Head, camera: Pinhole, other: Head, other_camera: Pinhole, size: tuple[int, int]
) -> np.ndarray:
    """Where each pixel of the other head's picture lies in the first one's: float32 (H, W, 2), x and y.

    Args:
        head, camera: what the layers were rendered on; other, other_camera: whom they are for.
        size: width and height of the other's picture.
    """
    here, there = project(head.vertices, camera)[:, :2], project(other.vertices, other_camera)[:, :2]
    seen = _towards(head, camera) & _towards(other, other_camera)
    # Ears stand off: what is seen beside them lies elsewhere, and would be torn along.
    seen[np.unique(head.faces[head.parts == PARTS.index("ear")])] = False
    margin = 0.5 * max(size)
    seen &= (np.abs(there - np.array(size) / 2) < np.array(size) / 2 + margin).all(1)
    numbers = np.flatnonzero(seen)
    numbers = numbers[_spread(there[numbers], VERTICES)]
    here, there = here[numbers], there[numbers]
    linear = similarity(there, here)
    left = here - moved_by(there, linear)
    width, height = size
    across, down = np.arange(0, width + GRID, GRID), np.arange(0, height + GRID, GRID)
    points = np.stack(np.meshgrid(across, down), -1).reshape(-1, 2).astype(np.float64)
    weight = 1 / (((points[:, None] - there[None]) ** 2).sum(-1) + HEARD**2) ** 2
    more = (weight @ left) / weight.sum(1, keepdims=True)
    coarse = more.reshape(len(down), len(across), 2).astype(np.float32)
    # The grid's points lie on pixels 0, GRID, 2 GRID ...
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    fine = cv2.remap(coarse, x / GRID, y / GRID, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    whole = moved_by(np.stack([x, y], -1).astype(np.float64), linear)
    return (whole + fine).astype(np.float32)


def stretch(moved: np.ndarray) -> np.ndarray:
    """float32 (H, W): pixels of the first picture on one of the other, by area; below 0 where it folds."""
    x_x, x_y = np.gradient(moved[..., 0], axis=1), np.gradient(moved[..., 0], axis=0)
    y_x, y_y = np.gradient(moved[..., 1], axis=1), np.gradient(moved[..., 1], axis=0)
    return (x_x * y_y - x_y * y_x).astype(np.float32)


def moved_layers(layers: Layers, moved: np.ndarray) -> Layers:
    """Layers in another picture.

    Where the first picture has several pixels on one of the other's it is made smaller by area first, so that
    no strand is lost between samples.

    Args:
        moved: see `movement`.
    """
    shrink = float(np.sqrt(max(np.median(stretch(moved)), 1e-3)))
    height, width = layers.front.shape[:2]
    size = (max(1, round(width / max(shrink, 1.0))), max(1, round(height / max(shrink, 1.0))))
    scale = np.array([size[0] / width, size[1] / height], np.float32)
    places = (moved + 0.5) * scale - 0.5

    def take(picture: np.ndarray, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
        small = (
            picture if size == (width, height) else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        )
        return cv2.remap(small.astype(np.float32), places, None, cv2.INTER_LINEAR, borderMode=border)

    edge = cv2.BORDER_REPLICATE
    return replace(
        layers,
        front=take(layers.front),
        lights={name: take(one) for name, one in layers.lights.items()},
        whole=None if layers.whole is None else take(layers.whole),
        behind_lights={name: take(one) for name, one in layers.behind_lights.items()},
        shadow=None if layers.shadow is None else take(layers.shadow, edge),
        shadow_lights={
            name: (take(lit, edge), take(bare, edge)) for name, (lit, bare) in layers.shadow_lights.items()
        },
        depth=None, tangent=None, clump=None, portrait=None,
    )  # fmt: skip


def _towards(head: Head, camera: Pinhole) -> np.ndarray:
    """bool (V,): which vertices look at the camera, or lie on the outline."""
    turned = np.asarray(camera.rotation)
    at = head.vertices @ turned.T + camera.translation
    normals = vertex_normals(head.vertices, head.triangles) @ turned.T
    return -(normals * at).sum(1) / np.linalg.norm(at, axis=1) > TOWARDS


def _spread(points: np.ndarray, count: int) -> np.ndarray:
    """Numbers of about so many of the points, one in each cell of a grid."""
    low, span = points.min(0), np.ptp(points, axis=0)
    cell = np.sqrt(np.prod(np.maximum(span, 1)) / count)
    return np.unique(np.floor((points - low) / cell).astype(int), axis=0, return_index=True)[1]
