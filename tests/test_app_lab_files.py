"""What the lab reads and keeps: files of codes, folders of photographs and of shards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from safetensors.numpy import save_file

from mirror.app.lab import open_pictures
from mirror.app.lab.code_file import FORMAT, KIND, list_codes, load_code, save_code
from mirror.app.lab.named_look import NamedLook
from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.dye import find

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(open_file("stylebook", ENGINES_FOLDER))


@pytest.fixture
def folder(tmp_path: Path, portrait: np.ndarray) -> Path:
    for name in ("1.png", "2.jpg", "3.png"):
        cv2.imwrite(str(tmp_path / name), portrait[..., ::-1])
    (tmp_path / "notes.txt").touch()
    return tmp_path


def test_a_saved_code_is_the_same_when_loaded_and_holds_no_picture(tmp_path: Path, book: StyleBook) -> None:
    code = book.find("bob").code
    path = save_code(code, "bob, changed", tmp_path / "new")
    assert save_code(code, "x", tmp_path / "new") != path, "nothing is overwritten"
    found, name, _ = load_code(path)
    assert name == "bob, changed" and path in list_codes(tmp_path / "new")
    for part in ("z", "detail", "coarse", "shape", "tint", "light"):
        assert np.array_equal(getattr(found, part), getattr(code, part))
    assert found.dye is None and path.stat().st_size < 200_000


def test_a_code_keeps_its_own_shade_and_what_goes_by_names(tmp_path: Path, book: StyleBook) -> None:
    code = book.find("bob").code.dyed(find("golden blond"))
    named = NamedLook("blond bob", {"volume": 0.5}, "copper")
    found, _, said = load_code(save_code(code, "blond bob", tmp_path, named))
    assert found.dye == code.dye and np.array_equal(found.light, code.light) and said == named


@pytest.mark.parametrize(
    "names", [{"look": "nothing"}, {"look": '{"style": 3}'}, {"look": '{"adjusted": {"volume": NaN}}'},
              {"shade": '["x", 1]'}, {"shade": '["x", 1, 2, 3, 4, 0.5, 2]'}, {"shade": "7"},
              {"look": "[" * 900}],
)  # fmt: skip
def test_unsound_names_are_refused_in_one_sentence(
    tmp_path: Path, book: StyleBook, names: dict[str, str]
) -> None:
    code = book.find("bob").code
    said = {"kind": KIND, "format": FORMAT, "headspace": VERSION, "name": "x"} | names
    path = tmp_path / "hair.safetensors"
    save_file(broken(code, ""), path, said)
    with pytest.raises(MirrorError, match="no sound hair code"):
        load_code(path)


def test_a_code_of_the_first_format_is_still_read(tmp_path: Path, book: StyleBook) -> None:
    code = book.find("bob").code
    path = tmp_path / "hair.safetensors"
    save_file(broken(code, ""), path, {"kind": KIND, "format": "1", "headspace": VERSION, "name": "x"})
    found, name, named = load_code(path)
    assert np.array_equal(found.z, code.z) and name == "x" and named == NamedLook()


def broken(code: Any, kind: str) -> dict[str, np.ndarray]:
    parts = {p: np.array(getattr(code, p)) for p in ("z", "detail", "coarse", "shape", "tint", "light")}
    if kind == "shape":
        parts["z"] = parts["z"][:64]
    elif kind == "dtype":
        parts["z"] = parts["z"].astype(np.float16)
    elif kind == "not a number":
        parts["detail"][0, 0, 0] = np.nan
    elif kind == "beyond":
        parts["coarse"][0, 0] = 7
    elif kind == "missing":
        del parts["tint"]
    return parts


@pytest.mark.parametrize("kind", ["shape", "dtype", "not a number", "beyond", "missing"])
def test_an_unsound_code_is_refused_in_one_sentence(tmp_path: Path, book: StyleBook, kind: str) -> None:
    path = tmp_path / "bad.safetensors"
    said = {"kind": "hair code", "format": "1", "headspace": VERSION, "name": "x"}
    save_file(broken(book[0].code, "none"), path, said)
    load_code(path)
    save_file(broken(book[0].code, kind), path, said)
    with pytest.raises(MirrorError, match="no sound hair code"):
        load_code(path)


def test_what_is_no_code_is_refused_in_one_sentence(tmp_path: Path) -> None:
    garbage, other, large = (tmp_path / f"{name}.safetensors" for name in ("garbage", "other", "large"))
    garbage.write_bytes(b"not at all")
    save_file({"z": np.zeros(128, np.float32)}, other)
    large.write_bytes(bytes(2 << 20))
    for path in (garbage, other, large, tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(MirrorError) as error:
            load_code(path)
        assert "\n" not in str(error.value) and path.name in str(error.value)


def test_folders_of_photographs_and_of_shards(tmp_path: Path, folder: Path) -> None:
    pictures = open_pictures(folder)
    assert [pictures.name(i) for i in range(len(pictures))] == ["1.png", "2.jpg", "3.png"]
    assert pictures.read(0).shape == (512, 512, 3)
    shard = tmp_path / "prepared" / "00000"
    shard.mkdir(parents=True)
    images = RNG.integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    np.save(shard / "image.npy", images)
    record = {"headspace": VERSION, "kind": "heads", "files": ["a", "b", "c"], "split": ["val"] * 3}
    (shard / "shard.json").write_text(json.dumps(record))
    shards = open_pictures(shard.parent)
    assert len(shards) == 3 and shards.name(2) == "c" and np.array_equal(shards.read(2), images[2])
    (shard / "shard.json").write_text(json.dumps(record | {"files": ["a"]}))
    with pytest.raises(MirrorError, match="incomplete"):
        open_pictures(shard.parent)
    (tmp_path / "empty").mkdir()
    for wrong in (tmp_path / "empty", tmp_path / "none", folder / "1.png"):
        with pytest.raises(MirrorError, match="--lab-data"):
            open_pictures(wrong)
