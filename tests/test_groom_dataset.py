"""A data set is the same from the same seed, holds its splits apart, and goes on after a kill."""

from __future__ import annotations

import dataclasses
import json
import os

import numpy as np
import pytest
from groom_fakes import FakeRenderer

from mirror.core.errors import MirrorError
from train.__main__ import main
from train.groom import dataset
from train.groom.book import read_book
from train.groom.dataset import Plan, make_dataset
from train.groom.draws import changed, draw, of_split
from train.groom.head import head_names
from train.groom.knobs import ranges
from train.groom.record import Groom

PLAN = Plan(count=6, held_out=2, views=2, size=(56, 80), samples=1, strands=0.02)


@pytest.fixture
def fake(monkeypatch):
    FakeRenderer.calls, FakeRenderer.dies_at = 0, None
    monkeypatch.setattr(dataset, "Renderer", FakeRenderer)
    monkeypatch.setattr(dataset, "grow", lambda *_: ())
    return FakeRenderer


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.json"))}


def test_a_number_is_the_same_draw_again_and_the_next_another():
    assert draw(3, "train", 0, 2) == draw(3, "train", 0, 2)
    assert draw(3, "train", 0) != draw(4, "train", 0) != draw(4, "train", 1)


def test_no_style_and_no_head_is_in_both_splits():
    for names in (list(read_book()), head_names(), [f"name {n}" for n in range(200)]):
        train, held_out = (set(of_split(names, split)) for split in ("train", "held_out"))
        assert train and held_out and (not train & held_out or len(train) == len(names))
    draws = [draw(number, split, 0) for split in ("train", "held_out") for number in range(60)]
    heads = {split: {one.head for one in draws if one.split == split} for split in ("train", "held_out")}
    assert not heads["train"] & heads["held_out"]


@pytest.mark.parametrize("style", list(read_book()))
def test_a_changed_style_keeps_to_its_ranges(style):
    kinds = {name: kind for name, kind, _ in ranges(Groom)}
    other = changed(read_book()[style], np.random.default_rng(1))
    assert other != read_book()[style] and other.name == style

    def check(record, before=""):
        for field in dataclasses.fields(record):
            value = getattr(record, field.name)
            if "range" in field.metadata and value not in (None, ()):
                kind = kinds[before + field.name]
                assert kind.low <= value <= kind.high, before + field.name
            elif dataclasses.is_dataclass(value):
                check(value, f"{before}{field.name}.")

    check(other)


def test_every_render_has_its_labels(fake, tmp_path):
    assert make_dataset(PLAN, tmp_path) == 4
    assert fake.calls == 8
    labels = json.loads((tmp_path / "train" / "000000" / "labels.json").read_text())
    assert {"style", "groom", "head", "colour", "light", "poses", "hair_seed", "made"} <= set(labels)
    for view in labels["made"]:
        assert (tmp_path / "train" / "000000" / view["file"]).is_file()
        assert -45 <= view["yaw"] <= 45 and len(view["camera"]["rotation"]) == 3


def test_a_killed_data_set_goes_on_and_comes_out_the_same(fake, tmp_path):
    make_dataset(PLAN, tmp_path / "whole")
    fake.calls, fake.dies_at = 0, 3
    with pytest.raises(KeyboardInterrupt):
        make_dataset(PLAN, tmp_path / "killed")
    fake.dies_at = None
    assert make_dataset(PLAN, tmp_path / "killed") == 3
    assert contents(tmp_path / "whole") == contents(tmp_path / "killed")
    assert make_dataset(PLAN, tmp_path / "killed") == 0


def test_a_folder_with_another_data_set_is_left_alone(fake, tmp_path):
    make_dataset(PLAN, tmp_path)
    with pytest.raises(MirrorError, match="holds a data set with samples 1, not 9"):
        make_dataset(dataclasses.replace(PLAN, samples=9), tmp_path)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--count", "0"], "--count 0 is out of range. Give 1 to"),
        (["--views", "0"], "--views 0 is out of range"),
        (["--strands", "9"], "--strands 9 is out of range. Give 0.02 to 2"),
        (["--size", "x"], "--size 'x' is no size"),
    ],
)
def test_a_wrong_wish_is_one_line(words, says, capsys, tmp_path):
    assert main(["groom", "dataset", "--out", str(tmp_path), *words]) == 2
    error = capsys.readouterr().err
    assert says in error and len(error.splitlines()) == 1


def test_two_ray_workers_share_the_work():
    ray = pytest.importorskip("ray", reason="Ray is not installed")

    def by_ray(plan: Plan, split: str, number: int) -> dict[str, bytes]:
        """A draw's labels alone, and in which process they were made."""
        from train.groom.dataset import labels

        drawn = labels(draw(number, split, plan.seed, plan.views))
        return {"labels.json": json.dumps({**drawn, "process": os.getpid()}).encode()}

    def refused(plan: Plan, split: str, number: int) -> dict[str, bytes]:
        raise MirrorError("no Blender here")

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        wanted = [("train", number) for number in range(8)]
        found = list(dataset._over_ray(PLAN, wanted, "local", by_ray))
        with pytest.raises(MirrorError, match="^On one of Ray's machines: no Blender here$"):
            list(dataset._over_ray(PLAN, wanted[:1], "local", refused))
    finally:
        ray.shutdown()
    told = {number: json.loads(files["labels.json"]) for _, number, files in found}
    assert sorted(told) == list(range(8))
    assert len({one.pop("process") for one in told.values()}) == 2
    assert told[5] == dataset.labels(draw(5, "train", 0, 2))
