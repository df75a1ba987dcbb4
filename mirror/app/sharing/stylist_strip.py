"""Stylist's strip: what was worn on the picture, in a stylist's words, on a part of the card that is theirs.

Of hair alone: nothing in it says anything of a face. Main thread: its words are drawn with Pygame.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import GROUND, INK, LIFTED, Colour
from mirror.app.screen.panels.tray_layout import CALLED
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import lacking, language, text, text_once
from mirror.app.sharing.web.tablet_commands import NOTE
from mirror.hair.styles.dye import NONE, Dye
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.styles.natural_range import LEVELS
from mirror.pipeline.worn_style import ILLUSTRATION, Worn
from mirror.translation.catalogue import Words
from mirror.translation.message import Message, Said, joined

_PAD, _LEADING, _TITLE = 0.75, 0.2, 1.15  # of the size of type: around, between lines, of the title


@dataclass(frozen=True, slots=True)
class StylistNote:
    """What stands on a strip.

    Attributes:
        lines: of what was worn, see `lines_of`.
        when: it was worn, local time.
        remark: a line of the stylist's own, as `plain_line` makes it; "": none.
    """

    lines: tuple[str, ...]
    when: datetime
    remark: str = ""

    @property
    def says_anything(self) -> bool:
        """Whether there is something to be told beside the date."""
        return bool(self.lines or self.remark)


def lines_of(worn: Worn) -> tuple[str, ...]:
    """The style, its colour or pattern, what was changed of it, or the step of hair loss; () for own hair."""
    return tuple(_lines(worn))


def plain_line(said: str) -> str:
    """A line as it can be drawn: one line, of at most `NOTE` letters that the typeface has, nothing hidden.

    Example:
        >>> plain_line("  a\\tb\\n c\\u202e  ")
        'a b c'
    """
    spaced = " ".join(unicodedata.normalize("NFC", said).split())
    seen = "".join(letter for letter in spaced if letter.isprintable())
    missing = set(lacking(seen))
    return " ".join("".join(letter for letter in seen if letter not in missing)[:NOTE].split())


def strip_of(note: StylistNote, width: int, letters: int) -> pygame.Surface:
    """The strip, dark on light as it is written on: so wide, and as high as it needs to be; pixels.

    Args:
        letters: the size of its type, pixels.
    """
    pad, across = round(_PAD * letters), width - 2 * round(_PAD * letters)
    title = text(Message("For the stylist"), round(_TITLE * letters), GROUND, across)
    date = text(Said(Words(language()).moment(note.when)), letters, LIFTED, across)
    beside = title.get_width() + date.get_width() + letters <= across
    rows = [text(line, letters, GROUND, across) for line in note.lines]
    if note.remark:
        # Kept by nobody: it is the visitor's, and goes with them.
        rows.append(text_once(Message("Note: {note}", note=Said(note.remark)), letters, GROUND, across))
    if not beside:
        rows.insert(0, date)
    gap = round(_LEADING * letters)
    tall = 2 * pad + title.get_height() + sum(row.get_height() + gap for row in rows)
    made = shapes.box(width, tall, pad, _PAPER).copy()
    made.blit(title, turned(title.get_rect(topleft=(pad, pad)), width))
    if beside:
        right = date.get_rect(topright=(width - pad, pad + title.get_height() - date.get_height()))
        made.blit(date, turned(right, width))
    y = pad + title.get_height()
    for row in rows:
        made.blit(row, turned(row.get_rect(topleft=(pad, y + gap)), width))
        y += gap + row.get_height()
    return made


_PAPER: Colour = INK


def _lines(worn: Worn) -> Iterator[str]:
    if not worn.name:
        return
    if worn.loss is not None:
        yield Message("Hair loss or regrowth: {step}, {mark}", step=worn.name, mark=ILLUSTRATION)
        return
    if worn.code is None:
        return
    yield Message("Style: {style}", style=worn.name.split(", ")[0])
    yield _colour(worn.shade)
    if worn.edits:
        yield Message("Changed: {changes}", changes=_changes(worn.edits))


def _colour(shade: Dye | None) -> str:
    if shade is None:
        return Message("Colour: {shade}", shade=NONE)
    if isinstance(shade, PatternedDye):
        first, second = (NONE if one is None else one.name for one in (shade.first, shade.second))
        return Message(
            "Pattern: {kind}, {first} + {second}; {share:.0f}% of the hair, from {begins:.0f}% of its length",
            kind=shade.kind,
            first=first,
            second=second,
            share=100 * shade.share,
            begins=100 * shade.begins,
        )
    if any(letter.isdigit() for letter in shade.name):  # it says its level itself
        return Message("Colour: {shade}", shade=shade.name)
    level = min(range(len(LEVELS)), key=lambda at: abs(LEVELS[at].light - shade.light)) + 1
    return Message("Colour: {shade}, about level {level}", shade=shade.name, level=level)


def _changes(edits: Sequence[tuple[str, float]]) -> str:
    told = [Message("{what} {amount:+.0f}%", what=CALLED[axis], amount=100 * by) for axis, by in edits]
    return joined(", ", *told)
