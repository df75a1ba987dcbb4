"""Shards packed to travel, and unpacked."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from tests.train_tiny import tiny_shards
from train.data.packed_shards import pack, unpack
from train.data.shards import Shards


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_shards(tmp_path_factory.mktemp("heads"), people=True)
    for shard in folder.glob("[0-9]*"):
        image, hair = np.load(shard / "image.npy"), np.load(shard / "matte.npy") > 127
        beneath = np.where(hair[..., None], np.uint8([0, 0, 3]), image)
        np.save(shard / "beneath.npy", beneath.astype(np.uint8))
        np.save(shard / "known.npy", np.where(hair, 90, 255).astype(np.uint8))
        np.save(shard / "person_beneath.npy", np.load(shard / "person.npy"))
    return folder


def test_they_are_much_smaller_and_come_back_alike(taught: Path, tmp_path: Path) -> None:
    size = pack(taught, tmp_path / "packed")
    before = sum(path.stat().st_size for path in taught.rglob("*.npy"))
    assert size == sum(path.stat().st_size for path in (tmp_path / "packed").rglob("*.npz"))
    assert size < before / 20
    ours = Shards([taught])
    assert unpack(tmp_path / "packed", tmp_path / "out") == len(ours)
    theirs = Shards([tmp_path / "out"])
    assert theirs.files == ours.files and theirs.split == ours.split
    for number in range(len(ours)):
        one, other = ours[number], theirs[number]
        assert set(one) == set(other)
        for name in ("valid", "known", "shape"):
            assert (one[name] == other[name]).all(), name
        for name in ("image", "beneath", "matte", "person", "person_beneath", "face", "inner"):
            off = np.abs(one[name].astype(int) - other[name])
            assert other[name].dtype == np.uint8 and off.mean() < 4, name
        # Beside the hair what is beneath is the picture, to the bit, and black beneath it stays black.
        far = (one["beneath"] == one["image"]).all(-1)
        assert (other["beneath"][far] == other["image"][far]).mean() > 0.8
        assert other["beneath"][one["known"] < 255].mean() < 12


@pytest.mark.parametrize("work, said", [(pack, "prepare"), (unpack, "pack")])
def test_an_empty_folder_is_one_line(tmp_path: Path, work, said: str) -> None:
    with pytest.raises(MirrorError, match=f"python -m train {said}"):
        work(tmp_path, tmp_path / "out")


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def overwritten(data: bytes) -> bytes:
    """An archive that is whole, of pictures that are none."""
    arrays = dict(np.load(io.BytesIO(data)))
    arrays["image.webp"] = np.zeros_like(arrays["image.webp"])
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def lacking(data: bytes) -> bytes:
    arrays = dict(np.load(io.BytesIO(data)))
    del arrays["matte.sizes"]
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


@pytest.mark.parametrize("damage", [lambda data: b"no archive", cut, overwritten, lacking])
def test_what_is_damaged_is_said(taught: Path, tmp_path: Path, damage) -> None:
    pack(taught, tmp_path / "packed")
    file = next((tmp_path / "packed").rglob("*.npz"))
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(MirrorError, match="Pack it again"):
        unpack(tmp_path / "packed", tmp_path / "out")


def test_nothing_that_is_there_is_lost(taught: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in taught.rglob("*"))
    with pytest.raises(MirrorError, match="the folder itself"):
        pack(taught, taught)
    pack(taught, tmp_path / "packed")
    with pytest.raises(MirrorError, match="holds .* already"):
        pack(taught, tmp_path / "packed")
    assert sorted(path.name for path in taught.rglob("*")) == before
