"""Wizard: turns the pages of the set-up, draws their buttons, and moves the focus."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence

import pygame
import pygame_gui
from pygame_gui.elements import UIButton

from mirror.app.screen import View, Window, Wish, widgets
from mirror.app.screen.controls import draw_button, draw_ring
from mirror.app.screen.design import ACCENT, INK, MUTED, NEAR, look, px
from mirror.app.screen.keys import Action
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, text
from mirror.app.setup.keyboard_focus import ARROWS, step, towards
from mirror.app.setup.setup_page import Control, Page
from mirror.translation.message import Message

FRAME = 1 / 40  # seconds a drawing takes at least
CALM = 1 / 6  # and where a page wants calm
_PRESS = (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE)
_INPUT = (pygame.KEYDOWN, pygame.TEXTINPUT)
_MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)


class Wizard:
    """A panel that fills the window: see `mirror.app.screen.panel.Panel`.

    Attributes:
        done: the last page was left with its Next.
        page: the one that is open.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = list(pages)
        self._number = 0
        self.done = False
        self._leave = False
        self._focus = "next"
        self._moved = False  # the focus, by the person, on this page
        self._by_keys = False
        self._manager: pygame_gui.UIManager | None = None
        self._buttons: dict[str, UIButton] = {}
        self._made: dict[str, Control] = {}
        self._controls: list[Control] = []
        self._size = (0, 0)
        self._layout = ((1280, 720), self._frame((1280, 720), 1.0), 1.0)
        self._drawn_at = time.monotonic()
        self.page.enter()

    @property
    def page(self) -> Page:
        """The open page."""
        return self._pages[self._number]

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """Draws the page, or nothing but its flash."""
        if self.page.flash is not None:
            screen.fill(self.page.flash)
            return
        area = self._frame(screen.get_size(), unit)
        self._layout = (screen.get_size(), area, unit)
        self._sync(screen.get_size(), unit)
        assert self._manager is not None
        before, self._drawn_at = self._drawn_at, time.monotonic()
        self._manager.update(min(0.2, self._drawn_at - before))
        for control in self._controls:
            self._draw_control(screen, control, unit)
        self._draw_lines(screen, unit)
        self.page.draw(screen, area, unit, now)
        focused = self._control(self._focus)
        if self._by_keys and focused is not None and focused.enabled:
            draw_ring(screen, focused.rect, unit)

    def _draw_control(self, screen: pygame.Surface, control: Control, unit: float) -> None:
        button = self._buttons[control.key]
        chosen = control.kind == "primary" or (control.chosen and control.kind != "card")
        looks = look(
            enabled=control.enabled, chosen=chosen, pointed=button.hovered and control.enabled,
            pressed=button.held,
        )  # fmt: skip
        words = "" if control.kind == "card" else control.words
        size = {"primary": NEAR.heading, "key": NEAR.heading}.get(control.kind, NEAR.body)
        draw_button(screen, control.rect, words, unit, looks, size)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """Keys, mouse and touch; only F11 and the closing of the window are left to others."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            return Action.QUIT
        if self.page.flash is None and self._manager is not None and event.type in _MOUSE:
            if event.type == pygame.MOUSEBUTTONDOWN:
                self._by_keys = False
            if not self.page.hear(event):
                self._manager.process_events(event)
        elif event.type in _INPUT and getattr(event, "key", None) != pygame.K_F11:
            if not self.page.hear(event) and event.type == pygame.KEYDOWN:
                self._key(event)
        elif event.type not in (pygame.MOUSEBUTTONDOWN, pygame.KEYUP):
            return None
        return Action.QUIT if self._leave else True

    def turn(self, by: int) -> None:
        """Goes on (1) or back (-1), past the pages that have nothing to do."""
        if by > 0 and not (self.page.ready and self.page.go_on()):
            return
        number = self._number + by
        while 0 <= number < len(self._pages) and self._pages[number].skipped:
            number += by
        if number < 0:
            self._leave = True
            return
        if number >= len(self._pages):
            self.done = self._leave = True
            return
        self.page.leave()
        self._number = number
        self._focus, self._moved = "next", False
        self.page.enter()

    @property
    def left(self) -> bool:
        """The person wants to leave, or is done."""
        return self._leave

    def close(self) -> None:
        """The window goes away."""
        self.page.leave()

    def _key(self, event: pygame.event.Event) -> None:
        self._by_keys = True
        self._ask()  # two keys may come between two drawings
        if event.key == pygame.K_ESCAPE:
            self.turn(-1)
        elif event.key == pygame.K_TAB:
            self._moved = True
            self._focus = step(self._controls, self._focus, -1 if event.mod & pygame.KMOD_SHIFT else 1)
        elif event.key in ARROWS:
            self._moved = True
            self._focus = towards(self._controls, self._focus, ARROWS[event.key])
        elif event.key in _PRESS:
            focused = self._control(self._focus)
            if focused is not None and focused.enabled:
                focused.press()

    def _control(self, key: str) -> Control | None:
        return next((control for control in self._controls if control.key == key), None)

    def _frame(self, size: tuple[int, int], unit: float) -> pygame.Rect:
        """Where a page may draw: below the title, above Back and Next."""
        width, height = size
        margin = px(unit, 40)
        return pygame.Rect(margin, px(unit, 144), width - 2 * margin, height - px(unit, 144 + 112))

    def _bar(self, size: tuple[int, int], unit: float) -> list[Control]:
        width, height = size
        margin, tall = px(unit, 40), px(unit, 64)
        back, on = px(unit, 170), px(unit, 230)
        y = height - margin // 2 - px(unit, 8) - tall
        first = all(page.skipped for page in self._pages[: self._number])
        return [
            Control("back", pygame.Rect(margin, y, back, tall),
                    Message("Leave") if first else Message("Back"),
                    lambda: self.turn(-1)),
            Control("next", pygame.Rect(width - margin - on, y, on, tall), self.page.next,
                    lambda: self.turn(1), enabled=self.page.ready, kind="primary"),
        ]  # fmt: skip

    def _ask(self) -> None:
        """Asks the page for its controls of this moment, and keeps the focus on one that can be pressed."""
        size, area, unit = self._layout
        asked = [*self.page.controls(area, unit), *self._bar(size, unit)]
        self._controls = [control.turned(size[0]) for control in asked]
        focused = self._control(self._focus)
        if not self._moved:
            self._focus = "next"  # also while it cannot be pressed yet: a hasty Enter does nothing
        elif focused is None or not focused.enabled:
            usable = [control.key for control in self._controls if control.enabled]
            self._focus = "next" if self.page.ready else usable[0]

    def _sync(self, size: tuple[int, int], unit: float) -> None:
        """Makes the widgets what the page asks for."""
        self._ask()
        if self._manager is None or size != self._size:
            self._manager, self._size = widgets.new_manager(size, unit), size
            self._buttons, self._made = {}, {}
        for key in set(self._buttons) - {control.key for control in self._controls}:
            self._buttons.pop(key).kill()
            del self._made[key]
        for control in self._controls:
            made = self._made.get(control.key)
            if made is None:
                self._make(control)
            else:
                self._adapt(self._buttons[control.key], made, control)
            self._made[control.key] = control

    def _make(self, control: Control) -> None:
        assert self._manager is not None
        key, button = control.key, widgets.new_button(self._manager, control.rect)
        button.bind(pygame_gui.UI_BUTTON_PRESSED, lambda: self._pressed(key))
        if not control.enabled:
            button.disable()
        self._buttons[control.key] = button

    def _pressed(self, key: str) -> None:
        control = self._control(key)
        if control is not None and control.enabled:
            self._focus, self._moved = key, True
            control.press()

    def _adapt(self, button: UIButton, made: Control, control: Control) -> None:
        if made.rect != control.rect:
            button.set_relative_position(control.rect.topleft)
            button.set_dimensions(control.rect.size)
        if made.enabled != control.enabled:
            button.enable() if control.enabled else button.disable()

    def _draw_lines(self, screen: pygame.Surface, unit: float) -> None:
        """The title, what the page is for, how far one has come, and the hint."""
        width, margin = screen.get_width(), px(unit, 40)
        open_pages = [page for page in self._pages if not page.skipped]
        if len(open_pages) > 1 and self.page.settled:
            number = open_pages.index(self.page) + 1
            told = Message("{number} of {count}", number=number, count=len(open_pages))
            count = text(told, px(unit, NEAR.body), MUTED)
            screen.blit(count, turned(count.get_rect(topright=(width - margin, px(unit, 34))), width))
        room = width - 2 * margin
        least = px(unit, NEAR.caption)
        for words, size, colour, top in (
            (fitted(self.page.title, px(unit, NEAR.title), room - px(unit, 120), least), 0, ACCENT, 20),
            ((self.page.about, least), room, MUTED, 70),
        ):
            line = text(*words, colour, size)
            screen.blit(line, turned(line.get_rect(topleft=(margin, px(unit, top))), width))
        back, on = self._control("back"), self._control("next")
        if self.page.hint and back is not None and on is not None:
            left, right = sorted((back.rect, on.rect), key=lambda rect: rect.left)
            size = px(unit, NEAR.caption)
            line = text(self.page.hint, size, INK, right.left - left.right - px(unit, 40), True)
            screen.blit(line, line.get_rect(center=((left.right + right.left) // 2, left.centery)))


def show(window: Window, wizard: Wizard) -> bool:
    """Runs the wizard in an open window until it is left; True where it was gone through to its end.

    Main thread only. Raises KeyboardInterrupt after Ctrl-C, between two pictures: raised in the middle of a
    call from the window system it would be lost.
    """
    interrupted: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: interrupted.append(number))
    window.panels.append(wizard)
    try:
        while not wizard.left:
            if interrupted:
                raise KeyboardInterrupt
            began = time.monotonic()
            window.show(View())
            wizard.page.shown(time.monotonic())
            if Action.QUIT in window.actions():
                break
            least = CALM if wizard.page.calm else FRAME
            time.sleep(max(0.0, least - (time.monotonic() - began)))
        return wizard.done
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        wizard.close()
