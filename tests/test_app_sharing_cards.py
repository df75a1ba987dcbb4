"""Cards and codes: the head is on them, they say what they are, and a phone reads the code."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.app.printing.printer import Paper, check_printing, print_out
from mirror.app.screen.design import GROUND, PAPER, contrast
from mirror.app.sharing.cards import FORMATS, Look, card, part_about, portraits
from mirror.core.errors import MirrorError
from mirror.settings.tables import Print

pytestmark = pytest.mark.usefixtures("unseen_video")
HEAD = (560.0, 140.0, 760.0, 430.0)


def look(**more) -> Look:
    before = np.full((720, 1280, 3), (200, 60, 60), np.uint8)
    after = np.full((720, 1280, 3), (60, 60, 200), np.uint8)
    return Look(before, after, HEAD, "bob", **more)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480)])
@pytest.mark.parametrize("aspect", [0.615, 0.8, 1.0, 1.7])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.05, 0.9), (0.95, 0.1)])
def test_a_part_has_the_shape_asked_for_and_stays_in_the_picture(size, aspect, place) -> None:
    x, y = place[0] * size[0], place[1] * size[1]
    for head in ((x - 40, y - 60, x + 40, y + 60), None):
        left, top, wide, tall = part_about(size, head, aspect)
        assert left >= 0 and top >= 0 and left + wide <= size[0] and top + tall <= size[1]
        assert abs(wide / tall - aspect) < 0.02
    if place == (0.5, 0.5):
        left, top, wide, tall = part_about(size, (x - 40, y - 60, x + 40, y + 60), aspect)
        assert left <= x - 40 and left + wide >= x + 40 and top <= y - 60 and top + tall >= y + 60


@pytest.mark.parametrize("name", FORMATS)
def test_a_card_shows_both_and_says_what_it_is(name: str) -> None:
    kind = FORMATS[name]
    made, plain = card(look(), kind, "Salon Anna"), card(look(mark="x"), kind, "")
    assert made.shape == (kind.size[1], kind.size[0], 3)
    red, blue = ((made == colour).all(2) for colour in ((200, 60, 60), (60, 60, 200)))
    assert red.mean() > 0.2 and blue.mean() > 0.2
    first, second = (np.argwhere(part).mean(0) for part in (red, blue))
    assert (second > first)[1 if kind.beside else 0], "before comes first"
    assert (made != plain).any(2).mean() > 0.002, "the mark and the salon's name are on it"
    top, bottom = np.flatnonzero((made != made[0, 0]).any((1, 2)))[[0, -1]]
    assert top >= kind.top - 1 and bottom < kind.size[1] - 8


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_printed_stands_on_white_and_the_rest_on_the_screens_ground(name: str) -> None:
    kind = FORMATS[name]
    made = card(look(), kind, "Salon Anna")
    pictures = ((made == (200, 60, 60)) | (made == (60, 60, 200))).all(2)
    rows, columns = np.flatnonzero(pictures.any(1)), np.flatnonzero(pictures.any(0))
    beside = np.ones(made.shape[:2], bool)
    beside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = False
    ground = PAPER if name == "a6" else GROUND
    assert (made[beside] == ground).all(1).mean() > 0.85
    words = made[rows[-1] + 1 :][(made[rows[-1] + 1 :] != ground).any(2)]
    assert max(contrast(tuple(colour), ground) for colour in np.unique(words, axis=0).tolist()) > 7


def test_portraits_have_one_shape_and_the_mark_is_at_the_right() -> None:
    before, after = portraits(look())
    assert before.shape == after.shape and abs(before.shape[1] / before.shape[0] - 0.8) < 0.01
    assert (before == (200, 60, 60)).all()
    columns = np.flatnonzero((after != (60, 60, 200)).any((0, 2)))
    assert len(columns) and columns.min() > 0.4 * after.shape[1]


def test_a_phone_reads_the_codes() -> None:
    pytest.importorskip("segno", reason="segno is not installed: pip install -r requirements-share.txt")
    from mirror.app.sharing.qr_code import qr_code, wifi_code

    link = "https://192.168.100.200:65535/AbCdEfGhIjKlMnOpQrStUv"
    for modules, content in (
        (qr_code(link), link),
        (wifi_code("Salon; Anna", 'a"b'), None),
        (wifi_code("open", None), None),
    ):
        assert modules.shape[0] == modules.shape[1] and not (modules[:4] == 0).any(), "a border"
        large = np.repeat(np.repeat(modules, 6, 0), 6, 1)
        found = cv2.QRCodeDetector().detectAndDecode(large)[0]
        assert found == content if content else found.startswith("WIFI:"), found


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """A stand-in for CUPS: notes what it is told, and fails where a file `fail` says so."""
    script = tmp_path / "lp"
    script.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/told"\ncat > "$(dirname "$0")/paper"\n'
        'if [ -f "$(dirname "$0")/fail" ]; then cat "$(dirname "$0")/fail" >&2; exit 1; fi\n'
        'echo "request id is Canon-12 (1 file(s))"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_a_card_is_handed_to_the_printer_with_its_copies(lp) -> None:
    settings = Print("Canon_SELPHY", media="Postcard")
    check_printing(settings)
    print_out(settings, Paper(bytearray(b"\xff\xd8card")), 2)
    told = (lp / "told").read_text().split("\n")
    assert told[told.index("-d") + 1] == "Canon_SELPHY" and told[told.index("-n") + 1] == "2"
    assert "media=Postcard" in told and (lp / "paper").read_bytes() == b"\xff\xd8card"
    print_out(Print("default"), Paper(bytearray(b"x")), 1)
    assert "-d" not in (lp / "told").read_text().split("\n")


def test_what_the_printer_says_comes_back_in_a_line(lp, monkeypatch) -> None:
    (lp / "fail").write_text("lp: Error - The printer or class does not exist.\nmore\n")
    with pytest.raises(MirrorError) as caught:
        print_out(Print("gone"), Paper(bytearray(b"x")), 1)
    line = str(caught.value)
    assert (
        "on gone: The printer or class does not exist." in line and "lpstat -e" in line and "\n" not in line
    )
    monkeypatch.setenv("PATH", str(lp / "nowhere"))
    with pytest.raises(MirrorError, match="cannot be started"):
        print_out(Print("gone"), Paper(bytearray(b"x")), 1)
    with pytest.raises(MirrorError, match="apt install cups-client"):
        check_printing(Print("gone"))
    check_printing(Print())  # off: nothing is needed
