"""Warp: from the pixels of a picture to those of a key view, on a coarse grid.

The hair's depth carries it to the present yaw and pitch, the thin-plate difference between the landmarks of
the groom's head and of this face to this face's shape, and a similarity to where the head is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.compositing.hairline_fit import HairlineFit
from mirror.compositing.head_pose import RIGID, HeadPose, inverse, moved, similarity
from mirror.compositing.head_silhouette import MIDDLE, SKULL, displaced, silhouette
from mirror.compositing.swing import MASSES, Swing, stiffness
from mirror.core.face import FACE_OVAL
from mirror.hair.key_view import CELL, LANDMARKS, GrownStyle, KeyView, ViewCamera

Box = tuple[int, int, int, int]
# Landmarks whose difference bends the layer. The chin follows the jaw when somebody speaks: it counts little.
CONTROL = tuple(dict.fromkeys((*FACE_OVAL, *RIGID)))
_CHIN = frozenset((152, 148, 176, 149, 150, 136, 377, 400, 378, 379, 365))
# Of the thin plate's smoothing, in units of the squared size of a face: large enough that an error of a
# landmark by a pixel bends the tips of long hair by less than two.
_SMOOTH, _SMOOTH_CHIN = 0.05, 1.0
# How far behind the eyes (cm) hair behind the neck lies: the neck's own middle is some 9 behind them.
_BEHIND = 9.0
_STEPS = 5  # of the fixed point: after them the grid is off by less than a tenth of a pixel
_BROW, _CHIN_TIP = 151, 152
# Between the eyes, cm, of most grown people; and how many such distances a key view is wide.
EYE_CENTIMETRES, PORTRAIT_EYES = 6.3, 7.0
_EASE = 0.4  # seconds in which the face's shape settles: it does not change, its landmarks tremble


@dataclass(frozen=True, slots=True)
class Placed:
    """A key view on a face in a picture.

    Attributes:
        matrix: float64 (2, 3): pixels of the turned view -> frame pixels.
        fields: of the layer in front and of the one behind, float32 (rows, columns, 2): what to add to a
            pixel of the turned view to be at that of the key view, at nodes `CELL` apart.
        forward: for each, float64 (rows * columns, 2): frame pixels of the nodes of the key view.
    """

    matrix: np.ndarray
    fields: tuple[np.ndarray, ...]
    forward: tuple[np.ndarray, ...]


class ViewWarp:
    """What of a key view's warp stays the same with every face."""

    def __init__(self, style: GrownStyle, view: KeyView) -> None:
        self.view = view
        rows, columns = view.depth.shape
        self.shape = (rows, columns)
        xs, ys = np.meshgrid(np.arange(columns), np.arange(rows))
        self.nodes = (np.stack([xs, ys], -1).reshape(-1, 2) + 0.5) * CELL - 0.5
        points = style.landmarks.astype(np.float64)
        self.landmarks = points
        self.middle = points[[33, 133, 263, 362]].mean(0)
        self.eyes = columns * CELL / PORTRAIT_EYES
        self.stiff = stiffness(style.listing.tags)
        eyes = float(view.camera.rotation[2] @ self.middle + view.camera.translation[2])
        front = view.depth.astype(np.float64).ravel()
        behind = np.maximum(front, eyes + _BEHIND)
        self.lifted = tuple(view.camera.lift(self.nodes, one) for one in (front, behind))
        self.skull = self.middle + SKULL
        control = view.camera.project(points[list(CONTROL)])
        bend = _thin_plate(control, np.concatenate([self.nodes, view.camera.project(self.skull)]))
        self.bend, self.bend_skull = bend[: len(self.nodes)], bend[len(self.nodes) :]

    def place(
        self, pose: HeadPose, face: np.ndarray, shape: FaceShape, now: float,
        own: OwnShape | None = None, swing: Swing | None = None,
    ) -> Placed:  # fmt: skip
        """Puts the view on a face, float (478, 3) frame pixels.

        Args:
            own: of this person beyond the landmarks, which end at the forehead. None: as the groom's.
            swing: of this head's hair; None: it hangs still.
        """
        camera, turned, matrix, off = self._fitted(pose, face)
        off = shape.settled(off, now)
        bent = self.bend @ off
        eyes, up = turned[[33, 133, 263, 362]].mean(0), turned[_BROW] - turned[_CHIN_TIP]
        up = up / np.hypot(*up)
        upright = np.stack([[-up[1], up[0]], up], 1)  # right and up
        skull = eyes + up * (MIDDLE * self.eyes)
        groom = None
        if own is not None and own.stretch is not None:
            at = (camera.project(self.skull) + self.bend_skull @ off - skull) @ upright
            groom = silhouette(at / self.eyes)
        sway: Callable[[np.ndarray], np.ndarray] | None = None
        if swing is not None:
            anchors = moved(camera.project(self.middle + MASSES.reshape(-1, 3)), matrix)
            wide = float(np.hypot(*matrix[:, 0])) * self.eyes
            off = swing.look(anchors.reshape(*MASSES.shape[:2], 2), wide, now, self.stiff)
            if off.any():
                # From frame pixels to those of the turned view, which is measured in eye distances.
                off = off @ np.linalg.inv(matrix[:, :2]).T
                axes = upright * (EYE_CENTIMETRES / self.eyes)

                def sway(there: np.ndarray) -> np.ndarray:
                    return swing.at(off, (there - eyes) @ axes)

        fields, forward = [], []
        for lifted in self.lifted:
            there = camera.project(lifted) + bent
            if own is not None:
                there += own.displaced((there - eyes) @ upright / self.eyes, groom) @ upright.T * self.eyes
            if sway is not None:
                there += sway(there)
            fields.append(_inverted((there - self.nodes).reshape(*self.shape, 2).astype(np.float32)))
            forward.append(moved(there, matrix))
        return Placed(matrix, (fields[0], fields[1]), (forward[0], forward[1]))

    def skull_of(self, pose: HeadPose, face: np.ndarray) -> np.ndarray:
        """Where the groom's bare skull would lie on a face, float (478, 3): frame pixels, float64 (N, 2)."""
        camera, _, matrix, off = self._fitted(pose, face)
        return moved(camera.project(self.skull) + self.bend_skull @ off, matrix)

    def _fitted(
        self, pose: HeadPose, face: np.ndarray
    ) -> tuple[ViewCamera, np.ndarray, np.ndarray, np.ndarray]:
        """The camera before the turned head, its landmarks there, (468, 2), the similarity from there to the
        frame, and how far the control points of this face lie from the groom's, there."""
        camera = self.view.camera.turned(pose.rotation, self.middle)
        turned = camera.project(self.landmarks)
        seen = np.asarray(face[:LANDMARKS, :2], np.float64)
        matrix = similarity(turned[list(RIGID)], seen[list(RIGID)])
        return camera, turned, matrix, moved(seen[list(CONTROL)], inverse(matrix)) - turned[list(CONTROL)]

    def reached(self, placed: Placed, layer: int, box: Box, size: tuple[int, int]) -> Box:
        """The part of a frame of `size` (width, height) that a box of the view reaches: left, top, right,
        bottom; right <= left where it reaches nothing."""
        x0, y0, x1, y1 = box
        near = (
            (self.nodes[:, 0] > x0 - CELL) & (self.nodes[:, 0] < x1 + CELL)
            & (self.nodes[:, 1] > y0 - CELL) & (self.nodes[:, 1] < y1 + CELL)
        )  # fmt: skip
        if x1 <= x0 or not near.any():
            return 0, 0, 0, 0
        points = placed.forward[layer][near]
        # A node lies up to a cell inside what it stands for.
        spare = CELL * float(np.hypot(*placed.matrix[:, 0]))
        left, top = np.clip(np.floor(points.min(0) - spare), 0, size).astype(int)
        right, bottom = np.clip(np.ceil(points.max(0) + spare), 0, size).astype(int)
        return int(left), int(top), int(right), int(bottom)


