"""The file of a grown style: what is written is read, and nothing else is."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from mirror.core.errors import MirrorError
from mirror.hair import style_file
from mirror.hair.style_file import _digest, _metadata, read_listing, read_style, webp_size, write_style
from tests.grown_fakes import SIZE, grown_style


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "cap.hair"
    assert write_style(grown_style(), path) == path.stat().st_size
    return path


def test_what_is_written_is_read(written: Path) -> None:
    ours, read = grown_style(), read_style(written)
    for field in ("name", "group", "words", "colours", "size", "albedo"):
        assert getattr(read, field) == getattr(ours, field)
    assert np.array_equal(read.landmarks, ours.landmarks)
    for listing in (read.listing, read_listing(written)):
        for field in ("name", "tags", "stand_in", "keeps_colour"):
            assert getattr(listing, field) == getattr(ours.listing, field)
        assert np.array_equal(listing.thumbnail, ours.listing.thumbnail)
    for mine, theirs in zip(ours.views, read.views, strict=True):
        assert mine.pictures == theirs.pictures and mine.peaks == theirs.peaks and mine.yaw == theirs.yaw
        assert np.allclose(mine.depth, theirs.depth, atol=0.1)
        points = ours.landmarks.astype(np.float64)
        assert np.allclose(mine.camera.project(points), theirs.camera.project(points))


@pytest.mark.parametrize("at", [0, 5, 600, 9000, -1])
def test_a_flipped_byte_is_one_line(written: Path, at: int) -> None:
    data = bytearray(written.read_bytes())
    data[at] ^= 0xFF
    written.write_bytes(data)
    for read in (read_style, read_listing):
        with pytest.raises(MirrorError) as said:
            read(written)
    assert "\n" not in str(said.value) and str(written) in str(said.value)


@pytest.mark.parametrize("keep", [0, 7, 100, 5000])
def test_a_file_cut_short_is_one_line(written: Path, keep: int) -> None:
    written.write_bytes(written.read_bytes()[:keep])
    with pytest.raises(MirrorError, match="cannot be read"):
        read_style(written)


def test_a_newer_format_asks_for_an_update(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style_file, "FORMAT", 0)
    with pytest.raises(MirrorError, match="newer version"):
        read_style(written)


def rewritten(path: Path, change) -> None:
    """The same file with its record changed and its SHA-256 right."""
    data = path.read_bytes()
    arrays, metadata = load(data), _metadata(data)
    record = json.loads(metadata["style"])
    change(record, arrays)
    said = json.dumps(record)
    path.write_bytes(save(arrays, metadata | {"style": said, "sha256": _digest(arrays, said)}))


@pytest.mark.parametrize(
    "change",
    [
        lambda record, arrays: record.update(size=[32768, 32768]),
        lambda record, arrays: record.update(size=[448, 640]),
        lambda record, arrays: record.update(name="a\nb"),
        lambda record, arrays: record.update(views=[]),
        lambda record, arrays: record.update(albedo=float("nan")),
        lambda record, arrays: record["views"][0]["pictures"].update({"front/alpha": [0, 10**9]}),
        lambda record, arrays: record["views"][0]["camera"].update(
            rotation=[[2, 0, 0], [0, 1, 0], [0, 0, 1]]
        ),
        lambda record, arrays: record["views"][0]["peaks"].update({"front/dome": "bright"}),
        lambda record, arrays: arrays.update(depth=arrays["depth"] * np.float16(np.nan)),
        lambda record, arrays: arrays.update(landmarks=arrays["landmarks"][:100].copy()),
        lambda record, arrays: arrays.pop("shading"),
        lambda record, arrays: record.pop("listing"),
        lambda record, arrays: record["listing"].update(tags="short"),
        lambda record, arrays: record["listing"].update(stand_in=""),
        lambda record, arrays: record["listing"].update(keeps_colour="no"),
        lambda record, arrays: arrays.update(thumbnail=arrays["thumbnail"][:64].copy()),
    ],
)
def test_a_record_that_does_not_fit_is_one_line(written: Path, change) -> None:
    rewritten(written, change)
    with pytest.raises(MirrorError, match="not as it should be"):
        read_style(written)


def test_only_plain_lossy_webp_of_the_right_size_is_decoded() -> None:
    blob = grown_style().views[0].pictures["front/alpha"]
    assert webp_size(blob) == SIZE
    assert webp_size(b"RIFF" + blob[4:12] + b"VP8L" + blob[16:]) is None
    assert webp_size(b"\x89PNG" + blob) is None and webp_size(b"") is None


def test_too_large_a_file_is_not_read(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style_file, "STYLE_BYTES", 100)
    with pytest.raises(MirrorError, match="larger than"):
        read_style(written)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    broken = dataclasses.replace(grown_style(), albedo=object())
    with pytest.raises(TypeError):
        write_style(broken, tmp_path / "cap.hair")
    assert not list(tmp_path.iterdir())
