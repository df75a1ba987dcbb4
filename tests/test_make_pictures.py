"""The pictures of the README: each is made by the command, and there."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import pytest

from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from tests.make_pictures import FOLDER, PICTURES, ROOT, STRIP, STYLE, main
from tests.xvfb import VirtualDisplay


def test_every_picture_of_the_readme_is_made_by_the_command_and_shows_something() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"docs/pictures/([\w.-]+)", readme))
    assert shown and shown <= set(PICTURES)
    assert {path.name for path in FOLDER.iterdir()} == set(PICTURES)
    for name in PICTURES:
        picture = cv2.imread(str(FOLDER / name))
        assert picture is not None and picture.std() > 20, name
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2 << 20, "a page is read on a phone, too"


def test_the_styles_that_are_shown_are_in_the_book() -> None:
    names = open_book(ENGINES_FOLDER).names
    assert {STYLE, *STRIP} <= set(names)


def test_other_names_are_refused_with_the_valid_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "portrait"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "portrait" in said and all(name.split(".")[0] in said for name in PICTURES)


def test_one_screen_is_made_as_large_as_it_is_shown(tmp_path: Path) -> None:
    if reason := VirtualDisplay.missing():
        pytest.skip(reason)
    assert main(["--only", "mirror", "--out", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["mirror.jpg"]
    picture = cv2.imread(str(tmp_path / "mirror.jpg"))
    assert picture.shape == (540, 960, 3) and picture.std() > 20
