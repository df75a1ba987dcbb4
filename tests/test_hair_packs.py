"""Style packs: what a trusted maker signed is used; of all else a line says what to do."""

from __future__ import annotations

import json
import logging
import os
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.files.file_part import FilePart
from mirror.files.signature import key_text, public_of, read_key, sign
from mirror.hair.packs import sealed_file
from mirror.hair.packs.in_use import open_packs, packed, portrait_in, use_packs
from mirror.hair.packs.logo import logo_of
from mirror.hair.packs.pack import Pack, name_key, read_pack
from mirror.hair.packs.portrait import portrait_of
from mirror.hair.packs.sealed_file import FORMAT, HEAD, Content, _signed
from mirror.hair.shelf import grown_of, open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.shade_chart import use_shades
from mirror.hair.styles.shade_names import find
from mirror.settings.tables import Packs
from tests.pack_fakes import CHART, SECRET, STRANGER, TRUSTED, logo, pack_file, portrait, style
from tests.strange_files import encoded, png, png_chunk, sparse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return pack_file(tmp_path / "anna.hairpack")


@pytest.fixture(autouse=True)
def _none_in_use() -> Iterator[None]:
    yield
    use_packs(())
    use_shades(None)


def refusal(path: Path, trusted: Any = TRUSTED) -> str:
    with pytest.raises(MirrorError) as caught:
        read_pack(path, trusted)
    said = str(caught.value)
    assert said.isprintable() and str(path) in said, "one line that names it"
    return said


def resigned(path: Path, change: Callable[[dict[str, Any]], None], secret: Any = SECRET) -> None:
    """The same pack with another list, signed anew."""
    data = path.read_bytes()
    *_, length = HEAD.unpack(data[: HEAD.size])
    told = json.loads(data[HEAD.size : HEAD.size + length])
    change(told)
    put(path, json.dumps(told).encode(), data[HEAD.size + length :], secret)


def put(path: Path, listed: bytes, parts: bytes = b"", secret: Any = SECRET) -> None:
    key = public_of(secret)
    head = HEAD.pack(b"HAIRPACK", FORMAT, key, sign(secret, _signed(FORMAT, key, listed)), len(listed))
    path.write_bytes(head + listed + parts)


def test_a_signed_pack_is_read(path: Path) -> None:
    pack = read_pack(path, TRUSTED)
    assert (pack.name, pack.made, pack.key) == ("Salon Anna", "2026-11-25", TRUSTED[0])
    (one,) = pack.styles
    assert one.listing.name == "Anna's cap" and not one.replaces
    assert pack.chart is not None and [shade.name for shade in pack.chart.shades] == ["Caramel 7/34"]
    assert pack.logo is not None and pack.logo.shape == (40, 120, 4) and (pack.logo == 200).all()
    assert portrait_of(pack.portraits["Anna's cap"].read()).shape == (720, 640, 3)


def test_only_whom_the_mirror_trusts(path: Path, tmp_path: Path) -> None:
    said = refusal(path, [public_of(STRANGER)])
    assert key_text(TRUSTED[0]) in said and "trust" in said
    assert "trust" in refusal(path, [])
    stranger = pack_file(tmp_path / "stranger.hairpack", secret=STRANGER)
    assert "does not trust" in refusal(stranger)
    # With the trusted key written into the head of what the stranger signed:
    data = bytearray(stranger.read_bytes())
    data[12:44] = TRUSTED[0]
    stranger.write_bytes(data)
    assert "changed after it was signed" in refusal(stranger)
    assert read_pack(path, None).name == "Salon Anna", "to look at it"


def test_every_flipped_byte_is_found(path: Path) -> None:
    whole = path.read_bytes()
    rng = random.Random(3)
    places = [*range(HEAD.size + 40), len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(60))]
    for place in places:
        data = bytearray(whole)
        data[place] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        refusal(path)


