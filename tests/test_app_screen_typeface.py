"""The typeface: which way text runs, where lines end, and that every script has its shapes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from mirror.app.screen import typeface
from mirror.app.screen.own_texts import use_own_texts
from mirror.app.screen.text_runs import broken, runs
from mirror.app.screen.typeface import fitted, lacking, line_height, speak, text, wide
from mirror.core.errors import MirrorError
from mirror.settings.own_texts import read_own_texts
from mirror.translation.catalogue import Words, languages, override, texts_of
from mirror.translation.message import Message

SHALOM, THAI = "שלום", "ผ"


@pytest.fixture(params=sorted(languages()))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(Words(request.param))
    yield request.param
    speak(Words("en"))


def inked(surface: pygame.Surface) -> np.ndarray:
    return pygame.surfarray.array_alpha(surface).T


def test_arabic_runs_from_the_right_and_what_is_in_it_from_the_left() -> None:
    def pieces(line: str, right: bool = True) -> list[str]:
        return [run.words for run in runs(line, right)]

    assert pieces("التسريحة ١٢ من ٩٧") == ["٩٧ ", "من", " ١٢ ", "التسريحة"]
    assert pieces("Norwood III، تراجع") == ["تراجع", " ،Norwood III"]
    assert pieces("كاميرا (Logitech)") == ["(Logitech) ", "كاميرا"], (
        "brackets open to the left of what they hold"
    )
    assert pieces("التالية (Shift: السابقة)") == ["(", "السابقة", " :Shift) ", "التالية"]
    assert pieces("في /home/salon/Hair Mirror") == ["/home/salon/Hair Mirror ", "في"], (
        "a path begins with its stroke"
    )
    assert pieces("~/kiosk") == ["~/kiosk"] and pieces("١/٢") == ["١/٢"]
    assert pieces("bob, copper", False) == ["bob, copper"]
    assert [run.from_right for run in runs("لون Bob", True)] == [False, True]


def test_letters_are_joined_in_arabic() -> None:
    speak(Words("ar"))
    try:
        joined = wide("شعرك", 40)
        apart = sum(wide(letter, 40) for letter in "شعرك")
    finally:
        speak(Words("en"))
    assert joined < 0.85 * apart, "the shapes within a word are narrower than those that stand alone"


def test_lines_end_where_a_language_lets_them() -> None:
    assert broken("one two three", 7, len) == ["one two", "three"]
    assert broken("one\ntwo", 40, len) == ["one", "two"]
    assert broken("abcdefgh", 3, len) == ["abc", "def", "gh"], "a word that is too long is broken"
    told = "顔に光が当たるように、ここに立ってください。"
    lines = broken(told, 12, len, phrases=True)
    assert "".join(lines) == told and len(lines) == 2
    assert lines[0].endswith("、"), "between phrases, and no line begins with a mark"
    lines = broken("ロングヘアー、ショート。", 4, len, phrases=True)
    assert not any(line[0] in "、。ー）」" for line in lines), lines
    assert "2026" in "\n".join(broken("フォルダーに2026年まで保存", 7, len, phrases=True))


def test_every_text_of_a_language_is_drawn_whole(language: str) -> None:
    """No accent, mark or tail is cut off by the height of its line."""
    size = 40
    told = texts_of(language)
    lines = [words for words in (told["touch"], told["consent_title"], *told["names"].values())]
    for line in lines[:60]:
        drawn = inked(text(line, size))
        assert drawn.shape[0] == line_height(size)
        assert not drawn[0].any() and not drawn[-1].any(), line


def test_a_line_is_as_high_whatever_stands_in_it(language: str) -> None:
    heights = {text(words, 30).get_height() for words in ("Bob", "ボブ", "بوب ١٢", "Å ğ ç", "…")}
    assert heights == {line_height(30)}
    assert text("Bob 12", 30).get_width() == pytest.approx(wide("Bob 12", 30), abs=2)


def test_lines_begin_at_the_edge_from_which_a_language_is_read(language: str) -> None:
    two = inked(text("a\naaaaaaaaaa", 30))
    first = np.flatnonzero(two[: line_height(30)].any(0))
    at_the_right = first.min() > two.shape[1] / 2
    assert at_the_right == (language == "ar")


def test_what_the_typeface_lacks_is_known() -> None:
    assert lacking("Zöpfe İğne ñ ボブ شعر ← →") == ""
    assert lacking(f"{SHALOM} {THAI}") == SHALOM + THAI


def test_a_missing_font_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeface, "find_spec", lambda name: None)
    typeface.font_file.cache_clear()
    with pytest.raises(MirrorError, match="pip install") as wrong:
        typeface.font_file()
    assert "\n" not in str(wrong.value)
    typeface.font_file.cache_clear()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "own.toml"
    override({})


def test_a_salon_says_it_its_own_way(own: Path) -> None:
    own.write_text(
        '[de]\ntouch = "Komm näher"\n[de.names]\n"bob" = "Der Klassiker"\n"our own" = "Hausschnitt"\n'
        '[de.texts]\n"Surprise me" = "Überrasch mich"\n[ja.texts]\n"{count} favourites" = '
        '{ other = "{count}点" }\n',
        "utf-8",
    )
    use_own_texts(own)
    words = Words("de")
    assert words("touch") == "Komm näher" and words("done") == "Fertig"
    assert words.said(Message("Surprise me")) == "Überrasch mich"
    assert words.named("bob, copper") == "Der Klassiker, Kupfer" and words.named("our own") == "Hausschnitt"
    assert Words("ja").named("bob") == "ボブ" and Words("en")("touch") == "Touch to begin"
    use_own_texts(None)
    assert words("touch") == "Hier berühren"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[nl]\ntouch = "Raak"', "nl"),
        ('[de]\ntuch = "x"', "Did you mean touch"),
        ('[de]\ncountdown = "Los"', "{seconds}"),
        ('[de]\ncountdown = "{seconds} {more}"', "{seconds}"),
        ('[de]\ntouch = ""', "says nothing"),
        ('[de]\ntouch = "{"', "brace"),
        ('[de]\nmonths = "Januar Februar"', "2 months"),
        ('[de]\ndigits = "abc"', "no text"),
        ('[de.texts]\n"Surprize me" = "x"', "Did you mean Surprise me"),
        ('[ar.texts]\n"{count} favourites" = "x"', "zero, one, two, few, many, other"),
        ('[de.texts]\n"Surprise me" = { one = "x" }', "one form"),
        ("[de", "not TOML"),
        ('de = "x"', "Write [CODE]"),
    ],
)
def test_a_text_that_does_not_fit_is_said_in_one_line(own: Path, line: str, said: str) -> None:
    own.write_text(line, "utf-8")
    with pytest.raises(MirrorError) as wrong:
        read_own_texts(own)
    assert said in str(wrong.value) and "\n" not in str(wrong.value) and str(own) in str(wrong.value)


def test_letters_that_cannot_be_drawn_are_refused(own: Path) -> None:
    own.write_text(f'[de]\ntouch = "{THAI} hier"', "utf-8")
    with pytest.raises(MirrorError, match="no shape"):
        use_own_texts(own)
    with pytest.raises(MirrorError, match="no file of own texts"):
        use_own_texts(own.with_name("none.toml"))
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(MirrorError, match="UTF-8"):
        use_own_texts(own)


def test_words_are_cut_only_where_nothing_else_helps() -> None:
    words, size = fitted("Hair", 20, 500)
    assert (words, size) == ("Hair", 20)
