"""Printing: how many copies; more than a visitor may have need the PIN."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.background_jobs import Errands
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.kiosk.keepsakes import Keepsake
from mirror.app.kiosk.pin_lock import Lock
from mirror.app.kiosk.pin_pad import pad_key, pad_places, typed_on
from mirror.app.sharing.printing import print_card
from mirror.core.errors import MirrorError
from mirror.settings.tables import Print

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

log = logging.getLogger("mirror.app.kiosk")

_WIDE, _TALL, _PAD_WIDE, _PAD_TALL = 620.0, 420.0, 540.0, 630.0  # units


class PrintSheet:
    """A sheet over the album: less, more, print. The PIN pad for more than `free` in one visit.

    Args:
        scene: words, and the window's size.
        settings: printer, free and most copies.
        lock: of the kiosk's PIN; wrong tries here count with those of the staff's menu.
    """

    def __init__(self, scene: Scene, settings: Print, lock: Lock) -> None:
        self._scene, self._settings, self._lock = scene, settings, lock
        self._buttons, self._errands = Buttons("print_now", "ok"), Errands()
        self._made: Keepsake | None = None
        self._copies, self._printed, self._said = 1, 0, ""
        self._typed: str | None = None  # None: no PIN is asked for

    @property
    def open(self) -> bool:
        """Whether it lies over the album."""
        return self._made is not None

    @property
    def most(self) -> int:
        """Copies that can be asked for at once: where there is no PIN, nobody gets more than is free."""
        free = max(0, self._settings.free - self._printed)
        return self._settings.most if self._lock.there else min(free, self._settings.most)

    def offers(self, made: Keepsake | None) -> bool:
        """Whether a keepsake can be printed."""
        return self._settings.printer is not None and made is not None and bool(made.paper) and self.most > 0

    def begin(self, made: Keepsake) -> None:
        """Opens for a keepsake."""
        self._made, self._copies, self._typed, self._said = made, 1, None, ""

    def close(self) -> None:
        """Closes."""
        self._made = self._typed = None

    def forget(self) -> None:
        """Another visitor, with free copies of their own."""
        self.close()
        self._printed = 0

    def draw(self, screen: pygame.Surface, now: float) -> None:
        """Draws itself, while it is open."""
        if self._made is None:
            return
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        wide, tall = (_PAD_WIDE, _PAD_TALL) if self._typed is not None else (_WIDE, _TALL)
        left, top = (size[0] / unit - wide) / 2, (size[1] / unit - tall) / 2
        layout.modal(screen, pygame.Rect(*(round(v * unit) for v in (left, top, wide, tall))))
        middle = left + wide / 2
        if self._typed is None:
            title = words.counted("print_copies", self._copies)
            layout.line(screen, title, layout.LARGE, (middle, top + 34), layout.ACCENT, width=wide - 40)
            said = self._said or (words("print_staff") if self._needs_pin else words("print_what"))
            layout.line(screen, said, layout.BODY, (middle, top + 96), width=wide - 60)
        else:
            wait = self._lock.wait(now)
            said = words("locked", seconds=int(-(-wait // 1))) if wait > 0 else self._said or words("pin")
            layout.line(screen, said, layout.BODY, (middle, top + 18), width=wide - 40)
            dots = "•" * len(self._typed) or " "
            layout.line(screen, dots, layout.LARGE, (middle, top + 62), layout.ACCENT)
        self._buttons.turned = self._typed is None  # digits lie as on every telephone
        self._buttons.lay(size, self._places(left, top))
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
                    self._said = self._scene.words("wrong")
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
        return self._printed + self._copies > self._settings.free

    def _print(self) -> None:
        made, copies, words = self._made, self._copies, self._scene.words
        self._typed, self._said = None, words("print_sent")
        if made is None or not made.paper:
            return
        paper = bytearray(made.paper)  # the visit may end, and wipe its own, meanwhile
        self._printed += copies

        def work() -> None:
            try:
                print_card(self._settings, paper, copies)
            except MirrorError as error:
                log.error("%s", error)
                self._printed -= copies
                self._said = words("print_failed")
            finally:
                paper[:] = bytes(len(paper))

        self._errands.send(work)

    def _places(self, left: float, top: float) -> tuple[Place, ...]:
        words = self._scene.words
        if self._typed is not None:
            return pad_places(words, left + 30, top + 118)
        half = (_WIDE - 3 * 30) / 2
        return (
            ("fewer", words("print_fewer"), (left + 30, top + 190, half, 84)),
            ("more", words("print_more"), (left + 60 + half, top + 190, half, 84)),
            ("cancel", words("back"), (left + 30, top + 304, half, 84)),
            ("print_now", words("print"), (left + 60 + half, top + 304, half, 84)),
        )