def test_a_part_that_was_changed_is_named(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert "damaged: part 4 (logo)" in refusal(path)


def test_a_pack_cut_short_or_with_more_behind_it(path: Path) -> None:
    whole = path.read_bytes()
    *_, length = HEAD.unpack(whole[: HEAD.size])
    for size in (9, HEAD.size - 1, HEAD.size, HEAD.size + length - 1, HEAD.size + length, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert "cut short" in refusal(path), size
    path.write_bytes(whole + b"x")
    assert "1 bytes more" in refusal(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"HAIRPAC", b"\x80\x04\x95cos\nsystem\n", bytes(500)])
def test_what_is_no_pack(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert "is no style pack" in refusal(path)


def test_an_unsigned_pack(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[44:108] = bytes(64)
    path.write_bytes(data)
    assert "is not signed" in refusal(path)


def test_another_format_is_told_and_no_signature_moves_over_to_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(path.read_bytes())
    data[8:12] = struct.pack(">I", FORMAT + 1)
    path.write_bytes(data)
    assert "A newer version wrote it" in refusal(path)
    monkeypatch.setattr(sealed_file, "FORMAT", FORMAT + 1)
    assert "changed after it was signed" in refusal(path)


def test_sizes_are_looked_at_before_anything_is_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = sparse(tmp_path / "huge.hairpack", 1 << 40, path.read_bytes()[:400])
    with monkeypatch.context() as nothing_read:
        nothing_read.setattr(sealed_file, "_checked", lambda *_: pytest.fail("it was read"))
        assert "larger than 256 MB" in refusal(huge)
    long = bytearray(path.read_bytes())
    long[108:112] = struct.pack(">I", 0xFFFFFFFF)
    path.write_bytes(long)
    assert "its list is too long" in refusal(path)


def test_what_is_no_ordinary_file(tmp_path: Path) -> None:
    assert "There is no style pack" in refusal(tmp_path / "gone.hairpack")
    assert "cannot be read" in refusal(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "not an ordinary file" in refusal(tmp_path / "pipe")


def first(told: dict[str, Any]) -> dict[str, Any]:
    return told["parts"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("name"),
        lambda told: told.update(name="a\nb"),
        lambda told: told.update(name="\u202eAnna"),
        lambda told: told.update(name="x" * 41),
        lambda told: told.update(made=20261125),
        lambda told: told.update(parts={}),
        lambda told: told.update(parts=[]),
        lambda told: told.update(parts=told["parts"] * 2000),
        lambda told: told.update(parts=[*told["parts"], first(told)]),
        lambda told: first(told).update(kind="../../.bashrc"),
        lambda told: first(told).update(kind="logo"),
        lambda told: first(told).update(bytes=-5),
        lambda told: first(told).update(bytes=True),
        lambda told: first(told).update(bytes=1 << 60),
        lambda told: first(told).update(bytes=float("inf")),
        lambda told: first(told).update(sha256="00"),
        lambda told: first(told).update(sha256="0" * 64),
        lambda told: told["parts"][1].update(name=7),
        lambda told: told["parts"].reverse(),
    ],
)
def test_a_list_that_lies_is_refused_even_when_signed(path: Path, change: Callable[[dict], None]) -> None:
    resigned(path, change)
    refusal(path)


@pytest.mark.parametrize(
    "listed", [b"[]", b"7", b"{", b"\xff", b"[" * 100_000, b'{"name": ' + b"9" * 9000 + b"}"]
)
def test_a_list_that_is_none(path: Path, listed: bytes) -> None:
    put(path, listed)
    assert "not as it should be" in refusal(path)


def compressed_text(size: int) -> bytes:
    return png_chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(size)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (Content("logo", png(60000, 60000, b"")), "60000x60000"),
        (Content("logo", png(64, 64, b"")), "damaged"),
        (Content("logo", png(64, 64, moving=True)), "no plain PNG"),
        (Content("logo", logo()[:33] + compressed_text(1 << 24) + logo()[33:]), "no plain PNG"),
        (Content("logo", encoded(np.zeros((64, 64, 3), np.uint8), ".bmp")), "no PNG"),
        (Content("logo", logo() + b"<?php"), "no plain PNG"),
        (Content("portrait", portrait()[:-900], "x"), None),
        (Content("portrait", encoded(np.zeros((64, 64, 3), np.uint8), ".webp"), "x"), "640x720"),
        (Content("portrait", portrait()[:26] + b"\xff\x3f\xff\x3f" + portrait()[30:], "x"), "640x720"),
        (Content("chart", b"shades = 7"), "has no shades"),
        (Content("chart", b"\xff\xfe"), "UTF-8"),
        (Content("style", b"\x80\x04\x95" + bytes(90)), "safetensors"),
        (style("a, b"), "could be taken"),
        (style("random"), "could be taken"),
        (style("12"), "could be taken"),
        (style("x" * 41), "longer than"),
        (style("a  b"), "spaced out"),
        (style(tags=()), "0 tags"),
    ],
)
def test_a_part_that_does_not_fit_is_refused_even_when_signed(
    path: Path, content: Content, said: str | None
) -> None:
    pack_file(path, content)
    if said is not None:
        assert said in refusal(path)
    else:
        with pytest.raises(MirrorError):
            read_pack(path, TRUSTED)


def test_two_styles_of_one_name_are_refused(path: Path) -> None:
    pack_file(path, style("Side-cut"), style("side cut"))
    assert "two of its styles" in refusal(path)
    assert name_key("Stra\u00dfe") == name_key("STRASSE")


def test_a_pack_that_is_changed_while_the_mirror_runs(path: Path) -> None:
    use_packs(open_packs(Packs((path,), (key_text(TRUSTED[0]),))))
    book = open_book(ENGINES_FOLDER)
    entry = book.find("Anna's cap")
    assert isinstance(entry.grown, FilePart)
    data = bytearray(path.read_bytes())
    data[entry.grown.offset + 99] ^= 1
    path.write_bytes(data)
    with pytest.raises(MirrorError, match="it was changed"):
        grown_of(entry)
    path.write_bytes(data[: entry.grown.offset + 5])
    with pytest.raises(MirrorError, match="cut short"):
        grown_of(entry)
    path.unlink()
    with pytest.raises(MirrorError, match="cannot be read"):
        grown_of(entry)


@pytest.fixture(scope="module")
def shipped() -> StyleBook:
    return open_book(ENGINES_FOLDER)


def made(tmp_path: Path, *contents: Content, file: str = "anna", name: str = "Salon Anna") -> Pack:
    return read_pack(pack_file(tmp_path / f"{file}.hairpack", *contents, name=name), TRUSTED)


def test_its_styles_stand_in_the_book_and_are_worn(path: Path, shipped: StyleBook) -> None:
    pack = read_pack(path, TRUSTED)
    use_packs([pack])
    book = open_book(ENGINES_FOLDER)
    assert len(book) == len(shipped) + 1
    cap = book.find("Anna's cap")
    assert cap.collection == "Salon Anna" and cap.tags == ("short",)
    worn = grown_of(cap)
    assert worn is not None and worn.listing.name == "Anna's cap" and grown_of(cap) is worn, "read once"
    assert portrait_in([pack], cap) == pack.portraits["Anna's cap"]
    assert portrait_in([pack], book.find("pixie")) is None
    use_packs(())
    assert open_book(ENGINES_FOLDER).names == shipped.names


def test_no_name_shadows_one_of_the_mirrors_own_in_silence(
    tmp_path: Path, shipped: StyleBook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        book = packed(shipped, [made(tmp_path, style("Side-Part"))])
    assert book.find("side part").grown == shipped.find("side part").grown
    assert book.find("Side-Part (Salon Anna)").collection == "Salon Anna"
    assert [record for record in caplog.messages if "'Side-Part'" in record]
    caplog.clear()
    with caplog.at_level(logging.INFO):
        book = packed(shipped, [made(tmp_path, style("Side-Part", replaces=True))])
    assert len(book) == len(shipped) and isinstance(book.find("side part").grown, FilePart)
    assert book.find("side part").name == "side part", "as every language calls it"
    assert [record for record in caplog.messages if "takes the place" in record]


def test_a_pack_takes_no_place_of_another_packs(tmp_path: Path, shipped: StyleBook) -> None:
    one = made(tmp_path, style("cap", replaces=True))
    other = made(tmp_path, style("cap", replaces=True), file="b", name="Brand")
    book = packed(shipped, [one, other])
    assert book.find("cap").collection == "Salon Anna" and book.find("cap (Brand)").collection == "Brand"


def test_a_missing_stand_in_is_said_and_left_out(
    tmp_path: Path, shipped: StyleBook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        book = packed(shipped, [made(tmp_path, style("cap", stand_in="wig"), style())])
    assert "Anna's cap" in book.names and "cap" not in book.names
    (said,) = caplog.messages
    assert "wig" in said and "left out" in said


def test_its_shades_are_found_and_the_salons_own_go_first(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chart = read_pack(path, TRUSTED).chart
    assert chart is not None
    use_shades(None, [chart])
    assert find("caramel 7/34") == chart.shades[0]
    own = tmp_path / "shades.toml"
    own.write_bytes(CHART.replace(b"#a5713e", b"#102030"))
    with caplog.at_level(logging.WARNING):
        use_shades(own, [chart])
    dye = find("caramel 7/34")
    assert dye is not None and dye.light < 20 and "two shades" in caplog.text


def test_logos_and_portraits_come_back(path: Path) -> None:
    assert logo_of(logo()).shape == (40, 120, 4)
    assert abs(int(portrait_of(portrait()).mean()) - 120) < 3


KEY = key_text(bytes(32))


@pytest.mark.parametrize(
    "text",
    ["", "ed25519:", "ed25519:AAAA", KEY[:-1], KEY + "A", KEY[8:], KEY[:-1] + "B", "ed25519:" + "é" * 43],
)
def test_a_key_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError):
        read_key(text)
    assert read_key(key_text(TRUSTED[0])) == TRUSTED[0]
