"""Typeface: text as pictures. Noto Sans, the same on every system, in every language that there is.

pygame_gui brings the fonts along (SIL Open Font License): Latin, Arabic and Japanese. What one lacks the next
has: a Latin name in a Japanese line, an arrow among Latin letters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, wraps
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pygame
import pygame.freetype

from mirror.app.screen.design import INK, Colour
from mirror.app.screen.text_runs import broken, runs, unbroken
from mirror.core.errors import MirrorError
from mirror.translation.catalogue import FALLBACK, Words
from mirror.translation.message import Said

LATIN, ARABIC, JAPANESE = "NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansJP-Regular.otf"
# Above and below the line that letters stand on, in sizes of type: room for the accent of a capital and for
# the tails of letters, which are long in Arabic. The fonts' own heights differ: no two lines would be alike.
_ROOM, _ROOM_ARABIC = (0.98, 0.32), (1.02, 0.44)

_words = Words(FALLBACK)
Drawn = TypeVar("Drawn", bound=Callable[..., Any])


def speak(words: Words) -> None:
    """Draws everything in the language of `words` from now on, whichever that is at the time."""
    global _words
    _words = words


def language() -> str:
    """The language of the screen, as a code: "de"."""
    return _words.language


def said(words: str) -> Said:
    """Words in the language of the screen."""
    return Said(_words.said(words))


def number(value: float, shape: str = "") -> Said:
    """A number as the language of the screen writes it; `shape` as in a format string."""
    return Said(_words.number(value, shape))


def right_to_left() -> bool:
    """Whether the language of the screen is read from the right."""
    return _words.right_to_left


def spoken(maxsize: int) -> Callable[[Drawn], Drawn]:
    """As `functools.lru_cache`, for what is drawn of words: in another language it is drawn anew."""

    def keeping(draw: Drawn) -> Drawn:
        kept = lru_cache(maxsize=maxsize)(lambda language, *given, **named: draw(*given, **named))
        return wraps(draw)(lambda *given, **named: kept(_words.language, *given, **named))  # type: ignore

    return keeping


def line_height(size: int) -> int:
    """How high one line of text is, pixels."""
    above, below = _ROOM_ARABIC if right_to_left() else _ROOM
    return round(size * above) + round(size * below)


@spoken(maxsize=512)
def text(
    words: str, size: int, colour: Colour = INK, width: int = 0, centred: bool = False
) -> pygame.Surface:
    """`words`, in the language of the screen, drawn on nothing; in lines of at most `width` pixels, if given.

    Lines begin at the left, or at the right in a language that is read from there. The surface is shared by
    all who ask for the same words: draw it, do not draw on it.
    """
    lines = said(words).replace("\0", "").replace("\t", " ").split("\n")
    if width:
        lines = broken("\n".join(lines), width, lambda line: measured(line, size), _words.language == "ja")
    drawn = [_line(line, size, colour) for line in lines]
    if len(drawn) == 1:
        return drawn[0]
    whole = pygame.Surface(
        (max(line.get_width() for line in drawn), sum(line.get_height() for line in drawn)),
        pygame.SRCALPHA,
        32,
    )
    for number, line in enumerate(drawn):
        room = whole.get_width() - line.get_width()
        left = room // 2 if centred else room if right_to_left() else 0
        whole.blit(line, (left, number * line.get_height()))
    return whole


def text_once(words: str, size: int, colour: Colour = INK, width: int = 0) -> pygame.Surface:
    """As `text`, and kept by nobody: for words that are a visitor's."""
    drawn: pygame.Surface = text.__wrapped__(words, size, colour, width)  # type: ignore[attr-defined]
    return drawn


def measured(line: str, size: int) -> int:
    """How wide a line of words, which are in the language of the screen, is drawn: pixels."""
    return sum(face.size(piece)[0] for face, piece in _pieces(line, size))


def wide(words: str, size: int) -> int:
    """How wide words are drawn in the language of the screen, in one line: pixels."""
    return measured(said(words), size)


def shortened(words: str, size: int, width: int) -> Said:
    """`words`, in the language of the screen, cut with an ellipsis where wider than `width` pixels."""
    told = said(words)
    if measured(told, size) <= width:
        return told
    while told and measured(told + "…", size) > width:
        told = Said(told[:-1])
    return Said(told.rstrip() + "…")


