"""Overlay: the quiet panels over the picture. Heads-up figures, keys, lines of text, loading.

Each function makes one panel as a surface and keeps it while nothing about it changes. `unit` is the
size of one design pixel: 1.0 in a window 720 pixels high. Behind every text lies enough dark that it
keeps a contrast of 4.5 to 1 on a white picture.
"""

from __future__ import annotations

import pygame

from mirror.app.screen import icons, shapes
from mirror.app.screen.controls import draw_bar
from mirror.app.screen.design import (
    CORNER_KEY,
    CORNER_PANEL,
    GAP,
    GROUND,
    INK,
    MARGIN,
    MUTED,
    NEAR,
    PRESSED,
    SCRIM,
    SHEET,
    SMALL,
    TIGHT,
    WIDE,
    px,
)
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import HELP
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import line_height, spoken, text

_SMALLEST_HELP = 0.2  # of its usual size, in the smallest of windows
# The buttons of the rail, by the keys that do the same.
_SIGNS = {
    "R": "dice", "Backspace": "back", "Space": "person", "T": "sliders", "X": "split", "G": "grid",
    "/": "search", "L": "filter", "Y": "bulb", "F": "star_outline", "S": "camera", "V": "film", "K": "cards",
    "M": "mirror", "F11": "corners", "D": "gauge", "H": "help",
}  # fmt: skip


