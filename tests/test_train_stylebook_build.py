"""The style book's making: tables of exemplars, words for hair, and exemplars chosen from a folder."""

from __future__ import annotations

import argparse
import csv
import errno
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from safetensors import safe_open
from train_tiny import some_item, write_shard

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file
from mirror.hair.styles.book import StyleBook
from train.commands.styles import add_flags, styles
from train.data.dataset_layouts import Picture
from train.data.exemplars import read_exemplars
from train.data.quality_gates import Finding
from train.data.shards import Shards
from train.metrics.hair_properties import MEASURES, MeasuredHead
from train.stylebook import axis_response
from train.stylebook import exemplar_selection as choosing
from train.stylebook.build import build, choose_exemplars, put, renew_axes
from train.stylebook.exemplar_selection import Candidate, choose, table, write_table
from train.stylebook.style_tags import (
    ALSO,
    HEADINGS,
    completed,
    name_colour,
    name_styles,
    split_tags,
    words_of,
)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_tags_are_completed_and_never_contradicted() -> None:
    words = {"length": "chin", "texture": "wavy", "colour": "dark brown", "fringe": "no fringe"}
    assert completed((), words) == tuple(words.values())
    assert completed(("bob", "Blond"), words) == ("bob", "Blond", "wavy", "no fringe")
    assert completed(("bald",), words) == ("bald",), "there is nothing to measure on it"
    for heading, others in ALSO.items():
        for word in (*others, *HEADINGS[heading]):
            if word != "bald":
                assert words[heading] not in completed((word,), words)[1:], word


@pytest.mark.parametrize(
    ("lab", "word"),
    [
        ((8, 1, 1), "black"),
        ((20, 5, 8), "dark brown"),
        ((33, 9, 14), "brown"),
        ((19, 14, 17), "red"),
        ((41, 7, 23), "blonde"),
        ((67, 1, 12), "blonde"),
        ((45, 1, 5), "grey"),
        ((70, 1, 4), "white"),
        ((21, 27, -5), "fashion"),
        ((33, -7, -19), "fashion"),
        ((50, -30, 30), "fashion"),
    ],
)
def test_words_for_colours(lab: tuple[float, float, float], word: str) -> None:
    assert name_colour(np.array(lab, float)) == word


def test_names_are_unique_and_can_be_typed() -> None:
    looks = [
        {"length": "long", "texture": "wavy", "colour": "brown", "fringe": "no fringe"},
        {"length": "long", "texture": "wavy", "colour": "brown", "fringe": "fringe"},
        {"length": "long", "texture": "wavy", "colour": "brown", "fringe": "no fringe"},
        {"length": "chin", "texture": "curly", "colour": "black", "fringe": "no fringe"},
        {"length": "bald"},
        {"length": "bald"},
    ]
    names = name_styles(looks)
    assert names == [
        "long wavy brown", "long wavy brown with fringe", "long wavy brown 2", "chin length curly black",
        "bald", "bald 2",
    ]  # fmt: skip


def test_words_of_a_head() -> None:
    item = some_item(1)
    words = words_of(MeasuredHead.of(item))
    assert list(words) == ["length", "texture", "colour", "fringe"]
    assert all(word in HEADINGS[heading] for heading, word in words.items())
    bare = MeasuredHead.of(item | {"matte": np.zeros_like(item["matte"])})
    assert words_of(bare) == {"length": "bald"}


def candidate(number: int, look: tuple[str, str, str], at: float, **changes: object) -> Candidate:
    """One whose code and measures all lie at one place."""
    words = dict(zip(("length", "texture", "colour"), look, strict=True)) | {"fringe": "no fringe"}
    noise = np.random.default_rng(number).normal(0, 0.05, 128 + len(MEASURES))
    made = {
        "picture": Picture("there", f"{number:03}.jpg", "train", changes.pop("person", None)),
        "licence": "",
        "z": (at + noise[:128]).astype(np.float32),
        "values": at + noise[128:],
        "words": words,
        "aside": 2.0,
    }
    return Candidate(**(made | changes))


BOB, LONG, AFRO = ("chin", "straight", "black"), ("long", "wavy", "red"), ("short", "coily", "black")