@dataclass(frozen=True, slots=True)
class OwnShape:
    """How a head differs from the groom's where no landmarks are.

    Attributes:
        stretch: of its skull, see `mirror.compositing.head_silhouette`; None: it is not known.
        hairline: of the style on this person.
    """

    stretch: np.ndarray | None
    hairline: HairlineFit

    def displaced(self, nodes: np.ndarray, groom: np.ndarray | None) -> np.ndarray:
        """What hair moves, float64 (N, 2), eye distances.

        Args:
            nodes: float64 (N, 2), right and up from between the eyes. groom: its `silhouette`; None: no
                stretch is known.
        """
        away = np.zeros_like(nodes)
        if self.stretch is not None and groom is not None:
            away += displaced(nodes - (0, MIDDLE), groom, self.stretch)
        moved = self.hairline.displaced(nodes + away)
        return away if moved is None else away + moved


class FaceShape:
    """How this face differs from the groom's head, which changes slowly."""

    def __init__(self) -> None:
        self._off: np.ndarray | None = None
        self._at = 0.0

    def reset(self) -> None:
        """Another face."""
        self._off = None

    def settled(self, off: np.ndarray, now: float) -> np.ndarray:
        """The difference as it has settled, (N, 2)."""
        if self._off is None:
            self._off = off
        elif now > self._at:
            self._off = self._off + (off - self._off) * (1 - np.exp((self._at - now) / _EASE))
        self._at = now
        return self._off


