"""The cache of compiled engines: only a whole entry made for exactly this key is ever loaded."""

from __future__ import annotations

import json
import logging
from dataclasses import fields, replace
from pathlib import Path

import pytest

from mirror.engines import compiled_cache
from mirror.engines.compiled_cache import CacheKey, load, load_or_build, store

KEY = CacheKey(
    network="matte", onnx="ab" * 32, runtime="tensorrt_rtx", version="1.7.1", device="NVIDIA RTX 4070",
    capability="8.9", precision="f16", shapes="image:float32:1x3x256x256",
)  # fmt: skip


def _entry(folder: Path, suffix: str) -> Path:
    return folder / f"{KEY.stem}{suffix}"


def test_builds_once_and_then_loads(tmp_path: Path) -> None:
    built = []

    def build() -> bytes:
        built.append(1)
        return b"engine"

    folder = tmp_path / "not" / "yet"
    assert load_or_build(KEY, build, folder) == (b"engine", "built now (not built before)")
    assert load_or_build(KEY, build, folder) == (b"engine", "from the cache")
    assert len(built) == 1
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("name", [f.name for f in fields(CacheKey)])
def test_any_change_of_the_key_builds_again(tmp_path: Path, name: str) -> None:
    store(KEY, b"old", tmp_path)
    changed = replace(KEY, **{name: "other"})
    assert load(changed, tmp_path)[0] is None
    assert load_or_build(changed, lambda: b"new", tmp_path)[0] == b"new"
    assert load(changed, tmp_path) == (b"new", "")


@pytest.mark.parametrize("name", ["onnx", "version", "shapes"])
def test_stale_entries_are_named_and_replaced_in_place(tmp_path: Path, name: str) -> None:
    store(KEY, b"old", tmp_path)
    changed = replace(KEY, **{name: "other"})
    assert load(changed, tmp_path) == (None, f"stale: another {name}")
    load_or_build(changed, lambda: b"new", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2  # nothing of the old entry is left behind
    assert load(KEY, tmp_path)[0] is None


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".blob", b""),
        (".blob", b"engin"),
        (".blob", b"Engine"),
        (".json", b""),
        (".json", b"[]"),
        (".json", b'{"key": 1}'),
        (".json", b"\xff\xfe"),
        (".json", b'{"sha256": "'),
    ],
)
def test_corrupt_entries_are_built_again_and_said_loudly(
    tmp_path: Path, suffix: str, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store(KEY, b"engine", tmp_path)
    _entry(tmp_path, suffix).write_bytes(data)
    with caplog.at_level(logging.WARNING, logger="mirror"):
        blob, came = load_or_build(KEY, lambda: b"engine", tmp_path)
    assert blob == b"engine" and "corrupt" in came
    assert "corrupt" in caplog.text
    assert load(KEY, tmp_path) == (b"engine", "")


@pytest.mark.parametrize("suffix", [".blob", ".json"])
def test_half_an_entry_is_no_entry(tmp_path: Path, suffix: str) -> None:
    store(KEY, b"engine", tmp_path)
    _entry(tmp_path, suffix).unlink()
    assert load(KEY, tmp_path) == (None, "not built before")


def test_a_stop_between_the_two_files_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(KEY, b"old", tmp_path)
    write = compiled_cache.replace_whole

    def stop(path: Path, data: bytes) -> None:
        if path.suffix == ".json":
            raise KeyboardInterrupt
        write(path, data)

    monkeypatch.setattr(compiled_cache, "replace_whole", stop)
    with pytest.raises(KeyboardInterrupt):
        store(KEY, b"new", tmp_path)
    assert load(KEY, tmp_path) == (None, "corrupt: its SHA-256 is wrong")


def test_a_failed_build_keeps_nothing(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        load_or_build(KEY, fail, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_a_warning_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert load_or_build(KEY, lambda: b"engine", tmp_path / "file" / "below")[0] == b"engine"
    assert "could not be kept" in caplog.text


def test_the_sidecar_holds_the_whole_key(tmp_path: Path) -> None:
    store(KEY, b"engine", tmp_path)
    sidecar = json.loads(_entry(tmp_path, ".json").read_text())
    assert sidecar["key"] == {f.name: getattr(KEY, f.name) for f in fields(CacheKey)}


def test_lies_in_the_users_cache_folder() -> None:
    assert (
        compiled_cache.cache_folder().is_absolute() and "hair-mirror" in compiled_cache.cache_folder().parts
    )