def test_what_is_chosen_differs_however_common_one_look_is() -> None:
    many = [candidate(i, BOB, 0.0) for i in range(60)]
    few = [candidate(100 + i, LONG, 3.0) for i in range(3)] + [
        candidate(200 + i, AFRO, -3.0) for i in range(2)
    ]
    chosen = choose(many + few, 3)
    assert [c.words["length"] for c in chosen] == ["short", "chin", "long"]
    assert choose(many + few, 3) == chosen, "the same photographs, the same book"
    assert len(choose(many, 20)) == choosing.MOST_ALIKE and len(choose(few, 20)) == 5 and choose([], 5) == []


def test_the_typical_one_is_taken_and_not_the_odd_one() -> None:
    bobs = [candidate(i, BOB, 0.1 * (i % 3)) for i in range(9)]
    odd = candidate(99, BOB, 1.5)
    chosen = choose([*bobs, odd, *(candidate(100 + i, LONG, 8.0) for i in range(4))], 2)
    assert odd not in chosen and len(chosen) == 2


def test_of_a_person_one_and_the_one_who_looks_straight() -> None:
    twins = [candidate(i, BOB, float(i), person="anna", aside=5.0 - i) for i in range(3)]
    assert [c.picture.name for c in choose(twins, 3)] == ["002.jpg"]


def test_turned_heads_only_where_a_look_has_no_other() -> None:
    straight, turned = candidate(1, BOB, 0.0), candidate(2, BOB, 1.0, aside=9.0)
    rare = candidate(3, AFRO, 2.0, aside=9.0)
    assert {c.picture.name for c in choose([straight, turned, rare], 9)} == {"001.jpg", "003.jpg"}


def test_measures_that_are_missing_keep_nobody_out() -> None:
    values = np.full(len(MEASURES), np.nan)
    bald = candidate(1, ("bald", "", ""), 0.0, values=values, words={"length": "bald"})
    others = [candidate(10 + i, BOB, 4.0) for i in range(5)] + [
        candidate(20 + i, LONG, -4.0) for i in range(5)
    ]
    chosen = choose([bald, *others], 3)
    assert [c.words["length"] for c in chosen] == ["bald", "chin", "long"]
    assert choose([bald, bald], 1) == [bald]


