"""A head fitted to a picture whose answer is known: another head, seen by a known camera."""

from dataclasses import replace

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom.fit import Picture, fit_head
from train.groom.head import load_head
from train.groom.preview import view_of
from train.groom.raster import project, rasterise

SIZE, EYES_AT = (448, 640), (223.5, 231.5)
BASES = ("canonical", "oval_01", "diamond_01", "narrow_01", "oval_04")


def picture_of(head, yaw, pitch, *, focal=True, outline=False):
    camera = view_of(head, yaw, pitch, EYES_AT, 64.0)
    seen = project(head.landmarks, camera)[:, :2]
    mask = None
    if outline:
        mask = rasterise(project(head.vertices, camera), head.triangles, SIZE).triangle >= 0
    return camera, Picture(seen, SIZE, camera.focal if focal else None, camera.centre, mask)


def turned(one, other):
    """Degrees between two rotations."""
    return np.degrees(np.arccos(np.clip((np.trace(one.T @ other) - 1) / 2, -1, 1)))


def apart_mm(head, camera, fit, where):
    """Mean distance of the vertices from the true ones across the line of sight."""
    true, found = project(head.vertices[where], camera), project(fit.head.vertices[where], fit)
    return float((np.linalg.norm(true[:, :2] - found[:, :2], axis=1) * true[:, 2] / camera.focal).mean() * 10)


@pytest.mark.parametrize("name", ["wide_02", "old_01", "child_03", "long_03"])
@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (30, 5), (-20, -10)])
def test_a_known_head_is_found_again(name, yaw, pitch):
    head = load_head(name)
    camera, picture = picture_of(head, yaw, pitch)
    fit = fit_head(picture, "found", [load_head(one) for one in BASES])
    assert fit.residual_mm < 0.3 and fit.rigid_mm < 2.0 and fit.residual_mm < fit.rigid_mm
    assert turned(fit.rotation, camera.rotation) < 5
    # Ears, jaw and neck come along, not the face alone; and the mesh stays whole.
    assert apart_mm(head, camera, fit, head.canonical[:, 2] > -8) < 2.5
    assert fit.head.name == "found" and fit.head.labels["base"] in BASES
    assert fit.head.vertices.shape == head.vertices.shape and (fit.head.faces == head.faces).all()


def test_an_unknown_focal_length_still_finds_the_face():
    head = load_head("wide_02")
    camera, picture = picture_of(head, 20, 5, focal=False)
    fit = fit_head(picture, bases=[load_head(one) for one in BASES])
    assert fit.residual_mm < 0.3 and turned(fit.rotation, camera.rotation) < 5
    assert 0.8 * 640 <= fit.focal <= 8 * 640


def test_the_skull_comes_to_the_outline():
    head = load_head("oval_02")
    taller = head.vertices * np.where(head.canonical[:, 2:] > 2, [1.08, 1, 1.12], 1).astype(np.float32)
    camera, picture = picture_of(replace(head, vertices=taller), 0, 0, outline=True)
    bases = [load_head("canonical")]
    top, eyes = head.canonical[:, 2] > 5, np.arange(len(taller))[np.abs(head.canonical[:, 2] - 3) < 1]
    without = fit_head(replace(picture, outline=None), bases=bases)
    fit = fit_head(picture, bases=bases)

    def height(vertices, lens):
        return -project(vertices[top], lens)[:, 1].min()

    def width(vertices, lens):
        return np.ptp(project(vertices[eyes], lens)[:, 0])

    for size, before, after in ((height, 8, 3), (width, 8, 4)):
        truth = size(taller, camera)
        assert abs(size(without.head.vertices, without) - truth) > before
        assert abs(size(fit.head.vertices, fit) - truth) < after
    assert np.abs(fit.head.landmarks - without.head.landmarks).max() < 0.2, "the face stays"


def test_the_whole_family_is_tried_and_the_nearest_taken():
    head = load_head("round_02")
    _, picture = picture_of(head, 10, 0)
    fit = fit_head(picture)
    assert fit.head.labels["base"] == "round_02" and fit.rigid_mm < 0.05


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"landmarks": np.zeros((10, 2))}, "468 or more"),
        ({"landmarks": np.full((468, 2), np.nan)}, "not numbers"),
        ({"landmarks": np.zeros((478, 3))}, "all in one place"),
        ({"outline": np.ones((5, 5), bool)}, "Give the outline of the same picture"),
        ({"outline": np.zeros((640, 448), bool)}, "The outline is empty"),
    ],
)
def test_what_is_no_face_is_refused_in_a_line(change, said):
    _, picture = picture_of(load_head(), 0, 0)
    given = {"landmarks": picture.landmarks, "outline": None, **change}
    with pytest.raises(MirrorError, match="\\A[^\n]*\\Z") as told:
        fit_head(Picture(given["landmarks"], SIZE, outline=given["outline"]), bases=[load_head()])
    assert said in str(told.value)
