"""Look: how large the kiosk's words are, where its lines stand, and the shift against burn-in.

The rule of size: capitals are at least 1/34 of the screen's shorter side high. On a 24-inch screen that is
8.8 mm. Seen from 3 m these are the 10 minutes of arc that somebody with 20/40 vision (half of the usual, the
limit for driving in most countries) can just make out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import (
    ACCENT,
    CORNER_PANEL,
    FAR,
    GROUND,
    INK,
    MUTED,
    SCRIM,
    SHEET,
    SUNK,
    TRACK,
    Colour,
)
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import shortened, text

CAPITALS = 1 / 34  # of the shorter side
# Sizes of type in units; capitals are 0.71 of it.
BODY, LARGE, HEADING, TITLE = FAR.body, FAR.heading, FAR.title, FAR.display
ROUND = CORNER_PANEL
_EDGE = 1.5  # units, of the line around a sheet that lies over others
_SHIFT, _EVERY, _STATIONS = 4, 60.0, 24  # pixels; seconds a station; stations of the way round


def unit_of(size: tuple[int, int]) -> float:
    """A 720th of the shorter side, pixels: what the kiosk measures in."""
    return min(size) / 720


def shift(now: float) -> tuple[int, int]:
    """How far everything is moved, pixels right and down: slowly round a small circle.

    Example:
        >>> shift(0.0), shift(6 * 60.0)
        ((4, 0), (0, 4))
    """
    turn = 2 * math.pi * (now // _EVERY % _STATIONS) / _STATIONS
    return round(_SHIFT * math.cos(turn)), round(_SHIFT * math.sin(turn))


def moved(screen: pygame.Surface, by: tuple[int, int]) -> None:
    """Moves all that is drawn."""
    dx, dy = by
    width, height = screen.get_size()
    screen.scroll(dx, dy)
    screen.fill(GROUND, (0 if dx > 0 else width + dx, 0, abs(dx), height))
    screen.fill(GROUND, (0, 0 if dy > 0 else height + dy, width, abs(dy)))


def room_of(words: str, size: float, width: float, unit: float) -> pygame.Rect:
    """The room that words take, backed, broken at a width in units: a rectangle at 0, 0, pixels."""
    drawn = text(words, max(1, round(size * unit)), INK, round(width * unit), True)
    return pygame.Rect(0, 0, drawn.get_width() + round(44 * unit), drawn.get_height() + round(24 * unit))


def height_of(words: str, size: float, width: float, unit: float) -> float:
    """How high words are, broken at a width; units."""
    return text(words, max(1, round(size * unit)), INK, round(width * unit)).get_height() / unit


def line(
    screen: pygame.Surface,
    words: str,
    size: float,
    at: tuple[float, float],
    colour: Colour = INK,
    *,
    width: float = 0,
    left: bool = False,
) -> pygame.Rect:
    """Words in the middle about x, their top at y; all in units. Returns their place in pixels.

    Args:
        width: where they are broken into lines, units; 0: nine tenths of the screen.
        left: x is the edge at which they begin, in a language that is read from the left.
    """
    unit = unit_of(screen.get_size())
    drawn = _drawn(screen, words, size, colour, width, not left)
    place = round(at[0] * unit), round(at[1] * unit)
    spot = drawn.get_rect(topleft=place) if left else drawn.get_rect(midtop=place)
    if left:
        spot = turned(spot, screen.get_width())
    screen.blit(drawn, spot)
    return spot


def backed_line(
    screen: pygame.Surface, words: str, size: float, at: tuple[float, float], *, width: float = 0
) -> pygame.Rect:
    """As `line`, on a dark ground of its own, over a picture."""
    unit = unit_of(screen.get_size())
    drawn = _drawn(screen, words, size, INK, width, True)
    spot = drawn.get_rect(midtop=(round(at[0] * unit), round(at[1] * unit)))
    ground = spot.inflate(round(44 * unit), round(24 * unit))
    radius = min(ROUND * unit, ground.height / 2)
    screen.blit(shapes.box(*ground.size, radius, GROUND, SCRIM), ground)
    screen.blit(drawn, spot)
    return spot


def _drawn(
    screen: pygame.Surface, words: str, size: float, colour: Colour, width: float, centred: bool
) -> pygame.Surface:
    """Words broken at a width in units; 0: nine tenths of the screen."""
    unit = unit_of(screen.get_size())
    room = round(width * unit) or round(screen.get_width() * 0.9)
    return text(words, max(1, round(size * unit)), colour, room, centred)


@contextmanager
def faded(screen: pygame.Surface, places: Sequence[pygame.Rect], opacity: float) -> Iterator[None]:
    """What is drawn within, in some places of the screen, is as faint as asked: 1 as drawn, 0 not at all."""
    whole = screen.get_rect()
    spots = [spot for place in places if (spot := place.clip(whole)).size > (0, 0)]
    before = [(spot, screen.subsurface(spot).copy()) for spot in spots if opacity < 1]
    yield
    for spot, was in before:
        was.set_alpha(round(255 * (1 - opacity)))
        screen.blit(was, spot)


def sheet(screen: pygame.Surface, place: pygame.Rect) -> None:
    """A dark ground for several lines; `place` in pixels."""
    screen.blit(shapes.box(*place.size, ROUND * unit_of(screen.get_size()), GROUND, SHEET), place)


def modal(screen: pygame.Surface, place: pygame.Rect) -> None:
    """A sheet with an edge of its own that is for now; what lies behind it waits. `place` in pixels."""
    unit, edge = unit_of(screen.get_size()), max(1, round(_EDGE * unit_of(screen.get_size())))
    screen.blit(shapes.box(*screen.get_size(), 0, GROUND, SCRIM), (0, 0))
    around = place.inflate(2 * edge, 2 * edge)
    screen.blit(shapes.box(*around.size, ROUND * unit + edge, TRACK), around)
    screen.blit(shapes.box(*place.size, ROUND * unit, SUNK), place)


__all__ = [
    "ACCENT",
    "BODY",
    "GROUND",
    "HEADING",
    "INK",
    "LARGE",
    "MUTED",
    "TITLE",
    "backed_line",
    "faded",
    "height_of",
    "line",
    "modal",
    "moved",
    "sheet",
    "shift",
    "shortened",
]
