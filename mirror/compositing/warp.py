"""Warp: from the pixels of a picture to those of a key view, on a coarse grid.

The hair's depth carries it to the present yaw and pitch, the thin-plate difference between the landmarks of
the groom's head and of this face to this face's shape, and a similarity to where the head is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from mirror.compositing.hairline_fit import HairlineFit
from mirror.compositing.head_pose import RIGID, HeadPose, inverse, moved, similarity
from mirror.compositing.head_silhouette import MIDDLE, SKULL, displaced, silhouette
from mirror.compositing.swing import MASSES, Swing, shares_of, stiffness
from mirror.core.face import FACE_OVAL
from mirror.hair.key_view import CELL, GrownStyle, KeyView

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
_EYES, _BROW, _CHIN_TIP = (33, 133, 263, 362), 151, 152
# Between the eyes, cm, of most grown people; and how many such distances a key view is wide.
EYE_CENTIMETRES, PORTRAIT_EYES = 6.3, 7.0
_EASE = 0.4  # seconds in which the face's shape settles: it does not change, its landmarks tremble
# A node lies up to half a cell inside what it stands for; and the inverse of a warp is off by less than this.
_HALF, _OFF = CELL / 2, 2
# Rows of `_FACE`, landmarks that are projected with every picture.
_FACE = tuple(dict.fromkeys((*CONTROL, *_EYES, _BROW, _CHIN_TIP)))
_PLACES = {landmark: row for row, landmark in enumerate(_FACE)}
_OF_CONTROL, _OF_RIGID, _OF_EYES = (
    np.array([_PLACES[landmark] for landmark in marks]) for marks in (CONTROL, RIGID, _EYES)
)


class Placed:
    """A key view on a face in a picture.

    Args:
        matrix: float64 (2, 3): pixels of the turned view -> frame pixels.
        there: for the layer in front and the one behind, float32 (rows, columns, 2): pixels of the turned
            view at which the nodes of the key view lie.
        here: float32 (rows, columns, 2): the same of the key view itself.

    Attributes:
        matrix: as given.
    """

    def __init__(self, matrix: np.ndarray, there: tuple[np.ndarray, ...], here: np.ndarray) -> None:
        self.matrix = matrix
        self._there, self._here = there, here
        self._fields: list[np.ndarray | None] = [None] * len(there)

    @property
    def scale(self) -> float:
        """Frame pixels a pixel of the view."""
        return math.hypot(self.matrix[0, 0], self.matrix[1, 0])

    def field(self, layer: int) -> np.ndarray:
        """What is added to a pixel of the turned view to be at that of the key view, in cells of `CELL`
        pixels, at nodes that far apart: float32 (rows, columns, 2). Made when it is first asked for."""
        found = self._fields[layer]
        if found is None:
            found = self._fields[layer] = _inverted((self._there[layer] - self._here) * np.float32(1 / CELL))
        return found

    def reached(self, layer: int, box: Box, size: tuple[int, int]) -> Box:
        """The part of a frame of `size` (width, height) that a box of the view reaches: left, top, right,
        bottom; right <= left where it reaches nothing."""
        if box[2] <= box[0]:
            return 0, 0, 0, 0
        part = self._there[layer][self._nodes(box)]
        x, y, width, height = cv2.boundingRect(cv2.transform(part, self.matrix).reshape(-1, 2))
        spare = _OFF + math.ceil(self.scale * _HALF)
        return (
            max(x - spare, 0),
            max(y - spare, 0),
            min(x + width + spare, size[0]),
            min(y + height + spare, size[1]),
        )

    def outline(self, layer: int, box: Box, size: tuple[int, int]) -> Box:
        """As `reached`, close around it, which is for what is seen there and not for sampling it."""
        if box[2] <= box[0]:
            return 0, 0, 0, 0
        nodes = self._nodes(box)
        here = self._here[nodes]
        low, high = np.asarray(box[:2], np.float32), np.asarray(box[2:], np.float32)
        part = np.clip(here, low, high) + (self._there[layer][nodes] - here)
        x, y, width, height = cv2.boundingRect(cv2.transform(part, self.matrix).reshape(-1, 2))
        return max(x, 0), max(y, 0), min(x + width, size[0]), min(y + height, size[1])

    def _nodes(self, box: Box) -> tuple[slice, slice]:
        """The nodes around a box of the view."""
        rows, columns = self._here.shape[:2]
        first = [max(math.floor((edge + 0.5) / CELL - 0.5), 0) for edge in box[:2]]
        last = [
            min(math.ceil((edge + 0.5) / CELL - 0.5), count - 1)
            for edge, count in zip(box[2:], (columns, rows), strict=True)
        ]
        return slice(first[1], last[1] + 1), slice(first[0], last[0] + 1)


class ViewWarp:
    """What of a key view's warp stays the same with every face."""

    def __init__(self, style: GrownStyle, view: KeyView) -> None:
        rows, columns = view.depth.shape
        self.view = view
        self.shape = (rows, columns)
        self._here = (nodes_of(rows, columns) + np.float32(0.5)) * np.float32(CELL) - np.float32(0.5)
        nodes = self._here.reshape(-1, 2).astype(np.float64)
        points = style.landmarks.astype(np.float64)
        camera, self._middle = view.camera, points[list(_EYES)].mean(0)
        self._eyes = columns * CELL / PORTRAIT_EYES
        self._stiff = stiffness(style.listing.tags)
        depth = float(camera.rotation[2] @ self._middle + camera.translation[2])
        front = view.depth.astype(np.float64).ravel()
        lifted = [camera.lift(nodes, one) for one in (front, np.maximum(front, depth + _BEHIND))]
        # All that is projected with every picture, so that it is done at once.
        parts = (*lifted, points[list(_FACE)], self._middle + SKULL, self._middle + MASSES.reshape(-1, 3))
        self._points = np.concatenate(parts).astype(np.float32)
        self._ends = np.cumsum([len(part) for part in parts])[:-1].tolist()
        face = camera.project(points[list(_FACE)])
        eyes, up = _upright(face)
        axes = np.stack([[-up[1], up[0]], up], 1) * (EYE_CENTIMETRES / self._eyes)
        bend = _thin_plate(face[_OF_CONTROL], np.concatenate([nodes, camera.project(self._middle + SKULL)]))
        bend, self._bend_skull = np.split(bend, [len(nodes)])
        self._bend = np.concatenate([bend, shares_of((nodes - eyes) @ axes)], 1).astype(np.float32)

    def place(
        self, pose: HeadPose, face: np.ndarray, shape: FaceShape, now: float,
        own: OwnShape | None = None, swing: Swing | None = None,
    ) -> Placed:  # fmt: skip
        """Puts the view on a face, float (478, 3) frame pixels.

        Args:
            own: of this person beyond the landmarks, which end at the forehead. None: as the groom's.
            swing: of this head's hair; None: it hangs still.
        """
        (front, behind, turned, skull, masses), matrix, off = self._fitted(pose, face)
        off = shape.settled(off, now)
        scale = math.hypot(matrix[0, 0], matrix[1, 0])
        eyes, up = _upright(turned)
        upright = np.stack([[-up[1], up[0]], up], 1) / np.float32(self._eyes)  # right and up, eye distances
        groom = None
        if own is not None and own.stretch is not None:
            groom = silhouette((skull + self._bend_skull @ off - eyes) @ upright - (0, MIDDLE))
        swung = np.zeros((len(MASSES.reshape(-1, 3)), 2))
        if swing is not None:
            anchors = moved(masses, matrix).reshape(*MASSES.shape[:2], 2)
            swung = swing.look(anchors, scale * self._eyes, now, self._stiff).reshape(-1, 2)
            # From frame pixels to those of the turned view.
            swung = swung @ inverse(matrix)[:, :2].T
        bent = self._bend @ np.concatenate([off, swung]).astype(np.float32)
        layers = []
        for layer in (front, behind):
            there = layer + bent
            if own is not None:
                away = own.displaced((there - eyes) @ upright, groom)
                there += (away @ upright.T * self._eyes**2).astype(np.float32)
            layers.append(there.reshape(self._here.shape))
        return Placed(matrix, tuple(layers), self._here)

    def skull_of(self, pose: HeadPose, face: np.ndarray) -> np.ndarray:
        """Where the groom's bare skull would lie on a face, float (478, 3): frame pixels, float64 (N, 2)."""
        (_, _, _, skull, _), matrix, off = self._fitted(pose, face)
        return moved(skull + self._bend_skull @ off, matrix)

    def _fitted(self, pose: HeadPose, face: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
        """The parts of `_points` before the camera that sees the turned head, the similarity from there to
        the frame, and how far the control points of this face lie from the groom's, there."""
        flat = self.view.camera.turned(pose.rotation, self._middle).project(self._points).astype(np.float32)
        parts = np.split(flat, self._ends)
        turned, seen = parts[2], face[_ROWS, :2].astype(np.float64)
        matrix = similarity(turned[_OF_RIGID], seen[_OF_RIGID])
        return parts, matrix, moved(seen[_OF_CONTROL], inverse(matrix)) - turned[_OF_CONTROL]


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
            nodes: float (N, 2), right and up from between the eyes. groom: its `silhouette`; None: no
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
            self._off = self._off + (off - self._off) * (1 - math.exp((self._at - now) / _EASE))
        self._at = now
        return self._off


def _upright(face: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of pixels of `_FACE` the middle of the eyes, and which way is up from chin to brow: (2,) each."""
    up = face[_PLACES[_BROW]] - face[_PLACES[_CHIN_TIP]]
    return face[_OF_EYES].mean(0), up / math.hypot(up[0], up[1])


def _inverted(field: np.ndarray) -> np.ndarray:
    """Of displacements there the displacements back, float32 (rows, columns, 2), both in nodes."""
    here = nodes_of(*field.shape[:2])
    back = -field
    for _ in range(_STEPS):
        back = -cv2.remap(field, here + back, None, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
    return back


@lru_cache(maxsize=8)
def nodes_of(rows: int, columns: int) -> np.ndarray:
    """Where the nodes of a grid lie in it, float32 (rows, columns, 2); not to be written to."""
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).astype(np.float32)


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


_ROWS = np.array(_FACE)
