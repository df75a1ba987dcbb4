"""Taught shards: what a teacher says beneath own hair, and what the photograph says beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.painting.hair_swap import Swap
from tests.test_removal_underlay_network import CLOTH, ROOM, Fake
from tests.train_tiny import tiny_shards
from train.data.shards import Shards
from train.data.taught_shards import TAUGHT, TAUGHT_WALL, teach
from train.data.underlay_batches import UnderlayBatches


def teacher() -> Swap:
    nobody: Any = None
    engine: Any = Fake()
    return Swap(nobody, engine)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taught")
    shards = tiny_shards(folder / "heads", people=True)
    assert teach(shards, folder / "out", teacher()) == len(Shards([shards]))
    return folder


def test_beneath_own_hair_it_is_the_teachers_and_beside_it_the_photographs(taught: Path) -> None:
    shards, seen_values = Shards([taught / "out"]), set[int]()
    for number in range(len(shards)):
        item = shards[number]
        hair, known = item["matte"] > 200, item["known"]
        scalp = item["person_beneath"] > 140
        assert hair.any() and (known[hair & scalp] == TAUGHT).all()
        assert (known[hair & (item["person_beneath"] < 110)] == TAUGHT_WALL).all()
        seen_values |= {int(value) for value in np.unique(known)}
        seen = known == 255
        # Single hairs of alpha below a twentieth are still the photograph's.
        assert np.abs(item["beneath"].astype(int) - item["image"])[seen].max() < 16
        said = item["beneath"][hair].astype(float) / 255
        # In the light of what is seen beside.
        nearest = np.minimum(np.abs(said - CLOTH).max(1), np.abs(said - np.array(ROOM)).max(1))
        assert np.median(nearest) < 0.15
        assert (np.abs(item["person_beneath"].astype(int) - item["person"])[seen] < 16).all()
    assert seen_values == {TAUGHT, TAUGHT_WALL, 255} or seen_values == {TAUGHT_WALL, 255}


def test_the_network_learns_from_them_and_counts_the_teacher_less(taught: Path) -> None:
    batch = UnderlayBatches(Shards([taught / "out"]), 8).make(0, 0.0, range(8)).arrays
    known = batch["known"]
    assert ((known > 80) & (known < 100)).any() or ((known > 12) & (known < 28)).any()
    assert (known == 255).any()


def test_what_is_there_is_kept_and_what_does_not_fit_is_refused(taught: Path, tmp_path: Path) -> None:
    record = next((taught / "out").glob("[0-9]*/shard.json"))
    before = record.stat().st_mtime_ns
    teach(taught / "heads", taught / "out", teacher())
    assert record.stat().st_mtime_ns == before
    with pytest.raises(MirrorError, match="holds no shards.*train prepare"):
        teach(tmp_path, tmp_path / "out", teacher())
    with pytest.raises(MirrorError, match="lacks person: give heads"):
        teach(tiny_shards(tmp_path / "nobody"), tmp_path / "out", teacher())
