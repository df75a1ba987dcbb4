"""Cards: before and after on one sheet, made for where it is sent or printed. Square, 9:16, A6.

Main thread: the words on them are drawn with Pygame.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.design import GROUND, INK, MUTED, PAPER, RAISED
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, right_to_left, text
from mirror.app.sharing.stylist_strip import StylistNote, strip_of
from mirror.pipeline.worn_style import SIMULATED
from mirror.translation.message import Message, Said

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Format:
    """A card's size, and where its two pictures lie on it; pixels.

    Attributes:
        size: (width, height).
        beside: whether the two lie beside each other, else one above the other.
        top, bottom: rows that stay free of pictures.
        edge: columns at both sides.
        letters: height of the type.
        stylist: whether a strip for the stylist is on it.
        paper: it is printed: its ground is white, which takes no ink.
    """

    size: tuple[int, int]
    beside: bool
    top: int
    bottom: int
    edge: int
    letters: int
    stylist: bool = False
    paper: bool = False


FORMATS = {
    "square": Format((1080, 1080), True, 36, 150, 36, 34),
    # Above and below, apps lay their own buttons over a story: 14% and 18% of it.
    "story": Format((1080, 1920), False, 260, 350, 40, 42),
    "a6": Format((1240, 1748), False, 60, 190, 60, 46, True, True),  # 105 x 148 mm at 300 dots an inch
}
_NOTES = 0.65  # of a card's type, that of a stylist's strip: capitals of 1.8 mm on A6
_GAP = 16  # pixels between the two pictures
_HEAD_WIDE, _HEAD_TALL = 1.3, 1.45  # of the head and its hair, that a picture shows at least
PORTRAIT = (4, 5)  # width by height of the pictures that are laid over each other


@dataclass(frozen=True, slots=True)
class Look:
    """What cards are made of.

    Attributes:
        before, after: uint8 (H, W, 3) RGB, as the person saw them.
        head: left, top, right and bottom of face and hair in them, pixels; None: in the middle.
        style: what is worn.
        mark: what the second picture has to say of itself.
        note: for the stylist; None: there is none.
    """

    before: np.ndarray
    after: np.ndarray
    head: Box | None
    style: str
    mark: str = SIMULATED
    note: StylistNote | None = None


def part_about(size: tuple[int, int], head: Box | None, aspect: float) -> tuple[int, int, int, int]:
    """Left, top, width and height of the part of a picture that shows the head, `aspect` wide by high.

    Example:
        >>> part_about((1280, 720), (590, 150, 750, 400), 0.8)
        (476, 0, 388, 485)
    """
    width, height = size
    left, top, right, bottom = head or (width / 2, height / 2, width / 2, height / 2)
    if head is None:
        tall = float(height)
    else:
        # A little of neck and shoulders, or it looks like a passport.
        tall = max((bottom - top) * _HEAD_TALL, (right - left) * _HEAD_WIDE / aspect, 0.55 * height)
    tall = min(tall, height, width / aspect)
    wide = tall * aspect
    x = min(max((left + right) / 2 - wide / 2, 0), width - wide)
    y = min(max((top + bottom) / 2 - 0.47 * tall, 0), height - tall)
    return int(x), int(y), int(wide), int(tall)


def portraits(look: Look) -> tuple[np.ndarray, np.ndarray]:
    """Before and after about the head, of one shape, the mark on the second: uint8 (h, w, 3) RGB."""
    from mirror.app.screen.side_by_side import mark_of
    from mirror.app.sharing.video_clip import stamp

    left, top, wide, tall = part_about(_size(look.after), look.head, PORTRAIT[0] / PORTRAIT[1])
    before, after = (one[top : top + tall, left : left + wide].copy() for one in (look.before, look.after))
    mark = mark_of((wide, tall), look.mark)
    corner = max(0, wide - mark.shape[1] - 2 * (mark.shape[0] // 3))
    # At the right: the left half of it is the one that is seen last when they are slid.
    after[:, corner:] = stamp(after[:, corner:], mark)
    return before, after


def card(look: Look, kind: Format, salon: str) -> np.ndarray:
    """One card: uint8 (height, width, 3) RGB."""
    width, height = kind.size
    ground, ink, muted = (PAPER, GROUND, RAISED) if kind.paper else (GROUND, INK, MUTED)
    sheet = np.full((height, width, 3), ground, np.uint8)
    surface = pygame.image.frombuffer(sheet.data, kind.size, "RGB")  # draws straight into the array
    across, down = width - 2 * kind.edge, height - kind.top - kind.bottom
    if kind.stylist and look.note is not None and look.note.says_anything:
        strip = strip_of(look.note, across, round(_NOTES * kind.letters))
        surface.blit(strip, (kind.edge, height - kind.edge - strip.get_height()))
        down -= strip.get_height() + kind.edge
    wide, tall = ((across - _GAP) // 2, down) if kind.beside else (across, (down - _GAP) // 2)
    rows, columns = (0, wide + _GAP) if kind.beside else (tall + _GAP, 0)
    left, top, part_wide, part_tall = part_about(_size(look.after), look.head, wide / tall)
    unit = kind.letters / 20  # of `overlay.pill`, whose letters are 20 design pixels high
    pair = ((look.before, Message("Before")), (look.after, Message("After")))
    for number, (picture, words) in enumerate(pair):
        column = 1 - number if right_to_left() else number
        x, y = kind.edge + column * columns, kind.top + number * rows
        spot = pygame.Rect(x, y, wide, tall)
        part = picture[top : top + part_tall, left : left + part_wide]
        how = cv2.INTER_AREA if tall < part_tall else cv2.INTER_CUBIC
        cv2.resize(part, (wide, tall), sheet[y : y + tall, x : x + wide], interpolation=how)
        pills = [overlay.pill(words, unit, wide)]
        if number:
            pills.append(overlay.pill(look.mark, unit * 0.85, wide, "note"))
        for place, pill in enumerate(pills):
            lies = pill.get_rect(topleft=(x + _GAP, y + _GAP))
            if place:
                lies.bottom = y + tall - _GAP
            surface.blit(pill, turned(lies, spot))
    line = kind.top + down + kind.letters // 2
    for said, size, colour in ((look.style, 1.25 * kind.letters, ink), (Said(salon), kind.letters, muted)):
        shown, fits = fitted(said, round(size), across, round(size * 2 / 3))
        if shown:
            drawn = text(shown, fits, colour)
            surface.blit(drawn, turned(drawn.get_rect(topleft=(kind.edge, line)), width))
            line += round(drawn.get_height() * 1.1)
    return sheet


def _size(image: np.ndarray) -> tuple[int, int]:
    return image.shape[1], image.shape[0]
