"""Prepared shards, read by number, whole or smaller."""

from __future__ import annotations

import logging
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from tests.train_tiny import some_item, tiny_shards, write_pictures, write_shard
from train.data.augmentation import Jitter
from train.data.batch_loader import HeadBatches, PictureBatches
from train.data.downsized_shards import open_shards
from train.data.shards import Shards


def test_shards_are_read_by_number(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path / "a"), write_shard(tmp_path / "b", 3, ["train", "val"])])
    assert len(shards) == 12
    assert shards.numbers("train").tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 10]
    assert shards.numbers("val", 0).tolist() == shards.held_out().tolist() == [5, 9]
    assert shards.numbers("train", 1).tolist() == [10]
    for number, seed in ((2, 2), (6, 100), (11, 301)):
        expected, got = some_item(seed), shards[number]
        for name, array in expected.items():
            np.testing.assert_array_equal(got[name], array)
        assert shards.hair_area[number] == pytest.approx(expected["matte"].mean() / 255, abs=1e-4)


def test_unusable_shards_are_named(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="holds no shards. Make them with"):
        Shards([tmp_path / "missing"])
    with pytest.raises(MirrorError, match="head space 0"):
        Shards([write_shard(tmp_path / "old", 0, ["train"], headspace="0")])
    with pytest.raises(MirrorError, match="No picture of .* was kept; .*rejected.csv"):
        Shards([write_shard(tmp_path / "none", 0, [])])
    incomplete = write_shard(tmp_path / "incomplete", 0, ["train"])
    (incomplete / "00000" / "valid.npy").unlink()
    with pytest.raises(MirrorError, match=r"is incomplete \(valid\)"):
        Shards([incomplete])
    cut = write_shard(tmp_path / "cut", 0, ["train"])
    (cut / "00000" / "image.npy").write_bytes(b"")
    with pytest.raises(MirrorError, match="is damaged"):
        Shards([cut])
    unsaid = write_shard(tmp_path / "unsaid", 0, ["train"])
    (unsaid / "00000" / "shard.json").write_text("{}")
    with pytest.raises(MirrorError, match="lacks files, headspace, split"):
        Shards([unsaid])


def test_an_empty_split_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    only_val = Shards([write_shard(tmp_path / "val", 0, ["val"])])
    for open_batches in (PictureBatches, lambda *given: HeadBatches(*given, jitter=Jitter())):
        with pytest.raises(MirrorError, match="folder 1 of --shards is of the split train"):
            open_batches(only_val, 1)
    only_train = Shards([write_shard(tmp_path / "train", 0, ["train"])])
    with caplog.at_level(logging.WARNING, "mirror"):
        assert len(only_train.held_out()) == 0
    assert "split val" in caplog.text


def test_nobody_is_in_both_splits(tmp_path: Path) -> None:
    both = write_shard(tmp_path / "both", 0, ["train", "train", "val"], person=["ann", "bob", "ann"])
    with pytest.raises(MirrorError, match="1 people are in the split train and in val, ann among them"):
        Shards([both]).held_out()
    apart = write_shard(tmp_path / "apart", 0, ["train", "train", "val"], person=["ann", "ann", "bob"])
    assert Shards([apart]).held_out().tolist() == [2]


def test_already_cropped_pictures_have_no_maps(tmp_path: Path) -> None:
    shards = Shards([write_pictures(tmp_path, 6, side=64)])
    assert shards.kind == "pictures" and shards.side == 64 and set(shards[0]) == {"image", "valid"}
    assert not shards.hair_area.any()
    with pytest.raises(MirrorError, match="already cropped pictures, without mattes.*autoencoder"):
        HeadBatches(shards, 2, jitter=Jitter())


def test_shards_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    heads, pictures = tiny_shards(tmp_path / "heads"), write_pictures(tmp_path / "pictures", 6, side=64)
    with pytest.raises(MirrorError, match="do not fit together.*heads of 256.*pictures of 64"):
        Shards([heads, pictures])


def test_smaller_shards_are_the_same_pictures_averaged(tmp_path: Path) -> None:
    """The pictures are made smaller, not cut into pieces and not repeated as np.resize would."""
    folder = tiny_shards(tmp_path)
    small = open_shards([folder], 64)
    whole = Shards([folder])
    assert small.side == 64 and small.files == whole.files and small.split == whole.split
    for number in (0, 7):
        for name in ("image", "matte", "valid", "face"):
            expected = cv2.resize(whole[number][name], (64, 64), interpolation=cv2.INTER_AREA)
            np.testing.assert_array_equal(small[number][name], expected)
            assert not np.array_equal(small[number][name], np.resize(whole[number][name], expected.shape))
        np.testing.assert_array_equal(small[number]["shape"], whole[number]["shape"])
    assert open_shards([folder], 256).side == 256
    assert not list(folder.glob("side-64/*.part"))


def test_smaller_shards_are_made_once_and_anew_when_the_pictures_were(tmp_path: Path) -> None:
    folder = tiny_shards(tmp_path)
    open_shards([folder], 64)
    first, second = (folder / "side-64" / n / "image.npy" for n in ("00000", "00001"))
    then = first.stat().st_mtime_ns, second.stat().st_mtime_ns
    open_shards([folder], 64)
    assert (first.stat().st_mtime_ns, second.stat().st_mtime_ns) == then
    record = folder / "00000/shard.json"
    record.write_text(record.read_text() + " ")
    open_shards([folder], 64)
    assert first.stat().st_mtime_ns != then[0] and second.stat().st_mtime_ns == then[1]


def test_a_size_above_what_was_prepared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="256 pixels, too few for --size 512.*--side 512"):
        open_shards([tiny_shards(tmp_path)], 512)
