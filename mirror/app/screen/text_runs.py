"""Runs: a line of text as pieces that one font draws in one direction, from left to right on the screen.

HarfBuzz, within SDL, joins the letters of Arabic, but takes a piece of one script and one direction at a
time. What stands where in a line of Arabic with a number or a Latin name in it is the Unicode bidirectional
algorithm's to say (python-bidi), and where lines may break, in Japanese between nearly any two letters, the
line breaking algorithm's (uniseg); in Japanese better between phrases than between any two (BudouX).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby
from typing import Any

from bidi import get_display
from uniseg.linebreak import line_break_units

_LETTERS = ("R", "AL")  # classes of letters that are written from the right
_RIGHT = (*_LETTERS, "AN")
# Where a path begins: of itself its first stroke would go to the left end of a line from the right.
_PATH = re.compile(r"(?<!\S)(?=[~.]*[/\\][A-Za-z])")
_FROM_LEFT = "\u200e"  # the mark that is not seen, and keeps what is beside it with letters from the left
_OPEN, _CLOSE = "([{«‹", ")]}»›"
_TURNED = dict(zip(_OPEN + _CLOSE, _CLOSE + _OPEN, strict=True))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line.

    Attributes:
        words: in the order in which they are read.
        from_right: its letters go from right to left.
    """

    words: str
    from_right: bool = False


def runs(line: str, right_to_left: bool) -> tuple[Run, ...]:
    """The pieces of a line from left to right.

    Args:
        line: in the order in which it is read.
        right_to_left: it is a line of a language that is read from the right.

    Example:
        >>> [(run.words, run.from_right) for run in runs("bob 12", False)]
        [('bob 12', False)]
    """
    classes = {unicodedata.bidirectional(letter) for letter in line}
    if not right_to_left and classes.isdisjoint(_RIGHT):
        return (Run(line),)
    marked = _PATH.sub(_FROM_LEFT, line)
    shown = _mirrored(str(get_display(marked, base_dir="R" if right_to_left else "L")))
    shown = shown.replace(_FROM_LEFT, "")
    return tuple(
        Run("".join(reversed(piece)) if from_right else "".join(piece), from_right)
        for from_right, piece in ((key, list(group)) for key, group in _grouped(shown))
    )


def _mirrored(shown: str) -> str:
    """Brackets as they look from the right: a pair whose closing one comes first is turned round."""
    letters = list(shown)
    opened: list[str] = []
    for place, letter in enumerate(letters):
        if letter not in _TURNED:
            continue
        closes = bool(opened) and opened[-1] in (_TURNED[letter], letter)
        if closes:
            letters[place] = _TURNED[letter] if opened.pop() == letter else letter
            continue
        opened.append(letter if letter in _OPEN else _TURNED[letter])
        letters[place] = opened[-1]
    return "".join(letters)


def _grouped(shown: str) -> Iterator[tuple[bool, Iterator[str]]]:
    """Letters from the right, with the spaces between them, apart from all else."""
    kinds = [unicodedata.bidirectional(letter) for letter in shown]
    right = [kind in _LETTERS for kind in kinds]
    for place, kind in enumerate(kinds):
        if kind == "NSM":  # a mark belongs to its letter
            right[place] = any(right[max(place - 1, 0) : place + 2])
    for place, kind in enumerate(kinds):
        if kind == "WS" and 0 < place < len(kinds) - 1:
            right[place] = right[place - 1] and right[place + 1]
    places = groupby(range(len(shown)), key=lambda place: right[place])
    return ((from_right, (shown[place] for place in group)) for from_right, group in places)


def broken(words: str, width: float, measure: Callable[[str], float], phrases: bool = False) -> list[str]:
    """Words in lines that are no wider than asked, broken where their language may be broken.

    Args:
        words: "\\n" begins a new line always.
        width: in the units of `measure`. A word that is wider than that is broken anywhere.
        measure: gives the width of a line.
        phrases: the words are Japanese, and are broken between phrases.

    Example:
        >>> broken("one two three", 7, len)
        ['one two', 'three']
    """
    lines = []
    for paragraph in words.split("\n"):
        line = ""
        units = list(_phrases(paragraph) if phrases else line_break_units(paragraph))
        while units:
            unit = units.pop(0)
            if line and measure((line + unit).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            if measure(unit.rstrip()) > width and len(unit) > 1:
                smaller = list(line_break_units(unit))
                if len(smaller) == 1:  # nowhere may it be broken: anywhere
                    ends = range(len(unit) - 1, 0, -1)
                    fits = next(end for end in ends if end == 1 or measure(unit[:end]) <= width)
                    smaller = [unit[:fits], unit[fits:]]
                units = smaller + units
                continue
            line += unit
        lines.append(line.rstrip())
    return lines


def unbroken(words: str, phrases: bool = False) -> list[str]:
    """The pieces of words within which no line is to be broken: words, or phrases of Japanese.

    Example:
        >>> unbroken("one two")
        ['one ', 'two']
    """
    return [
        piece
        for line in words.split("\n")
        for piece in (_phrases(line) if phrases else line_break_units(line))
    ]


def _phrases(paragraph: str) -> list[str]:
    """Japanese in pieces that are read in one, each ending where a line may: after a phrase or a space."""
    ends = set(accumulate(len(phrase) for phrase in _parser().parse(paragraph)))
    found, piece, place = [], "", 0
    for unit in line_break_units(paragraph):
        piece, place = piece + unit, place + len(unit)
        if place in ends or unit.endswith(" "):
            found.append(piece)
            piece = ""
    return [*found, piece] if piece else found


@cache
def _parser() -> Any:
    import budoux

    return budoux.load_default_japanese_parser()