def grid_of(placed: Placed, layer: int, part: Box, reduced: float) -> np.ndarray:
    """The coarse grid of a part of the frame, float32 (rows, columns, 2): pixels of the key view, whose
    picture was made smaller by `reduced`, at nodes `CELL` apart, the first half a cell inside."""
    left, top, right, bottom = part
    columns, rows = -(-(right - left) // CELL), -(-(bottom - top) // CELL)
    back = inverse(placed.matrix)
    xs = left - 0.5 + (np.arange(columns) + 0.5) * CELL
    ys = top - 0.5 + (np.arange(rows) + 0.5) * CELL
    turned = np.empty((rows, columns, 2), np.float32)
    for k in (0, 1):
        turned[..., k] = back[k, 0] * xs + back[k, 2] + (back[k, 1] * ys)[:, None]
    where = (turned + 0.5) * np.float32(1 / CELL) - 0.5
    found = turned + cv2.remap(
        placed.fields[layer], where, None, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE
    )
    return found if reduced == 1 else (found + 0.5) * np.float32(1 / reduced) - 0.5


def _inverted(field: np.ndarray) -> np.ndarray:
    """Of displacements there the displacements back, float32 (rows, columns, 2)."""
    rows, columns = field.shape[:2]
    here = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).astype(np.float32)
    back = -field
    for _ in range(_STEPS):
        where = here + back * np.float32(1 / CELL)
        back = -cv2.remap(field, where, None, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
    return back


def _thin_plate(control: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """The linear map from offsets at control points to those at nodes, float64 (nodes, controls).

    A smoothing thin-plate spline (Wahba 1990): it is linear in the offsets, so it is solved once.
    """
    middle, size = control.mean(0), float(np.ptp(control, axis=0).mean())
    control, nodes = (control - middle) / size, (nodes - middle) / size
    count = len(control)
    smooth = np.array([_SMOOTH_CHIN if one in _CHIN else _SMOOTH for one in CONTROL])
    flat = np.column_stack([np.ones(count), control])
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _kernel(control, control) + np.diag(smooth)
    system[:count, count:], system[count:, :count] = flat, flat.T
    at_nodes = np.column_stack([_kernel(nodes, control), np.ones(len(nodes)), nodes])
    return at_nodes @ np.linalg.inv(system)[:, :count]


def _kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    squared = ((one[:, None] - other[None]) ** 2).sum(-1)
    return squared * np.log(np.maximum(squared, 1e-12)) / 2
