"""The seam: can one see the edge of where hair was and is gone?

All in head space at 256 pixels, on the finished picture of a person with the style `bald`:

1. The edge is the 0.5 contour of the old hair's feathered matte (marching squares, a point about every
   pixel).
2. At each of its points the normal is the gradient of that matte, blurred with sigma 2. The step is the
   distance in CIE Lab (CIE76) between the mean colour 3, 4, 5 and 6 pixels inside along the normal and the
   mean colour as far outside. The feather between camera and paint is about 2 pixels wide, so neither mean
   is mixed; 6 pixels are about 8 mm on a face.
3. A point counts where all 8 samples are in the picture, show no new hair (below 0.05), and lie
   - on skin: in the face oval, whose part above the eyes is stretched 1.5 times upwards (forehead and scalp,
     short of the crown), above the base of the nose (below it a beard may grow), and not within 4 pixels of
     brows or of the hull of eyes, nose and mouth; or
   - before the background: above the chin and beyond the oval stretched 1.35 times sideways and 1.8 times
     upwards, which holds skull and ears. The outline of a bald head is a step that belongs there, so nothing
     between the two regions counts; nor do neck and clothes.
4. `step` is the 95th percentile of the steps of all points that count: the largest, but for specks.
5. The same on untouched skin: points of a 2-pixel grid, each with the normal of one of the edge's points,
   whose 8 samples all lie on skin as above, 4 pixels within the face oval, and where neither matte reaches.
   `untouched` is the 95th percentile of their steps, `skin` that of the edge's points on skin: skin is
   compared with skin.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL, INNER_FACE
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, crop, fill_polygon
from mirror.core.layer import Layer
from train.evaluation.held_out_people import Person

DEPTHS = (3.0, 4.0, 5.0, 6.0)  # pixels from the edge
LEAST = 20  # points; fewer do not make a percentile
NOSE_BASE, CHIN = 2, 152  # MediaPipe's mesh
RIGHT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
# 4 pixels around.
_KEEP_OFF = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))


@dataclass(frozen=True)
class Seam:
    """Steps in colour, CIE76 (about 2 is just visible), 95th percentiles.

    Attributes:
        step: across the edge, skin and background; None where fewer than 20 points count.
        skin, untouched: across the edge where it lies on skin, and on untouched skin; None where there are
            fewer than 20 points of either.
    """

    step: float | None
    skin: float | None
    untouched: float | None


def seam(person: Person, picture: np.ndarray, layer: Layer) -> Seam:
    """The seam of a finished picture, uint8 (H, W, 3) RGB, made by laying `layer` over `person`."""
    from skimage.measure import find_contours

    square = crop(picture, person.transform, SIDE).astype(np.float32) / 255
    lab = cv2.cvtColor(square, cv2.COLOR_RGB2Lab)
    oval, skin, background = regions(person)
    bare = (layer.new < 0.05) & (person.head.valid > 127)
    contours = find_contours(layer.old, 0.5)
    points = np.concatenate([line[:, ::-1] for line in contours]) if contours else np.zeros((0, 2))
    normals = _normals(layer.old, points)
    steps = colour_steps(lab, points, normals)
    on_skin = _all_in(skin & bare, points, normals)
    counted = on_skin | _all_in(background & bare, points, normals)
    step = _percentile(steps[counted])
    reached = cv2.dilate((layer.cover > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    untouched = _untouched(lab, oval & skin & (person.head.valid > 127) & ~reached, normals)
    on_skin_step = _percentile(steps[on_skin])
    if on_skin_step is None or untouched is None:
        return Seam(step, None, None)
    return Seam(step, on_skin_step, untouched)


def regions(person: Person) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The face oval less its rim, the skin and the background of step 3, bool (256, 256) each."""
    points = person.transform.to_unit(person.face.landmarks[:, :2])
    rows = ((np.arange(SIDE) + 0.5) / SIDE)[:, None]
    features = fill_polygon(_hull(points[list(INNER_FACE)]), SIDE)
    for brow in (RIGHT_BROW, LEFT_BROW):
        features = np.maximum(features, fill_polygon(_hull(points[list(brow)]), SIDE))
    oval = points[list(FACE_OVAL)]
    kept_off = (cv2.dilate(features, _KEEP_OFF) > 0) | (rows > points[NOSE_BASE, 1])
    skin = (fill_polygon(_stretched(oval, 1.0, 1.5), SIDE) > 127) & ~kept_off
    head = fill_polygon(_stretched(oval, 1.35, 1.8), SIDE) > 0
    return cv2.erode(fill_polygon(oval, SIDE), _KEEP_OFF) > 127, skin, ~head & (rows < points[CHIN, 1])


def colour_steps(lab: np.ndarray, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """CIE76 between the means of 4 samples on either side of each point.

    Args:
        lab: float32 (S, S, 3).
        points, normals: (N, 2) x and y in pixels, and unit vectors.

    Returns:
        float64 (N,).
    """
    sides = [_sampled(lab, points, sign * normals).mean(1) for sign in (1, -1)]
    return np.linalg.norm(sides[0].astype(np.float64) - sides[1], axis=-1)


def _sampled(plane: np.ndarray, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """(N, 4[, C]): a plane at the four depths along the normals, bilinear; 0 beyond the square."""
    at = (points[:, None] + np.array(DEPTHS)[:, None] * normals[:, None]).astype(np.float32)
    if not len(at):
        return np.zeros((0, len(DEPTHS), *plane.shape[2:]), np.float32)
    return cv2.remap(plane, at[..., 0], at[..., 1], cv2.INTER_LINEAR)


def _all_in(region: np.ndarray, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    plane = region.astype(np.float32)
    both = [_sampled(plane, points, sign * normals).min(1) for sign in (1, -1)]
    return np.minimum(*both) > 0.999


def _normals(old: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Unit vectors towards the old hair, (N, 2)."""
    if not len(points):
        return np.zeros((0, 2))
    smooth = cv2.GaussianBlur(old, (0, 0), 2.0)
    down, across = np.gradient(smooth)
    at = points.astype(np.float32)[:, None]
    steep = [cv2.remap(g, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[:, 0] for g in (across, down)]
    normals = np.stack(steep, 1).astype(np.float64)
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9)


def _untouched(lab: np.ndarray, region: np.ndarray, normals: np.ndarray) -> float | None:
    if not len(normals):
        return None
    y, x = np.mgrid[0:SIDE:2, 0:SIDE:2]
    points = np.stack([x.ravel(), y.ravel()], 1)
    points = points[region[points[:, 1], points[:, 0]]]
    # Directions from all along the edge, not the first few of it.
    which = np.linspace(0, len(normals) - 1, len(points)).astype(int)
    turned = normals[np.random.default_rng(0).permutation(which)]
    return _percentile(colour_steps(lab, points, turned)[_all_in(region, points, turned)])


def _percentile(steps: np.ndarray) -> float | None:
    return float(np.percentile(steps, 95)) if len(steps) >= LEAST else None


def _stretched(oval: np.ndarray, sideways: float, upwards: float) -> np.ndarray:
    """The face oval, unit points: wider about its middle, and higher above the eye line."""
    out = oval.copy()
    middle = (oval[:, 0].min() + oval[:, 0].max()) / 2
    out[:, 0] = middle + (oval[:, 0] - middle) * sideways
    above = oval[:, 1] < EYE_CENTRE[1]
    out[above, 1] = EYE_CENTRE[1] + (oval[above, 1] - EYE_CENTRE[1]) * upwards
    return out


def _hull(points: np.ndarray) -> np.ndarray:
    return cv2.convexHull(points.astype(np.float32))[:, 0]
