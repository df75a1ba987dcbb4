"""The head that hair is grown on, and its family."""

import numpy as np
import pytest

from mirror.errors import MirrorError
from train.groom import morphs
from train.groom.head import CANONICAL, PARTS, head_names, load_head, morph_head, on_mesh
from train.groom.morphs import load_morphs


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
        assert np.abs(head.landmarks - on_mesh(head.vertices)).max() == 0


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
