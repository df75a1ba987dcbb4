"""Palette: the dyes as swatches, from natural to fashion, the person's own colour first."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import ACCENT, GROUND, INK, NEAR, RAISED, TRACK, Colour, contrast, px
from mirror.app.screen.icons import icon
from mirror.app.screen.typeface import number, spoken, text
from mirror.hair.styles.dye import NONE, Dye, find
from mirror.hair.styles.shade_names import chart_shades, named_shades
from mirror.translation.message import Message, Said

# Hair grows in these hues (CIE Lab, degrees); what is nearly grey has none.
_NATURAL_HUES = (35.0, 100.0)
_GREY = 4.0
# A control is told from its ground by 3 to 1 (WCAG 2, 1.4.11); a darker swatch wears a thin ring.
_SEEN = 3.0


def graded(dyes: tuple[Dye, ...] | None = None) -> tuple[str, ...]:
    """Names in the order of the palette: "none", natural shades from dark to light, the others by hue.

    Args:
        dyes: None: all that go by a name, a salon's own among them.
    """
    dyes = named_shades() if dyes is None else dyes
    natural = sorted((dye for dye in dyes if _is_natural(dye)), key=lambda dye: dye.light)
    fashion = sorted((dye for dye in dyes if not _is_natural(dye)), key=_hue)
    return (NONE, *(dye.name for dye in (*natural, *fashion)))


def kept(most: int) -> tuple[tuple[str, ...], int]:
    """Of `graded` as many as there is room for, a salon's own first of all, and how many are left out."""
    names, own = graded(), {dye.name for dye in chart_shades()}
    by_rank = sorted(names, key=lambda name: name != NONE and name not in own)  # stable: the last go first
    left = set(by_rank[:most])
    return tuple(name for name in names if name in left), max(len(names) - most, 0)


def name_of(dye: str) -> str:
    """As a person reads it."""
    return Message("its own") if dye == NONE else dye


def rgb_of(dye: Dye, lightness: float = 0.0) -> Colour:
    """A dye's mean colour, uint8 RGB, `lightness` of L* beside it."""
    lab = np.array([[[dye.light + lightness, dye.a, dye.b]]], np.float32)
    red, green, blue = np.rint(np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB)[0, 0], 0, 1) * 255)
    return int(red), int(green), int(blue)


@spoken(maxsize=64)
def swatch(name: str, side: int) -> pygame.Surface:
    """A round tile of the dye as light falls on it; a person for the own colour. Shared."""
    dye = find(name)
    if dye is None:
        tile = shapes.box(side, side, side / 2, RAISED).copy()
        person = icon("person", round(side * 0.6), INK)  # as on the button that shows the own hair
        tile.blit(person, person.get_rect(center=(side // 2, side // 2)))
        return tile
    return shapes.tile(sheen(dye, side, side), side, side / 2)


def sheen(dye: Dye, width: int, height: int) -> np.ndarray:
    """The shade as light falls on it, uint8 (height, width, 3) RGB."""
    # From the dark of its shadows to its highlights, with a few strands across.
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    fall = (0.9 - 1.5 * y + 0.35 * np.sin(18 * (x + 0.35 * y))) * dye.spread
    lab = np.empty((height, width, 3), np.float32)
    lab[..., 0], lab[..., 1], lab[..., 2] = np.clip(dye.light + fall, 4, 96), dye.a, dye.b
    return np.rint(np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0, 1) * 255).astype(np.uint8)


def draw_swatch(screen: pygame.Surface, where: pygame.Rect, name: str, unit: float, current: bool) -> None:
    """The swatch in the middle of its place, with a ring where it is the current one."""
    side = px(unit, 34)
    tile = swatch(name, side)
    screen.blit(tile, tile.get_rect(center=where.center))
    dye = find(name)
    if dye is not None and contrast(rgb_of(dye), GROUND) < _SEEN:
        rim = shapes.ring(side, side / 2, px(unit, 1.5), TRACK)
        screen.blit(rim, rim.get_rect(center=where.center))
    if current:
        line = px(unit, 3)
        whole = side + 2 * px(unit, 4)
        ring = shapes.ring(whole, whole / 2, line, ACCENT)
        screen.blit(ring, ring.get_rect(center=where.center))


def draw_more(screen: pygame.Surface, where: pygame.Rect, count: int, unit: float) -> None:
    """In place of a swatch: that there are so many more."""
    side = px(unit, 34)
    tile = shapes.box(side, side, side / 2, RAISED)
    screen.blit(tile, tile.get_rect(center=where.center))
    words = text(Said(f"+{number(count)}"), px(unit, NEAR.caption), INK)
    screen.blit(words, words.get_rect(center=where.center))


def _hue(dye: Dye) -> float:
    return math.degrees(math.atan2(dye.b, dye.a)) % 360


def _is_natural(dye: Dye) -> bool:
    if math.hypot(dye.a, dye.b) < _GREY:
        return True
    return _NATURAL_HUES[0] <= _hue(dye) <= _NATURAL_HUES[1]