def test_the_table_can_be_given_back(tmp_path: Path) -> None:
    chosen = [candidate(1, BOB, 0.0, licence="CC0-1.0"), candidate(2, BOB, 1.0)]
    write_table(table(chosen), tmp_path / "used.csv")
    rows = read_exemplars(tmp_path / "used.csv")
    assert [row["name"] for row in rows] == ["chin length straight black", "chin length straight black 2"]
    assert [row["licence"] for row in rows] == ["CC0-1.0", ""]
    assert split_tags(rows[0]["tags"]) == tuple(chosen[0].words.values())
    assert "licence" not in table([candidate(1, BOB, 0.0)])[0], "nobody said one"
    assert [p.name for p in tmp_path.iterdir()] == ["used.csv"]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait that is fit, and pictures that are not, each for a reason of its own."""
    folder = tmp_path_factory.mktemp("photos")
    rgb = skimage.data.astronaut()
    pictures = {
        "fit.png": rgb,
        "grey.png": np.repeat(rgb.mean(-1, keepdims=True), 3, -1).astype(np.uint8),
        "blurred.png": cv2.GaussianBlur(rgb, (0, 0), 4),
        "small.png": cv2.resize(rgb, (128, 128), interpolation=cv2.INTER_AREA),
        "cut.png": rgb[70:],
        "tilted.png": cv2.warpAffine(rgb, cv2.getRotationMatrix2D((220, 120), 20, 1), (512, 512)),
        "nobody.png": np.full((200, 200, 3), 128, np.uint8),
        "held.png": rgb,
    }
    for name, picture in pictures.items():
        cv2.imwrite(str(folder / name), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    lines = [f"{p.name},{'val' if p.name == 'held.png' else 'train'},CC0-1.0" for p in folder.iterdir()]
    (folder / "index.csv").write_text("\n".join(["file,split,licence", *sorted(lines)]))
    return folder


@pytest.fixture
def engines(tmp_path: Path) -> Path:
    """The shipped folder, of which the book and the manifest may be changed."""
    folder = tmp_path / "engines"
    folder.mkdir()
    for path in ENGINES_FOLDER.iterdir():
        if path.name in ("manifest.json", "styles.safetensors"):
            shutil.copy(path, folder)
        else:
            (folder / path.name).symlink_to(path)
    return folder


def test_chosen_from_a_folder(photos: Path, engines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "hat", lambda *_: Finding("hat", -9.0, 0.0, False))
    folder, path, left_out = choose_exemplars(photos, engines, 5)
    assert folder == photos and path == engines / "exemplars-used.csv"
    with path.open(newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["file"] == "fit.png" and row["licence"] == "CC0-1.0"
    assert {"brown", "dark brown", "blonde"} & set(split_tags(row["tags"])) and row["name"]
    assert left_out == {
        "greyscale": 1, "blur": 1, "too small": 1, "hair cut off by the picture's edge": 1, "pose": 1,
        "no face": 1, "unreadable": 1,
    }  # fmt: skip
    # A table that somebody may have edited is not lost.
    written(path, "mine")
    choose_exemplars(photos, engines, 5, limit=100)
    assert (engines / "exemplars-before.csv").read_text() == "mine" and "fit.png" in path.read_text()


def test_hats_are_no_styles(photos: Path, engines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "hat", lambda *_: Finding("hat", 0.0, 1.5, False))
    with pytest.raises(MirrorError, match="No photograph of .* is fit to be an exemplar .*hat: 2"):
        choose_exemplars(photos, engines, 5)
    assert not (engines / "exemplars-used.csv").exists()


def test_nothing_to_choose_from(tmp_path: Path, engines: Path, photos: Path) -> None:
    with pytest.raises(MirrorError, match="is not a folder"):
        choose_exemplars(tmp_path / "none", engines)
    with pytest.raises(MirrorError, match="cropped already"):
        choose_exemplars(f"anime:{photos}", engines)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = tmp_path_factory.mktemp("shards")
    return Shards([write_shard(folder / "heads", 0, ["train"] * 22 + ["val"])])


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axis_response, "STEPS", (1,))


def test_from_photographs_to_the_book(photos: Path, shards: Shards, engines: Path, few_steps: None) -> None:
    exemplars = written(
        engines.parent / "e.csv",
        "file,name,tags,licence\nfit.png,curls,curly,CC0-1.0\ngrey.png,her,; ,\nfit.png,bare,bald,\n",
    )
    book, found = build(photos, shards, engines, exemplars, count=8)
    back = StyleBook.load(open_file("stylebook", engines))
    assert (
        back.names == ["curls", "her", "bare"]
        and list(back.axes) == list(found.axes)
        and len(found.axes) >= 5
    )
    assert back.find("curls").tags[0] == "curly" and back.find("bare").tags == ("bald",)
    assert not set(HEADINGS["texture"]) & set(back.find("curls").tags[1:])
    assert set(HEADINGS["length"]) & set(back.find("her").tags), "measured, where nothing was given"
    assert back.find("bare").code.coarse.max() == 0 < back.find("her").code.coarse.max()
    assert [style.licence for style in back.styles] == ["CC0-1.0", "", ""]
    assert b".png" not in (engines / "styles.safetensors").read_bytes(), "no file name is shipped"
    entry = json.loads((engines / "manifest.json").read_text())["files"]["stylebook"]
    encoder = json.loads((engines / "manifest.json").read_text())["networks"]["encoder"]["sha256"]
    assert entry["encoder"] == encoder and not list(engines.glob("*.part"))
    assert (engines / "styles.safetensors").stat().st_mode & 0o444 == 0o444, "others may read it"
    assert not (engines / "exemplars-used.csv").exists(), "that is for those that were chosen"


def test_nobody_held_out_is_in_the_book(photos: Path, shards: Shards, engines: Path) -> None:
    exemplars = written(engines.parent / "e.csv", "file,name,tags\nfit.png,a,bob\nheld.png,b,bob\n")
    with pytest.raises(MirrorError, match=r"b \(held.png\) is of the split val"):
        build(photos, shards, engines, exemplars)


def test_an_exemplar_that_is_not_there(photos: Path, shards: Shards, engines: Path) -> None:
    before = (engines / "styles.safetensors").read_bytes()
    exemplars = written(engines.parent / "e.csv", "file,name,tags\ngone.png,bob,short\n")
    with pytest.raises(MirrorError, match="gone.png cannot be read or has no face"):
        build(photos, shards, engines, exemplars)
    assert (engines / "styles.safetensors").read_bytes() == before


def test_axes_alone_leave_styles_and_prior_to_the_bit(shards: Shards, engines: Path, few_steps: None) -> None:
    path = engines / "styles.safetensors"
    before, order = arrays_and_names(path)
    _, found = renew_axes(shards, engines)
    after, names = arrays_and_names(path)
    assert set(after) - {"axes"} == set(before) - {"axes"} and sorted(names) == sorted(order)
    # A book is written in the order in which it is shown, whatever order it came in.
    rows = [order.index(name) for name in names]
    for name in set(before) - {"axes"}:
        old = before[name][rows] if len(before[name]) == len(rows) else before[name]
        assert old.dtype == after[name].dtype and old.tobytes() == after[name].tobytes(), name
    assert after["axes"].shape == (len(found.axes), 128)
    assert StyleBook.load(open_file("stylebook", engines)).names == StyleBook.load(path).names


def arrays_and_names(path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """What a book holds, and the names of its styles in the order of its rows."""
    with safe_open(str(path), framework="numpy") as file:
        names = [entry["name"] for entry in json.loads(file.metadata()["styles"])]
        return {name: file.get_tensor(name) for name in file.keys()}, names  # noqa: SIM118


def test_axes_do_not_fit_styles_of_another_encoder(shards: Shards, engines: Path) -> None:
    path = engines / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["stylebook"]["encoder"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(MirrorError, match="codes of another encoder .*Build the whole book"):
        renew_axes(shards, engines)


def test_a_full_disk_leaves_the_book_as_it_was(engines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = StyleBook.load(engines / "styles.safetensors")
    before = {p.name: p.read_bytes() for p in (engines / "styles.safetensors", engines / "manifest.json")}

    def full(arrays: dict, part: Path, metadata: dict) -> None:
        part.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mirror.hair.styles.book.save_file", full)
    with pytest.raises(MirrorError, match="cannot be written into .*No space left.*same command again"):
        put(book, engines)
    assert {name: (engines / name).read_bytes() for name in before} == before
    assert not list(engines.glob("*.part"))


def test_shards_of_other_things_are_refused(tmp_path: Path, photos: Path, engines: Path) -> None:
    write_shard(tmp_path / "small", 0, ["train"] * 3)
    for path in (tmp_path / "small" / "00000").glob("*.npy"):
        array = np.load(path)
        np.save(path, array[:, ::2, ::2] if array.ndim > 2 else array)
    small = Shards([tmp_path / "small"])
    for action in (lambda: build(photos, small, engines), lambda: renew_axes(small, engines)):
        with pytest.raises(MirrorError, match="hold heads of 128 pixels; styles are made from heads of 256"):
            action()


def flags(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return parser.parse_args(list(given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "Give one of --photos, --from, --axes-only, --axes-sheet; none was given"),
        ("--photos p --from q", "--photos and --from was given"),
        ("--axes-only --axes-sheet a.png", "--axes-only and --axes-sheet was given"),
        ("--from q --exemplars e.csv", "--exemplars names files below --photos"),
        ("--photos p --count 5", "--count and --limit are for exemplars that are chosen"),
        ("--from q --count 0", "--count 0 is too few"),
        ("--from q --limit -1", "--limit -1 is too few"),
        ("--photos p", "no-such-folder holds no shards"),
    ],
)
def test_flags_that_do_not_say_one_thing(given: str, said: str) -> None:
    with pytest.raises(MirrorError, match=said):
        styles(flags("--shards", "no-such-folder", *given.split()))


def test_the_command_says_what_it_did(
    photos: Path, shards: Shards, engines: Path, few_steps: None, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(choosing, "hat", lambda *_: Finding("hat", -9.0, 0.0, False))
    folder = write_shard(tmp_path / "heads", 0, ["train"] * 20 + ["val"])
    common = ("--shards", str(folder), "--engines", str(engines))
    styles(flags("--from", str(photos), *common))
    said = capsys.readouterr().out
    assert "left out: " in said and "greyscale: 1" in said and f"--photos {photos}" in said
    assert "1 styles in" in said and "felt in" in said
    assert StyleBook.load(open_file("stylebook", engines)).names[0].startswith("short")
    styles(flags("--axes-sheet", str(tmp_path / "axes.png"), *common))
    assert cv2.imread(str(tmp_path / "axes.png")).shape[1] == 5 * 160
