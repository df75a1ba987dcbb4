"""Overlay: the quiet panels over the picture. Heads-up figures, keys, lines of text, loading.

Each function makes one panel as a surface and keeps it while nothing about it changes. `unit` is the
size of one design pixel: 1.0 in a window 720 pixels high. Behind every text lies enough dark that it
keeps a contrast of 4.5 to 1 on a white picture.
"""

from __future__ import annotations

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import HELP, SPELLED
from mirror.app.screen.typeface import ACCENT, GROUND, INK, MUTED, Colour, has, spoken, text

# Dark behind text: white on white comes to 8 to 1, MUTED on white to 5.3 to 1.
BACKING = 0.74
_LINE: Colour = (98, 96, 92)
_KEYCAP: Colour = (84, 82, 78)
_SMALLEST_HELP = 0.2  # of its usual size, in the smallest of windows
# The buttons of the rail, by the keys that do the same.
_SIGNS = {
    "R": "dice", "Backspace": "back", "Space": "person", "T": "sliders", "X": "split", "G": "grid",
    "/": "search", "F": "star_outline", "S": "camera", "V": "film", "K": "cards", "M": "mirror",
    "F11": "corners", "D": "gauge", "H": "help",
}  # fmt: skip


def unit_of(size: tuple[int, int]) -> float:
    """The design pixel of a window (width, height): by its height, less in one narrower than 4:3."""
    return max(0.6, min(size[1], size[0] * 0.75) / 720)


def px(unit: float, design: float) -> int:
    """Whole screen pixels of a design length, at least 1."""
    return max(1, round(unit * design))


