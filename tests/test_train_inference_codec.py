"""Codes and pictures of trained networks through one door."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mirror.core.errors import MirrorError
from tests.train_runs import a_run
from tests.train_tiny import some_item, tiny_shards, write_pictures
from train.data.shards import Shards
from train.inference.codec import Codec, Heads, open_codec, read_heads, rows
from train.nets.spec import Spec

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    return Shards([tiny_shards(tmp_path_factory.mktemp("shards"))])


@pytest.fixture(scope="module")
def heads(shards: Shards) -> Heads:
    return read_heads(shards, np.arange(5), 64)


@pytest.fixture(scope="module")
def vae(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    return open_codec(a_run(tmp_path_factory.mktemp("vae"), Spec("vae", 64, 3)))


@pytest.fixture(scope="module")
def hair(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    return open_codec(a_run(tmp_path_factory.mktemp("hair"), Spec("hair_vae", 64, 5)))


def test_heads_are_shrunk_by_area_with_all_their_maps(shards: Shards) -> None:
    heads = read_heads(shards, np.array([3, 0]), 64)
    assert heads["image"].shape == (2, 64, 64, 3) and heads["matte"].shape == (2, 64, 64)
    whole = shards[3]
    assert np.array_equal(heads["shape"][0], whole["shape"])
    cells = whole["image"].reshape(64, 4, 64, 4, 3).mean((1, 3))
    assert np.abs(heads["image"][0] - cells).max() <= 1


def test_shards_below_the_networks_size_are_refused(shards: Shards) -> None:
    with pytest.raises(MirrorError, match="512 pixels, the shards hold 256"):
        read_heads(shards, np.array([0]), 512)


def test_a_vae_gives_means_variances_and_pictures(vae: Codec, heads: Heads) -> None:
    mean, logvar = vae.encode(heads)
    assert mean.shape == (5, 3) and mean.dtype == np.float32
    assert logvar is not None and logvar.shape == (5, 3)
    pictures = vae.decode(mean, heads)
    assert pictures.shape == (5, 64, 64, 3) and pictures.dtype == np.float32
    assert pictures.min() >= 0 and pictures.max() <= 1


def test_an_autoencoder_has_no_variance(tmp_path: Path, heads: Heads) -> None:
    codec = open_codec(a_run(tmp_path / "ae", Spec("autoencoder", 64, 2)))
    assert codec.encode(heads)[1] is None


def test_codes_do_not_depend_on_who_else_is_in_the_batch(vae: Codec, heads: Heads) -> None:
    together, _ = vae.encode(heads)
    alone = np.concatenate([vae.encode(rows(heads, slice(i, i + 1)))[0] for i in range(5)])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.ptp(together, axis=0).max() > 1e-3


def test_more_pictures_than_fit_one_batch_keep_their_order(tmp_path: Path, heads: Heads) -> None:
    vae = open_codec(a_run(tmp_path / "small", Spec("burgess", 64, 3)))
    z = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)  # batches of 256 at 64 pixels
    pictures = vae.decode(z, rows(heads, slice(0, 1)))
    assert len(pictures) == 300
    again = vae.decode(z[[7, 299]], rows(heads, slice(0, 2)))
    assert np.allclose(pictures[[7, 299]], again, atol=1e-5)


def test_pictures_of_a_vae_come_from_the_code_alone(vae: Codec, heads: Heads) -> None:
    z = np.ones((1, 3), np.float32)
    one, other = (vae.decode(z, rows(heads, slice(i, i + 1))) for i in (0, 1))
    assert np.array_equal(one, other)


def test_codes_that_do_not_fit_are_an_error(vae: Codec, heads: Heads) -> None:
    with pytest.raises(ValueError, match="latent 3"):
        vae.decode(np.zeros((5, 4), np.float32), heads)
    with pytest.raises(ValueError, match="5 heads"):
        vae.decode(np.zeros((2, 3), np.float32), heads)


def test_the_hair_vae_codes_hair_and_nothing_else(hair: Codec, heads: Heads) -> None:
    mean, logvar = hair.encode(heads)
    assert mean.shape == (5, 5) and logvar is not None
    wall = heads | {"image": heads["image"].copy()}
    wall["image"][heads["matte"] == 0] = 255
    assert np.allclose(hair.encode(wall)[0], mean, atol=1e-5)
    dyed = heads | {"image": heads["image"].copy()}
    dyed["image"][heads["matte"] == 255] = 255
    assert np.abs(hair.encode(dyed)[0] - mean).max() > 1e-3


def test_hair_is_painted_onto_the_head_that_is_given(hair: Codec) -> None:
    item = some_item(3)
    bald = {name: array[None] for name, array in item.items()}
    bald = {k: v if k == "shape" else v[:, ::4, ::4] for k, v in bald.items()}
    # With no hair of its own and none wanted, there is no hole, and the head stays as it is.
    bald["matte"] = np.zeros_like(bald["matte"])
    net = hair.net  # type: ignore[attr-defined]
    before = net.shape_decoder.head.bias.clone()
    with torch.no_grad():
        net.shape_decoder.head.bias.fill_(-50.0)
    painted = hair.decode(np.zeros((1, 5), np.float32), bald)
    with torch.no_grad():
        net.shape_decoder.head.bias.copy_(before)
    assert np.abs(painted * 255 - bald["image"]).max() < 1e-3


def test_the_hair_vae_changes_nothing_outside_the_hole(hair: Codec, heads: Heads) -> None:
    pictures = hair.reconstruct(heads)
    assert set(pictures) == {"z alone", "z and own detail"}
    changed = np.abs(pictures["z alone"] * 255 - heads["image"]).max(-1) > 1
    assert changed.any(), "nothing was painted"
    # The hole is the own hair and the next head's, grown by some pixels: never the square's lowest rows.
    assert not changed[:, -8:].any()


def test_nothing_is_painted_where_there_is_no_picture(hair: Codec, heads: Heads) -> None:
    half = heads | {"valid": heads["valid"].copy()}
    half["valid"][:, :, 32:] = 0
    changed = np.abs(hair.reconstruct(half)["z alone"] * 255 - heads["image"]).max(-1) > 1
    assert changed[:, :, :32].any() and not changed[:, :, 32:].any()


def test_one_head_serves_for_all_codes(hair: Codec, heads: Heads) -> None:
    z = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    one = hair.decode(z, rows(heads, slice(0, 1)))
    three = hair.decode(z, rows(heads, np.zeros(3, int)))
    assert one.shape == (3, 64, 64, 3) and np.allclose(one, three, atol=1e-6)


def test_pictures_without_mattes_are_refused_by_the_hair_vae(hair: Codec, tmp_path: Path) -> None:
    pictures = read_heads(Shards([write_pictures(tmp_path, 12, side=64)]), np.arange(3), 64)
    with pytest.raises(MirrorError, match="needs heads with matte, face, shape"):
        hair.encode(pictures)


def test_heads_of_another_size_are_refused(vae: Codec, shards: Shards) -> None:
    with pytest.raises(MirrorError, match="works at 64 pixels, these heads have 128"):
        vae.encode(read_heads(shards, np.arange(2), 128))


def test_a_matte_network_has_no_code(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="kind matte, which has no code"):
        open_codec(a_run(tmp_path / "matte", Spec("matte", 64)))


def test_a_run_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="is missing"):
        open_codec(tmp_path / "nothing")
