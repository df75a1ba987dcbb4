"""Data sets to shards, the workers in this process: what is written, what is refused, what goes on."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.tracking.mediapipe.installed_version import carries_models
from tests.train_layouts import astronaut, drawn, save, write_celeba, write_utkface
from tests.train_workers import HEADS, no_processes
from tests.train_workers import tools as tools
from train.commands.prepare import add_flags
from train.commands.prepare import prepare as command
from train.data import prepare_picture
from train.data import prepare_shards as preparing
from train.data.dataset_layouts import Picture
from train.data.prepare_picture import Rejected, Settings, Tools
from train.data.prepare_shards import PrepareOptions, describe, prepare
from train.data.rejected_pictures import ACROSS, CAPTION, TILE, rejected_sheet
from train.data.shards import Shards


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No processes, no tools: small arrays for any file, and none for those called "bad...".

    Returns the names as they come by.
    """
    seen: list[str] = []

    def one(picture: Picture, settings: Settings, *_: object) -> dict[str, np.ndarray] | Rejected:
        seen.append(picture.name)
        if picture.name.startswith("bad"):
            return Rejected("no face")
        arrays = HEADS if settings.kind == "heads" else ("image", "valid")
        return {name: np.full((4, 4), 7, np.uint8) for name in arrays}

    no_processes(monkeypatch, Tools())
    monkeypatch.setattr(prepare_picture, "prepare_one", one)
    monkeypatch.setattr(preparing, "SHARD", 2)
    return seen


def some_folder(folder: Path, names: str) -> Path:
    """Empty files, all of them of the split train but those called val."""
    folder.mkdir()
    rows = ["file,split,person"]
    for name in names.split():
        (folder / name).write_bytes(b"")
        rows.append(f"{name},{'val' if 'val' in name else 'train'},{name[0] if name[0] in 'xy' else ''}")
    (folder / "index.csv").write_text("\n".join(rows))
    return folder


