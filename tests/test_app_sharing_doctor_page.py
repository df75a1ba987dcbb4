"""The strip of a year and the doctor's page: what is on them in every language, and that nothing is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.screen import typeface
from mirror.app.screen.design import INK
from mirror.app.screen.typeface import speak
from mirror.app.sharing import course_strip, doctor_page
from mirror.app.sharing.course_strip import Course, strip_of
from mirror.app.sharing.doctor_page import A4, Visit, page_of, pdf_of
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import LossPlan
from mirror.translation.catalogue import Words, languages

RED, GREEN, BLUE = (200, 20, 20), (20, 180, 20), (20, 20, 200)


def picture(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((360, 640, 3), colour, np.uint8)


COURSE = Course(picture(RED), (picture(GREEN),) * 4, (picture(BLUE),) * 4, (260.0, 60.0, 380.0, 220.0))
PLAN = LossPlan(zones=(0.6, -0.4, 1.0, -1.0), line=DrawnHairline.usual())


@pytest.fixture
def said(unseen_video: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All that is written, in the language of the screen."""
    pygame.font.init()
    written: list[str] = []
    real = typeface.text

    def noted(words: str, *rest: Any) -> pygame.Surface:
        told = str(typeface.said(words))
        assert "…" not in told, f"cut off: {told}"
        written.append(told)
        return real(words, *rest)

    for module in (course_strip, doctor_page):
        monkeypatch.setattr(module, "text", noted)
    yield written
    speak(Words("en"))


@pytest.mark.parametrize("code", sorted(languages()))
def test_a_page_fits_on_its_paper_in_every_language_and_says_what_it_is_not(
    code: str, said: list[str]
) -> None:
    words = Words(code)
    speak(words)
    visit = Visit(COURSE, picture(BLUE), PLAN, "grown back to Norwood III", GraftCount.of(98.0), "x")
    page = page_of(visit)
    assert page.shape == (A4[1], A4[0], 3)
    assert (page[:40] == 255).all() and (page[-20:] == 255).all(), "the edges stay white"
    assert (page[:, :60] == 255).all() and (page[:, -60:] == 255).all()
    ruled = [
        y
        for y in range(A4[1] // 2, A4[1])
        if (page[y, 100:-100] == page[y, 100]).all() and page[y, 100, 0] < 255
    ]
    assert ruled, "there is room for notes"
    told = " ".join(said)
    assert words.said(course_strip.TELLS) in told
    for number in (98, 3900, 40, 203, 60, 100):
        assert words.number(number) in told, number
    assert "Norwood III" in told and "Price 2006" in told


def test_a_strip_has_today_and_four_moments_in_each_row(said: list[str]) -> None:
    speak(Words("en"))
    strip = strip_of(COURSE, (800, 790), 14)
    rows = {}
    for name, colour in (("today", RED), ("without", GREEN), ("with", BLUE)):
        where = np.argwhere((strip == colour).all(-1))
        rows[name] = (where[:, 0].min(), where[:, 0].max(), where[:, 1].min(), where[:, 1].max())
    assert rows["today"][2] <= 2 and rows["without"][2] > rows["today"][3] and rows["without"][3] > 780
    assert rows["without"][1] < rows["with"][0], "one row below the other"
    assert {"Today", "3 months", "12 months", "without treatment"} <= set(said)
    speak(Words("ar"))
    turned = strip_of(COURSE, (800, 790), 14)
    assert np.argwhere((turned == RED).all(-1))[:, 1].max() > 780, "read from the right it begins there"
    assert (np.abs(strip.astype(int) - INK).max(-1) < 8).any()


def test_a_row_without_all_its_moments_is_refused() -> None:
    with pytest.raises(ValueError, match="3 and 4 pictures"):
        Course(picture(RED), (picture(RED),) * 3, (picture(RED),) * 4, None)


def test_a_page_becomes_a_pdf_in_its_true_size() -> None:
    data = pdf_of(np.full((A4[1], A4[0], 3), 250, np.uint8)).tobytes()
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert box is not None
    wide, tall = (float(one) / 72 * 25.4 for one in box.groups())
    assert abs(wide - 210) < 0.5 and abs(tall - 297) < 0.5
