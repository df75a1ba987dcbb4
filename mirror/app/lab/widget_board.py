"""Board: rows of pygame_gui widgets in the panel, and what each of them does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pygame
import pygame_gui
from pygame_gui.elements import (
    UIButton,
    UIDropDownMenu,
    UIHorizontalSlider,
    UILabel,
    UISelectionList,
    UITextEntryLine,
)

from mirror.app.lab.theme import TEXT, theme
from mirror.app.screen import shapes
from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import GROUND, MUTED, Colour, shortened, text

Move = Callable[[float], None]


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
        self.manager = pygame_gui.UIManager(size, theme(unit))
        self._moves: dict[UIHorizontalSlider, tuple[Move, Callable[[], None] | None]] = {}
        self._choices: dict[object, Callable[[str], None]] = {}
        self._entries: dict[UITextEntryLine, Callable[[str], None]] = {}
        self._texts: dict[UILabel, str] = {}
        self._notes: list[Note] = []
        self._pictures: dict[str, tuple[pygame.Rect, np.ndarray, pygame.Surface]] = {}
        self._pressed: dict[str, Callable[[], None]] = {}
        self._spots: dict[str, pygame.Rect] = {}
        self._fresh = True
        self._until = 0.0
        self._last: float | None = None
        self.dirty = True

    def at(self, x: float, y: float, width: float, height: float) -> pygame.Rect:
        """A rectangle: x and width as shares of the panel's columns, y and height in design pixels."""
        left, right = self.left + round(x * self.width), self.left + round((x + width) * self.width)
        return pygame.Rect(left, px(self.unit, y), right - left, px(self.unit, height))

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
        self, where: pygame.Rect, words: str, pressed: Callable[[], None], kind: str | None = None
    ) -> UIButton:
        """A button and what it does."""
        return UIButton(where, words, self.manager, object_id=kind, command=lambda: pressed())

    def slider(
        self, where: pygame.Rect, ends: tuple[float, float], move: Move, *, gesture: bool = True
    ) -> UIHorizontalSlider:
        """A slider; `gesture`: that moving it can be undone."""
        made = UIHorizontalSlider(
            where, float(ends[0]), (float(ends[0]), float(ends[1])), self.manager,
            click_increment=(ends[1] - ends[0]) / 60,
        )  # fmt: skip
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
        made = UITextEntryLine(where, self.manager, placeholder_text="number")
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

    def show(self, what: UILabel, words: str) -> None:
        """Other words on a label, if they are others."""
        if self._texts.get(what) != words:
            self._texts[what] = words
            what.set_text(self._fitting(words, int(what.relative_rect.width)))
            self.dirty = True

    def put(self, slider: UIHorizontalSlider, value: float) -> None:
        """Moves a slider's knob, clamped to its ends, unless the person holds it."""
        low, high = slider.value_range
        value = min(max(value, low), high)
        held = slider.sliding_button is not None and slider.sliding_button.held
        if not held and abs(slider.current_value - value) > 1e-6:
            slider.set_current_value(value, False)
            self.dirty = True

    @property
    def typing(self) -> bool:
        """Whether keys go into a field."""
        return any(entry.is_focused for entry in self._entries)

    @property
    def holding(self) -> bool:
        """Whether the person drags a knob."""
        return any(s.sliding_button is not None and s.sliding_button.held for s in self._moves)

    def hear(self, event: pygame.event.Event, now: float) -> None:
        """Passes an event to the widgets, and does what they then say."""
        self._until = now + 0.5  # what an event means to a widget shows in the draws after it
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._fresh = True
            self._press(event)
        typing = self.typing
        self.manager.process_events(event)
        if typing != self.typing:  # letters are keys for the mirror otherwise
            (pygame.key.start_text_input if self.typing else pygame.key.stop_text_input)()
        said = getattr(event, "ui_element", None)
        if event.type == pygame_gui.UI_HORIZONTAL_SLIDER_MOVED and said in self._moves:
            self._move(said, event.value)
        elif event.type in (pygame_gui.UI_DROP_DOWN_MENU_CHANGED, pygame_gui.UI_SELECTION_LIST_NEW_SELECTION):
            if said in self._choices:
                self._choices[said](event.text)
        elif event.type == pygame_gui.UI_TEXT_ENTRY_FINISHED and said in self._entries:
            self._entries[said](event.text)
            said.set_text("")
            said.unfocus()
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
        for note in self._notes:
            screen.blit(note.drawn(self.unit), note.where.topleft, (0, 0, *note.where.size))
        self.manager.draw_ui(screen)
        return True

    def _fitting(self, words: str, width: int) -> str:
        return shortened(words, px(self.unit, TEXT), width - 2)

    def _press(self, event: pygame.event.Event) -> None:
        for name, pressed in self._pressed.items():
            if event.button == 1 and name in self._pictures and self._spots[name].collidepoint(event.pos):
                pressed()
                return
        for slider in self._moves:
            knob = slider.sliding_button
            if not slider.rect.collidepoint(event.pos) or knob is None or not slider.visible:
                continue
            low, high = slider.value_range
            if event.button == 3:  # back to the middle
                self._set(slider, min(max(0.0, low), high))
            elif event.button == 1 and not knob.rect.collidepoint(event.pos):
                room = max(slider.rect.width - knob.rect.width, 1)
                share = (event.pos[0] - slider.rect.left - knob.rect.width / 2) / room
                self._set(slider, low + (high - low) * min(max(share, 0.0), 1.0))

    def _set(self, slider: UIHorizontalSlider, value: float) -> None:
        slider.set_current_value(value, False)
        self._move(slider, value)

    def _move(self, slider: UIHorizontalSlider, value: float) -> None:
        move, began = self._moves[slider]
        if self._fresh and began is not None:
            began()
        self._fresh = False
        move(value)
        self.dirty = True
