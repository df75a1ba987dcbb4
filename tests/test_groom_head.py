"""The head that hair is grown on, and its family."""

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from train.groom import find_landmarks, make_head, morphs
from train.groom.face_paint import SHIRT, paint_head
from train.groom.find_landmarks import MIDDLE, Shown, locate
from train.groom.head import CANONICAL, PARTS, head_names, load_head, morph_head
from train.groom.morphs import load_morphs
from train.groom.preview import draw, view_of
from train.groom.raster import project, rasterise


def test_every_head_of_the_family_has_the_same_mesh_and_its_own_shape():
    names = head_names()
    assert names[0] == CANONICAL and len(names) == len(set(names)) >= 25
    heads = [load_head(name) for name in names]
    first = heads[0]
    for head in heads:
        assert head.vertices.shape == head.canonical.shape == first.vertices.shape
        assert head.vertices.dtype == head.landmarks.dtype == np.float32
        assert head.landmarks.shape == (468, 3) and np.isfinite(head.vertices).all()
        assert head.triangles.max() < len(head.vertices) and head.triangles.min() >= 0
        assert (head.canonical == first.vertices).all()
    shapes = np.stack([head.vertices for head in heads])
    apart = [np.abs(shapes - one).mean((1, 2)) for one in shapes]
    assert min(np.sort(row)[1] for row in apart) > 0.05


def test_a_head_is_as_its_weights_say():
    wide, narrow = morph_head({"head-scale-horiz": 0.6}), morph_head({"head-scale-horiz": -0.6})
    assert np.ptp(wide.landmarks[:, 0]) > np.ptp(narrow.landmarks[:, 0]) + 1
    child, grown = morph_head({"age": 9, "male": 1}), morph_head({"age": 30, "male": 1})
    assert np.ptp(child.landmarks[:, 2]) < np.ptp(grown.landmarks[:, 2]) - 1
    assert grown.labels["sex"] == "male" and grown.labels["age"] == 30
    dark, light = morph_head({"african": 1}), morph_head({"caucasian": 1})
    assert max(dark.skin) < min(light.skin)


def test_the_cranium_stays_where_it_is_and_landmarks_move_with_the_mesh():
    anchor = load_morphs().anchor
    held = load_head().vertices[anchor].mean(0)
    for name in head_names():
        head = load_head(name)
        assert np.abs(head.vertices[anchor].mean(0) - held).max() < 1e-3
        assert np.abs(head.landmarks - load_morphs().landmarks(head.vertices)).max() == 0


def test_parts_are_told_apart():
    head = load_head()
    assert {PARTS[number] for number in np.unique(head.parts)} >= {"skin", "eye", "ear"}
    middle = head.vertices[head.faces].mean(1)
    assert np.abs(middle[head.parts == PARTS.index("ear"), 0]).min() > 5
    assert middle[head.parts == PARTS.index("eye"), 1].max() < -5


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"head-scale-horz": 0.1}, "Close to it: head-scale-horiz"),
        ({"age": 120}, "age is 120; it goes from 6 to 85 years"),
        ({"head-scale-vert": -2}, "head-scale-vert is -2; it goes from -1 to 1"),
        ({"african": 0.5, "asian": 0.2}, "add up to 0.7"),
    ],
)
def test_weights_that_make_no_head_are_refused_in_a_line(weights, said):
    with pytest.raises(MirrorError, match="\\A[^\n]*\\Z") as told:
        morph_head(weights)
    assert said in str(told.value)


def test_an_unknown_head_is_refused_with_the_closest():
    with pytest.raises(MirrorError, match="Close to it: child_0"):
        load_head("child_7")


def test_a_mesh_that_was_changed_is_refused(tmp_path, monkeypatch):
    data = bytearray(morphs.ASSET.read_bytes())
    data[-5] ^= 1
    (tmp_path / "head.safetensors").write_bytes(data)
    load_morphs.cache_clear()
    monkeypatch.setattr(morphs, "ASSET", tmp_path / "head.safetensors")
    try:
        with pytest.raises(MirrorError, match="SHA-256 .* Restore"):
            load_morphs()
        (tmp_path / "head.safetensors").unlink()
        with pytest.raises(MirrorError, match="cannot be read"):
            load_morphs()
    finally:
        load_morphs.cache_clear()


