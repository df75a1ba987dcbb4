"""A contact sheet holds every style once, and draws again only what changed."""

from __future__ import annotations

import dataclasses

import cv2
import pytest

from mirror.core.errors import MirrorError
from train.__main__ import main
from train.groom.book import read_book
from train.groom.sheet import Sheet, draw_sheet

pytestmark = pytest.mark.usefixtures("distance_grid")

SHEET = Sheet(size=(56, 80), columns=2, draft=True)


@pytest.fixture
def grooms():
    book = read_book()
    thin = dataclasses.replace(book["buzz"].density, strands=2000)
    return [dataclasses.replace(book["buzz"], name=f"buzz{n}", density=thin) for n in range(3)]


def test_a_changed_style_is_one_cell(grooms, tmp_path):
    out = tmp_path / "sheet.png"
    assert draw_sheet(grooms, out, SHEET) == 3
    before = cv2.imread(str(out))
    assert before.shape == (2 * (80 + 26), 2 * 2 * 56, 3)
    assert draw_sheet(grooms, out, SHEET) == 0
    grooms[1] = dataclasses.replace(grooms[1], colour="platinum")
    assert draw_sheet(grooms, out, SHEET) == 1
    after = cv2.imread(str(out))
    assert (before != after)[:80, 112:].any() and not (before != after)[:, :112].any()
    assert len(list((tmp_path / "sheet.cells").iterdir())) == 3


def test_a_cell_that_is_not_whole_is_drawn_anew(grooms, tmp_path):
    draw_sheet(grooms[:1], tmp_path / "a.jpg", SHEET)
    (cell,) = (tmp_path / "a.cells").iterdir()
    cell.write_bytes(b"half")
    with pytest.raises(MirrorError, match="not a whole picture and is deleted"):
        draw_sheet(grooms[:1], tmp_path / "a.jpg", SHEET)
    assert draw_sheet(grooms[:1], tmp_path / "a.jpg", SHEET) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "a.gif"], "a.gif is no picture"),
        (["--out", "a.jpg", "--columns", "0"], "--columns 0 is out of range"),
        (["buz", "--out", "a.jpg"], "buzz"),
    ],
)
def test_a_wrong_wish_is_one_line(words, says, capsys):
    assert main(["groom", "sheet", "--draft", *words]) == 2
    error = capsys.readouterr().err
    assert says in error and len(error.splitlines()) == 1