def fitted(words: str, size: int, width: int, least: int = 0) -> tuple[Said, int]:
    """Words and the size of type in which they fit into `width` pixels: down to `least`, then cut as well.

    Args:
        least: pixels, on a screen no smaller than its captions are; 0: as large as asked.

    Example:
        >>> fitted("bob", 20, 500)
        ('bob', 20)
    """
    told = said(words)
    least = least or size
    while size > least and measured(told, size) > width:
        size -= 1
    return shortened(told, size, width), size


def widest_piece(words: str, size: int) -> int:
    """How wide the widest of the pieces is that a line is never to be broken within, pixels."""
    pieces = unbroken(said(words), _words.language == "ja")
    return max((measured(piece.rstrip(), size) for piece in pieces), default=0)


def in_lines(words: str, size: int, room: tuple[int, int], colour: Colour = INK) -> pygame.Surface:
    """Words in a room of width and height in pixels: in one line, in lines in its middle, or else cut."""
    if wide(words, size) > room[0] >= widest_piece(words, size):
        lines = text(words, size, colour, room[0], True)
        if lines.get_bounding_rect().height <= room[1]:  # above and below it may be empty
            return lines
    return text(shortened(words, size, room[0]), size, colour)


def lacking(words: str) -> str:
    """The characters for which the typeface has no shape."""
    return "".join(
        letter
        for letter in dict.fromkeys(words)
        if not letter.isspace() and not any(_has(file, letter) for file in (LATIN, ARABIC, JAPANESE))
    )


@cache
def font_file(name: str = LATIN) -> str:
    """Where one of the fonts lies.

    Raises:
        MirrorError: pygame_gui is not installed as a whole.
    """
    package = find_spec("pygame_gui")
    path = Path(package.origin or "").parent / "data" / name if package is not None else Path(name)
    if not path.is_file():
        raise MirrorError(
            f"The font {name}, which comes with pygame_gui, is not there. Install again what the mirror "
            "needs: pip install --force-reinstall -r requirements.txt"
        )
    return str(path)


@lru_cache(maxsize=96)
def _face(name: str, size: int, from_right: bool = False) -> pygame.font.Font:
    pygame.font.init()
    face = pygame.font.Font(font_file(name), size)
    if from_right:
        face.set_direction(pygame.DIRECTION_RTL)
        face.set_script("Arab")
    return face


@cache
def _has(name: str, letter: str) -> bool:
    return _table(name).get_metrics(letter)[0] is not None


@cache
def _table(name: str) -> pygame.freetype.Font:
    """A font that says which letters it has; `pygame.font` gives every letter the size of an empty box."""
    pygame.freetype.init()
    return pygame.freetype.Font(font_file(name), 16)


def _order() -> tuple[str, ...]:
    # Japanese has punctuation of its own kind, and its letters stand a little higher.
    return (JAPANESE, LATIN, ARABIC) if _words.language == "ja" else (LATIN, ARABIC, JAPANESE)


def _pieces(line: str, size: int) -> list[tuple[pygame.font.Font, str]]:
    """What each font draws of a line, from left to right."""
    order, found = _order(), []
    for run in runs(line, right_to_left()):
        if run.from_right:
            found.append((_face(ARABIC, size, True), run.words))
            continue
        named = (
            (next((name for name in order if _has(name, letter)), order[0]), letter) for letter in run.words
        )
        for name, letters in groupby(named, key=lambda one: one[0]):
            found.append((_face(name, size), "".join(letter for _, letter in letters)))
    return found


def _line(line: str, size: int, colour: Colour) -> pygame.Surface:
    drawn = [(face, face.render(piece, True, colour)) for face, piece in _pieces(line, size) if piece]
    whole = pygame.Surface(
        (max(1, sum(one.get_width() for _, one in drawn)), line_height(size)), pygame.SRCALPHA, 32
    )
    left, base = 0, round(size * (_ROOM_ARABIC if right_to_left() else _ROOM)[0])
    for face, one in drawn:
        whole.blit(one, (left, base - face.get_ascent()))
        left += one.get_width()
    return whole