def test_landmarks_are_left_right_alike_and_on_the_face():
    points = load_head().landmarks
    assert np.abs(points[list(MIDDLE), 0]).max() < 0.1
    pairs = np.array([(33, 263), (133, 362), (234, 454), (61, 291), (172, 397), (127, 356), (70, 300)])
    far = np.linalg.norm(points[pairs[:, 0]] * [-1, 1, 1] - points[pairs[:, 1]], axis=1)
    assert far.mean() < 0.1 and far.max() < 0.3
    assert points[10, 2] > points[1, 2] > points[13, 2] > points[152, 2]  # forehead, nose, lips, chin
    assert points[1, 1] == points[:, 1].min()  # the tip of the nose is nearest


def test_landmarks_that_were_seen_are_found_on_the_mesh_again(monkeypatch):
    monkeypatch.setattr(find_landmarks, "FINE", 3)
    head = load_head()
    shown = []
    for yaw in (0.0, 35.0):
        view = view_of(head, yaw, 0.0, (223.5, 290.0), 110.0)
        seen = project(head.landmarks, view)
        triangles = np.unique(rasterise(project(head.vertices, view), head.triangles, (448, 640)).triangle)
        seen[:, 2] *= view.focal / 90  # in the pixels' unit, as a tracker tells depth
        shown.append(Shown(head, view, triangles[triangles >= 0], seen, yaw == 0))
    corners, shares = locate(shown)
    found = np.einsum("nkd,nk->nd", head.vertices[corners], shares)
    far = np.linalg.norm(found - head.landmarks, axis=1)
    assert far.mean() < 0.15 and np.percentile(far, 95) < 0.4


def test_the_nearest_surface_is_seen_and_its_depth_is_right():
    points = np.array([[2, 2, 50], [30, 2, 50], [2, 30, 100], [0, 0, 20], [8, 0, 20], [0, 8, 20]], float)
    seen = rasterise(points, np.array([[0, 1, 2], [3, 4, 5]]), (40, 40))
    assert seen.triangle[1, 1] == 1 and seen.triangle[20, 5] == 0 and seen.triangle[35, 35] == -1
    assert seen.depth[1, 1] == pytest.approx(20) and np.isinf(seen.depth[35, 35])
    # Between 50 and 100 cm the middle of the picture of an edge lies nearer: depth goes as its inverse.
    assert seen.depth[16, 2] == pytest.approx(1 / (0.5 / 50 + 0.5 / 100))
    assert seen.shares[seen.triangle >= 0].sum(1) == pytest.approx(1)


def pose_of(head, view):
    """(yaw, pitch, roll) as the mirror tells them of landmarks seen by a camera."""
    seen = project(head.landmarks, view)
    seen[:, 2] *= view.focal / 90  # in the pixels' unit, as a tracker tells depth
    return np.array(Face(np.concatenate([seen, np.zeros((10, 3))]).astype(np.float32)).pose)


def test_a_head_turns_as_the_mirror_tells_pose():
    head = load_head()
    plain = pose_of(head, view_of(head, 0, 0, (223.5, 231.5), 64.0))
    for yaw, pitch in ((30, 0), (-30, 0), (0, 20), (0, -20)):
        found = pose_of(head, view_of(head, yaw, pitch, (223.5, 231.5), 64.0)) - plain
        assert np.abs(found - [yaw, pitch, 0]).max() < 5, (yaw, pitch, found)
    picture = draw(head, view_of(head, 0, 0, (223.5, 231.5), 64.0), (448, 640))
    assert picture.shape == (640, 448, 3) and picture.dtype == np.uint8 and picture[:, :, 0].std() > 5


def test_a_source_that_is_none_is_refused_in_a_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["make_head", str(tmp_path), "--out", str(tmp_path / "head.safetensors")])
    with pytest.raises(SystemExit) as left:
        make_head.main()
    said = capsys.readouterr().err
    assert left.value.code == 2 and said.count("\n") == 1 and "base.obj" in said
    assert not list(tmp_path.iterdir())


def test_who_is_looked_at_wears_a_shirt_and_has_a_bare_neck():
    head = load_head()
    tint = paint_head(head, 0.0)["tint"]
    cloth = np.isclose(tint, SHIRT).all(1)
    x, y, z = np.abs(head.canonical).T[0], head.canonical[:, 1], head.canonical[:, 2]
    assert cloth[z < -26].all() and not cloth[z > -15].any()
    assert not cloth[(z > -21) & (x < 3) & (y < -4)].any(), "the pit of the neck is bare"
