"""The file of favourites: kept, read again, refused where it is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.settings.favourites import LARGEST_FILE, default_path, read_favourites, write_favourites


def test_it_lies_beside_the_settings() -> None:
    from mirror.settings import settings_file

    assert default_path().parent == settings_file.default_path().parent


def test_names_return_in_order_each_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "favourites.txt"
    assert read_favourites(path) == ()
    write_favourites(("bob", "Åfro", "long waves"), path)
    assert read_favourites(path) == ("bob", "Åfro", "long waves")
    path.write_bytes(b"\xef\xbb\xbfbob\r\n\r\n  afro \r\nbob\r\n")  # from a Windows editor
    assert read_favourites(path) == ("bob", "afro")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00b", b"bob\n\x00\x01\n", b"x" * 300, b"a\n" * LARGEST_FILE])
def test_a_damaged_file_is_said_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "favourites.txt"
    path.write_bytes(data)
    with pytest.raises(MirrorError, match="damaged") as refused:
        read_favourites(path)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="cannot be read"):
        read_favourites(tmp_path)
    with pytest.raises(MirrorError, match="ordinary file"):
        write_favourites(("bob",), tmp_path)
    assert os.listdir(tmp_path) == []
