"""The manifest: what is wrong with a file of weights is said in one line, before anything runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mirror.core.errors import MirrorError
from mirror.engines.manifest import open_file, read_manifest
from mirror.engines.protocol import Port
from tests.engine_networks import OUTPUTS, small_folder, small_manifest


def test_reads_what_is_there(tmp_path: Path) -> None:
    network = read_manifest(small_folder(tmp_path)).network("small")
    assert network.inputs["z"] == Port((1, 8), "float32")
    assert {n: p.shape for n, p in network.outputs.items()} == OUTPUTS
    assert network.file.read() == (tmp_path / "small.onnx").read_bytes()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Path.unlink, "missing"),
        (lambda path: path.write_bytes(b""), "empty (0 bytes)"),
        (_cut, "truncated"),
        (_flip, "not the ones the manifest names"),
    ],
    ids=["missing", "empty", "truncated", "one bit wrong"],
)
def test_bad_weights(tmp_path: Path, damage: Callable[[Path], Any], said: str) -> None:
    network = read_manifest(small_folder(tmp_path)).network("small")
    damage(tmp_path / "small.onnx")
    with pytest.raises(MirrorError) as caught:
        network.file.read()
    message = str(caught.value)
    assert said in message and "small.onnx" in message and "\n" not in message
    assert "again" in message  # what to do now


def test_truncation_is_told_from_damage_where_the_size_is_known(tmp_path: Path) -> None:
    manifest = small_manifest(tmp_path)
    size = (tmp_path / "small.onnx").stat().st_size
    manifest["networks"]["small"]["bytes"] = size
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    _cut(tmp_path / "small.onnx")
    with pytest.raises(MirrorError, match=f"truncated: {size - 100} of {size} bytes"):
        read_manifest(tmp_path).network("small").file.read()


def test_weights_that_are_a_folder(tmp_path: Path) -> None:
    network = read_manifest(small_folder(tmp_path)).network("small")
    (tmp_path / "small.onnx").unlink()
    (tmp_path / "small.onnx").mkdir()
    with pytest.raises(MirrorError, match="cannot be read"):
        network.file.read()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update(format=4), "format 4"),
        (lambda m: m.update(headspace="0"), "head space '0'"),
        (lambda m: m.pop("headspace"), "'headspace' is missing"),
        (lambda m: m.update(networks=[]), "not a manifest"),
        (lambda m: m["networks"]["small"].pop("sha256"), "'sha256' is missing"),
        (lambda m: m["networks"]["small"].update(sha256="12"), "64 hex digits"),
        (lambda m: m["networks"]["small"].update(file="../small.onnx"), "plain file name"),
        (lambda m: m["networks"]["small"].update(file="/etc/passwd"), "plain file name"),
        (lambda m: m["networks"]["small"]["inputs"]["z"].update(shape=["N", 8]), "not a manifest"),
    ],
)
def test_bad_manifest(tmp_path: Path, change: Callable[[dict], Any], said: str) -> None:
    manifest = small_manifest(tmp_path)
    change(manifest)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(MirrorError) as caught:
        read_manifest(tmp_path)
    assert said in str(caught.value) and "manifest.json" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "newer"),
    [({"format": 4}, True), ({"headspace": "2"}, True), ({"format": 0}, False), ({"format": None}, False),
     ({"format": [3]}, False), ({"format": 1e300}, False), ({"headspace": "0"}, False)],
)  # fmt: skip
def test_only_a_newer_manifest_asks_for_an_update(tmp_path: Path, change: dict, newer: bool) -> None:
    manifest = small_manifest(tmp_path) | change
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(MirrorError) as caught:
        read_manifest(tmp_path)
    assert ("update this program" in str(caught.value)) == newer
    assert ("Install the program again" in str(caught.value)) != newer


def test_networks_of_before_one_file_each_are_exported_again(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(small_manifest(tmp_path) | {"format": 2}))
    with pytest.raises(MirrorError, match="has format 2; .* reads format 3.*python -m train export"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "missing"), (b"", "not JSON"), (b'{"format": 1,', "not JSON: line 1"),
     (b"\xff\xfe\x00", "not even text"), (b"[1]", "not an object"),
     (b"[" * 100_000, "not a manifest"), (b"9" * 5000, "not a manifest")],
)  # fmt: skip
def test_manifest_that_is_none(tmp_path: Path, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(MirrorError, match=said):
        read_manifest(tmp_path)


def test_unknown_names_list_the_known_ones(tmp_path: Path) -> None:
    manifest = read_manifest(small_folder(tmp_path))
    with pytest.raises(MirrorError, match="no network 'hat'; it has small"):
        manifest.network("hat")
    with pytest.raises(MirrorError, match="no file 'stylebook'; it has none"):
        manifest.file("stylebook")


def test_other_files_are_checked_too(tmp_path: Path) -> None:
    manifest = small_manifest(tmp_path)
    manifest["files"]["book"] = {"file": "book.bin", "sha256": "0" * 64}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(MirrorError, match="missing"):
        open_file("book", tmp_path)
    (tmp_path / "book.bin").write_bytes(b"pages")
    with pytest.raises(MirrorError, match="not the ones the manifest names"):
        open_file("book", tmp_path)
    # Of b"pages", by sha256sum, so that the reader's arithmetic is not checked against itself.
    digest = "bfa062de040f55a15ce910800757061ec3d2fc31d6b7c72d9fa02b75a9ad1133"
    manifest["files"]["book"]["sha256"] = digest
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert open_file("book", tmp_path) == tmp_path / "book.bin"
