"""Course strip: a year of hair side by side, one row without treatment, one with; one moment, one person.

Main thread: the words on it are drawn with Pygame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import GROUND, INK, MUTED, Colour
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import text
from mirror.app.sharing.cards import Box
from mirror.hair.loss.treatment_course import MONTHS
from mirror.translation.message import Message, counted

ASPECT = 0.86  # of each picture, wide by high: a head with its hair
# Of the head with its hair, that each picture shows: what grows stands above the hair of today.
_ROOM = 1.12
_ROWS = (Message("without treatment"), Message("with treatment, as planned"))
TELLS = Message(
    "An illustration of how it usually goes. It predicts nothing: whether hair grows on your head, and how "
    "much, no picture can tell."
)
NOTHING = Message(
    "Nothing is missing here that could grow, so all pictures are alike. Choose a stage on the slider, or "
    "draw a hairline, and ask again."
)
# A picture is like another if fewer of its pixels, as a share, differ by more than so many levels of 255.
_LIKE, _LEVELS = 0.001, 24
_LEAST = 24  # pixels that a picture is high, however little room there is


@dataclass(frozen=True, slots=True)
class Course:
    """What a strip is made of.

    Attributes:
        today: uint8 (H, W, 3) RGB, what it begins with, as the person saw it.
        without, treated: the same at each of `MONTHS` after the first.
        head: left, top, right and bottom of the whole head with all its hair in them, pixels
            (`mirror.pipeline.head_extent`); None: in the middle.
        shown: it begins with a stage that was shown, not with the hair of today.
    """

    today: np.ndarray
    without: Sequence[np.ndarray]
    treated: Sequence[np.ndarray]
    head: Box | None
    shown: bool = False

    def __post_init__(self) -> None:
        if not len(self.without) == len(self.treated) == len(MONTHS) - 1:
            raise ValueError(
                f"{len(self.without)} and {len(self.treated)} pictures: a row is {len(MONTHS) - 1} and today"
            )

    @property
    def rows(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """The pictures row by row, without treatment first."""
        return (self.today, *self.without), (self.today, *self.treated)

    @property
    def alike(self) -> bool:
        """Whether nothing is seen to grow in it."""
        x, y, wide, tall = head_part(self)
        first = self.today[y : y + tall, x : x + wide]
        return all(
            (cv2.absdiff(first, one[y : y + tall, x : x + wide]).max(2) > _LEVELS).mean() < _LIKE
            for one in self.treated
        )


def head_part(course: Course) -> tuple[int, int, int, int]:
    """Left, top, width and height of the part of all its pictures that shows the head with its hair."""
    height, width = course.today.shape[:2]
    left, top, right, bottom = course.head or (0.0, 0.0, float(width), float(height))
    tall = _ROOM * max(bottom - top, (right - left) / ASPECT)
    tall = min(tall, height, width / ASPECT)
    wide = tall * ASPECT
    x = min(max((left + right) / 2 - wide / 2, 0), width - wide)
    # Of a head that fills the picture the chin is cut sooner than the crown: there hair is lost and grows.
    y = min(max(min((top + bottom) / 2 - tall / 2, top - (_ROOM - 1) / 2 * (bottom - top)), 0), height - tall)
    return int(x), int(y), int(wide), int(tall)


def month_words(month: int, shown: bool = False) -> Message:
    """What a moment of the course is called; `shown`: see `Course`."""
    if month:
        return counted("1 month", "{count} months", month)
    return Message("As shown") if shown else Message("Today")


def strip_of(
    course: Course,
    room: tuple[int, int],
    letters: int,
    ink: tuple[Colour, Colour, Colour] = (GROUND, INK, MUTED),
) -> np.ndarray:
    """The strip, as wide as its room: uint8 (H, W, 3) RGB. Months go down where the room is upright.

    Args:
        room: width and height in pixels, which it fills as far as its pictures' shape allows.
        letters: size of its words, pixels; they are broken into lines where they are long, never smaller.
        ink: colours of the ground, of words, and of words beside the matter.
    """
    ground, words, quiet = ink
    width = room[0]
    told = text(TELLS, letters, words, width)
    why = text(NOTHING, letters, words, width) if course.alike else None
    gap = max(2, width // 240)
    above = 0 if why is None else why.get_height() + gap
    left = room[1] - above - told.get_height() - gap
    laid = (_down if room[1] > width else _across)(course, (width, left), letters, gap, (words, quiet))
    sheet = np.full((above + laid.tall + gap + told.get_height(), width, 3), ground, np.uint8)
    surface = pygame.image.frombuffer(sheet.data, sheet.shape[1::-1], "RGB")
    if why is not None:
        surface.blit(why, turned(why.get_rect(topleft=(0, 0)), width))
    for drawn, spot in laid.words:
        surface.blit(drawn, turned(spot.move(0, above), width))
    x, y, across, down = head_part(course)
    for picture, place in laid.pictures:
        spot = turned(place.move(0, above), width)
        part = picture[y : y + down, x : x + across]
        how = cv2.INTER_AREA if spot.width < across else cv2.INTER_CUBIC
        sheet[spot.top : spot.bottom, spot.left : spot.right] = cv2.resize(part, spot.size, interpolation=how)
    surface.blit(told, turned(told.get_rect(topleft=(0, above + laid.tall + gap)), width))
    return sheet


@dataclass(slots=True)
class _Laid:
    """Where all of it lies, on a sheet whose lines begin at the left, and how high that is; pixels."""

    tall: int
    words: list[tuple[pygame.Surface, pygame.Rect]] = field(default_factory=list)
    pictures: list[tuple[np.ndarray, pygame.Rect]] = field(default_factory=list)


def _size(across: int, down: float) -> tuple[int, int]:
    """Width and height of a picture in a cell, pixels."""
    tall = max(_LEAST, min(down, across / ASPECT))
    return min(across, round(tall * ASPECT)), round(tall)


def _across(
    course: Course, room: tuple[int, int], letters: int, gap: int, inks: tuple[Colour, Colour]
) -> _Laid:
    """Months beside each other, without treatment above with treatment."""
    count = len(MONTHS)
    cell = (room[0] - gap * (count - 1)) // count
    months = [text(month_words(month, course.shown), letters, inks[1], cell, True) for month in MONTHS]
    rows = [text(called, letters, inks[0], room[0]) for called in _ROWS]
    line = max(one.get_height() for one in months)
    spare = room[1] - line - sum(one.get_height() for one in rows)
    wide, tall = _size(cell, spare / len(rows))
    begin = (room[0] - count * wide - gap * (count - 1)) // 2
    lefts = [begin + number * (wide + gap) for number in range(count)]
    # Words have all of a cell, however narrow the pictures are.
    apart = max(wide + gap, max(one.get_width() for one in months) + gap)
    if apart > wide + gap:
        begin = max(0, (room[0] - (count - 1) * apart - wide) // 2)
        lefts = [begin + number * min(apart, cell + gap) for number in range(count)]
    laid = _Laid(line)
    for x, drawn in zip(lefts, months, strict=True):
        laid.words.append((drawn, drawn.get_rect(midtop=(x + wide // 2, 0))))
    for drawn, pictures in zip(rows, course.rows, strict=True):
        laid.words.append((drawn, drawn.get_rect(topleft=(lefts[0], laid.tall))))
        laid.tall += drawn.get_height()
        laid.pictures += [
            (picture, pygame.Rect(x, laid.tall, wide, tall))
            for x, picture in zip(lefts, pictures, strict=True)
        ]
        laid.tall += tall
    return laid


def _down(
    course: Course, room: tuple[int, int], letters: int, gap: int, inks: tuple[Colour, Colour]
) -> _Laid:
    """Months below each other, without treatment beside with treatment."""
    months = [text(month_words(month, course.shown), letters, inks[1], room[0] // 3) for month in MONTHS]
    begin = max(one.get_width() for one in months) + 4 * gap
    cell = (room[0] - begin - gap * (len(_ROWS) - 1)) // len(_ROWS)
    heads = [text(called, letters, inks[0], cell, True) for called in _ROWS]
    laid = _Laid(max(one.get_height() for one in heads))
    wide, tall = _size(cell, (room[1] - laid.tall) / len(MONTHS) - gap)
    for column, drawn in enumerate(heads):
        middle = begin + column * (cell + gap) + cell // 2
        laid.words.append((drawn, drawn.get_rect(midbottom=(middle, laid.tall))))
    for drawn, pictures in zip(months, zip(*course.rows, strict=True), strict=True):
        laid.tall += gap
        laid.words.append((drawn, drawn.get_rect(midleft=(0, laid.tall + tall // 2))))
        laid.pictures += [
            (picture, pygame.Rect(begin + column * (cell + gap) + (cell - wide) // 2, laid.tall, wide, tall))
            for column, picture in enumerate(pictures)
        ]
        laid.tall += tall
    return laid
