"""A tour as a TOML file.

    beat = 120               # beats a minute; without it steps are given in seconds
    repeat = true            # begins again after the last step; else, or without this line, it ends there

    [[steps]]
    style = "bob"            # a name or number of the style book, or "random"
    beats = 8                # or seconds = 4
    dye = "copper"           # else, or without this line, the style in its own colour
    text = "Autumn"          # read beside the head meanwhile

Every line is checked; one that does not fit is named.
"""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.selection import is_random
from mirror.hair.styles.shade import NONE
from mirror.hair.styles.shade_names import find
from mirror.hair.styles.tour import Step, Tour
from mirror.settings.options import did_you_mean, shown

LARGEST_FILE = 1 << 20  # bytes: what is larger is no tour
MOST_STEPS = 500
# Beats a minute: slow music has 40, the fastest that is danced to 200.
BEATS = (20, 300)
# Seconds that a step lasts: a cross-fade takes 0.35 of them, and what is never at rest nobody sees.
SECONDS = (Fraction(1, 2), Fraction(3600))
MOST_BEATS = 10_000
LONGEST_TEXT = 120  # characters: two lines that are read in passing
_TOP = ("beat", "repeat", "steps")
_KEYS = ("style", "seconds", "beats", "dye", "text")


def read_tour(path: Path, book: StyleBook) -> Tour:
    """The tour of a file.

    Args:
        book: that its styles are of. Shades are those of the chart that is used now.

    Raises:
        MirrorError: the file cannot be read or is not TOML, or a line does not fit: one line that says
            which, and what does.
    """
    text = _read(path)
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MirrorError(f"The tour {path} is not TOML ({str(error)[:120]}).") from None
    file = _File(path, text, found)
    for key in found:
        if key not in _TOP:
            raise MirrorError(
                f"{file.at(key)}: {shown(key)} is not known here.{did_you_mean(key, _TOP)} Valid: beat, "
                "repeat, and [[steps]]."
            )
    repeat, beat = found.get("repeat", False), found.get("beat")
    if not isinstance(repeat, bool):
        raise MirrorError(f"{file.at('repeat')}: repeat = {shown(repeat)} does not fit. Give true or false.")
    if beat is not None and (not _is_number(beat) or not BEATS[0] <= beat <= BEATS[1]):
        raise MirrorError(
            f"{file.at('beat')}: beat = {shown(beat)} does not fit. Give beats a minute, {BEATS[0]} to "
            f"{BEATS[1]}, for example 120."
        )
    entries = found.get("steps", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise MirrorError(
            f'{path} has no steps. Write [[steps]] on a line, and style = "bob" and seconds = 4 below it.'
        )
    if len(entries) > MOST_STEPS:
        raise MirrorError(f"{path} has {len(entries)} steps. Give {MOST_STEPS} at most.")
    a_beat = None if beat is None else 60 / _exact(beat)
    steps = [_Entry(file, number, entry, a_beat).step(book) for number, entry in enumerate(entries)]
    return Tour(tuple(steps), a_beat, repeat)


def _read(path: Path) -> str:
    try:
        return read_ordinary(path, LARGEST_FILE).decode("utf-8-sig")
    except FileNotFoundError:
        raise MirrorError(f"There is no tour {path}. Give the path of a tour, see docs/stage.md.") from None
    except OSError as error:
        raise MirrorError(f"The tour {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise MirrorError(f"The tour {path} is not UTF-8. Save the file as UTF-8.") from None


class _File:
    """Where in a file what stands: its parser does not say."""

    def __init__(self, path: Path, text: str, found: dict[str, Any]) -> None:
        self.path, self._lines = path, text.splitlines()
        begins = [at for at, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*steps\s*\]\]", line)]
        steps = found.get("steps")
        # Steps in one line, or such a line amid a text of several: then the number of the step has to do.
        self._begins = begins if isinstance(steps, list) and len(begins) == len(steps) else []

    def at(self, key: str, step: int | None = None) -> str:
        """File, line and step of a key; of a step, where it has no such key."""
        first, last = 0, len(self._lines)
        if step is not None:
            if not self._begins:
                return f"{self.path}, step {step + 1}"
            first, last = (self._begins[step], *self._begins[step + 1 :], last)[:2]
        # Of two keys of one name the parser has taken none: the first line that begins with it is the one.
        begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
        line = next((at for at in range(first, last) if begins.match(self._lines[at])), first)
        return f"{self.path}, line {line + 1}" + ("" if step is None else f", step {step + 1}")


class _Entry:
    """One step of the file, which says of itself what does not fit."""

    def __init__(self, file: _File, number: int, entry: dict[str, Any], beat: Fraction | None) -> None:
        self._file, self._number, self._entry, self._beat = file, number, entry, beat

    def step(self, book: StyleBook) -> Step:
        """Itself, checked."""
        for key in self._entry:
            if key not in _KEYS:
                raise self._error(
                    key, f"{shown(key)} is not known.{did_you_mean(key, _KEYS)} Valid: {', '.join(_KEYS)}."
                )
        number = self._style(book)
        dye = self._text("dye", NONE)
        try:
            shade = find(dye)
        except MirrorError as error:
            raise self._error("dye", str(error)) from None
        if shade is not None and number is not None and book[number].code.hair_loss:
            raise self._error("dye", f"'{book[number].name}' keeps its own colour. Take dye away.")
        return Step(number, self._seconds(), dye, self._words())

    def _style(self, book: StyleBook) -> int | None:
        wanted = self._entry.get("style")
        if "style" not in self._entry:
            raise self._error("style", 'there is no style. Give a name or number of the book, or "random".')
        wanted = str(wanted) if type(wanted) is int and 0 <= wanted < 10**6 else wanted
        if not isinstance(wanted, str):
            raise self._wrong("style", 'a name or number of the book (--list-styles shows them), or "random"')
        try:
            return None if is_random(wanted) else book.index(wanted)
        except MirrorError as error:
            raise self._error("style", str(error)) from None

    def _seconds(self) -> Fraction:
        given: list[str] = [key for key in ("seconds", "beats") if key in self._entry]
        if len(given) != 1:
            how = "seconds and beats are both given" if given else "it is not said how long it lasts"
            raise self._error((given or ["style"])[-1], f"{how}. Give seconds = 4, or beats = 8 and a beat.")
        value = self._entry[given[0]]
        if given[0] == "beats":
            if self._beat is None:
                raise self._error("beats", "without a beat there are none. Write beat = 120 on line 1.")
            if type(value) is not int or not 1 <= value <= MOST_BEATS:
                raise self._wrong("beats", f"a whole number from 1 to {MOST_BEATS}")
            seconds = value * self._beat
        elif not _is_number(value):
            raise self._wrong("seconds", "a number of seconds, for example 4")
        else:
            seconds = _exact(value)
        low, high = SECONDS
        if not low <= seconds <= high:
            lasts = f"a step of {float(seconds):.4g} s" if abs(seconds) < 10**9 else "a step so long"
            raise self._error(given[0], f"{lasts} does not fit. Give {float(low):g} to {float(high):g} s.")
        if self._beat is not None and seconds % self._beat:
            near = max(1, round(seconds / self._beat))
            raise self._error(
                "seconds",
                f"{float(seconds):g} s are no whole number of beats. Give beats = {near}, which is "
                f"{float(near * self._beat):.4g} s.",
            )
        return seconds

    def _text(self, key: str, default: str) -> str:
        value = self._entry.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a text in quotes")
        return value

    def _words(self) -> str:
        words = " ".join(self._text("text", "").split())
        if len(words) > LONGEST_TEXT or not words.isprintable():
            raise self._wrong("text", f"a text of {LONGEST_TEXT} characters at most, in quotes")
        return words

    def _wrong(self, key: str, expected: str) -> MirrorError:
        return self._error(key, f"{key} = {shown(self._entry[key])} does not fit. Give {expected}.")

    def _error(self, key: str, what: str) -> MirrorError:
        return MirrorError(f"{self._file.at(key, self._number)}: {what}")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e9


def _exact(value: float) -> Fraction:
    """A number as it is written: 0.1 is a tenth, which as a float it is not quite."""
    return Fraction(repr(value))
