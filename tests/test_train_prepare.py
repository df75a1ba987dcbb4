"""Portraits to shards: what is kept, what is left out and why, and what a killed run leaves."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.errors import MirrorError
from mirror.headspace import VERSION
from mirror.trackers import FaceTracker, open_tracker
from tests.train_tiny import SQUARE, some_face
from train.__main__ import main
from train.data import prepare as preparing
from train.data.prepare import HairTeacher, Portrait, list_portraits, prepare, prepare_one, without_beard
from train.data.shards import Shards

TEACHER = Path(__file__).resolve().parents[2] / "shared" / "teachers" / "hair_segmenter.tflite"


class EverythingIsHair:
    """Stands in for the teacher: hair from top to bottom."""

    def matte(self, head: np.ndarray) -> np.ndarray:
        assert head.shape == (512, 512, 3) and head.dtype == np.uint8
        return np.ones((512, 512), np.float32)


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    """A portrait, uint8 RGB (512, 512, 3); the face is 118 pixels high."""
    return pytest.importorskip("skimage.data").astronaut()


@pytest.fixture(scope="module")
def tracker() -> Iterator[FaceTracker]:
    try:
        tracker = open_tracker(still=True, faces=2)
    except MirrorError as error:
        pytest.skip(f"no face tracker: {error}")
    yield tracker
    tracker.close()


def save(path: Path, image: np.ndarray) -> Portrait:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return Portrait(path, path.name, "train")


def test_a_portrait_becomes_arrays(tmp_path: Path, astronaut: np.ndarray, tracker: FaceTracker) -> None:
    made = prepare_one(save(tmp_path / "a.png", astronaut), tracker, EverythingIsHair())  # type: ignore[arg-type]
    assert isinstance(made, dict) and set(made) == set(preparing.ARRAYS)
    assert made["image"].shape == (256, 256, 3) and made["shape"].shape == (75,)
    for name in ("image", "matte", "valid", "face", "inner"):
        assert made[name].dtype == np.uint8 and made[name].shape[:2] == (256, 256)
    assert made["shape"].dtype == np.float32
    assert (made["matte"][made["valid"] == 0] == 0).all(), "no hair where there is no picture"
    assert made["matte"][40, 128] == 255 and (made["valid"] == 0).any()
    # Eyes at 0.46 of the side; below the middle of the face the beard is cleared.
    assert made["matte"][int(0.7 * 256), 128] == 0 and made["face"][int(0.46 * 256), 128] == 255


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda image: image[200:, :], "no face"),
        (lambda image: np.hstack([image[:300, 80:380]] * 2), "several faces"),
        (grey, "greyscale"),
        (lambda image: cv2.resize(image, (150, 150), interpolation=cv2.INTER_AREA), "too small"),
    ],
)
def test_what_is_left_out(
    change: Callable[[np.ndarray], np.ndarray],
    reason: str,
    tmp_path: Path,
    astronaut: np.ndarray,
    tracker: FaceTracker,
) -> None:
    portrait = save(tmp_path / "a.png", change(astronaut))
    assert prepare_one(portrait, tracker, EverythingIsHair()) == reason  # type: ignore[arg-type]


def test_a_broken_picture_is_left_out(tmp_path: Path, tracker: FaceTracker) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    broken = Portrait(tmp_path / "a.jpg", "a.jpg", "train")
    assert prepare_one(broken, tracker, EverythingIsHair()) == "unreadable"  # type: ignore[arg-type]


def test_a_beard_is_not_hair() -> None:
    """Cheeks, lips and chin are cleared, brow and everything beside the face are kept."""
    cleared = without_beard(np.ones((512, 512), np.float32), some_face(yaw=0), SQUARE)
    assert cleared[350, 256] == pytest.approx(0, abs=1e-5), "the mouth"
    for row, column in ((170, 256), (300, 60), (40, 256)):  # the brow, beside the cheek, above the head
        assert cleared[row, column] == pytest.approx(1, abs=1e-5)


def test_portraits_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("b.PNG", "sub/a.jpg", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = list_portraits(tmp_path)
    assert [(p.name, p.split) for p in found] == [("b.PNG", "train"), (os.path.join("sub", "a.jpg"), "train")]
    (tmp_path / "index.csv").write_text("split,file\nval,sub/a.jpg\ntrain,gone.jpg\n")
    assert [(p.name, p.split) for p in list_portraits(tmp_path)] == [
        ("gone.jpg", "train"),
        ("sub/a.jpg", "val"),
    ]


def test_folders_that_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="is not a folder"):
        list_portraits(tmp_path / "missing")
    with pytest.raises(MirrorError, match="holds no picture"):
        list_portraits(tmp_path)
    (tmp_path / "index.csv").write_text("name\na.jpg\n")
    with pytest.raises(MirrorError, match="lacks the column file and split"):
        list_portraits(tmp_path)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The workers run here and now, without a teacher: `prepare_one` makes a small item of any file.

    Files of the name "bad..." are left out. Returns the names as they come by.
    """
    seen: list[str] = []

    class Here:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def submit(self, work: Callable, *args: object) -> Future:
            done: Future = Future()
            done.set_result(work(*args))
            return done

    def make(portrait: Portrait, *_: object) -> dict[str, np.ndarray] | str:
        seen.append(portrait.name)
        if portrait.name.startswith("fails"):
            raise ValueError("the two eye centres coincide\nand so on")
        if portrait.name.startswith("bad"):
            return "no face"
        return {name: np.full((4, 4), 7, np.uint8) for name in preparing.ARRAYS}

    monkeypatch.setattr(preparing, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(preparing, "prepare_one", make)
    monkeypatch.setattr(preparing, "_worker", {"tracker": None, "teacher": None})
    monkeypatch.setattr(preparing, "SHARD", 2)
    return seen


def some_folder(folder: Path, names: str) -> Path:
    folder.mkdir()
    for name in names.split():
        (folder / name).write_bytes(b"")
    return folder


def test_shards_and_their_rejects(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png bad.png c.png d.png fails.png")
    teacher = tmp_path / "data" / "a.png"
    counts = prepare(data, teacher, tmp_path / "out")
    assert counts == {"kept": 3, "no face": 1, "failed: the two eye centres coincide": 1}
    record = json.loads((tmp_path / "out" / "00000" / "shard.json").read_text())
    assert record == {
        "headspace": VERSION, "files": ["a.png"], "split": ["train"], "rejected": [["bad.png", "no face"]]
    }  # fmt: skip
    assert np.load(tmp_path / "out" / "00001" / "image.npy").shape == (2, 4, 4)
    with (tmp_path / "out" / "rejected.csv").open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows == [
        ["file", "reason"], ["bad.png", "no face"], ["fails.png", "failed: the two eye centres coincide"]
    ]  # fmt: skip
    assert Shards([tmp_path / "out"]).files == ["a.png", "c.png", "d.png"]


def test_a_killed_run_goes_on(tmp_path: Path, in_process: list[str]) -> None:
    """A shard that is there is not made again; one that was half written is."""
    data = some_folder(tmp_path / "data", "a.png b.png c.png bad.png")
    teacher, out = tmp_path / "data" / "a.png", tmp_path / "out"
    prepare(data, teacher, out)
    whole = (out / "00000" / "image.npy").stat().st_mtime_ns
    os.rename(out / "00001", out / "00001.part")
    (out / "rejected.csv").unlink()
    in_process.clear()
    assert prepare(data, teacher, out) == {"kept": 1, "no face": 1}
    assert in_process == ["bad.png", "c.png"]
    assert (out / "00000" / "image.npy").stat().st_mtime_ns == whole
    assert (out / "rejected.csv").read_text().splitlines() == ["file,reason", "bad.png,no face"]
    assert not list(out.glob("*.part"))
    in_process.clear()
    assert prepare(data, teacher, out) == {} and in_process == []


def test_shards_of_other_portraits_are_not_taken_for_done(tmp_path: Path, in_process: list[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png b.png c.png")
    teacher, out = tmp_path / "data" / "a.png", tmp_path / "out"
    prepare(data, teacher, out, limit=1)
    with pytest.raises(MirrorError, match="was prepared from other portraits"):
        prepare(data, teacher, out)
    (out / "00000" / "shard.json").write_text("{")
    with pytest.raises(MirrorError, match="is damaged. Delete it"):
        prepare(data, teacher, out)


def test_bad_flags_get_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = some_folder(tmp_path / "data", "a.png")
    command = ["prepare", "--data", str(data), "--out", str(tmp_path / "out"), "--teacher"]
    for wrong, said in (
        ([str(tmp_path / "no.tflite")], "no.tflite is missing"),
        ([str(tmp_path), "--limit", "0"], "--limit 0 is too few"),
        ([str(tmp_path), "--workers", "0"], "--workers 0 is too few"),
    ):
        assert main([*command, *wrong]) == 2
        error = capsys.readouterr().err
        assert said in error and len(error.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_teacher(tmp_path: Path, astronaut: np.ndarray, tracker: FaceTracker) -> None:
    save(tmp_path / "data" / "a.png", astronaut)
    (tmp_path / "wrong.tflite").write_bytes(b"not a model")
    with pytest.raises(MirrorError, match="A worker could not go on.*wrong.tflite the hair segmenter"):
        prepare(tmp_path / "data", tmp_path / "wrong.tflite", tmp_path / "out", workers=1)


@pytest.mark.skipif(not TEACHER.exists(), reason=f"the hair teacher is not here ({TEACHER})")
def test_with_the_real_teacher(tmp_path: Path, astronaut: np.ndarray, tracker: FaceTracker) -> None:
    save(tmp_path / "data" / "face.png", astronaut)
    save(tmp_path / "data" / "grey.png", grey(astronaut))
    (tmp_path / "data" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    counts = prepare(tmp_path / "data", TEACHER, tmp_path / "out", workers=1)
    assert counts == {"kept": 1, "greyscale": 1, "unreadable": 1}
    rejected = (tmp_path / "out" / "rejected.csv").read_text().splitlines()
    assert rejected == ["file,reason", "broken.jpg,unreadable", "grey.png,greyscale"]
    shards = Shards([tmp_path / "out"])
    assert shards.files == ["face.png"] and 0.1 < shards.hair_area[0] < 0.4
    item = shards[0]
    # Hair above the forehead and beside the cheeks, none on the face.
    assert item["matte"][50, 128] > 200 and item["matte"][150, 128] < 20
    assert HairTeacher(TEACHER).matte(np.zeros((512, 512, 3), np.uint8)).max() < 0.5
