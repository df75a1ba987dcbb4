"""Loss: the visitor's own hair anywhere between bald and full, on a large slider in place of the strip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pygame
import pygame_gui

from mirror.app.screen import ChooseShade, ShowLoss, View, Wish, widgets
from mirror.app.screen.key_focus import Item
from mirror.app.screen.panels.dye_palette import draw_swatch
from mirror.app.screen.typeface import wide as lettered
from mirror.app.touch import layout
from mirror.hair.loss.hair_loss import FULL, THINNER, TODAY, WHICH
from mirror.translation.catalogue import GROWN, Words
from mirror.translation.message import Said

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

TALL = 204.0  # units of the sheet at the lower edge
_STEP = layout.LARGE  # size of the step's name
_LARGER = 2.0  # than the slider of the window: for fingers, seen from afar
_KEY = 0.1  # that an arrow moves the slider
_MIDDLE = 0.05  # nearer to the middle than that, it is the middle
_KEYS = {TODAY: "loss_today", FULL: "loss_full", THINNER: "loss_thinner", "bald": "loss_bald",
         WHICH: "loss_which"}  # fmt: skip


class Loss:
    """The slider, the step's name over it. Whatever else shows styles again closes it.

    Attributes:
        open: whether it is seen.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.open = False
        self._manager: pygame_gui.UIManager | None = None
        self._slider: widgets.Slider | None = None
        self._shades: dict[str, pygame.Rect] = {}
        self._size = (0, 0)
        self._drawn_at = 0.0

    def begin(self) -> Wish:
        """Opens it at today's hair."""
        self.open = self._scene.window.strip.hidden = True
        self._slider = None
        return ShowLoss(0.0)

    def close(self) -> None:
        """Closes it; the mirror is told by whoever closes it."""
        self.open = self._scene.window.strip.hidden = False
        self._manager, self._slider, self._shades = None, None, {}

    def hear(self, event: pygame.event.Event) -> Wish | None:
        """How much, where a finger moved the slider."""
        if event.type == pygame.MOUSEBUTTONDOWN:
            for name, spot in self._shades.items():
                if spot.collidepoint(event.pos):
                    return ChooseShade(name)
        if self._manager is None or self._slider is None:
            return None
        if event.type in widgets.MOUSE:
            self._manager.process_events(event)
        if event.type == pygame_gui.UI_HORIZONTAL_SLIDER_MOVED and event.ui_element is self._slider:
            amount = self._slider.value
            return ShowLoss(0.0 if abs(amount) < _MIDDLE else amount)
        return None

    def items(self) -> list[Item]:
        """What of it is reached by keys."""
        if not self.open:
            return []
        found = [
            Item(f"shade {name}", spot, partial(ChooseShade, name)) for name, spot in self._shades.items()
        ]
        if self._slider is not None and not found:
            found.append(Item("slider", pygame.Rect(self._slider.rect), adjust=self._by))
        return found

    def _follow(self, amount: float) -> None:
        """Moves the knob to where hair loss was set elsewhere."""
        assert self._slider is not None
        if abs(self._slider.value - amount) > _MIDDLE:  # within that its own value is told as the middle's
            self._slider.value = amount

    def _by(self, steps: int) -> Wish:
        assert self._slider is not None
        amount = min(max(self._slider.value + _KEY * steps, -1.0), 1.0)
        self._slider.value = amount = 0.0 if abs(amount) < _MIDDLE else amount
        return ShowLoss(amount)

    def draw(self, screen: pygame.Surface, view: View, now: float, opacity: float = 1.0) -> None:
        """Draws it, `opacity` 0 to 1, while it is open, and closes it where styles are shown again.

        It opens where hair loss is asked for elsewhere, with the stylist's tablet.
        """
        if not self.open and view.trying.loss is not None:
            self.begin()
        if self.open and view.trying.loss is None:
            self.close()
        if not self.open or opacity <= 0:
            return
        below = pygame.Rect(0, 0, *screen.get_size())
        below.top = round(below.height - TALL * layout.unit_of(below.size))
        with layout.faded(screen, [below], opacity):
            self._draw(screen, view, now)

    def _draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, top = size[0] / unit, size[1] / unit - TALL
        wide = min(across - 48, 1000)
        left = (across - wide) / 2
        layout.sheet(screen, pygame.Rect(*(round(v * unit) for v in (left, top, wide, TALL - 12))))
        step = said(view.trying.loss_words, words, plain=True)
        if lettered(step, round(_STEP * unit)) > (wide - 40) * unit:
            step = said(view.trying.loss_words, words)
        layout.line(screen, step, _STEP, (across / 2, top + 6), layout.ACCENT, width=wide - 40)
        where = pygame.Rect(*(round(v * unit) for v in (left + 24, top + 56, wide - 48, 88)))
        asked = view.trying.shades if view.trying.shade is None else ()
        self._shades = _in_a_row(asked, where)
        for name, spot in self._shades.items():
            draw_swatch(screen, spot, name, _LARGER * unit, False)
        if asked:  # before it grows: the slider comes back with the answer
            return
        if self._manager is None or self._slider is None or self._size != size:
            self._size = size
            self._manager = widgets.new_manager(size, _LARGER * unit)
            self._slider = widgets.new_slider(self._manager, where, view.trying.loss or 0.0, -1.0, 1.0)
        if not self._slider.held and view.trying.loss is not None:
            self._follow(view.trying.loss)
        self._manager.update(min(max(now - self._drawn_at, 0.0), 0.1))
        self._drawn_at = now
        self._slider.draw_on(screen, _LARGER * unit)
        knob = self._slider.sliding_button_width / unit / 2
        ends = (left + 24 + knob, across / 2, left + wide - 24 - knob)
        for key, x in zip(("loss_bald", "today", "full"), ends, strict=True):
            half = layout.room_of(words(key), layout.BODY, wide / 3, unit).width / unit / 2 - 10
            x = min(max(x, left + half), left + wide - half)
            at = across - x if words.right_to_left else x
            layout.line(screen, words(key), layout.BODY, (at, top + 141), width=wide / 3)


def _in_a_row(names: tuple[str, ...], where: pygame.Rect) -> dict[str, pygame.Rect]:
    wide = where.width / max(len(names), 1)
    spots = (
        (round(where.left + number * wide), where.top, round(wide), where.height)
        for number in range(len(names))
    )
    return dict(zip(names, map(pygame.Rect, spots), strict=True))


def said(step: str, words: Words, *, plain: bool = False) -> str:
    """A step of hair loss as the mirror names it, in the visitor's language.

    Args:
        plain: a stage that was grown back to with its plain words, which are long for a narrow screen.

    Example:
        >>> said("grown back to Norwood III", Words("de"))
        'Nachgewachsen bis Norwood III'
    """
    if step.startswith(GROWN):
        stage = step.removeprefix(GROWN)
        named = words(_KEYS[stage]) if stage in _KEYS else words.named(stage) if plain else stage
        return words("loss_grown", stage=Said(named))
    return words(_KEYS[step]) if step in _KEYS else words.named(step)
