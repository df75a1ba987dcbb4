"""Shards read, moved and mirrored: the maps and the face shape stay one."""

from __future__ import annotations

import itertools
import logging
from pathlib import Path

import cv2
import numpy as np
import pytest

import mirror.hole
import mirror.swap
import train.data.shards
from mirror.errors import MirrorError
from mirror.face import FACE_OVAL, LEFT_EYE, RIGHT_EYE, Face
from mirror.headspace import face_shape, fill_polygon
from tests.train_tiny import SIDE, SQUARE, some_face, some_item, tiny_shards, write_shard
from train.data.shards import Batches, Jitter, Shards, augment, random_hole

STILL = Jitter(rotation=0, scale=0, shift=0, gain=0, colour=0)
FAR = Jitter(rotation=0.2, scale=0.12, shift=0.05)


def oval_of(shape: np.ndarray) -> np.ndarray:
    """Unit coordinates (36, 2) of the oval in a face-shape vector."""
    return shape[:72].reshape(-1, 2) / 4 + 0.5


def within_a_pixel(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two masks are the same but for one pixel along their outlines."""
    a, b = a > 127, b > 127
    wider = [cv2.dilate(m.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for m in (a, b)]
    return bool((a <= wider[1]).all() and (b <= wider[0]).all())


def centre_of(mask: np.ndarray) -> np.ndarray:
    """Centre of mass (y, x) of a mask, pixels."""
    return np.array(
        [(np.indices(mask.shape)[i] * (mask / 255.0)).sum() / (mask / 255.0).sum() for i in (0, 1)]
    )


def mirrored(face: Face) -> Face:
    """The same face in a mirrored picture, 256 pixels wide: what was left is now right."""
    points = face.landmarks.copy()
    points[:, 0] = SIDE - 1 - points[:, 0]
    swapped = points.copy()
    oval = list(FACE_OVAL)
    for i, landmark in enumerate(oval):
        swapped[landmark] = points[oval[-i % 36]]
    # Outer corner for outer corner, inner for inner.
    for mine, theirs in zip(RIGHT_EYE, LEFT_EYE, strict=True):
        swapped[mine], swapped[theirs] = points[theirs], points[mine]
    return Face(swapped)


def test_a_mirrored_item_is_the_item_of_the_mirrored_face() -> None:
    face, item = some_face(roll=5.0), some_item()
    item["shape"] = face_shape(face, SQUARE)
    flips = 0
    for seed in range(12):
        out = augment(item, STILL, np.random.default_rng(seed))
        if np.array_equal(out["face"], item["face"]):
            np.testing.assert_allclose(out["shape"], item["shape"], atol=1e-5)
            np.testing.assert_array_equal(out["image"], item["image"])
        else:
            flips += 1
            np.testing.assert_array_equal(out["face"], item["face"][:, ::-1])
            np.testing.assert_array_equal(out["image"], item["image"][:, ::-1])
            np.testing.assert_allclose(out["shape"], face_shape(mirrored(face), SQUARE), atol=1e-4)
    assert 0 < flips < 12


@pytest.mark.parametrize("seed", range(8))
def test_the_shape_vector_moves_with_the_face_map(seed: int) -> None:
    item = some_item(seed)
    assert within_a_pixel(fill_polygon(oval_of(item["shape"]), SIDE), item["face"])
    out = augment(item, FAR, np.random.default_rng(seed))
    assert out["shape"].dtype == np.float32 and out["shape"].shape == (75,)
    drawn = fill_polygon(oval_of(out["shape"]), SIDE)
    assert within_a_pixel(drawn, out["face"])
    np.testing.assert_allclose(centre_of(drawn), centre_of(out["face"]), atol=0.25)
    assert not within_a_pixel(item["face"], out["face"]), "a seed that moves nothing proves nothing"


def test_the_roll_follows_the_rotation() -> None:
    """The roll in the shape vector is the angle by which the oval really was turned."""
    item = some_item()
    for seed in range(6):
        out = augment(item, FAR, np.random.default_rng(seed))
        before, after = oval_of(item["shape"]), oval_of(out["shape"])
        sign = 1.0
        if (out["shape"][72] > 0) != (item["shape"][72] > 0):  # mirrored: mirror it back
            after = np.roll(after[::-1], 1, 0) * (-1, 1)
            sign = -1.0
        a, b = ((p - p.mean(0)) @ (1, 1j) for p in (before, after))
        turned = np.degrees(np.angle(np.vdot(a, b)))
        assert sign * out["shape"][74] * 30 - item["shape"][74] * 30 == pytest.approx(turned, abs=0.01)


def test_augmenting_leaves_the_shard_alone() -> None:
    item = some_item()
    copy = {name: array.copy() for name, array in item.items()}
    augment(item, Jitter(worse=1.0), np.random.default_rng(0))
    for name, array in copy.items():
        np.testing.assert_array_equal(item[name], array)


def test_there_is_one_hole() -> None:
    """Training cuts with the very function that the mirror cuts with, and the hole holds both shapes."""
    assert train.data.shards.cut_hole is mirror.hole.cut_hole is mirror.swap.cut_hole
    own, other = np.zeros((64, 64), np.float32), np.zeros((64, 64), np.float32)
    own[10:20, 20:40], other[30:50, 5:15] = 1, 1
    whole = {
        (radius, both): mirror.hole.cut_hole(own, other if both else 0 * other, 256, radius=radius)
        for radius, both in itertools.product(range(1, 5), (False, True))
    }
    plain = 0
    for seed in range(40):
        hole = random_hole(own, other, np.random.default_rng(seed))
        assert hole.shape == (256, 256) and set(np.unique(hole)) <= {0.0, 1.0}
        assert hole[40:80, 80:160].all(), "the picture's own hair must always be cut out"
        plain += any(np.array_equal(hole, known) for known in whole.values())
    assert 15 < plain < 40, "about two thirds are cut_hole of the two shapes, the others have an ellipse more"


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


def test_batches_are_whole_and_seeded(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path)])
    first, again, other = (
        list(itertools.islice(Batches(shards, 3, jitter=Jitter(), hole=True, seed=seed), 2))
        for seed in (1, 1, 2)
    )
    for batch in first:
        assert batch["image"].shape == (3, 3, 256, 256) and batch["image"].dtype == np.uint8
        assert {n: batch[n].shape for n in ("matte", "valid", "face", "hole")} == dict.fromkeys(
            ("matte", "valid", "face", "hole"), (3, 1, 256, 256)
        )
        assert batch["shape"].shape == (3, 75)
        assert batch["hole"][batch["matte"] > 127].all()
    for name in first[0]:
        np.testing.assert_array_equal(first[0][name], again[0][name])
    assert not np.array_equal(first[0]["image"], other[0]["image"])


def test_the_second_folder_fades_out(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path / "a"), write_shard(tmp_path / "b", 0, ["train"] * 2)])
    batches = Batches(shards, 1, jitter=STILL, second_set=0.5, until=0.6)
    for progress, low, high in ((0.0, 0.4, 0.6), (0.3, 0.15, 0.35), (0.7, 0.0, 0.0)):
        batches.progress = progress
        share = np.mean([shards.set_of[batches._pick()] for _ in range(600)])
        assert low <= share <= high
    assert {shards.split[batches._pick()] for _ in range(100)} == {"train"}, (
        "validation pictures are never trained on"
    )


def test_what_goes_wrong_in_the_loader_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = Shards([tiny_shards(tmp_path)])
    monkeypatch.setattr(train.data.shards, "augment", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(iter(Batches(shards, 1, jitter=STILL)))


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
    with pytest.raises(MirrorError, match="folder 1 of --shards is of the split train"):
        Batches(only_val, 1, jitter=STILL)
    only_train = Shards([write_shard(tmp_path / "train", 0, ["train"])])
    with caplog.at_level(logging.WARNING, "mirror"):
        assert len(only_train.held_out()) == 0
    assert "split val" in caplog.text
