"""Batches: whole, the same whenever a step is made again, and every picture's turn comes."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import train.data.batch_loader
from mirror.core.errors import MirrorError
from tests.train_tiny import some_item, tiny_shards, write_pictures, write_shard
from train.data.augmentation import Jitter
from train.data.batch_loader import Batch, HeadBatches, PictureBatches, Sampling, ahead
from train.data.downsized_shards import open_shards
from train.data.hat_labels import BRIM, without_hat
from train.data.shards import Shards
from train.loop.batch_processes import ahead_by, ahead_in_processes

STILL = Jitter(rotation=0, scale=0, shift=0, gain=0, colour=0)


@pytest.mark.parametrize("side", [64, 256])
def test_batches_are_whole_and_seeded(tmp_path: Path, side: int) -> None:
    shards = open_shards([tiny_shards(tmp_path)], side)
    first, again, other = (
        [HeadBatches(shards, 3, jitter=Jitter(), hole=True, seed=seed).make(s, 0, range(3)) for s in (0, 1)]
        for seed in (1, 1, 2)
    )
    for batch in first:
        arrays = batch.arrays
        assert arrays["image"].shape == (3, 3, side, side) and arrays["image"].dtype == np.uint8
        assert {n: arrays[n].shape for n in ("matte", "valid", "face", "hole")} == dict.fromkeys(
            ("matte", "valid", "face", "hole"), (3, 1, side, side)
        )
        assert arrays["shape"].shape == (3, 75) and len(batch.files) == len(batch) == 3
        assert arrays["hole"][arrays["matte"] > 127].all()
    for name in first[0].arrays:
        np.testing.assert_array_equal(first[0].arrays[name], again[0].arrays[name])
    assert not np.array_equal(first[0].arrays["image"], other[0].arrays["image"])
    assert not np.array_equal(first[0].arrays["image"], first[1].arrays["image"])


@pytest.mark.parametrize("kind", ["heads", "pictures"])
def test_two_halves_of_a_batch_are_the_batch(tmp_path: Path, kind: str) -> None:
    shards = open_shards([tiny_shards(tmp_path)], 64)
    batches = (
        HeadBatches(shards, 4, jitter=Jitter(), hole=True) if kind == "heads" else PictureBatches(shards, 4)
    )
    whole, left, right = (batches.make(5, 0.3, rows) for rows in (range(4), range(2), range(2, 4)))
    assert whole.files == left.files + right.files
    for name, array in whole.arrays.items():
        np.testing.assert_array_equal(array, np.concatenate([left.arrays[name], right.arrays[name]]))


def test_the_second_folder_fades_out(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path / "a"), write_shard(tmp_path / "b", 0, ["train"] * 2)])
    batches = HeadBatches(shards, 1, jitter=STILL, sampling=Sampling(0.5, 0.6))
    rng = np.random.default_rng(0)
    for progress, low, high in ((0.0, 0.4, 0.6), (0.3, 0.15, 0.35), (0.7, 0.0, 0.0)):
        share = np.mean([shards.set_of[batches._pick(rng, progress)] for _ in range(600)])
        assert low <= share <= high
    assert {shards.split[batches._pick(rng, 0.0)] for _ in range(100)} == {"train"}, (
        "validation pictures are never trained on"
    )


def test_heads_with_much_hair_are_drawn_more_often(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path)])
    batches, rng = HeadBatches(shards, 1, jitter=STILL), np.random.default_rng(0)
    drawn = Counter(batches._pick(rng, 0.0) for _ in range(8000))
    numbers = shards.numbers("train")
    expected = shards.weights(numbers)
    np.testing.assert_allclose([drawn[n] / 8000 for n in numbers], expected, atol=0.02)


def test_every_picture_has_its_turn_before_any_has_two(tmp_path: Path) -> None:
    """2,600 pictures: none of them is left out, however many there are."""
    shards = Shards([write_pictures(tmp_path, 2600, side=8)])
    batches = PictureBatches(shards, 100)
    epochs = [Counter() for _ in range(2)]
    for step in range(52):
        epochs[step // 26].update(batches.make(step, 0.0, range(100)).files)
    for epoch in epochs:
        assert len(epoch) == 2600 and set(epoch.values()) == {1}
    again = PictureBatches(shards, 100)
    assert again.make(30, 0.0, range(100)).files == batches.make(30, 0.0, range(100)).files
    first = [batches.make(step, 0.0, range(100)).files for step in (0, 26)]
    assert first[0] != first[1], "each epoch has an order of its own"


def test_half_of_the_pictures_are_mirrored(tmp_path: Path) -> None:
    shards = Shards([write_pictures(tmp_path, 64, side=8)])
    where = {name: n for n, name in enumerate(shards.files)}
    batch = PictureBatches(shards, 64).make(0, 0.0, range(64))
    flipped = 0
    for picture, name in zip(batch.arrays["image"], batch.files, strict=True):
        original = shards[where[name]]["image"].transpose(2, 0, 1)
        same = np.array_equal(picture, original)
        assert same or np.array_equal(picture, original[..., ::-1])
        flipped += not same
    assert 20 < flipped < 44


@pytest.mark.parametrize("threads", [1, 3])
def test_made_ahead_in_order(tmp_path: Path, threads: int) -> None:
    batches = PictureBatches(Shards([write_pictures(tmp_path, 12, side=8)]), 4)
    expected = [batches.make(step, 0.0, range(4)).files for step in range(5, 11)]
    made = ahead(batches, 5, lambda step: 0.0, range(4), threads=threads)
    assert [batch.files for batch in itertools.islice(made, 6)] == expected
    made.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_processes_make_the_same_in_order(tmp_path: Path) -> None:
    batches = PictureBatches(Shards([write_pictures(tmp_path, 12, side=8)]), 4)
    expected = [batches.make(step, 0.0, range(4)) for step in range(5, 9)]
    made = ahead_in_processes(batches, 5, lambda step: 0.0, range(4), 3)
    for batch, wanted in zip(itertools.islice(made, 4), expected, strict=True):
        assert batch.files == wanted.files
        assert all((batch.arrays[name] == array).all() for name, array in wanted.arrays.items())
    made.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_what_goes_wrong_in_a_process_is_said_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = PictureBatches(Shards([write_pictures(tmp_path, 4, side=8)]), 1)

    def broken(step: int, progress: float, rows: range) -> Batch:
        raise MirrorError("one line")

    monkeypatch.setattr(batches, "make", broken)
    with pytest.raises(MirrorError, match="^one line$"):
        next(ahead_by(batches, 0, lambda step: 0.0, range(1), 3))


def test_what_goes_wrong_in_the_loader_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = HeadBatches(Shards([tiny_shards(tmp_path)]), 1, jitter=STILL)
    monkeypatch.setattr(train.data.batch_loader, "augment", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(ahead(batches, 0, lambda step: 0.0, range(1)))


def test_hats_are_no_hair_and_only_the_matte_network_sees_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards([write_shard(tmp_path, 0, ["train"] * 6)])
    worn = frozenset(shards.files[:2])
    monkeypatch.setattr(train.data.batch_loader, "hatted", lambda: worn)
    painter = HeadBatches(shards, 40, jitter=STILL, hole=True).make(0, 0.0, range(40))
    assert not worn & set(painter.files) and len(set(painter.files)) == 4
    monkeypatch.setattr(train.data.batch_loader, "FRONT", 0.0)
    monkeypatch.setattr(train.data.batch_loader, "BANDS", 0.0)
    monkeypatch.setattr(train.data.batch_loader, "HATS", 0.15)
    matting = HeadBatches(shards, 60, jitter=STILL, scenes=True).make(0, 0.0, range(60))
    drawn = [name in worn for name in matting.files]
    assert 2 <= sum(drawn) <= 20
    brim = round(BRIM * 256)
    above = matting.arrays["matte"][:, 0, : brim - 2].max((1, 2))
    assert (above[drawn] == 0).all() and (above[~np.array(drawn)] > 0).all()
    worn_hat = matting.arrays["worn"][:, 0].max((1, 2))
    assert (worn_hat[~np.array(drawn)] == 0).all()


def test_a_hat_is_what_of_the_person_is_no_face_above_the_brim() -> None:
    item = some_item(3) | {"person": np.full((256, 256), 255, np.uint8)}
    item["image"][:60] = (10, 30, 200)
    out = without_hat(item)
    brim = round(BRIM * 256)
    assert (out["matte"][:brim] == 0).all() and (out["matte"][brim:] == item["matte"][brim:]).all()
    assert (out["worn"][5:50, 20:-20] > 250).all() and (out["worn"][brim + 6 :] == 0).all()
    face = (item["face"] > 200) & (item["matte"] == 0)
    face[brim - 4 :] = False
    assert not face.any() or out["worn"][face].mean() < 128
    assert (without_hat({k: v for k, v in item.items() if k != "person"})["worn"] == 0).all()


def test_where_everybody_wears_a_hat_the_painter_still_learns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards([write_shard(tmp_path, 0, ["train"] * 2)])
    monkeypatch.setattr(train.data.batch_loader, "hatted", lambda: frozenset(shards.files))
    assert len(HeadBatches(shards, 3, jitter=STILL).make(0, 0.0, range(3))) == 3
