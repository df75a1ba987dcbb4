"""Where MediaPipe's landmarks lie on the mesh: it is shown heads of the family from several sides.

A landmark is the point of the surface whose picture lies nearest to where MediaPipe puts it, over all those
pictures; left and right are made alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from mirror.core.errors import MirrorError
from mirror.tracking.mediapipe import FaceTracker
from train.groom.face_paint import paint
from train.groom.head import PARTS, Head
from train.groom.preview import View, draw, view_of
from train.groom.raster import project, rasterise

LANDMARKS = 468
# Degrees of yaw and pitch that a head is shown at, and the pictures: pixels, eyes and their distance.
VIEWS = ((0, 0), (-20, 0), (20, 0), (-38, 0), (38, 0), (0, -16), (0, 16), (-20, -12), (20, -12))
SIZE, EYES_AT, EYE_DISTANCE = (448, 640), (223.5, 290.0), 110.0
# Samples of a triangle along its side; how far from a guess a landmark is looked for, cm, first and then; and
# where a distance begins to count less, cm.
FINE, NEAR, ROBUST = 5, (2.5, 1.0), 0.3
# The same of the triangles of so many samples around where one comes to lie at last.
FINER, AROUND = 40, 12
# What lies further back or lower is no face, cm; a smooth body in place of the face, whose normals say from
# where a landmark is seen and which side of lips and lids is the outer; the least of its facing that counts.
BACK, LOW = 2.0, -17.0
BODY_MIDDLE, BODY_RADII, ASLANT = np.array([0.0, -1.5, -5.0]), np.array([6.0, 9.0, 9.0]), 0.15
# Landmarks in the middle of the face: each is its own mirror image. How far others may be from being so, of
# the face's width.
MIDDLE = (
    0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 94, 151, 152, 164, 168, 175, 195, 197,
    199, 200,
)  # fmt: skip
ALIKE = 0.1


@dataclass(frozen=True)
class Shown:
    """A head that was shown: the camera, the triangles seen, and the landmarks found, (468, 3) pixels."""

    head: Head
    view: View
    seen: np.ndarray
    found: np.ndarray
    ahead: bool


@dataclass(frozen=True)
class Samples:
    """Points of the surface: vertices (N, 3), their shares (N, 3); where they are on the canonical head."""

    corners: np.ndarray
    shares: np.ndarray
    points: np.ndarray

    def on(self, head: Head) -> np.ndarray:
        return np.einsum("nkd,nk->nd", head.vertices[self.corners], self.shares)


def show(heads: Sequence[Head], tracker: FaceTracker, views=VIEWS) -> list[Shown]:
    """Shows heads to MediaPipe; what it does not take for a face is left out."""
    shown = []
    for head in heads:
        colour = paint(head)
        for yaw, pitch in views:
            view = view_of(head, yaw, pitch, EYES_AT, EYE_DISTANCE)
            faces = tracker.track(draw(head, view, SIZE, colour))
            if faces:
                seen = np.unique(rasterise(project(head.vertices, view), head.triangles, SIZE).triangle)
                found = faces[0].landmarks[:LANDMARKS]
                shown.append(Shown(head, view, seen[seen >= 0], found, (yaw, pitch) == (0, 0)))
    return shown


def locate(shown: Sequence[Shown]) -> tuple[np.ndarray, np.ndarray]:
    """The landmarks as points of the mesh: vertices, int32 (468, 3), and their shares, float32 (468, 3).

    Raises:
        MirrorError: what was found is no face: not left-right alike.
    """
    samples = _samples(shown)
    pictures = [(one, *_pixels(samples.on(one.head), one.view)) for one in shown]
    guess = samples.points[_first(samples, pictures)]
    for near in NEAR:
        guess = samples.points[_nearest(samples, pictures, guess, near)]
    pair = mirrored(np.mean([one.found for one in shown if one.ahead], 0))
    even = (guess + guess[pair] * [-1, 1, 1]) / 2
    return _snapped(samples, shown[0].head.canonical, even)


def mirrored(found: np.ndarray) -> np.ndarray:
    """Which landmark is the mirror image of which, int (468,), read off a face that looks ahead.

    Args:
        found: (468, 3) as a tracker gives them.

    Raises:
        MirrorError: they are not left-right alike.
    """
    points = found - [found[list(MIDDLE), 0].mean(), 0, 0]
    sides = np.setdiff1d(np.arange(LANDMARKS), MIDDLE)
    right, left = sides[points[sides, 0] < 0], sides[points[sides, 0] > 0]
    far = np.linalg.norm(points[right][:, None] * [-1, 1, 1] - points[left][None], axis=2)
    across = float(np.ptp(points[:, 0]))
    one, other = linear_sum_assignment(far)
    if len(right) != len(left) or far[one, other].max() > ALIKE * across:
        raise MirrorError(
            "The landmarks found on the head are not left-right alike. Look at the head with: "
            "python -m train.groom.head_sheet"
        )
    pair = np.arange(LANDMARKS)
    pair[right[one]], pair[left[other]] = left[other], right[one]
    return pair


def apart(shown: Sequence[Shown]) -> np.ndarray:
    """How far each head's own landmarks lie from where MediaPipe sees them: mm, (pictures, 468)."""
    rows = []
    for one in shown:
        pixels, size = _pixels(one.head.landmarks, one.view)
        rows.append(np.linalg.norm(pixels - one.found[:, :2], axis=1) * size * 10)
    return np.array(rows)


