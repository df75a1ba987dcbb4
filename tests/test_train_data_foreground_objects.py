"""Scenes for the matte network: things held in front, other colours, other rooms, the matte before."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.train_tiny import some_item, tiny_shards
from train.data.augmentation import Jitter, cut_off, other_hair_colour, other_room
from train.data.batch_loader import HeadBatches
from train.data.foreground_objects import with_something_in_front
from train.data.previous_matte import UNKNOWN, previous_matte
from train.data.shards import Shards


def head(seed: int = 1) -> dict[str, np.ndarray]:
    item = some_item(seed)
    return item | {"person": np.maximum(item["matte"], item["face"])}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_in_front_covers_the_hair_and_nothing_else_changes(seed: int) -> None:
    item = head()
    before = {name: array.copy() for name, array in item.items()}
    out = with_something_in_front(item, np.random.default_rng(seed), head(2)["image"])
    front = out["held"]
    assert front.any() and front.dtype == np.uint8
    assert not out["matte"][front == 255].any()
    assert (out["person"] >= front).all()
    # The edge is drawn softly: three pixels further out, the picture is as it was, or lies in shadow.
    grown = np.pad(front, 3)
    grown = np.max([grown[y : y + 256, x : x + 256] for y in range(7) for x in range(7)], 0)
    beside = (grown == 0) & (item["valid"] > 127)
    assert (out["image"][beside] <= item["image"][beside]).all()
    assert (out["image"][beside].astype(int) >= item["image"][beside] * 0.45).all()
    far = cv2.distanceTransform(np.where(front > 0, np.uint8(0), np.uint8(1)), cv2.DIST_L2, 3) > 60
    np.testing.assert_array_equal(out["image"][far & beside], item["image"][far & beside])
    np.testing.assert_array_equal(out["matte"][front == 0], item["matte"][front == 0])
    assert not front[item["valid"] == 0].any() and not out["image"][item["valid"] == 0].any()
    for name, array in item.items():
        np.testing.assert_array_equal(array, before[name])


def test_hands_have_the_persons_own_tone() -> None:
    item = head()
    skin = np.median(item["image"][(item["face"] > 200) & (item["matte"] < 60)], 0)
    tones = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        out = with_something_in_front(dict(item), rng)
        if out["held"].mean() > 10:
            tones.append(np.median(out["image"][out["held"] == 255], 0))
    near = [np.abs(np.log(t + 1) - np.log(skin + 1)).mean() < 0.4 for t in tones]
    assert 0.4 < np.mean(near) < 1


def test_a_hand_of_another_portrait_is_laid_over_in_this_ones_tone() -> None:
    item, other = head(), np.full((256, 256, 3), (30, 60, 90), np.uint8)
    alpha = np.zeros((256, 256), np.uint8)
    alpha[120:200, 60:110] = 255
    skin = np.median(item["image"][(item["face"] > 200) & (item["matte"] < 60)], 0)
    seen = 0
    for seed in range(30):
        out = with_something_in_front(dict(item), np.random.default_rng(seed), None, (other, alpha))
        there = out["held"] == 255
        if not 1000 < there.sum() < 9000:
            continue
        tone = np.median(out["image"][there], 0)
        seen += bool(np.abs(np.log(tone + 4) - np.log(skin + 4)).mean() < 0.35)
        assert not out["matte"][there].any()
    assert seen > 8


def test_another_hair_colour_leaves_the_rest_alone() -> None:
    item = head()
    out = other_hair_colour(item, np.random.default_rng(0))
    hair, rest = item["matte"] == 255, (item["matte"] == 0) & (item["valid"] > 127)
    assert np.abs(out["image"][hair].astype(int) - item["image"][hair]).mean() > 5
    # There and back through Lab in bytes: a few steps.
    assert np.abs(out["image"][rest].astype(int) - item["image"][rest]).max() <= 6


def test_the_pictures_edge_cuts_off_all_that_lies_beyond_it_and_mostly_what_is_above() -> None:
    above, depths = 0, []
    for seed in range(60):
        item = head()
        item["valid"] = np.full_like(item["valid"], 255)
        out = cut_off(item, np.random.default_rng(seed))
        gone = out["valid"] == 0
        assert not out["image"][gone].any() and np.array_equal(out["image"][~gone], item["image"][~gone])
        assert np.array_equal(out["matte"], item["matte"]), "where nothing is seen no loss is taken"
        assert 0.005 < gone.mean() < 0.45
        above += gone[0].mean() > 0.95
        depths += [gone[:, 128].mean()] if gone[0].mean() > 0.95 else []
    assert 30 < above < 55 and max(depths) > 0.3 and min(depths) < 0.1


def test_a_hat_too_is_of_any_colour() -> None:
    item = head()
    hat = np.zeros_like(item["matte"])
    hat[40:90, 60:200] = 255
    out = other_hair_colour(item | {"worn": hat, "matte": np.zeros_like(hat)}, np.random.default_rng(0))
    change = np.abs(out["image"].astype(int) - item["image"])
    assert change[(hat > 0) & (item["valid"] > 127)].mean() > 5
    assert change[(hat == 0) & (item["valid"] > 127)].max() <= 6


def test_another_room_is_behind_the_person_only() -> None:
    item, other = head(1), head(2)
    out = other_room(item, other, np.random.default_rng(0))
    body = (np.maximum(item["person"], item["matte"]) == 255) & (item["valid"] > 127)
    wall = (np.maximum(item["person"], item["matte"]) == 0) & (item["valid"] > 127)
    np.testing.assert_array_equal(out["image"][body], item["image"][body])
    assert (out["image"][wall] != item["image"][wall]).any(-1).mean() > 0.9


def test_the_matte_before_is_mostly_near_the_truth_and_never_quite() -> None:
    matte = head()["matte"]
    told = [previous_matte(matte, np.random.default_rng(seed)) for seed in range(200)]
    unknown = [bool((t == UNKNOWN).all()) for t in told]
    assert 0.3 < np.mean(unknown) < 0.55
    overlaps = [
        ((t > 127) & (matte > 127)).sum() / ((t > 127) | (matte > 127)).sum()
        for t, u in zip(told, unknown, strict=True)
        if not u
    ]
    assert np.median(overlaps) > 0.75 and min(overlaps) < 0.6 and max(overlaps) < 1


def test_batches_of_scenes_hold_every_map(tmp_path: Path) -> None:
    shards = Shards([tiny_shards(tmp_path)])
    make = HeadBatches(shards, 6, jitter=Jitter(), scenes=True, seed=3).make
    whole, left, right = (make(2, 0.0, rows).arrays for rows in (range(6), range(2), range(2, 6)))
    # These shards were prepared without a mask of the person.
    assert {"matte", "valid", "face", "held", "worn", "previous"} < set(whole) and "person" not in whole
    for name, array in whole.items():
        assert len(array) == 6
        np.testing.assert_array_equal(array, np.concatenate([left[name], right[name]]))
