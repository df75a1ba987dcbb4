"""Idle show: the portraits of styles, one passing over into the next, while nobody is here.

They are decoded and made as large as they are shown in a thread of their own; the loop only lays one or two
ready pictures on the screen.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pygame

from mirror.app.background_jobs import Errands
from mirror.app.kiosk.idle_portraits import Portrait
from mirror.core.easing import eased, slow

log = logging.getLogger("mirror.app.kiosk")


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    number: int
    picture: pygame.Surface


class IdleShow:
    """One portrait after the other. Main thread.

    Args:
        portraits: at least one.
        seconds: that each stays; 0: the first stays, and nothing moves until somebody was here.

    Example:
        show = IdleShow(portraits, 8.0)
        show.draw(screen, place, now)      # whenever the window is drawn
        show.forget()                      # somebody is here: nothing of it stays in memory
    """

    def __init__(self, portraits: Sequence[Portrait], seconds: float) -> None:
        self._portraits, self._seconds = list(portraits), seconds
        self._errands = Errands()
        self._next = 0  # number of the portrait that is made next
        self._made: _Ready | None = None  # by the thread
        self._shown: _Ready | None = None
        self._coming: _Ready | None = None
        self._seen: _Ready | None = None
        self._since = 0.0
        self._place = (0, 0)
        self._round = 0
        self._bad: set[int] = set()  # cannot be read

    @property
    def name(self) -> str:
        """Of the style that is seen most of, as it was last drawn; "" while there is none."""
        return "" if self._seen is None else self._portraits[self._seen.number].name

    def draw(self, screen: pygame.Surface, place: pygame.Rect, now: float) -> None:
        """Draws it over a place, pixels; seconds of one clock. Nothing until the first is ready."""
        if place.size != self._place:
            self.forget()
            self._place = place.size
        self._go_on(now)
        self._seen = self._shown
        if self._shown is None:
            return
        screen.blit(self._shown.picture, place)
        if self._coming is not None and (share := self._share(now)) is not None:
            self._coming.picture.set_alpha(round(255 * share))
            screen.blit(self._coming.picture, place)
            self._seen = self._coming if share >= 0.5 else self._shown

    def forget(self) -> None:
        """Lets the pictures go; it goes on later with the one after them."""
        self._round += 1
        self._made = self._shown = self._coming = self._seen = None
        self._place = (0, 0)

    def _share(self, now: float) -> float | None:
        """How far it has passed over into the next, 0 to 1; None before that, and when it has."""
        return eased(now - self._since - self._seconds, self._fade) if self._seconds else None

    @property
    def _fade(self) -> float:
        return slow(3 * self._seconds) if self._seconds else math.inf

    def _go_on(self, now: float) -> None:
        made, self._made = self._made, None
        if made is not None and self._shown is None:
            self._shown, self._since = made, now
        elif made is not None:
            self._coming = made
            # Where it took long it begins now, from nothing.
            self._since = max(self._since, now - self._seconds)
        if self._coming is not None and now - self._since >= self._seconds + self._fade:
            self._coming.picture.set_alpha(None)
            self._shown, self._coming, self._since = self._coming, None, now
        good = [number for number in range(len(self._portraits)) if number not in self._bad]
        wanted = self._shown is None or (self._coming is None and self._seconds > 0 and len(good) > 1)
        if wanted and good and not self._errands.busy and self._made is None:
            number = next((one for one in good if one >= self._next), good[0])
            size, asked, self._next = self._place, self._round, number + 1
            self._errands.send(lambda: self._make(number, size, asked))

    def _make(self, number: int, size: tuple[int, int], asked: int) -> None:
        """In the thread. One that cannot be read is said, and the next has its turn."""
        portrait = self._portraits[number]
        try:
            picture = _fitted(portrait.read(), size)
        except (OSError, ValueError) as error:
            self._bad.add(number)
            log.warning("The portrait of '%s' is not shown (%s).", portrait.name, error)
            return
        if asked == self._round:
            self._made = _Ready(number, picture)


def _fitted(image: np.ndarray, size: tuple[int, int]) -> pygame.Surface:
    """The middle of a picture, uint8 (H, W, 3) RGB, as large as it has to be to fill a place."""
    height, width = image.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    wide, tall = min(width, round(size[0] / scale)), min(height, round(size[1] / scale))
    left, top = (width - wide) // 2, (height - tall) // 2
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    part = cv2.resize(image[top : top + tall, left : left + wide], size, interpolation=how)
    # As screens keep pixels: laid on it is then a copy.
    picture = pygame.Surface(size, 0, 32)
    picture.blit(pygame.image.frombuffer(part.tobytes(), size, "RGB"), (0, 0))
    return picture