@spoken(maxsize=32)
def pill(words: str, unit: float, width: int, dot: Colour | None = None) -> pygame.Surface:
    """A line of text (more, where it is wider than `width`) on a dark pill, a coloured dot before it."""
    size, pad_x, pad_y = px(unit, 20), px(unit, 20), px(unit, 11)
    dot_side = px(unit, 11)
    lead = dot_side + px(unit, 12) if dot else 0
    words_surface = text(words, size, INK, max(size * 8, width - 2 * pad_x - lead))
    inner_w, inner_h = words_surface.get_size()
    panel = _panel(inner_w + lead + 2 * pad_x, inner_h + 2 * pad_y, px(unit, 22))
    if dot:
        first_line = min(inner_h, round(size * 1.25))
        spot = shapes.box(dot_side, dot_side, dot_side / 2, dot)
        panel.blit(spot, (pad_x, pad_y + (first_line - dot_side) // 2))
    panel.blit(words_surface, (pad_x + lead, pad_y))
    return panel


@spoken(maxsize=4)
def figures(rows: tuple[tuple[str, str], ...], unit: float, width: int) -> pygame.Surface:
    """The heads-up display: names on the left, values on the right of them."""
    size, pad, gap = px(unit, 17), px(unit, 18), px(unit, 7)
    names = [text(name, size, MUTED) for name, _ in rows]
    column = max(name.get_width() for name in names) + px(unit, 18)
    values = [text(value, size, INK, max(size * 6, width - column - 2 * pad)) for _, value in rows]
    heights = [max(a.get_height(), b.get_height()) for a, b in zip(names, values, strict=True)]
    inner = column + max(max(value.get_width() for value in values), size * 9)
    panel = _panel(inner + 2 * pad, sum(heights) + gap * (len(rows) - 1) + 2 * pad, px(unit, 16))
    y = pad
    for left, right, height in zip(names, values, heights, strict=True):
        panel.blit(left, (pad, y))
        panel.blit(right, (pad + column, y))
        y += height + gap
    return panel


@spoken(maxsize=8)
def key_help(unit: float, columns: int) -> pygame.Surface:
    """The card behind the H key, its rows in one column or in more: a button's sign, the key, the words."""
    size, pad, gap = px(unit, 19), px(unit, 28), px(unit, 11)
    cap_h, between, aside, apart = px(unit, 34), px(unit, 7), px(unit, 18), px(unit, 44)
    sign = px(unit, 24)
    each = -(-len(HELP) // columns)
    rows = []
    for names, words in HELP:
        shown = names if has("".join(names)) else tuple(SPELLED.get(name, name) for name in names)
        rows.append(
            (_SIGNS.get(names[0]), _keycaps(shown, size, cap_h, between, unit), text(words, size, INK))
        )
    blocks = [rows[first : first + each] for first in range(0, len(rows), each)]
    caps_w = [max(caps.get_width() for _, caps, _ in block) for block in blocks]
    words_w = [max(words.get_width() for _, _, words in block) for block in blocks]
    inner_w = sum(caps_w) + sum(words_w) + (sign + 2 * aside) * len(blocks) + apart * (len(blocks) - 1)
    panel = _panel(inner_w + 2 * pad, cap_h * each + gap * (each - 1) + 2 * pad, px(unit, 22), alpha=0.84)
    x = pad
    for block, caps_room, words_room in zip(blocks, caps_w, words_w, strict=True):
        for line, (name, caps, words_surface) in enumerate(block):
            y = pad + line * (cap_h + gap)
            if name is not None:
                panel.blit(icon(name, sign, MUTED), (x, y + (cap_h - sign) // 2))
            panel.blit(caps, (x + sign + aside + caps_room - caps.get_width(), y))
            down = (cap_h - words_surface.get_height()) // 2
            panel.blit(words_surface, (x + sign + 2 * aside + caps_room, y + down))
        x += sign + 2 * aside + caps_room + words_room + apart
    return panel


@spoken(maxsize=4)
def fitted_help(unit: float, width: int, height: int) -> pygame.Surface:
    """The card of keys as it fits a room: in as many columns as leave its type largest, at most usual."""

    def scale(card: pygame.Surface) -> float:
        return min(1.0, width / card.get_width(), height / card.get_height())

    columns = max((2, 1, 3), key=lambda number: scale(key_help(unit, number)))
    card, smaller = key_help(unit, columns), 1.0
    while scale(card) < 1.0 and smaller > _SMALLEST_HELP:
        smaller *= max(min(scale(card), 0.98), 0.5)  # type has whole pixels: it may take more than one step
        card = key_help(unit * smaller, columns)
    return card


@spoken(maxsize=8)
def loading(title: str, words: str, share: float, unit: float, backed: bool) -> pygame.Surface:
    """A calm progress bar under the words; on a dark card where a picture lies behind it (`backed`)."""
    pad, bar_w, bar_h = px(unit, 34), px(unit, 340), px(unit, 6)
    lines = [text(title, px(unit, 40), INK)] if title else []
    lines.append(text(words, px(unit, 20), MUTED, px(unit, 520), True))
    gaps = [px(unit, 14)] * (len(lines) - 1) + [px(unit, 26)]
    width = max(bar_w, *(line.get_width() for line in lines)) + 2 * pad
    height = sum(line.get_height() for line in lines) + sum(gaps) + bar_h + 2 * pad
    panel = _panel(width, height, px(unit, 22), alpha=BACKING if backed else 0.0)
    y = pad
    for line, gap in zip(lines, gaps, strict=True):
        panel.blit(line, ((width - line.get_width()) // 2, y))
        y += line.get_height() + gap
    left = (width - bar_w) // 2
    panel.blit(shapes.box(bar_w, bar_h, bar_h / 2, _LINE), (left, y))
    done = round(bar_w * min(max(share, 0.0), 1.0))
    if done >= bar_h:
        panel.blit(shapes.box(done, bar_h, bar_h / 2, ACCENT), (left, y))
    return panel


def _keycaps(names: tuple[str, ...], size: int, height: int, between: int, unit: float) -> pygame.Surface:
    letters = [text(name, size, INK) for name in names]
    widths = [max(height, letter.get_width() + px(unit, 20)) for letter in letters]
    row = pygame.Surface((sum(widths) + between * (len(names) - 1), height), pygame.SRCALPHA)
    x = 0
    for letter, width in zip(letters, widths, strict=True):
        row.blit(shapes.box(width, height, px(unit, 8), _KEYCAP), (x, 0))
        row.blit(letter, (x + (width - letter.get_width()) // 2, (height - letter.get_height()) // 2))
        x += width + between
    return row


def _panel(width: int, height: int, radius: int, alpha: float = BACKING) -> pygame.Surface:
    """A dark rounded ground to draw on: a copy, for the cached one is shared."""
    return shapes.box(width, height, radius, GROUND, alpha).copy()