@spoken(maxsize=32)
def pill(words: str, unit: float, width: int, sign: str | None = None) -> pygame.Surface:
    """A line of text (more, where it is wider than `width`) on a dark pill; before it a sign, see `icons`."""
    size, pad_x, pad_y = px(unit, NEAR.body), px(unit, 18), px(unit, SMALL)
    side = px(unit, 14)
    lead = side + px(unit, 10) if sign else 0
    words_surface = text(words, size, INK, max(size * 8, width - 2 * pad_x - lead))
    inner_w, inner_h = words_surface.get_size()
    panel = _panel(inner_w + lead + 2 * pad_x, inner_h + 2 * pad_y, px(unit, CORNER_PANEL))
    whole = panel.get_width()
    if sign:
        spot = pygame.Rect(pad_x, pad_y + (line_height(size) - side) // 2, side, side)
        panel.blit(icons.sign(sign, side), turned(spot, whole))
    panel.blit(words_surface, turned(pygame.Rect(pad_x + lead, pad_y, inner_w, inner_h), whole))
    return panel


@spoken(maxsize=16)
def caption(words: str, size: int, unit: float, width: int) -> pygame.Surface:
    """What a tour says, in type of `size` pixels, on a dark ground of at most `width`; its lines centred."""
    pad_x, pad_y = px(unit, WIDE), px(unit, GAP)
    lines = text(words, size, INK, max(size * 4, width - 2 * pad_x), True)
    panel = _panel(lines.get_width() + 2 * pad_x, lines.get_height() + 2 * pad_y, px(unit, CORNER_PANEL))
    panel.blit(lines, (pad_x, pad_y))
    return panel


@spoken(maxsize=4)
def figures(rows: tuple[tuple[str, str], ...], unit: float, width: int) -> pygame.Surface:
    """The heads-up display: names, and the values beside them."""
    size, pad, gap = px(unit, NEAR.caption), px(unit, MARGIN), px(unit, SMALL)
    names = [text(name, size, MUTED) for name, _ in rows]
    column = max(name.get_width() for name in names) + px(unit, MARGIN)
    values = [text(value, size, INK, max(size * 6, width - column - 2 * pad)) for _, value in rows]
    heights = [max(a.get_height(), b.get_height()) for a, b in zip(names, values, strict=True)]
    inner = column + max(max(value.get_width() for value in values), size * 9)
    panel = _panel(inner + 2 * pad, sum(heights) + gap * (len(rows) - 1) + 2 * pad, px(unit, CORNER_PANEL))
    y = pad
    for left, right, height in zip(names, values, heights, strict=True):
        _put(panel, left, (pad, y))
        _put(panel, right, (pad + column, y))
        y += height + gap
    return panel


@spoken(maxsize=8)
def key_help(unit: float, columns: int, dense: bool = False) -> pygame.Surface:
    """The card behind the H key, its rows in one column or in more: a button's sign, the key, the words.

    Args:
        dense: rows close to each other, in the smallest type, for a small window.
    """
    size, pad, gap = px(unit, NEAR.body), px(unit, WIDE), px(unit, SMALL)
    cap_h, between, aside, apart = px(unit, 34), px(unit, SMALL), px(unit, MARGIN), px(unit, 40)
    sign = px(unit, WIDE)
    if dense:
        size, pad, gap, between, apart = px(unit, NEAR.caption), px(unit, SMALL), 1, px(unit, TIGHT), pad
        cap_h, aside = line_height(size), px(unit, SMALL)
        sign = min(sign, cap_h)
    each = -(-len(HELP) // columns)
    rows = [
        (_SIGNS.get(names[0]), _keycaps(names, size, cap_h, between, unit), text(words, size, INK))
        for names, words in HELP
    ]
    blocks = [rows[first : first + each] for first in range(0, len(rows), each)]
    caps_w = [max(caps.get_width() for _, caps, _ in block) for block in blocks]
    words_w = [max(words.get_width() for _, _, words in block) for block in blocks]
    inner_w = sum(caps_w) + sum(words_w) + (sign + 2 * aside) * len(blocks) + apart * (len(blocks) - 1)
    tall = cap_h * each + gap * (each - 1) + 2 * pad
    panel = _panel(inner_w + 2 * pad, tall, px(unit, CORNER_PANEL), SHEET)
    x = pad
    for block, caps_room, words_room in zip(blocks, caps_w, words_w, strict=True):
        for line, (name, caps, words_surface) in enumerate(block):
            y = pad + line * (cap_h + gap)
            if name is not None:
                _put(panel, icon(name, sign, MUTED), (x, y + (cap_h - sign) // 2))
            _put(panel, caps, (x + sign + aside + caps_room - caps.get_width(), y))
            down = (cap_h - words_surface.get_height()) // 2
            _put(panel, words_surface, (x + sign + 2 * aside + caps_room, y + down))
        x += sign + 2 * aside + caps_room + words_room + apart
    return panel


@spoken(maxsize=4)
def fitted_help(unit: float, width: int, height: int) -> tuple[pygame.Surface, int]:
    """The card of keys as it fits a room, and the size of its type in pixels.

    It has as many columns as leave its type largest, at most usual, and its rows close to each other where it
    would be smaller than all else.
    """

    def scale(card: pygame.Surface) -> float:
        return min(1.0, width / card.get_width(), height / card.get_height())

    columns = max((2, 1, 3), key=lambda number: scale(key_help(unit, number)))
    card, least, most = key_help(unit, columns), _SMALLEST_HELP, 1.0
    if scale(card) == 1.0:
        return card, px(unit, NEAR.body)
    for _ in range(7):  # type has whole pixels: how large it may be is not in proportion
        fits = (least + most) / 2
        least, most = (fits, most) if scale(key_help(unit * fits, columns)) == 1.0 else (least, fits)
    if px(unit * least, NEAR.body) < px(unit, NEAR.caption):
        for number in (1, 2, 3):
            card = key_help(unit, number, True)
            if scale(card) == 1.0:
                return card, px(unit, NEAR.caption)
    return key_help(unit * least, columns), px(unit * least, NEAR.body)


@spoken(maxsize=8)
def loading(title: str, words: str, share: float, unit: float, backed: bool) -> pygame.Surface:
    """A calm progress bar under the words; on a dark card where a picture lies behind it (`backed`)."""
    pad, bar_w, bar_h = px(unit, 32), px(unit, 340), px(unit, 6)
    lines = [text(title, px(unit, NEAR.title), INK)] if title else []
    lines.append(text(words, px(unit, NEAR.body), MUTED, px(unit, 520), True))
    gaps = [px(unit, GAP)] * (len(lines) - 1) + [px(unit, WIDE)]
    width = max(bar_w, *(line.get_width() for line in lines)) + 2 * pad
    height = sum(line.get_height() for line in lines) + sum(gaps) + bar_h + 2 * pad
    panel = _panel(width, height, px(unit, CORNER_PANEL), SCRIM if backed else 0.0)
    y = pad
    for line, gap in zip(lines, gaps, strict=True):
        panel.blit(line, ((width - line.get_width()) // 2, y))
        y += line.get_height() + gap
    draw_bar(panel, pygame.Rect((width - bar_w) // 2, y, bar_w, bar_h), share)
    return panel


def _keycaps(names: tuple[str, ...], size: int, height: int, between: int, unit: float) -> pygame.Surface:
    letters = [text(name, size, INK) for name in names]
    widths = [max(height, letter.get_width() + px(unit, 20)) for letter in letters]
    row = pygame.Surface((sum(widths) + between * (len(names) - 1), height), pygame.SRCALPHA)
    x = 0
    for letter, width in zip(letters, widths, strict=True):
        row.blit(shapes.box(width, height, px(unit, CORNER_KEY), PRESSED), (x, 0))
        row.blit(letter, (x + (width - letter.get_width()) // 2, (height - letter.get_height()) // 2))
        x += width + between
    return row


def _put(panel: pygame.Surface, what: pygame.Surface, at: tuple[int, int]) -> None:
    """Draws at a place of a panel, which is turned round where lines begin at the right."""
    panel.blit(what, turned(what.get_rect(topleft=at), panel.get_width()))


def _panel(width: int, height: int, radius: int, alpha: float = SCRIM) -> pygame.Surface:
    """A dark rounded ground to draw on: a copy, for the cached one is shared."""
    return shapes.box(width, height, radius, GROUND, alpha).copy()
