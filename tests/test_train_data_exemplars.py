"""The table of exemplars: the shipped one, and tables that are none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from train.data.exemplars import EXEMPLARS, collection, read_exemplars
from train.stylebook.style_tags import split_tags


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_table_is_sound() -> None:
    rows = read_exemplars(EXEMPLARS)
    assert len(rows) >= 48 and all(row["file"] and row["name"] and split_tags(row["tags"]) for row in rows)
    assert len({row["file"] for row in rows}) == len(rows), "no photograph stands for two styles"
    # What the photographs' own index states of the sets that may be used like this.
    assert {row["licence"] for row in rows} <= {"CC0-1.0", "MIT", "PD-USGov"}


def test_the_shipped_table_is_balanced() -> None:
    rows = read_exemplars(EXEMPLARS)
    sexes = Counter(row["sex"] for row in rows)
    assert set(sexes) == {"f", "m"} and min(sexes.values()) >= 0.4 * len(rows)
    tags = Counter(tag for row in rows for tag in split_tags(row["tags"]))
    short = tags["short"] + tags["shaved"] + tags["pixie"]
    middle = sum(tags[word] for word in ("bob", "chin", "lob", "shoulder", "up"))
    assert min(short, middle, tags["long"]) >= len(rows) // 6
    for texture in ("straight", "wavy", "curly", "coily", "braids"):
        assert tags[texture] >= 5, texture
    assert tags["locs"] + tags["twists"] >= 4 and tags["hair loss"] >= 8
    stages = {row["name"].split()[1] for row in rows if row["name"].startswith("Norwood")}
    assert stages == {"II", "III", "IV", "V", "VI", "VII"}
    assert all("hair loss" in row["tags"] for row in rows if row["name"].startswith("Norwood"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file,name\na.jpg,bob\n", "lacks the column tags"),
        ("file,name,tags\n", "names no exemplar"),
        ("file,name,tags\na.jpg,bob,short\nb.jpg,Bob,long\n", "gives bob twice"),
        ("", "lacks the column"),
    ],
)
def test_a_table_that_is_no_table(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MirrorError, match=said):
        read_exemplars(written(tmp_path / "e.csv", text))
    with pytest.raises(MirrorError, match="none.csv is missing"):
        read_exemplars(tmp_path / "none.csv")


def test_a_table_that_a_spreadsheet_saved(tmp_path: Path) -> None:
    path = written(tmp_path / "e.csv", "\ufefffile,name,tags,licence\r\na.jpg,bob,long; dark brown,CC0\r\n")
    (row,) = read_exemplars(path)
    assert row["file"] == "a.jpg" and split_tags(row["tags"]) == ("long", "dark brown")


def test_where_an_exemplar_comes_from() -> None:
    assert collection({"file": "set/of/a.jpg"}) == "set/of" and collection({"file": "a.jpg"}) == ""
