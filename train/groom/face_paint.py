"""Paint for a head that is looked at: lips, brows, cheeks, eyes, a shirt. Hair alone does not need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mirror.core.face import BROWS
from train.groom.head import PARTS
from train.groom.raster import vertex_normals

if TYPE_CHECKING:
    from train.groom.head import Head

# Linear albedo of the white of an eye and of what is coloured in it, and how wide that is, cm.
_WHITE, _IRIS, _IRIS_RADIUS = (0.75, 0.72, 0.68), (0.06, 0.04, 0.03), 0.62
# MediaPipe's ring of the lips' outer edge, and the middles of the cheeks and the tip of the nose.
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_INNER_LIPS = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
_FLUSH = (50, 280, 4, 1)
# Of a grey shirt, linear; its neck is round: lowest in front, cm on the canonical head, and higher by so
# much a cm aside.
SHIRT, NECKLINE, RISES, HIGHEST = (0.12, 0.13, 0.15), -23.5, 0.55, -18.5


def paint(head: Head) -> np.ndarray:
    """Albedo of the vertices, linear, float32 (V, 3): skin, lips, cheeks, brows, eyes and a shirt."""
    points, marks = head.vertices, head.landmarks
    tint = np.tile(np.array(head.skin, np.float32), (len(points), 1))
    for where, size, factor, share in (
        (_INNER_LIPS + _LIPS, 0.42, (0.78, 0.42, 0.45), 0.75),
        (_FLUSH, 1.6, (1.0, 0.82, 0.80), 0.6),
        (BROWS[0] + BROWS[1], 0.30, (0.30, 0.28, 0.28), 0.55),
    ):
        far = np.sqrt(((points[:, None] - marks[list(where)][None]) ** 2).sum(-1)).min(1)
        weight = share * np.exp(-((far / size) ** 2))[:, None]
        tint *= 1 - weight * (1 - np.array(factor))
    side, back, height = np.abs(head.canonical[:, 0]), head.canonical[:, 1], head.canonical[:, 2]
    line = np.minimum(NECKLINE + RISES * side + 0.5 * np.clip(back + 2, 0, 9), HIGHEST)
    tint[height < line] = SHIRT
    for eye in eyes(head):
        from_middle = points[eye] - points[eye].mean(0)
        iris = (np.hypot(from_middle[:, 0], from_middle[:, 2]) < _IRIS_RADIUS) & (from_middle[:, 1] < 0)
        tint[eye] = np.where(iris[:, None], _IRIS, _WHITE)
    return tint.astype(np.float32)


def eyes(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of the right and of the left eye."""
    both = np.unique(head.faces[head.parts == PARTS.index("eye")])
    both = both[both >= 0]
    return both[head.canonical[both, 0] < 0], both[head.canonical[both, 0] > 0]


def paint_head(head: Head, inside: float) -> dict[str, np.ndarray]:
    """The head as the path tracer's job `head` takes it.

    Args:
        inside: cm by which the surface is drawn in along its normals.

    Returns:
        `vertices` float32 (V, 3), `faces` int32 (F, 4), `part` int32 (F,): 1 eye, else 0, `tint` float32
        (V, 3) linear albedo, `iris` float32 (2, 3): where the pupils look out of the eyes.
    """
    points = head.vertices
    irises = [points[eye][np.argmin(points[eye, 1])] for eye in eyes(head)]
    return {
        "vertices": (points - inside * vertex_normals(points, head.triangles)).astype(np.float32),
        "faces": head.faces, "part": (head.parts == PARTS.index("eye")).astype(np.int32),
        "tint": paint(head), "iris": np.array(irises, np.float32),
    }  # fmt: skip
