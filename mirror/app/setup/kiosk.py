"""Page: a PIN that keeps visitors of a kiosk away from its settings. May be passed over."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.screen.design import ACCENT, MUTED, NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.settings import kiosk_pin
from mirror.translation.message import Message, Said

_KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "Delete", "0", "OK")
_WORDS = {"Delete": Message("Delete"), "OK": Message("OK")}
_DIGITS = {getattr(pygame, f"K_{prefix}{digit}"): str(digit) for prefix in ("", "KP") for digit in range(10)}


class KioskPage(Page):
    """The PIN is typed twice; only its hash is kept."""

    title = Message("A PIN for the kiosk?")
    about = Message(
        "Where strangers use the mirror, a PIN keeps them out of its settings. At home you need none."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._typed = ""
        self._first: str | None = None  # typed once already
        self._said = ""
        self._good = False

    @property
    def ready(self) -> bool:
        """Not with half a PIN."""
        return not self._typed and self._first is None

    @property
    def hint(self) -> str:
        """How to get out of a half-typed one."""
        return "" if self.ready else Message("Finish with OK, or empty it with Delete")

    def enter(self) -> None:
        """Empty; a PIN that there is stays."""
        self._typed, self._first, self._said = "", None, ""

    def leave(self) -> None:
        """Forgets the digits."""
        self._typed, self._first = "", None

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """A keypad, and a button that takes the PIN away."""
        gap = px(unit, 12)
        tall = min(px(unit, 84), (area.height - 3 * gap) // 4)
        wide = px(unit, 118)
        found = []
        block = pygame.Rect(area.left, area.top, 3 * (wide + gap) - gap, 4 * (tall + gap) - gap)
        for number, name in enumerate(_KEYPAD):
            row, column = divmod(number, 3)
            rect = pygame.Rect(area.left + column * (wide + gap), area.top + row * (tall + gap), wide, tall)
            if name == "OK":
                enabled, press = bool(self._typed), self._take
            elif name == "Delete":
                enabled, press = not self.ready, self._delete
            else:
                enabled, press = len(self._typed) < kiosk_pin.MOST, partial(self._type, name)
            kind = "key"
            found.append(
                Control(
                    f"key {name}",
                    rect,
                    _WORDS.get(name) or Said(name),
                    press,
                    enabled,
                    kind=kind,
                    block=block,
                )
            )
        if self.desk.settings.pin is not None:
            left = found[-1].rect.right + px(unit, 64)
            rect = pygame.Rect(left, area.bottom - px(unit, 60), px(unit, 230), px(unit, 60))
            found.append(Control("remove", rect, Message("Remove the PIN"), self._remove))
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """Dots for the digits, and what to do."""
        left = area.left + 3 * px(unit, 130) + px(unit, 52)
        place = pygame.Rect(left, area.top, area.right - left, 0)
        if self._first is not None:
            words = Message("Type it again")
        elif self.desk.settings.pin is not None and not self._typed:
            words = Message("There is a PIN")
        else:
            words = Message("Type {least} to {most} digits", least=kiosk_pin.FEWEST, most=kiosk_pin.MOST)
        drawing.line(screen, words, place, unit, None, NEAR.heading)
        side, y = px(unit, 18), area.top + px(unit, 74)
        for number in range(max(kiosk_pin.FEWEST, len(self._typed))):
            dot = turned(
                pygame.Rect(left + number * px(unit, 40), y - side, side * 2, side * 2), screen.get_width()
            )
            middle = dot.center
            if number < len(self._typed):
                pygame.draw.aacircle(screen, ACCENT, middle, side // 2 + 1)
            else:
                pygame.draw.aacircle(screen, MUTED, middle, side // 2, max(1, px(unit, 2)))
        if self._said:
            place.top = area.top + px(unit, 120)
            drawing.line(screen, self._said, place, unit, "good" if self._good else "warning")

    def hear(self, event: pygame.event.Event) -> bool:
        """Digits are typed wherever the focus is; Enter after them is OK."""
        if event.type != pygame.KEYDOWN:
            return False
        if event.key in _DIGITS:
            self._type(_DIGITS[event.key])
        elif event.key == pygame.K_BACKSPACE:
            self._delete()
        elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER) and self._typed:
            self._take()
        else:
            return False
        return True

    def _type(self, digit: str) -> None:
        if len(self._typed) < kiosk_pin.MOST:
            self._typed += digit
            self._said = ""

    def _delete(self) -> None:
        if self._typed:
            self._typed = self._typed[:-1]
        else:
            self._first = None

    def _take(self) -> None:
        """OK: the first time it is kept for comparing, the second time its hash is taken."""
        typed, self._typed, self._good = self._typed, "", False
        self._said = kiosk_pin.problem(typed) or ""
        if self._said:
            return
        if self._first is None:
            self._first = typed
            return
        if typed != self._first:
            self._said = Message("That was another one. Type a PIN twice.")
        else:
            self.desk.change(pin=kiosk_pin.make(typed))
            self._said = Message("The PIN is set. Only its hash is kept: nobody can look it up.")
            self._good = True
        self._first = None

    def _remove(self) -> None:
        self.desk.change(pin=None)
        self._typed, self._first = "", None
        self._said, self._good = Message("There is no PIN any more."), True