def test_shards_and_their_rejects(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png bad.png c.png val.png x.png")
    teacher, out = tmp_path / "data" / "a.png", tmp_path / "out"
    assert prepare(data, teacher, out) == {"kept": 4, "no face": 1}
    record = json.loads((out / "00000" / "shard.json").read_text())
    settings = Settings("heads", 256, person=carries_models()).as_record()
    assert record == {
        "headspace": VERSION, "kind": "heads", "side": 256, "settings": settings, "files": ["a.png"],
        "split": ["train"], "person": ["a.png"], "attributes": [{}], "rejected": [["bad.png", "no face", ""]],
    }  # fmt: skip
    assert np.load(out / "00001" / "image.npy", allow_pickle=False).shape == (2, 4, 4)
    with (out / "rejected.csv").open(newline="") as lines:
        assert list(csv.reader(lines)) == [["file", "reason", "measured"], ["bad.png", "no face", ""]]
    shards = Shards([out])
    assert shards.files == ["a.png", "c.png", "val.png", "x.png"] and shards.kind == "heads"
    assert shards.split == ["train", "train", "val", "train"]
    assert shards.person == ["a.png", "c.png", "val.png", "x"]
    said = json.loads((out / "prepared.json").read_text())
    assert (
        said["kept"] == 4 and said["splits"] == {"train": 3, "val": 1} and said["rejected"] == {"no face": 1}
    )
    assert (out / "rejected.jpg").stat().st_size > 500


def test_attributes_go_with_their_pictures(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png bad.png c.png")
    (data / "index.csv").write_text("file,split,age\na.png,train,3\nbad.png,train,4\nc.png,val,5\n")
    prepare(data, data / "a.png", tmp_path / "out")
    assert Shards([tmp_path / "out"]).attributes(np.arange(2)) == [{"age": 3}, {"age": 5}]


def test_a_mediapipe_without_a_mask_says_so_once(
    tmp_path: Path, in_process: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(preparing, "carries_models", lambda: False)
    data = some_folder(tmp_path / "data", "a.png b.png val.png")
    prepare(data, data / "a.png", tmp_path / "out")
    assert sum("carries no mask of the person" in record.message for record in caplog.records) == 1
    with (
        monkeypatch.context() as another,
        pytest.raises(MirrorError, match="person was False, now it is True"),
    ):
        another.setattr(preparing, "carries_models", lambda: True)
        prepare(data, data / "a.png", tmp_path / "out")


def test_a_killed_run_goes_on(tmp_path: Path, in_process: list[str]) -> None:
    """A shard that is there is not made again; one that was half written is, from scratch."""
    data = some_folder(tmp_path / "data", "a.png b.png c.png bad.png")
    teacher, out = tmp_path / "data" / "a.png", tmp_path / "out"
    prepare(data, teacher, out)
    whole = (out / "00000" / "image.npy").stat().st_mtime_ns
    os.rename(out / "00001", out / "00001.part")
    (out / "00001.part" / "old.npy").write_bytes(b"of an earlier version")
    (out / "rejected.csv").unlink()
    in_process.clear()
    assert prepare(data, teacher, out) == {"kept": 3, "no face": 1}
    assert in_process == ["bad.png", "c.png"] or in_process == ["c.png", "bad.png"]
    assert (out / "00000" / "image.npy").stat().st_mtime_ns == whole
    assert (out / "rejected.csv").read_text().splitlines() == ["file,reason,measured", "bad.png,no face,"]
    assert not list(out.glob("*.part")) and not (out / "00001" / "old.npy").exists()
    in_process.clear()
    assert prepare(data, teacher, out) == {"kept": 3, "no face": 1} and in_process == []


def test_other_pictures_or_flags_are_not_taken_for_done(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png b.png c.png")
    teacher, out = tmp_path / "data" / "a.png", tmp_path / "out"
    prepare(data, teacher, out)
    for flags, said in (
        ({"side": 128}, "side was 256, now it is 128"),
        ({"keep": ["hat"]}, r"keep was \[\], now it is \['hat'\]"),
        ({"min_eyes": 30}, "min_eyes was 23.0, now it is 30"),
        ({"limit": 1}, "prepared from other pictures"),
    ):
        with pytest.raises(MirrorError, match=said):
            prepare(data, teacher, out, PrepareOptions(**flags))  # type: ignore[arg-type]
    some_folder(tmp_path / "more", "a.png b.png d.png")
    with pytest.raises(MirrorError, match="00001 was prepared from other pictures"):
        prepare(tmp_path / "more", teacher, out)
    (data / "index.csv").write_text("file,split\na.png,val\nb.png,train\nc.png,train\n")
    with pytest.raises(MirrorError, match="splits have changed"):
        prepare(data, teacher, out)
    (out / "00000" / "shard.json").write_text("{")
    with pytest.raises(MirrorError, match="00000 is damaged, or of an earlier version. Delete it"):
        prepare(data, teacher, out)


def test_two_runs_in_one_folder(tmp_path: Path, in_process: list[str]) -> None:
    data, out = some_folder(tmp_path / "data", "a.png"), tmp_path / "out"
    out.mkdir()
    with preparing._alone(out), pytest.raises(MirrorError, match="Another run is at work in"):
        prepare(data, data / "a.png", out)
    assert prepare(data, data / "a.png", out)["kept"] == 1


def test_a_full_disk(tmp_path: Path, in_process: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data, out = some_folder(tmp_path / "data", "a.png b.png c.png"), tmp_path / "out"

    def full(path: Path, array: np.ndarray) -> None:
        if "00001" in str(path):
            raise OSError(28, "No space left on device")
        np.lib.format.open_memmap(path, "w+", array.dtype, array.shape)[:] = array

    monkeypatch.setattr(prepare_picture.np, "save", full)
    with pytest.raises(
        MirrorError, match="cannot be written .No space left on device.. What it holds is whole"
    ):
        prepare(data, data / "a.png", out)
    monkeypatch.undo()
    assert (out / "00000" / "shard.json").exists() and not (out / "00001").exists()


def test_an_out_that_is_no_folder(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png")
    with pytest.raises(MirrorError, match="cannot be written"):
        prepare(data, data / "a.png", save(tmp_path / "out.png", drawn(0)))


def test_what_cannot_be_prepared(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png")
    teacher, out = data / "a.png", tmp_path / "out"
    for call, said in (
        (lambda: prepare(data, None, out), "photos needs --teacher"),
        (lambda: prepare(data, tmp_path / "no.tflite", out), "no.tflite is missing"),
        (lambda: prepare(data, teacher, out, PrepareOptions(side=100)), "--side 100.*64, 96, 128, 256, 512"),
        (
            lambda: prepare(data, teacher, out, PrepareOptions(keep=["beard"])),
            "--keep beard is no gate. Valid are several",
        ),
        (lambda: prepare(data, teacher, data / "shards"), "lies inside the data"),
        (lambda: prepare(f"celeba:{data}", teacher, out), "is not laid out as CelebA"),
    ):
        with pytest.raises(MirrorError, match=said):
            call()
    assert not out.exists() and in_process == []


def run_command(*given: str | Path) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_flags(parser)
    command(parser.parse_args([str(one) for one in given]))


def test_the_command(tmp_path: Path, in_process: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    data, out = some_folder(tmp_path / "data", "a.png val.png bad.png"), tmp_path / "out"
    base = ("--data", data, "--out", out, "--teacher", data / "a.png")
    for wrong, said in (
        (("--limit", "0"), "--limit 0 is too few"),
        (("--workers", "0"), "--workers 0 is too few"),
        (("--min-eyes", "-1"), "--min-eyes -1.0 is too few"),
    ):
        with pytest.raises(MirrorError, match=said):
            run_command(*base, *wrong)
    run_command(*base, "--keep", "several-faces", "hat")
    said = capsys.readouterr().out
    assert "kept: 2 (1 train, 1 val); left out: no face: 1" in said and "rejected.jpg" in said
    assert json.loads((out / "prepared.json").read_text())["keep"] == ["hat", "several faces"]


def test_how_long_a_large_set_would_take(tmp_path: Path) -> None:
    said = {
        "kept": 9, "splits": {"train": 9}, "rejected": {}, "pictures_a_second": 30.3, "workers": 2,
    }  # fmt: skip
    (tmp_path / "prepared.json").write_text(json.dumps(said))
    assert describe(tmp_path).splitlines() == [
        "kept: 9 (9 train); left out: nothing",
        "30.3 pictures a second with 2 workers: 200,000 pictures would take 1 h 50 min here",
    ]


def test_the_sheet_has_a_row_a_reason(tmp_path: Path) -> None:
    red = save(tmp_path / "red.png", np.full((50, 100, 3), (200, 0, 0), np.uint8))
    (tmp_path / "broken.jpg").write_bytes(b"")
    rejected = [(red, "hat", "2.1, limit 1.5")] * 20 + [
        (tmp_path / "broken.jpg", "unreadable", "not a picture")
    ]
    sheet = rejected_sheet(rejected)
    assert sheet.shape == (2 * (CAPTION + TILE), ACROSS * TILE, 3)
    middle = CAPTION + TILE // 2
    assert (sheet[middle, TILE // 2 :: TILE] == (200, 0, 0)).all(), "twelve of twenty, none of them cut"
    lower = sheet[CAPTION + TILE :]
    assert (lower[CAPTION + 10, TILE // 2] == 90).all() and (lower[middle, TILE * 3 // 2] == 255).all()
    assert rejected_sheet([]).shape == (CAPTION, ACROSS * TILE, 3)


@pytest.mark.parametrize("layout", ["celeba", "utkface"])
def test_real_layouts_from_end_to_end(
    layout: str, tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_processes(monkeypatch, tools)
    data, out, teacher = tmp_path / "data", tmp_path / "out", tmp_path / "any.tflite"
    teacher.touch()
    if layout == "celeba":
        write_celeba(data, broken=2)
        expected = {"kept": 3, "unreadable": 1, "blur": 1, "hat": 1}
    else:
        write_utkface(data, cv2.resize(astronaut()[40:200, 140:300], (200, 200)))
        expected = {"kept": 4, "name lacks a field": 1}
    assert prepare(f"{layout}:{data}", teacher, out, PrepareOptions(side=128)) == expected
    shards = Shards([out])
    assert (shards.kind, shards.side, len(shards)) == ("heads", 128, expected["kept"])
    said = shards.attributes(np.arange(len(shards)))
    if layout == "celeba":
        assert shards.files == ["000001.jpg", "000005.jpg", "000006.jpg"]
        assert said[0]["Young"] is True and said[0]["Wearing_Hat"] is False
        assert shards.person == ["2880", "2882", "2882"] and shards.split == ["train", "test", "test"]
    else:
        assert {row["ethnicity"] for row in said} == {"Asian", "White", "Black", "Others"}
    assert ("person" in shards[0]) is carries_models()