def _samples(shown: Sequence[Shown]) -> Samples:
    head = shown[0].head
    triangles, parts = head.triangles, np.concatenate([head.parts, head.parts[head.faces[:, 3] >= 0]])
    seen = np.unique(np.concatenate([one.seen for one in shown]))
    middle = head.canonical[triangles[seen]].mean(1)
    skin = parts[seen] != PARTS.index("eye")
    seen = seen[skin & (middle[:, 1] < BACK) & (middle[:, 2] > LOW)]
    grid = _grid(FINE)
    corners, shares = np.repeat(triangles[seen], len(grid), 0), np.tile(grid, (len(seen), 1))
    points = np.einsum("nkd,nk->nd", head.canonical[corners], shares)
    a, b, c = (head.canonical[corners[:, k]] for k in range(3))
    outside = (np.cross(b - a, c - a) * _outwards(points)).sum(1) > 0
    return Samples(corners[outside], shares[outside], points[outside])


def _grid(fine: int) -> np.ndarray:
    """Shares of a triangle's corners at points all over it, float32 (N, 3)."""
    steps = np.arange(fine + 1)
    return np.array([(i, j, fine - i - j) for i in steps for j in steps if i + j <= fine], np.float32) / fine


def _snapped(samples: Samples, canonical: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest points of the surface, on a finer grid of the triangles around: vertices and shares."""
    around, grid = cKDTree(samples.points).query(points, AROUND)[1], _grid(FINER)
    corners, shares = np.zeros((len(points), 3), np.int32), np.zeros((len(points), 3), np.float32)
    for number, point in enumerate(points):
        near = np.unique(samples.corners[around[number]], axis=0)
        far = np.linalg.norm(np.einsum("tkd,gk->tgd", canonical[near], grid) - point, axis=2)
        triangle, at = np.unravel_index(np.argmin(far), far.shape)
        corners[number], shares[number] = near[triangle], grid[at]
    return corners, shares


def _outwards(points: np.ndarray) -> np.ndarray:
    way = (points - BODY_MIDDLE) / BODY_RADII**2
    return way / np.linalg.norm(way, axis=1, keepdims=True)


def _pixels(points: np.ndarray, view: View) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (N, 2), and centimetres a pixel at each (N,)."""
    projected = project(points, view)
    return projected[:, :2].astype(np.float32), (projected[:, 2] / view.focal).astype(np.float32)


def _first(samples: Samples, pictures: list) -> np.ndarray:
    """A guess from the pictures that look ahead alone."""
    ahead = [picture for picture in pictures if picture[0].ahead]
    front = np.flatnonzero(_outwards(samples.points)[:, 1] < -0.05)
    best = np.zeros(LANDMARKS, int)
    for number in range(LANDMARKS):
        far = sum(
            np.linalg.norm(pixels[front] - one.found[number, :2], axis=1) * size[front]
            for one, pixels, size in ahead
        )
        best[number] = front[np.argmin(far)]
    return best


def _nearest(samples: Samples, pictures: list, guess: np.ndarray, near: float) -> np.ndarray:
    """The samples within `near` cm of a guess whose pictures are nearest to what was found."""
    outwards = _outwards(guess)
    facing = [np.clip(-(outwards @ one.view.rotation.T)[:, 2] - ASLANT, 0, 1) for one, _, _ in pictures]
    around = cKDTree(samples.points).query_ball_point(guess, near)
    best = np.zeros(LANDMARKS, int)
    for number in range(LANDMARKS):
        close = np.array(around[number])
        cost = np.zeros(len(close))
        for (one, pixels, size), weight in zip(pictures, facing, strict=True):
            if weight[number] > 0:
                far = np.linalg.norm(pixels[close] - one.found[number, :2], axis=1) * size[close]
                inner = np.minimum(far, ROBUST)
                cost += weight[number] * inner * (far - inner / 2)
        best[number] = close[np.argmin(cost)]
    return best
