"""Data sets as they lie on the disk: what is listed, in which split, and what another layout gets told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from tests.train_layouts import ATTRIBUTES, name_of_split, write_celeba, write_cropped, write_utkface
from train.data.dataset_layouts import Picture, keep_people_whole, list_portraits, read_set, split_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def celeba(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_celeba(tmp_path_factory.mktemp("celeba"))


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def test_photographs_without_an_index(tmp_path: Path) -> None:
    train, val = name_of_split("train"), name_of_split("val")
    touch(tmp_path, f"sub/{train}", "b.JPG", "notes.txt", val)
    found = read_set(tmp_path)
    assert (found.layout, found.kind) == ("photos", "heads")
    assert {p.name for p in found.pictures} == {f"sub/{train}", "b.JPG", val}
    assert [p.name for p in found.pictures] == sorted(p.name for p in found.pictures)
    assert {p.name: p.split for p in found.pictures}[val] == "val"
    assert found.notes == ["files that are no pictures: 1 (notes.txt)"]
    assert all(p.path.exists() for p in found.pictures)


def test_one_in_ten_is_held_out_whatever_the_process(tmp_path: Path) -> None:
    names = [f"{n:05d}.jpg" for n in range(2000)]
    held_out = [name for name in names if split_of(name) == "val"]
    assert 150 < len(held_out) < 250
    # Python's own hash is another one in every process; this one must not be.
    code = (
        "from train.data.dataset_layouts import split_of; "
        "print([n for n in range(2000) if split_of(f'{n:05d}.jpg') == 'val'])"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert [f"{n:05d}.jpg" for n in eval(other.stdout)] == held_out


def test_an_index_decides(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text(
        "split,file,person,yaw_deg,licence\nval,sub/a.jpg,anna,1.5,CC0\ntrain,gone.jpg,ben,-3,\n", "utf-8-sig"
    )
    found = read_set(f"photos:{tmp_path}")
    assert [(p.name, p.split, p.person) for p in found.pictures] == [
        ("gone.jpg", "train", "ben"), ("sub/a.jpg", "val", "anna")
    ]  # fmt: skip
    assert found.attributes(found.pictures[1]) == {"yaw_deg": 1.5, "licence": "CC0"}
    assert found.attributes(found.pictures[0]) == {"yaw_deg": -3, "licence": ""}
    assert list_portraits(tmp_path) == found.pictures


def test_an_index_without_splits_holds_people_out(tmp_path: Path) -> None:
    rows = [f"{p}-{n}.jpg,person {p}" for p in range(40) for n in range(3)]
    (tmp_path / "index.csv").write_text("file,person\n" + "\n".join(rows))
    pictures = read_set(tmp_path).pictures
    assert {p.split for p in pictures} == {"train", "val"}
    assert all(p.split == split_of(p.person or "") for p in pictures)


def test_a_person_is_put_whole_into_one_split(tmp_path: Path) -> None:
    rows = "a1,train,a a2,train,a a3,val,a b1,train,b b2,test,b c1,val,c d1,train, d2,val,"
    (tmp_path / "index.csv").write_text("file,split,person\n" + rows.replace(" ", "\n"))
    found = read_set(tmp_path)
    assert {p.name: p.split for p in found.pictures} == {
        "a1": "train", "a2": "train", "a3": "train",  # most of a's
        "b1": "test", "b2": "test",  # a draw: the one that is further from training
        "c1": "val", "d1": "train", "d2": "val",  # nobody knows who d is
    }  # fmt: skip
    assert any(note.startswith("people with pictures in several splits: 2;") for note in found.notes)
    alone = [Picture("x", "a", "train", "a"), Picture("x", "b", "val", "b")]
    assert keep_people_whole(alone) == (alone, 0)


def test_an_empty_split_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,split\na.jpg,train\n")
    assert read_set(tmp_path).notes == ["no picture is of the split val"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("name,split\na.jpg,train\n", "lacks the column file.*Its columns are name, split"),
        ("file,split\na.jpg,training\n", "line 2: the split training is none of train, val, test"),
        ("file,split\na.jpg,train,more\n", "line 2 does not fit its header"),
        ("file,split\n", "lists no picture"),
        ("", "lacks the column file"),
        ("file\n\udcff.jpg\n", "cannot be read.*UTF-8"),
    ],
)
def test_an_index_that_cannot_be_used(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(MirrorError, match=said):
        read_set(tmp_path)


def test_a_file_listed_twice_is_counted(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,split\na.jpg,train\nb.jpg,val\na.jpg,val\n")
    found = read_set(tmp_path)
    assert [p.name for p in found.pictures] == ["a.jpg", "b.jpg"]
    assert found.left_out == [("a.jpg", "listed twice", "line 4")]


def test_celeba_as_published(celeba: Path) -> None:
    found = read_set(f"celeba:{celeba}")
    assert found.kind == "heads" and len(found.pictures) == 6 and not found.left_out
    assert [p.split for p in found.pictures] == ["train"] * 4 + ["test"] * 2
    assert [p.person for p in found.pictures] == ["2880", "2880", "2881", "2881", "2882", "2882"]
    said = found.attributes(found.pictures[2])
    assert list(said) == list(ATTRIBUTES)
    assert [name for name, holds in said.items() if holds is True] == ["Wearing_Hat"]
    assert found.pictures[0].path == celeba / "img_align_celeba" / "000001.jpg"


@pytest.mark.parametrize("shape", ["kaggle", "folders", "no identity"])
def test_celeba_as_it_is_passed_on(shape: str, tmp_path: Path, celeba: Path) -> None:
    write_celeba(tmp_path, kaggle=shape == "kaggle", identity=shape == "folders")
    if shape == "folders":
        for name, below in (
            ("list_attr_celeba.txt", "Anno"), ("identity_CelebA.txt", "Anno"),
            ("list_eval_partition.txt", "Eval"), ("img_align_celeba", "Img"),
        ):  # fmt: skip
            (tmp_path / below).mkdir(exist_ok=True)
            (tmp_path / name).rename(tmp_path / below / name)
    found, published = read_set(f"celeba:{tmp_path}"), read_set(f"celeba:{celeba}")
    assert [found.attributes(p) for p in found.pictures] == [
        published.attributes(p) for p in published.pictures
    ]
    assert [p.name for p in found.pictures] == [p.name for p in published.pictures]
    if shape != "folders":  # nobody says who they are, so the partition stands as it is
        assert [p.split for p in found.pictures] == ["train"] * 4 + ["val", "test"]
        assert {p.person for p in found.pictures} == {None}


def test_a_part_of_celeba(tmp_path: Path) -> None:
    write_celeba(tmp_path)
    (tmp_path / "img_align_celeba" / "000002.jpg").unlink()
    touch(tmp_path, "img_align_celeba/900000.jpg")
    found = read_set(f"celeba:{tmp_path}")
    assert "000002.jpg" not in {p.name for p in found.pictures}
    assert f"listed, but not in {tmp_path / 'img_align_celeba'}: 1" in found.notes
    assert found.left_out == [("900000.jpg", "not listed", "in no list of the set")]


def test_what_is_no_celeba(tmp_path: Path) -> None:
    touch(tmp_path, "img_align_celeba/000001.jpg", "readme.txt")
    with pytest.raises(MirrorError, match=r"Expected img_align_celeba/.*Found img_align_celeba/, readme.txt"):
        read_set(f"celeba:{tmp_path}")
    (tmp_path / "list_eval_partition.txt").write_text("000001.jpg 0\n")
    (tmp_path / "list_attr_celeba.txt").write_text("1\nBald Male\n000001.jpg 1 -1 1\n")
    with pytest.raises(MirrorError, match="000001.jpg does not hold 2 values of 1 or -1"):
        read_set(f"celeba:{tmp_path}")
    (tmp_path / "list_attr_celeba.txt").write_text("1\nBald Male\n000001.jpg 1 -1\n")
    (tmp_path / "list_eval_partition.txt").write_text("000001.jpg 3\n")
    with pytest.raises(MirrorError, match="'3' is no part of CelebA"):
        read_set(f"celeba:{tmp_path}")
    (tmp_path / "list_eval_partition.txt").write_text("000001.jpg\n")
    with pytest.raises(MirrorError, match="is not a file and a number"):
        read_set(f"celeba:{tmp_path}")
    (tmp_path / "list_eval_partition.txt").write_text("000001.jpg 0\n")
    (tmp_path / "img_align_celeba" / "000001.jpg").rename(tmp_path / "img_align_celeba" / "x.jpg")
    with pytest.raises(MirrorError, match="None of the pictures that the lists.*holds x.jpg"):
        read_set(f"celeba:{tmp_path}")


def test_utkface_reads_its_names(tmp_path: Path) -> None:
    found = read_set(f"utkface:{write_utkface(tmp_path)}")
    said = {p.name: found.attributes(p) for p in found.pictures}
    assert said == {
        "part1/25_1_2_20170116174525125.jpg.chip.jpg": {"age": 25, "sex": "female", "ethnicity": "Asian"},
        "part1/100_0_0_20170112213500903.jpg.chip.jpg": {"age": 100, "sex": "male", "ethnicity": "White"},
        "part2/24_0_1_20170116220224657 .jpg.chip.jpg": {"age": 24, "sex": "male", "ethnicity": "Black"},
        "part3/1_0_4_20161219140623097.jpg": {"age": 1, "sex": "male", "ethnicity": "Others"},
    }
    assert [(name, reason) for name, reason, _ in found.left_out] == [
        ("part3/61_1_20170109142408075.jpg.chip.jpg", "name lacks a field")
    ]


def test_utkface_keeps_a_photograph_and_its_crop_together(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{n}_0_0_2017{n:05d}.jpg{chip}" for n in range(100) for chip in ("", ".chip.jpg")))
    splits: dict[str, set[str]] = {}
    for picture in read_set(f"utkface:{tmp_path}").pictures:
        splits.setdefault(picture.name.split(".")[0], set()).add(picture.split)
    assert all(len(one) == 1 for one in splits.values()) and len(splits) == 100
    assert set().union(*splits.values()) == {"train", "val"}


def test_what_is_no_utkface(tmp_path: Path) -> None:
    touch(tmp_path, "anna.jpg", "25_1_2_20170116174525125.jpg", "ben.jpg")
    with pytest.raises(
        MirrorError, match=r"Expected names such as 25_1_2_2017\d+.jpg.*found anna.jpg, ben.jpg"
    ):
        read_set(f"utkface:{tmp_path}")


@pytest.mark.parametrize("layout", ["anime", "pictures"])
def test_cropped_pictures(layout: str, tmp_path: Path) -> None:
    found = read_set(f"{layout}:{write_cropped(tmp_path)}")
    assert (found.layout, found.kind) == (layout, "pictures")
    assert [p.name for p in found.pictures] == ["a/0.png", "a/2.png", "a/4.png", "b/c/1.png", "b/c/3.png"]
    assert found.attributes(found.pictures[0]) == {}
    assert "files that are no pictures: 1 (README.md)" in found.notes


def test_what_is_no_set_at_all(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="is not a folder"):
        read_set(tmp_path / "missing")
    with pytest.raises(MirrorError, match="no layout celebA. Valid are photos, celeba, utkface"):
        read_set("celebA:somewhere")
    with pytest.raises(MirrorError, match="holds no picture .* found nothing"):
        read_set(tmp_path)
    touch(tmp_path, "a.txt", "sub/b.mp4")
    with pytest.raises(MirrorError, match="holds no picture .* found a.txt, sub/"):
        read_set(f"anime:{tmp_path}")
    with pytest.raises(MirrorError, match="is not a folder"):
        read_set(r"C:\photos")  # a drive, not a layout
