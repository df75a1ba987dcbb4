"""Typeface: text as pictures, from the system's own font where it is known.

The font's file is looked up by path: asking the system for fonts by name starts other programs and
takes seconds on some machines. Pygame's bundled font is what is left where none is found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import pygame

from mirror.translation.catalogue import FALLBACK, Words

Colour = tuple[int, int, int]

INK: Colour = (246, 245, 242)
MUTED: Colour = (206, 204, 199)
ACCENT: Colour = (240, 206, 146)
GROUND: Colour = (13, 13, 15)
# Widgets: one that waits, one under the pointer, one that can do nothing now.
RAISED: Colour = (44, 43, 45)
LIFTED: Colour = (64, 62, 62)
SUNK: Colour = (27, 27, 29)

_FILES = (
    "/System/Library/Fonts/SFNS.ttf",
    "/System/Library/Fonts/HelveticaNeue.ttc",
    "C:/Windows/Fonts/segoeui.ttf",
    "/usr/share/fonts/truetype/inter/Inter-Regular.ttf",
    "/usr/share/fonts/truetype/ubuntu/Ubuntu-R.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/google-noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/open-sans/OpenSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
)


_words = Words(FALLBACK)
Drawn = TypeVar("Drawn", bound=Callable[..., Any])


def speak(words: Words) -> None:
    """Draws everything in the language of `words` from now on, whichever that is at the time."""
    global _words
    _words = words


def spoken(maxsize: int) -> Callable[[Drawn], Drawn]:
    """As `functools.lru_cache`, for what is drawn of words: in another language it is drawn anew."""

    def keeping(draw: Drawn) -> Drawn:
        kept = lru_cache(maxsize=maxsize)(lambda language, *given, **named: draw(*given, **named))
        return wraps(draw)(lambda *given, **named: kept(_words.language, *given, **named))  # type: ignore

    return keeping


@lru_cache(maxsize=32)
def font(size: int) -> pygame.font.Font:
    """The typeface at a size in pixels: the first known file that opens, else Pygame's own."""
    pygame.font.init()
    chosen = font_file()
    return pygame.font.Font(chosen, size)


@spoken(maxsize=256)
def text(
    words: str, size: int, colour: Colour = INK, width: int = 0, centred: bool = False
) -> pygame.Surface:
    """`words`, in the language of the screen, drawn on nothing; in lines of at most `width` pixels, if given.

    The surface is shared by all who ask for the same words: draw it, do not draw on it.
    """
    face = font(size)
    face.align = pygame.FONT_CENTER if centred else pygame.FONT_LEFT
    clean = _words.said(words).replace("\0", "").replace("\t", " ")
    if width and max(face.size(line)[0] for line in clean.split("\n")) <= width:
        width = 0  # A wrapped surface is as wide as its limit; a short line should stay short.
    surface = face.render(clean, True, colour, None, width)
    if width:
        used = surface.get_bounding_rect()
        surface = surface.subsurface((used.left, 0, used.width, surface.get_height()))
    return surface


def shortened(words: str, size: int, width: int) -> str:
    """`words`, in the language of the screen, cut with an ellipsis where wider than `width` pixels."""
    face, words = font(size), _words.said(words)
    if face.size(words)[0] <= width:
        return words
    while words and face.size(words + "…")[0] > width:
        words = words[:-1]
    return words.rstrip() + "…"


def fitted(words: str, size: int, width: int) -> tuple[str, int]:
    """Words and the size of type in which they fit into `width` pixels: smaller by a third, or cut as well.

    Example:
        >>> fitted("bob", 20, 500)
        ('bob', 20)
    """
    said = _words.said(words)
    least = max(1, round(size * 2 / 3))
    while size > least and font(size).size(said)[0] > width:
        size -= 1
    return shortened(said, size, width), size


def hexed(colour: Colour) -> str:
    """A colour as pygame_gui's themes spell it.

    Example:
        >>> hexed((255, 128, 0))
        '#ff8000'
    """
    return "#{:02x}{:02x}{:02x}".format(*pygame.Color(*colour)[:3])


def has(words: str) -> bool:
    """Whether the typeface has a shape for every character."""
    return all(shape is not None for shape in font(16).metrics(words))


@cache
def font_file() -> str | None:
    """The typeface's file, or None where none is found."""
    pygame.font.init()  # or every file would be taken for a damaged one
    for name in _FILES:
        if Path(name).is_file():
            try:
                pygame.font.Font(name, 16)
            except pygame.error:
                continue  # A damaged font is no reason to stay without a window.
            return name
    return None
