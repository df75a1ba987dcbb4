"""The dark side of a head lit from one side is labelled as its lit side is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import train.data.batch_loader
from tests.train_tiny import tiny_shards
from train.data.augmentation import Jitter
from train.data.batch_loader import HeadBatches, Sampling
from train.data.shaded_sides import shaded_side_as_lit
from train.data.shards import Shards

SIDE = 128
EAR = (slice(60, 76), slice(26, 36))  # beside the face, on the left
LIT_EAR = (EAR[0], slice(SIDE - 36, SIDE - 26))


def head(dark: float = 0.3, *, face: tuple[int, int] = (36, 92), long_hair: bool = False) -> dict:
    """A face of an even colour, its left half darker, with short hair above and an ear taken for hair."""
    image = np.full((SIDE, SIDE, 3), 160, np.uint8)
    image[:, : SIDE // 2] = round(160 * dark)
    covered = np.zeros((SIDE, SIDE), np.uint8)
    covered[36:102, face[0] : face[1]] = 255
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[20:44, 30:98] = 255
    matte[EAR] = 255
    if long_hair:
        matte[20:120, 94:106] = 255
    return {"image": image, "face": covered, "valid": np.full_like(covered, 255), "matte": matte}


def test_an_ear_in_the_dark_is_hair_no_more_and_the_hair_above_stays() -> None:
    before = head()
    after = shaded_side_as_lit(before)
    assert after is not None
    assert after["matte"][EAR].max() == 0
    assert np.array_equal(after["matte"][:44], before["matte"][:44])
    assert before["matte"][EAR].min() == 255  # what is drawn from is not changed


def test_which_side_is_dark_does_not_matter() -> None:
    turned = {name: np.ascontiguousarray(array[:, ::-1]) for name, array in head().items()}
    after, other = shaded_side_as_lit(turned), shaded_side_as_lit(head())
    assert after is not None and other is not None
    assert np.array_equal(after["matte"][:, ::-1], other["matte"])


@pytest.mark.parametrize("item", [head(0.9), head(long_hair=True)], ids=["lit alike", "long hair"])
def test_labels_that_nothing_speaks_against_stay(item: dict) -> None:
    after = shaded_side_as_lit(item)
    assert after is not None and np.array_equal(after["matte"], item["matte"])


def test_a_face_turned_away_tells_nothing() -> None:
    assert shaded_side_as_lit(head(face=(52, 108))) is None


def test_heads_that_tell_nothing_are_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = Shards([tiny_shards(tmp_path)])
    names = sorted({shards.files[int(n)] for n in shards.training()[0]})
    monkeypatch.setattr(train.data.batch_loader, "shaded_side_as_lit", lambda item: None)
    still = Jitter(rotation=0, scale=0, shift=0)
    batches = HeadBatches(shards, 1, jitter=still, sampling=Sampling(0.0, side_lit=(names[0],)))
    drawn = {name for step in range(60) for name in batches.make(step, 0.0, range(1)).files}
    assert drawn and names[0] not in drawn and drawn < set(names)
