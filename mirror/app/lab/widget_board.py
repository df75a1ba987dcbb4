"""Board: rows of pygame_gui widgets in the panel, and what each of them does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pygame
import pygame_gui
from pygame_gui.elements import UIButton, UIDropDownMenu, UILabel, UISelectionList, UITextEntryLine

from mirror.app.screen import shapes, widgets
from mirror.app.screen.design import ACCENT, GROUND, INK, MUTED, SMALL, TIGHT, Colour, px
from mirror.app.screen.icons import icon
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left, said, shortened, text, wide
from mirror.app.screen.widgets import Slider
from mirror.translation.message import Message

Move = Callable[[float], None]
TEXT = 15  # design pixels: the lab is for one person at a desk, half a metre away


@dataclass(slots=True)
class Note:
    """Words in a place of the panel, pixels, that are told whole."""

    where: pygame.Rect
    colour: Colour
    words: str

    def drawn(self, unit: float) -> pygame.Surface:
        """As they fit their place: in lines, in smaller type where these are too many."""
        size = px(unit, TEXT)
        while True:
            lines = text(self.words, size, self.colour, self.where.width)
            if lines.get_height() <= self.where.height or size <= px(unit, TEXT) * 0.7:
                return lines
            size -= 1


class Board:
    """One layout of widgets for one size of the window; a new size takes a new board.

    Args:
        size: (width, height) of the window; left: first column of the panel; unit: see `overlay`.

    Attributes:
        left, width: the columns that widgets may take.
        began: called as a gesture begins that moves a slider, before it moves.
    """

    def __init__(self, size: tuple[int, int], left: int, unit: float, began: Callable[[], None]) -> None:
        pygame.font.init()
        self.size, self.unit, self.began = size, unit, began
        self.panel = pygame.Rect(left, 0, size[0] - left, size[1])
        margin = px(unit, 18)
        self.left, self.width = left + margin, size[0] - left - 2 * margin
        self.manager = widgets.new_manager(size, unit, TEXT)
        self._moves: dict[Slider, tuple[Move, Callable[[], None] | None]] = {}
        self._choices: dict[object, Callable[[str], None]] = {}
        self._entries: dict[UITextEntryLine, Callable[[str], None]] = {}
        self._texts: dict[UILabel, str] = {}
        self._buttons: dict[UIButton, tuple[str, bool]] = {}
        self._sizes: dict[UIButton, float] = {}  # of type, design pixels, where it is not TEXT
        self._pushed: dict[UIButton, Callable[[], None]] = {}
        self._notes: list[Note] = []
        self._pictures: dict[str, tuple[pygame.Rect, np.ndarray, pygame.Surface]] = {}
        self._pressed: dict[str, Callable[[], None]] = {}
        self._spots: dict[str, pygame.Rect] = {}
        self._pads: dict[str, Callable[[float, float], None]] = {}
        self._held_pad: str | None = None
        self._marks: dict[str, tuple[float, float]] = {}
        self._focus = KeyFocus()
        self._fresh = True
        self._until = 0.0
        self._last: float | None = None
        self.dirty = True

    def at(self, x: float, y: float, width: float, height: float) -> pygame.Rect:
        """A rectangle: x and width as shares of the panel's columns, y and height in design pixels."""
        left, right = self.left + round(x * self.width), self.left + round((x + width) * self.width)
        where = pygame.Rect(left, px(self.unit, y), right - left, px(self.unit, height))
        return turned(where, pygame.Rect(self.left, 0, self.width, self.size[1]))

    def label(self, where: pygame.Rect, words: str, kind: str | None = None) -> UILabel:
        """A line of text."""
        made = UILabel(where, self._fitting(words, where.width), self.manager, object_id=kind)
        self._texts[made] = words
        return made

    def note(self, where: pygame.Rect, words: str, colour: Colour = MUTED) -> Note:
        """Words that may be long, such as a name or a path: in lines, and smaller where they must be."""
        made = Note(where, colour, words)
        self._notes.append(made)
        return made

    def tell(self, note: Note, words: str) -> None:
        """Other words in a note, if they are others."""
        self.dirty |= note.words != words
        note.words = words

    def button(
        self, where: pygame.Rect, words: str, pressed: Callable[[], None], *, chosen: bool = False
    ) -> UIButton:
        """A button and what it does. "left" and "right" are arrows."""
        made = widgets.new_button(self.manager, where)
        made.bind(pygame_gui.UI_BUTTON_PRESSED, lambda: pressed())
        self._buttons[made], self._pushed[made] = (words, chosen), pressed
        return made

    def row(
        self, y: float, height: float, words: Mapping[str, str], pressed: Callable[[str], None], chosen: str
    ) -> None:
        """Buttons side by side, all in type of one size, each as wide as its words need.

        Args:
            y, height: design pixels.
            words: on each, by name. pressed: gets the name. chosen: one of the names.
        """
        gap, edge = px(self.unit, TIGHT), 2 * px(self.unit, SMALL)
        room = self.width - gap * (len(words) - 1) - edge * len(words)
        size = px(self.unit, TEXT)
        while size > 1 and sum(wide(one, size) for one in words.values()) > room:
            size -= 1
        spare = max(room - sum(wide(one, size) for one in words.values()), 0) / len(words)
        left = float(self.left)
        for name, one in words.items():
            width = wide(one, size) + edge + spare
            where = pygame.Rect(round(left), px(self.unit, y), int(width), px(self.unit, height))
            where = turned(where, pygame.Rect(self.left, 0, self.width, self.size[1]))
            made = self.button(where, one, partial(pressed, name), chosen=name == chosen)
            self._sizes[made] = size / self.unit
            left += width + gap

    def call(self, button: UIButton, words: str) -> None:
        """Other words on a button, if they are others."""
        chosen = self._buttons[button][1]
        self.dirty |= self._buttons[button][0] != words
        self._buttons[button] = (words, chosen)

    def slider(
        self, where: pygame.Rect, ends: tuple[float, float], move: Move, *, gesture: bool = True
    ) -> Slider:
        """A slider; `gesture`: that moving it can be undone."""
        made = widgets.new_slider(self.manager, where, ends[0], ends[0], ends[1])
        self._moves[made] = move, self.began if gesture else None
        return made

    def menu(
        self, where: pygame.Rect, choices: Sequence[str], chosen: str, pick: Callable[[str], None]
    ) -> UIDropDownMenu:
        """A drop-down menu."""
        made = UIDropDownMenu(list(choices), chosen, where, self.manager)
        self._choices[made] = pick
        return made

    def chooser(
        self, where: pygame.Rect, items: Sequence[str], pick: Callable[[str], None]
    ) -> UISelectionList:
        """A list to choose from."""
        made = UISelectionList(where, list(items), self.manager)
        self._choices[made] = pick
        return made

    def entry(self, where: pygame.Rect, done: Callable[[str], None]) -> UITextEntryLine:
        """A field for a number, done with Return."""
        made = UITextEntryLine(where, self.manager, placeholder_text=said(Message("number")))
        made.set_allowed_characters("numbers")
        made.set_text_length_limit(7)
        self._entries[made] = done
        return made

    def spots(self, places: Mapping[str, pygame.Rect]) -> None:
        """Where pictures will lie, by name."""
        self._spots |= places

    def picture(
        self, name: str, pixels: np.ndarray | None, pressed: Callable[[], None] | None = None
    ) -> None:
        """A picture, uint8 (h, w, 3) RGB, as a square tile in its spot; made again only for another one."""
        where = self._spots[name]
        if pressed is not None:
            self._pressed[name] = pressed
        if pixels is None:
            self.dirty |= self._pictures.pop(name, None) is not None
        elif name not in self._pictures or self._pictures[name][1] is not pixels:
            tile = shapes.tile(pixels, min(where.size), px(self.unit, 10))
            self._pictures[name] = where, pixels, tile
            self.dirty = True

    def pad(self, name: str, moved: Callable[[float, float], None]) -> None:
        """The picture in a spot is walked on: `moved` gets each point that is touched, 0 to 1 from its upper
        left."""
        self._pads[name] = moved

    def mark(self, name: str, point: tuple[float, float] | None) -> None:
        """A ring on a picture, at a point as `pad` has it; None: there is none."""
        self.dirty |= self._marks.get(name) != point
        self._marks.pop(name, None)
        if point is not None:
            self._marks[name] = point

    def show(self, what: UILabel, words: str) -> None:
        """Other words on a label, if they are others."""
        if self._texts.get(what) != words:
            self._texts[what] = words
            what.set_text(self._fitting(words, int(what.relative_rect.width)))
            self.dirty = True

    def put(self, slider: Slider, value: float) -> None:
        """Moves a slider's knob, clamped to its ends, unless the person holds it."""
        low, high = slider.value_range
        value = min(max(value, low), high)
        if not slider.held and abs(slider.value - value) > 1e-6:
            slider.value = value
            self.dirty = True

    @property
    def typing(self) -> bool:
        """Whether keys go into a field."""
        return any(entry.is_focused for entry in self._entries)

    @property
    def holding(self) -> bool:
        """Whether the person drags a knob."""
        return any(slider.held for slider in self._moves)

    def hear_key(self, event: pygame.event.Event, now: float) -> bool:
        """Whether a key was for the control that Tab went to."""
        self._fresh = True
        heard = self._focus.hear(event)
        self.dirty |= heard
        return heard

    def hear(self, event: pygame.event.Event, now: float) -> None:
        """Passes an event to the widgets, and does what they then say."""
        self._focus.hear(event) if event.type == pygame.MOUSEBUTTONDOWN else None
        self._until = now + 0.5  # what an event means to a widget shows in the draws after it
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._fresh = True
            self._press(event)
        self._walk(event)
        typing = self.typing
        self.manager.process_events(event)
        if typing != self.typing:  # letters are keys for the mirror otherwise
            (pygame.key.start_text_input if self.typing else pygame.key.stop_text_input)()
        told = getattr(event, "ui_element", None)
        if event.type == pygame_gui.UI_HORIZONTAL_SLIDER_MOVED and told in self._moves:
            self._move(told, told.value)
        elif event.type in (pygame_gui.UI_DROP_DOWN_MENU_CHANGED, pygame_gui.UI_SELECTION_LIST_NEW_SELECTION):
            if told in self._choices:
                self._choices[told](event.text)
        elif event.type == pygame_gui.UI_TEXT_ENTRY_FINISHED and told in self._entries:
            self._entries[told](event.text)
            told.set_text("")
            told.unfocus()
            pygame.key.stop_text_input()

    def draw(
        self, screen: pygame.Surface, now: float, ground: Callable[[pygame.Surface], None], *, fresh: bool
    ) -> bool:
        """Draws the panel if anything changed, or if `fresh`: `ground`, then the widgets; whether it drew.

        Widgets are only asked while somebody does something: a resting panel costs the live picture nothing.
        """
        step = min(now - self._last, 0.1) if self._last is not None else 0.0
        self._last = now
        if now > self._until and not (self.dirty or fresh or self.typing):
            return False
        self.manager.update(step)
        self.dirty = False
        screen.fill(GROUND, self.panel)
        ground(screen)
        for where, _, tile in self._pictures.values():
            screen.blit(tile, tile.get_rect(center=where.center))
        for name, (x, y) in self._marks.items():
            where = self._square(name)
            at = (round(where.left + x * where.width), round(where.top + y * where.height))
            for colour, thick in ((GROUND, 5), (ACCENT, 3)):
                pygame.draw.circle(screen, colour, at, px(self.unit, 9), px(self.unit, thick))
        for note in self._notes:
            drawn = note.drawn(self.unit)
            spot = turned(drawn.get_rect(topleft=note.where.topleft), note.where)
            screen.blit(drawn, spot, (0, 0, *note.where.size))
        for slider in self._moves:
            slider.draw_on(screen, self.unit * 0.7)
        for button, (words, chosen) in self._buttons.items():
            self._draw_button(screen, button, words, chosen)
        self.manager.draw_ui(screen)
        self._focus.offer(self._items())
        self._focus.draw(screen, self.unit)
        return True

    def _items(self) -> list[Item]:
        """What the keys go to, from above to below."""
        found = [
            Item(f"{button}", pygame.Rect(button.rect), self._pushed[button]) for button in self._buttons
        ]
        found += [Item(f"{slider}", pygame.Rect(slider.rect), adjust=partial(self._by, slider))
                  for slider in self._moves]  # fmt: skip
        return sorted(found, key=lambda item: (item.rect.top, item.rect.left))

    def _by(self, slider: Slider, steps: int) -> None:
        low, high = slider.value_range
        self._set(slider, min(max(slider.value + (high - low) / 60 * steps, low), high))

    def _draw_button(self, screen: pygame.Surface, button: UIButton, words: str, chosen: bool) -> None:
        arrow = words if words in ("left", "right") else None
        size = self._sizes.get(button, TEXT)
        widgets.draw(screen, button, "" if arrow else words, self.unit, chosen, size)
        if arrow:
            if right_to_left():
                arrow = "right" if arrow == "left" else "left"
            drawn = icon(arrow, px(self.unit, 14), INK)
            screen.blit(drawn, drawn.get_rect(center=button.rect.center))

    def _fitting(self, words: str, width: int) -> str:
        return shortened(words, px(self.unit, TEXT), width - 2)

    def _press(self, event: pygame.event.Event) -> None:
        for name, pressed in self._pressed.items():
            if event.button == 1 and name in self._pictures and self._spots[name].collidepoint(event.pos):
                pressed()
                return
        for slider in self._moves:
            if slider.rect.collidepoint(event.pos) and event.button == 3:  # back to the middle
                low, high = slider.value_range
                self._set(slider, min(max(0.0, low), high))

    def _square(self, name: str) -> pygame.Rect:
        """Where the picture of a spot lies: a square in its middle."""
        where = self._spots[name]
        side = min(where.size)
        return pygame.Rect(0, 0, side, side).move(where.centerx - side // 2, where.centery - side // 2)

    def _walk(self, event: pygame.event.Event) -> None:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._held_pad = next(
                (name for name in self._pads if self._square(name).collidepoint(event.pos)), None
            )
            if self._held_pad is not None:
                self.began()
        elif event.type == pygame.MOUSEBUTTONUP:
            self._held_pad = None
        moved = event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION)
        if moved and self._held_pad is not None:
            where = self._square(self._held_pad)
            x, y = ((event.pos[0] - where.left) / where.width, (event.pos[1] - where.top) / where.height)
            self._pads[self._held_pad](min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
            self.dirty = True

    def _set(self, slider: Slider, value: float) -> None:
        slider.value = value
        self._move(slider, value)

    def _move(self, slider: Slider, value: float) -> None:
        move, began = self._moves[slider]
        if self._fresh and began is not None:
            began()
        self._fresh = False
        move(value)
        self.dirty = True
