"""Scene: the kiosk as one panel over the window. It draws the state and hears events first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk.album import Album, Item, items_of
from mirror.app.kiosk.attract import Attract, IdleContent
from mirror.app.kiosk.comparison import Compare
from mirror.app.kiosk.consent import Consent
from mirror.app.kiosk.failsafe import Failsafe
from mirror.app.kiosk.goodbye import Goodbye
from mirror.app.kiosk.idle_timer import Idle
from mirror.app.kiosk.kept_pictures import FOLDER, Kept
from mirror.app.kiosk.marked_styles import Marked
from mirror.app.kiosk.staff_menu import Staff
from mirror.app.kiosk.state_machine import LIVE, Machine
from mirror.app.kiosk.tablet import Tablet
from mirror.app.kiosk.try_on import TryOn
from mirror.app.kiosk.visit import Visit
from mirror.app.printing.print_sheet import PrintSheet
from mirror.app.screen import View, Window, Wish
from mirror.app.screen.typeface import speak
from mirror.app.touch import layout
from mirror.app.touch.pin_lock import Lock
from mirror.translation.catalogue import Words

if TYPE_CHECKING:
    from mirror.settings.options import Settings

_TOUCHES = (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN)
_CLOSING = (pygame.QUIT, pygame.WINDOWCLOSE)


class Scene:
    """A `mirror.app.screen.Panel`. The states find here what they need.

    Args:
        window: the panel puts itself into it.
        visit: what a visitor brings to life.
        settings: idle, language, pin, pictures, keep_days, tablet, suggest, and the salon's name.
        content: what is seen while nobody is here.
        summary: rows for the staff.
        words: the language, which visitors may change; None: of the settings.

    Attributes:
        words, idle, machine, staff, kept, printing, marked: what the states share.
        left: somebody who may left.
        tablet: the stylist's; None: there is none.
        suggests: whether styles are suggested for a visitor's face.
        watched: whether the settings allow one, as visitors are told.
    """

    def __init__(
        self,
        window: Window,
        visit: Visit,
        settings: Settings,
        content: IdleContent,
        summary: tuple[tuple[str, str], ...] = (),
        clock: Callable[[], float] = time.monotonic,
        words: Words | None = None,
    ) -> None:
        self.window, self.visit = window, visit
        self.kept = Kept(settings.pictures_folder / FOLDER, settings.keep_days)
        self.words, self.idle = words or Words(settings.language), Idle(settings.idle)
        speak(self.words)  # the names of the styles, too
        self._lock = Lock(settings.pin)
        self.staff = Staff(self, self._lock, summary)
        self.printing = PrintSheet(self.words, settings.print, self._lock)
        self.marked = Marked()
        self.machine = Machine(
            {
                "attract": Attract(self, content, settings.share.name),
                "consent": Consent(self),
                "try": TryOn(self),
                "compare": Compare(self),
                "album": Album(self),
                "goodbye": Goodbye(self),
                "failsafe": Failsafe(self),
            }
        )
        self._left = False
        self.tablet: Tablet | None = None
        self.watched = settings.tablet.allow
        self.suggests = settings.suggest is True  # unasked a kiosk judges nobody's face
        window.bare = True
        window.panels.append(self)
        self.machine.start(clock())

    @property
    def live(self) -> bool:
        """Whether the camera is wanted now."""
        return self.machine.name in LIVE

    def mine(self) -> list[Path]:
        """The pictures that this visitor kept and that are still there."""
        return self.kept.there(self.visit.saved)

    def items(self) -> list[Item]:
        """The same, and what of theirs can be fetched without being on the disk."""
        return items_of(self)

    def delete(self, items: list[Item]) -> None:
        """Deletes some of the visitor's, from the disk and for their phone."""
        self.kept.delete([item.path for item in items if item.path is not None])
        made = [item.made for item in items if item.made is not None]
        if made and self.visit.keepsakes is not None:
            self.visit.keepsakes.delete(made)

    @property
    def left(self) -> bool:
        return self._left or self.staff.left

    def step(self, now: float) -> None:
        """What time brings, once a round."""
        self.staff.step(now)
        if self.visit.keepsakes is not None:
            deleted = self.visit.keepsakes.tend()
            if deleted:
                self.kept.delete(deleted)
        if self.tablet is not None:
            self.tablet.act(self, now)
        self.machine.step(now)

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """See `mirror.app.screen.Panel`. Measures in its own unit, see `layout`."""
        self.machine.state.draw(screen, view, now)
        missed = self.live and (self.visit.last is not None or self.machine.name == "album")
        left = self.idle.countdown(now) if missed else None
        if left is not None:
            self._ask(screen, left)
        self.staff.draw(screen, now)
        if self.tablet is not None:
            self.tablet.show(self, view, now)
        layout.moved(screen, layout.shift(now))

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """See `mirror.app.screen.Panel`. What no state wants reaches nobody but, in `try`, the strip."""
        away = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE and not self.printing.open
        if event.type in _CLOSING or away:
            # Without a PIN nobody is kept in.
            self._left = self._left or not self._lock.there
            if event.type in _CLOSING:
                return True
        if event.type == pygame.WINDOWMINIMIZED:
            self.window.restore()
        if event.type in _TOUCHES:
            self.idle.touched(now)
        event = _where_it_was_drawn(event, layout.shift(now))
        if self.staff.hear(event, now):
            return True
        heard = self.machine.state.hear(event, now)
        if isinstance(heard, str):
            self.machine.go(heard, now)
            return True
        return heard

    def _ask(self, screen: pygame.Surface, left: int) -> None:
        unit = layout.unit_of(screen.get_size())
        across = screen.get_width() / unit
        wide = min(across - 48, 760.0)
        lines = ((self.words("still_there"), layout.HEADING, layout.ACCENT),
                 (self.words("countdown", seconds=left), layout.LARGE, layout.INK))  # fmt: skip
        tall = sum(layout.room_of(words, size, wide - 44, unit).height for words, size, _ in lines)
        place = pygame.Rect(0, 0, round(wide * unit), tall + round(16 * unit))
        place.midtop = (screen.get_width() // 2, round(screen.get_height() * 0.3))
        layout.sheet(screen, place)
        y = place.top / unit + 14
        for words, size, colour in lines:
            spot = layout.line(screen, words, size, (across / 2, y), colour, width=wide - 44)
            y = spot.bottom / unit + 8


def _where_it_was_drawn(event: pygame.event.Event, by: tuple[int, int]) -> pygame.event.Event:
    """The event as if nothing had been moved against burn-in."""
    if "pos" not in event.dict or event.type not in (
        pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION,
    ):  # fmt: skip
        return event
    x, y = event.dict["pos"]
    return pygame.event.Event(event.type, {**event.dict, "pos": (x - by[0], y - by[1])})
