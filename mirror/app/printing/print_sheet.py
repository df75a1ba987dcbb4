"""Printing: how many copies; more than a visitor may have need the PIN."""

from __future__ import annotations

import logging

import pygame

from mirror.app.background_jobs import Errands
from mirror.app.printing.printer import Paper, print_out
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place
from mirror.app.touch.pin_lock import Lock
from mirror.app.touch.pin_pad import pad_key, pad_places, typed_on
from mirror.core.errors import MirrorError
from mirror.settings.tables import Print
from mirror.translation.catalogue import Words
from mirror.translation.message import Message

log = logging.getLogger("mirror.app.printing")

_WIDE, _TALL, _PAD_WIDE, _PAD_TALL = 620.0, 420.0, 540.0, 630.0  # units
_PAGE = Message("For the talk with a doctor")
_APART = 16.0  # units between words and buttons
_SAID = 94.0  # units that the words above the buttons have; where they take more, all is higher


class PrintSheet:
    """A sheet over all else: less, more, print. The PIN pad for more than `free` in one visit.

    Args:
        words: the language.
        settings: printer, free and most copies.
        lock: of the kiosk's PIN; wrong tries here count with those of the staff's menu.
        at_home: there are no staff: without a PIN nothing is counted, and what fails is said in full.
    """

    def __init__(self, words: Words, settings: Print, lock: Lock, *, at_home: bool = False) -> None:
        self._words, self._settings, self._lock, self._at_home = words, settings, lock, at_home
        self._buttons, self._errands = Buttons("print_now", "ok"), Errands()
        self._made: Paper | None = None
        self._copies, self._printed, self._said = 1, 0, ""
        self._typed: str | None = None  # None: no PIN is asked for

    @property
    def open(self) -> bool:
        """Whether it is seen."""
        return self._made is not None

    @property
    def most(self) -> int:
        """Copies that can be asked for at once: in a kiosk without a PIN nobody gets more than is free."""
        free = max(0, self._settings.free - self._printed)
        return self._settings.most if self._lock.there or self._at_home else min(free, self._settings.most)

    @property
    def offers(self) -> bool:
        """Whether anything can be printed."""
        return self._settings.printer is not None and self.most > 0

    def begin(self, made: Paper) -> None:
        """Opens for something to print. A page is the sheet's from now on, and wiped when it closes."""
        self.close()
        self._made, self._copies, self._typed, self._said = made, 1, None, ""

    def close(self) -> None:
        """Closes."""
        if self._made is not None and self._made.page:
            self._made.content[:] = bytes(len(self._made.content))
        self._made = self._typed = None

    def forget(self) -> None:
        """Another visitor, with free copies of their own."""
        self.close()
        self._printed = 0

    def draw(self, screen: pygame.Surface, now: float) -> None:
        """Draws itself, while it is open."""
        if self._made is None:
            return
        words, size = self._words, screen.get_size()
        unit = layout.unit_of(size)
        told = self._told(self._made)
        more = max(0.0, layout.height_of(told, layout.BODY, _WIDE - 60, unit) + _APART - _SAID)
        wide, tall = (_PAD_WIDE, _PAD_TALL) if self._typed is not None else (_WIDE, _TALL + more)
        left, top = (size[0] / unit - wide) / 2, (size[1] / unit - tall) / 2
        layout.modal(screen, pygame.Rect(*(round(v * unit) for v in (left, top, wide, tall))))
        middle = left + wide / 2
        if self._typed is None:
            title = words.counted("print_pages" if self._made.page else "print_copies", self._copies)
            layout.line(screen, title, layout.LARGE, (middle, top + 34), layout.ACCENT, width=wide - 40)
            layout.line(screen, told, layout.BODY, (middle, top + 96), width=wide - 60)
        else:
            wait = self._lock.wait(now)
            said = words("locked", seconds=int(-(-wait // 1))) if wait > 0 else self._said or words("pin")
            layout.line(screen, said, layout.BODY, (middle, top + 18), width=wide - 40)
            dots = "•" * len(self._typed) or " "
            layout.line(screen, dots, layout.LARGE, (middle, top + 62), layout.ACCENT)
        self._buttons.turned = self._typed is None  # digits lie as on every telephone
        self._buttons.lay(size, self._places(left, top, top + 96 + _SAID + more))
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> None:
        """Hears everything, while it is open."""
        pressed = self._buttons.hear(event)
        if pressed is None:
            pressed = self._key(event)
        if pressed == "cancel":
            self.close()
        elif pressed in ("fewer", "more"):
            self._copies = min(max(self._copies + (1 if pressed == "more" else -1), 1), max(1, self.most))
            self._said = ""
        elif pressed == "print_now":
            if self._needs_pin:
                self._typed = self._said = ""
            else:
                self._print()
        elif self._typed is not None and pressed == "ok":
            typed, self._typed = self._typed, ""
            if self._lock.wait(now) == 0:
                if self._lock.try_pin(typed, now):
                    self._print()
                else:
                    self._said = self._words("wrong")
        elif self._typed is not None and pressed is not None:
            self._typed = typed_on(self._typed, pressed)

    def _key(self, event: pygame.event.Event) -> str | None:
        """The button that a key stands for."""
        found = pad_key(event)
        if self._typed is not None or found in (None, "cancel"):
            return found
        return "print_now" if found == "ok" else None

    @property
    def _needs_pin(self) -> bool:
        return self._printed + self._copies > self._settings.free and (self._lock.there or not self._at_home)

    def _told(self, made: Paper) -> str:
        if self._said or self._needs_pin:
            return self._said or self._words("print_staff")
        return self._words.said(_PAGE) if made.page else self._words("print_what")

    def _print(self) -> None:
        made, copies, words = self._made, self._copies, self._words
        self._typed, self._said = None, words("print_sent")
        if made is None or not made.content:
            return
        # The visit may end, and wipe its own, meanwhile.
        paper = Paper(bytearray(made.content), made.page)
        self._printed += copies

        def work() -> None:
            try:
                print_out(self._settings, paper, copies)
            except MirrorError as error:
                log.error("%s", error)
                self._printed -= copies
                self._said = words.said(str(error)) if self._at_home else words("print_failed")
            finally:
                paper.content[:] = bytes(len(paper.content))

        self._errands.send(work)

    def _places(self, left: float, top: float, below: float) -> tuple[Place, ...]:
        """The buttons, `below` the words or, of the pad, from the `top` of the sheet; units."""
        words = self._words
        if self._typed is not None:
            return pad_places(words, left + 30, top + 118)
        half = (_WIDE - 3 * 30) / 2
        return (
            ("fewer", words("print_fewer"), (left + 30, below, half, 84)),
            ("more", words("print_more"), (left + 60 + half, below, half, 84)),
            ("cancel", words("back"), (left + 30, below + 114, half, 84)),
            ("print_now", words("print"), (left + 60 + half, below + 114, half, 84)),
        )
