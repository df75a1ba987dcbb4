import errno
from dataclasses import fields

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom import stored
from train.groom.lights import GROUPS
from train.groom.renderer import Layers
from train.groom.stored import load_layers, save_layers


@pytest.fixture
def layers():
    """A disc of noisy hair in the middle of 90 x 60 pixels."""
    random = np.random.default_rng(4)
    ys, xs = np.mgrid[:90, :60]
    alpha = np.clip(20 - np.hypot(ys - 40, xs - 30), 0, 1).astype(np.float32)[..., None]

    def colour(channels=3):
        return random.gamma(2, 0.1, (90, 60, channels)).astype(np.float32)

    pairs = {name: (colour(), colour()) for name in GROUPS}
    way = random.standard_normal((90, 60, 2))
    way = (way / np.linalg.norm(way, axis=-1, keepdims=True) * (alpha > 0)).astype(np.float32)
    hair = alpha[..., 0] > 0
    return Layers(
        np.concatenate([colour() * alpha, alpha], -1), {name: colour() * alpha for name in GROUPS},
        whole=np.concatenate([colour() * alpha, alpha], -1),
        depth=np.where(hair, 95.0 + xs / 60, 0).astype(np.float32),
        behind_lights={name: colour() * alpha for name in GROUPS}, tangent=way,
        clump=np.where(hair, random.integers(0, 3000, (90, 60)), -1).astype(np.int32), shadow=colour(),
        shadow_lights=pairs, portrait=colour(4), seconds=1.5, core_seconds={"front": 2.25}, megabytes=900.0,
    )  # fmt: skip


def pictures(layers):
    for field in fields(layers):
        value = getattr(layers, field.name)
        for one in value.values() if isinstance(value, dict) else [value]:
            yield from ((field.name, part) for part in (one if isinstance(one, tuple) else [one]))


def test_layers_come_back_to_the_digit_that_shows(tmp_path, layers):
    save_layers(layers, tmp_path / "a.layers")
    again = load_layers(tmp_path / "a.layers")
    for (name, before), (_, after) in zip(pictures(layers), pictures(again), strict=True):
        if name == "clump":
            assert np.array_equal(before, after) and after.dtype == np.int32
        elif isinstance(before, np.ndarray):
            assert after.dtype == np.float32 and after.shape == before.shape, name
            assert after == pytest.approx(before, rel=0.009, abs=1e-4), name
    assert again.core_seconds == {"front": 2.25} and again.megabytes == 900
    assert list(again.lights) == list(GROUPS)


def test_storing_again_changes_nothing(tmp_path, layers):
    save_layers(layers, tmp_path / "a.layers")
    once = load_layers(tmp_path / "a.layers")
    save_layers(once, tmp_path / "b.layers")
    twice = load_layers(tmp_path / "b.layers")
    for (name, before), (_, after) in zip(pictures(once), pictures(twice), strict=True):
        assert np.array_equal(before, after), name


def test_a_file_is_smaller_than_its_half_floats(tmp_path, layers):
    save_layers(layers, tmp_path / "a.layers")
    plain = sum(2 * one.size for _, one in pictures(layers) if isinstance(one, np.ndarray))
    assert (tmp_path / "a.layers").stat().st_size < 0.7 * plain


def test_what_was_not_rendered_is_not_there(tmp_path, layers):
    save_layers(Layers(layers.front, layers.lights), tmp_path / "a.layers")
    again = load_layers(tmp_path / "a.layers")
    assert again.shadow is None and again.whole is None and again.shadow_lights == {}


def test_a_bald_head_has_an_empty_box(tmp_path):
    none = np.zeros((8, 6, 4), np.float32)
    save_layers(Layers(none, {}), tmp_path / "a.layers")
    assert np.array_equal(load_layers(tmp_path / "a.layers").front, none)


def test_a_file_that_is_not_whole_is_told_in_one_line(tmp_path, layers):
    path = tmp_path / "a.layers"
    with pytest.raises(MirrorError, match="a.layers is not there"):
        load_layers(path)
    save_layers(layers, path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(MirrorError, match="not a whole file of layers .* render it again"):
        load_layers(path)


def test_a_full_disk_keeps_the_file_that_was_there(tmp_path, layers, monkeypatch):
    path = tmp_path / "a.layers"
    path.write_bytes(b"the one before")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stored.np, "savez_compressed", full)
    with pytest.raises(MirrorError, match="the disk is full"):
        save_layers(layers, path)
    assert path.read_bytes() == b"the one before" and list(tmp_path.iterdir()) == [path]
