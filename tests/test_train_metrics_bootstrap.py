"""Figures by person, their intervals and groups, and the table and JSON they end up in."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import numpy as np
import pytest

import train.evaluation.demographic_groups
import train.evaluation.figure_tables
import train.metrics.bootstrap
from mirror.core.errors import MirrorError
from mirror.core.head_crop import Head
from tests.train_tiny import SIDE, SQUARE, some_face
from train.evaluation.demographic_groups import cheek_lab, group, hair_length, thirds
from train.evaluation.figure_definitions import MIRROR, RUNS, markdown
from train.evaluation.figure_tables import circumstances, group_table, labels, save, table
from train.evaluation.held_out_people import Person
from train.metrics.bootstrap import Tally


@pytest.mark.parametrize(
    "module", [train.metrics.bootstrap, train.evaluation.demographic_groups, train.evaluation.figure_tables]
)
def test_the_examples_in_the_docstrings(module) -> None:
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


def of_normal(count: int, mean: float = 20.0, deviation: float = 4.0) -> Tally:
    values = np.random.default_rng(1).normal(size=count)
    values = mean + deviation * (values - values.mean()) / values.std()
    tally = Tally()
    for i, value in enumerate(values):
        tally.add("psnr", str(i), value)
    return tally


def test_the_interval_of_a_mean() -> None:
    """Of 400 people with deviation 4 it is 1.96 * 4 / 20 to either side."""
    low, high = of_normal(400).interval("psnr") or (0, 0)
    assert (low, high) == pytest.approx((20 - 0.392, 20 + 0.392), abs=0.04)
    assert of_normal(400).interval("psnr") == (low, high), "the same again"
    assert of_normal(4).interval("psnr") is None, "too few people to say anything"
    assert of_normal(5).interval("nothing") is None


def test_the_interval_of_a_pooled_ratio_goes_by_person() -> None:
    """One with a thousand times the pixels decides the ratio, and how unsure it is."""
    tally = Tally()
    for i in range(19):
        tally.add("iou", str(i), 1, 1)
    tally.add("iou", "large", 0, 1000)
    assert tally.value("iou") == pytest.approx(19 / 1019)
    low, high = tally.interval("iou") or (0, 0)
    assert low < 0.02 and high == 1, "one in three draws leaves that one out"


def test_twice_the_same_person_adds_up() -> None:
    tally = Tally()
    for value in (10, 20):
        tally.add("psnr", "anna", value)
    tally.add("psnr", "ben", 30)
    assert tally.value("psnr") == 20
    assert tally.summary("psnr") == {"value": 20, "low": None, "high": None, "people": 2}
    assert tally.value("psnr", {"anna"}) == 15
    assert tally.value("psnr", {"nobody"}) is None and tally.value("nothing") is None


def test_the_largest_is_kept_as_it_is() -> None:
    tally = Tally()
    for person, value in (("anna", 0.0), ("ben", 3.0), ("ben", 1.0)):
        tally.most("worst", person, value)
    assert tally.summary("worst") == {"value": 3, "low": None, "high": None, "people": 2}
    assert tally.figures == ["worst"]


def test_the_worst_group_is_the_one_that_is_served_worst() -> None:
    tally = Tally()
    for person, value in (("anna", 10.0), ("ben", 20.0), ("carl", 30.0)):
        tally.add("psnr", person, value)
    groups = {"anna": "dark", "ben": "light", "carl": "light"}
    said = tally.by_group("psnr", groups, "higher")
    assert said == {"values": {"dark": 10, "light": 25}, "worst": "dark", "worst_share": 0.5}
    said = tally.by_group("psnr", groups, "lower")
    assert said is not None and said["worst"] == "light" and said["worst_share"] == 1.25
    assert tally.by_group("psnr", {"anna": "dark"}, "higher") is None, "one group is no comparison"


def person(name: str, image: np.ndarray, seed: int = 1) -> Person:
    valid = np.full((SIDE, SIDE), 255, np.uint8)
    head = Head(np.zeros((1, 3, SIDE, SIDE), np.float32), valid, valid, valid, np.zeros(75, np.float32))
    return Person(name, image, some_face(seed, yaw=0), SQUARE, head)


def test_cheeks_are_measured_where_no_hair_is() -> None:
    """sRGB (200, 160, 140) has Lab 68.6, 12.2, 15.9 (D65)."""
    one = person("a", np.full((SIDE, SIDE, 3), (200, 160, 140), np.uint8))
    bare = np.zeros((SIDE, SIDE), np.float32)
    assert cheek_lab(one, bare) == pytest.approx((68.6, 12.2, 15.9), abs=0.4)
    assert cheek_lab(one, bare + 1) is None, "under hair"


def test_how_far_down_the_hair_reaches() -> None:
    hair = np.zeros((200, 200), bool)
    hair[20:60, 50:150] = True
    assert hair_length(hair) == pytest.approx(0.3, abs=0.01)
    hair[60:180, 50:60] = True
    assert hair_length(hair) == pytest.approx(0.825, abs=0.005), "a long strand counts, but for its end"
    assert hair_length(np.zeros((200, 200), bool)) == 0


def test_everybody_is_in_a_third() -> None:
    people, mattes = [], {}
    for i in range(7):
        level = 60 + 25 * i
        people.append(person(str(i), np.full((SIDE, SIDE, 3), (level, level * 0.8, level * 0.6), np.uint8)))
        mattes[str(i)] = np.zeros((SIDE, SIDE), np.float32)
        mattes[str(i)][: 20 + 5 * i] = 1
    groups, told, notes = group(people, mattes, {})
    assert groups["skin"] == dict(zip("0123456", ["dark"] * 3 + ["medium"] * 2 + ["light"] * 2, strict=True))
    assert groups["hair_area"]["0"] == "little" and groups["hair_length"]["6"] == "long"
    assert told["skin"]["people"] == {"dark": 3, "medium": 2, "light": 2} and len(told["skin"]["edges"]) == 2
    assert len(notes) == 1 and notes[0].startswith("by sex: left out")
    groups, told, notes = group(people, mattes, {"0": "f", "1": "m", "9": "m"})
    assert groups["sex"] == {"0": "f", "1": "m"} and told["sex"]["people"] == {"f": 1, "m": 1} and not notes
    _, _, notes = group(people[:5], mattes, {})
    assert sum("too few for thirds" in note for note in notes) == 3


def test_thirds_of_people_who_are_all_alike() -> None:
    groups, edges = thirds({name: 1.0 for name in "abcdef"}, ("low", "middle", "high"))
    assert sorted(groups.values()) == ["high", "high", "low", "low", "middle", "middle"]
    assert edges == [1, 1]


def test_columns_have_names_that_tell_them_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "engines", tmp_path / "b" / "engines", tmp_path / "c"]
    assert list(labels(paths)) == ["a/engines", "b/engines", "c"]
    with pytest.raises(MirrorError, match="given twice"):
        labels([tmp_path / "a", tmp_path / "b" / ".." / "a"])


def test_a_table_of_two_columns() -> None:
    columns = {
        "old": {"figures": {"psnr_hair": {"value": 25.61, "low": 24.7, "high": 26.4}}},
        "new": {"figures": {"psnr_hair": {"value": 26.0}, "identity_worst_difference": {"value": 0.0}}},
    }
    lines = [line.split() for line in table(columns, MIRROR).splitlines()]
    assert lines == [
        ["old", "new", "better"],
        ["psnr_hair", "(dB)", "25.6", "[24.7,", "26.4]", "26", "higher"],
        ["identity_worst_difference", "(of", "255)", "0", "lower"],
    ]


def test_a_table_by_group() -> None:
    said = {"values": {"dark": 0.5, "light": 0.8}, "worst": "dark", "worst_share": 0.71}
    short = {"values": {"short": 0.6, "long": None}, "worst": "short", "worst_share": 0.9}
    lines = group_table({"by_group": {"matte_iou": {"skin": said, "hair_length": short}}}).splitlines()
    assert lines[0].split() == [
        "skin:dark",
        "skin:light",
        "hair_length:short",
        "hair_length:long",
        "worst/all",
    ]
    assert lines[1].split() == ["matte_iou", "0.500", "0.800", "0.600", "0.710"]


def test_a_record_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "figures.json"
    save(circumstances() | {"columns": {}}, path)
    record = json.loads(path.read_text())
    assert record["command"].startswith("python -m train") and record["machine"]["cores"] >= 1
    assert {"python", "numpy", "torch", "mirror"} <= set(record["versions"])
    assert [p.name for p in path.parent.iterdir()] == ["figures.json"]
    with pytest.raises(MirrorError, match="cannot be written|no ordinary file"):
        save(record, tmp_path)


def test_every_figure_says_what_it_is() -> None:
    for figures in (MIRROR, RUNS):
        assert markdown(figures).count("\n") == len(figures) + 1
        for name, figure in figures.items():
            assert figure.better in ("higher", "lower", "") and len(figure.says) > 20, name
