"""Course strip: a year of hair side by side, one row without treatment, one with; one moment, one person.

Main thread: the words on it are drawn with Pygame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pygame

from mirror.app.screen.design import GROUND, INK, MUTED, Colour
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, right_to_left, text
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
    course: Course, width: int, ink: tuple[Colour, Colour, Colour] = (GROUND, INK, MUTED)
) -> np.ndarray:
    """The strip: uint8 (H, width, 3) RGB.

    Args:
        width: pixels.
        ink: colours of the ground, of words, and of words beside the matter.
    """
    ground, words, quiet = ink
    gap, letters = max(2, width // 240), max(14, width // 62)
    wide = (width - gap * (len(MONTHS) - 1)) // len(MONTHS)
    tall, line = round(wide / ASPECT), round(letters * 1.7)
    told = text(TELLS, letters, words, width)
    why = text(NOTHING, letters, words, width) if course.alike else None
    above = 0 if why is None else why.get_height() + gap
    height = above + line + 2 * (tall + line) + gap + told.get_height()
    sheet = np.full((height, width, 3), ground, np.uint8)
    surface = pygame.image.frombuffer(sheet.data, (width, height), "RGB")
    x, y, across, down = head_part(course)
    lefts = [number * (wide + gap) for number in range(len(MONTHS))]
    if right_to_left():
        lefts.reverse()
    for left, month in zip(lefts, MONTHS, strict=True):
        drawn = text(*fitted(month_words(month, course.shown), letters, wide), quiet)
        surface.blit(drawn, drawn.get_rect(center=(left + wide // 2, above + line // 2)))
    if why is not None:
        surface.blit(why, turned(why.get_rect(topleft=(0, 0)), width))
    top = above + line
    for called, pictures in zip(_ROWS, course.rows, strict=True):
        drawn = text(*fitted(called, letters, width), words)
        surface.blit(drawn, turned(drawn.get_rect(midleft=(0, top + line // 2)), width))
        top += line
        for left, picture in zip(lefts, pictures, strict=True):
            part = picture[y : y + down, x : x + across]
            how = cv2.INTER_AREA if wide < across else cv2.INTER_CUBIC
            cv2.resize(part, (wide, tall), sheet[top : top + tall, left : left + wide], interpolation=how)
        top += tall
    surface.blit(told, turned(told.get_rect(topleft=(0, top + gap)), width))
    return sheet
