"""Key focus: controls reached by keys. Tab goes from one to the next, Enter presses, arrows move a slider.

focus = KeyFocus()
focus.offer([Item("close", rect, close), Item("volume", rect, adjust=louder)])   # every frame
if focus.hear(event): ...                                                        # the event was meant for it
focus.draw(screen, unit)                                                         # a ring, once keys are used
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pygame

from mirror.app.screen.controls import draw_ring
from mirror.app.screen.typeface import right_to_left

PRESS = (pygame.K_RETURN, pygame.K_KP_ENTER)
_MORE = {pygame.K_UP: 1, pygame.K_DOWN: -1}


@dataclass(frozen=True, slots=True)
class Item:
    """One control.

    Attributes:
        key: names it, so that it stays the same while others come and go.
        rect: where it is, pixels of the window.
        press: what Enter does; None: nothing.
        adjust: what an arrow does, by so many steps; None: arrows are not for it.
    """

    key: str
    rect: pygame.Rect
    press: Callable[[], object] | None = None
    adjust: Callable[[int], object] | None = None


class KeyFocus:
    """Which of the controls the keys speak to; none until Tab is pressed.

    Attributes:
        at: the key of the item that has it, or None.
        answer: what the last press or step gave back, for whoever owns the control.
    """

    def __init__(self) -> None:
        self.at: str | None = None
        self.answer: object = None
        self._items: Sequence[Item] = ()

    def offer(self, items: Sequence[Item]) -> None:
        """The controls of this moment, in the order in which they are read."""
        self._items = items
        if self.at is not None and all(item.key != self.at for item in items):
            self.at = None

    def hear(self, event: pygame.event.Event) -> bool:
        """Whether a key was meant for a control; a touch takes the focus away."""
        if event.type == pygame.MOUSEBUTTONDOWN:
            self.at = None
        if event.type != pygame.KEYDOWN or not self._items:
            return False
        if event.key == pygame.K_TAB:
            self._step(-1 if getattr(event, "mod", 0) & pygame.KMOD_SHIFT else 1)
            return True
        item = next((item for item in self._items if item.key == self.at), None)
        if item is None:
            return False
        if event.key in PRESS and item.press is not None:
            self.answer = item.press()
            return True
        if item.adjust is not None and (by := _steps(event.key)):
            self.answer = item.adjust(by)
            return True
        return False

    def draw(self, screen: pygame.Surface, unit: float) -> None:
        """The ring around the control that has it."""
        for item in self._items:
            if item.key == self.at:
                draw_ring(screen, item.rect, unit)

    def _step(self, by: int) -> None:
        keys = [item.key for item in self._items]
        place = keys.index(self.at) + by if self.at in keys else (0 if by > 0 else -1)
        self.at = keys[place % len(keys)]


def _steps(key: int) -> int:
    """How far an arrow moves a slider; across, more lies where lines go."""
    across = {pygame.K_RIGHT: 1, pygame.K_LEFT: -1}
    if key in across:
        return -across[key] if right_to_left() else across[key]
    return _MORE.get(key, 0)
