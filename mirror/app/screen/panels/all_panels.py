"""Tools: all the trying-on controls of a window, as one panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame

from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.panel import Panel
from mirror.app.screen.panels.course_view import CourseView
from mirror.app.screen.panels.favourites import Favourites
from mirror.app.screen.panels.filter_panel import FilterPanel
from mirror.app.screen.panels.group_chips import Chips
from mirror.app.screen.panels.hairline_drawing import Drawing
from mirror.app.screen.panels.photograph_drop import Drop
from mirror.app.screen.panels.picture_aside import Aside
from mirror.app.screen.panels.shade_grid import ShadeGrid
from mirror.app.screen.panels.split_view import Split
from mirror.app.screen.panels.style_grid import Grid
from mirror.app.screen.panels.style_search import Search
from mirror.app.screen.panels.suggestion_panel import SuggestionPanel
from mirror.app.screen.panels.toolbar import Tool, Toolbar, window_tools
from mirror.app.screen.panels.tray import Tray
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE
from mirror.app.screen.window import Window
from mirror.app.screen.wishes import Say, WearPhoto
from mirror.translation.message import Message, counted

_NOTHING = pygame.Rect(0, 0, 0, 0)


class Tools:
    """Adds itself to the window's panels; asleep until the live picture is there.

    Args:
        window: whose panels, strip and picture it works with.
        favourites: the file of favourites; None for the person's own.
        suggests: whether there are suggestions for the person's face.

    Attributes:
        tray, shades, filter, suggestions, drawing, course, split, grid, search, chips,
            favourites, bar: the controls.
    """

    def __init__(self, window: Window, favourites: Path | None = None, *, suggests: bool = True) -> None:
        self._window = window
        self.split, self.grid = Split(window), Grid(window)
        self.drawing = Drawing(window, self._tray_again)
        self.shades, self.filter, self.course = ShadeGrid(), FilterPanel(), CourseView()
        self.suggestions, self._suggests = SuggestionPanel(), suggests
        self.tray = Tray(self.drawing.toggle, self.shades.toggle)
        self.search, self.favourites = Search(window.words), Favourites(favourites)
        self.chips = Chips(window.strip)
        self.bar = Toolbar(window, (*self._buttons(), *window_tools(window)))
        window.beneath += [self.split, self.grid]
        # The last lies on top and hears first.
        self._parts: tuple[Panel, ...] = (
            self.split, self.grid, self.favourites, self.chips, self.bar, self.tray, self.shades, self.filter,
            *((self.suggestions,) if suggests else ()), self.search, Drop(), self.drawing, self.course,
        )  # fmt: skip
        self._edge = (self.tray, self.shades, self.filter, self.suggestions)  # one of them at a time
        self._at_edge: Tray | ShadeGrid | FilterPanel | SuggestionPanel | None = None
        self._aside = Aside()
        self._live = self._filtered = False
        window.panels.append(self)

    @property
    def open(self) -> bool:
        """Whether the person works with any of the controls."""
        return any(
            part.open
            for part in (
                self.tray,
                self.shades,
                self.filter,
                self.suggestions,
                self.split,
                self.grid,
                self.search,
                self.drawing,
                self.course,
            )  # fmt: skip
        )

    @property
    def trouble(self) -> str | None:
        """What a person should know from the start, or None."""
        return self.favourites.trouble

    def close(self) -> None:
        """Puts everything away, as for the next person. The grid is for the caller to leave."""
        for part in (*self._edge, self.split, self.search, self.drawing):
            if part.open:
                part.toggle()
        self.favourites.only, self.grid.size = False, 1

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        escape = event.type == pygame.KEYDOWN and translate(event) is Action.LEAVE
        if not self._live:
            return None
        # The card of keys lies over all of this: Esc closes that first, and so does a touch.
        if self._window.help and (escape or event.type in MOUSE) and not self.bar.held:
            return Action.HELP if event.type == pygame.MOUSEBUTTONDOWN else None
        for part in reversed(self._parts):
            heard = part.hear(event, now)
            if heard is not None:
                return self._settled(heard)
        if translate(event) is Action.SUGGEST:
            return Say(Message("Suggestions are switched off: suggest = true in the settings brings them."))
        # Esc puts away what is open; what the window itself has open comes after.
        if escape:
            if self.drawing.open:
                self.drawing.finish()
            elif (panel := next((one for one in self._edge if one.open), None)) is not None:
                panel.toggle()
            elif self.grid.open:
                return self.grid.close(now)
            elif self.split.open:
                self.split.toggle()
            else:
                return None
            return True
        return self.grid.again(now)

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        self._live = view.image is not None and view.loading is None
        if not self._live:
            return
        strip, lying = self._window.strip, lies(screen.get_size())
        if self.search.open:
            strip.wake(now)
        favourites = self.favourites.numbers if self.favourites.only else None
        among = _both(favourites, view.trying.left)
        self._filtered = view.trying.left is not None
        self.search.among = self.grid.among = among
        for panel in self._edge:
            panel.head = self._window.head
        self.search.free, self.search.rail = self._window.free, self.bar.where
        # On a screen that lies such a panel takes the place of the styles, and the field that of their name.
        if sum(panel.open for panel in self._edge) > 1 and self._at_edge is not None:
            self._at_edge.toggle()  # for the one that was asked for since
        for panel in self._edge:
            if lying and panel.open and self.search.open:
                panel.toggle()
        self._at_edge = next((panel for panel in self._edge if panel.open), None)
        working = self._at_edge is not None
        strip.hidden = (
            self.grid.open
            or self.drawing.open
            or view.course is not None
            or (lying and (working or self._window.counting))
        )
        strip.named = not self.search.open
        self.chips.hidden = self.search.open or favourites is not None
        helping = self._window.help  # two cards over each other could not be read
        # While a line is drawn, or a course looked at, a finger must hit nothing else.
        parts: tuple[Panel, ...] = (self.drawing,) if self.drawing.open else self._parts
        self.course.open = view.course is not None
        parts = (self.course,) if self.course.open else parts
        for part in (self.favourites,) if helping else parts:
            if part not in self._window.beneath:
                part.draw(screen, view, unit, now)
        self._window.rail = self.bar.where
        where = pygame.Rect(0, 0, 0, 0) if self._at_edge is None else self._at_edge.where
        seen = working and not helping
        alone = self.grid.open or self.drawing.open or self.course.open  # they have all of the window
        self._window.glass = self._aside.glass(
            screen.get_size(),
            where if seen and not alone else _NOTHING,
            self.bar.where,
            self._window.head,
            now,
        )
        self._window.covered = screen.get_width() - turned(where, screen.get_width()).left if seen else 0
        strip.only = self.search.hits if self.search.hits is not None else among
        strip.stars = self.favourites.numbers
        strip.note = self._note(len(view.thumbnails), strip.only)

    def _buttons(self) -> tuple[Tool, ...]:
        tray, split, grid, search, marked = self.tray, self.split, self.grid, self.search, self.favourites
        return (
            Tool(lambda: "sliders", Message("Colour, shape, hair loss"), "T", _done(tray.toggle),
                 lambda: tray.open),
            Tool(lambda: "split", Message("Now and new, side by side"), "X", _done(split.toggle),
                 lambda: split.open),
            Tool(lambda: "grid", Message("Four or nine styles at once"), "G", grid.cycle, lambda: grid.open),
            Tool(lambda: "filter", Message("Filter the styles"), "L", _done(self.filter.toggle),
                 lambda: self.filter.open or self._filtered),
            *((Tool(lambda: "bulb", Message("Suggestions for your face"), "Y", _done(self.suggestions.toggle),
                    lambda: self.suggestions.open),) if self._suggests else ()),
            Tool(lambda: "search", Message("Search"), "/", _done(self._seek), lambda: search.open),
            Tool(self._star, Message("Favourite"), "F", lambda now: marked.toggle()),
            Tool(lambda: "stars", Message("Only favourites"), "Shift F", lambda now: marked.filter(),
                 lambda: marked.only),
        )  # fmt: skip

    def _tray_again(self) -> None:
        """A line is begun in the tray, where the course and all else of it are, too."""
        if not self.tray.open:
            self.tray.toggle()

    def _seek(self) -> None:
        for panel in self._edge:
            if not self.search.open and panel.open and lies(self._window.size):
                panel.toggle()
        self.search.toggle()

    def _note(self, count: int, only: tuple[int, ...] | None) -> str:
        if self.search.hits is not None:
            left = len(self.search.hits)
            if left:
                return Message("{number} of {count}. Enter takes the first", number=left, count=count)
            return Message("{number} of {count}", number=left, count=count)
        if self._filtered and only is not None:
            return Message("Styles: {number} of {count}", number=len(only), count=count)
        marked = len(self.favourites.numbers)
        return counted("1 favourite", "{count} favourites", marked) if self.favourites.only else ""

    def _settled(self, heard: Wish | bool) -> Wish | bool:
        """A grid has no two sides, and a photograph is one style."""
        if isinstance(heard, WearPhoto):
            self.grid.size = 1
        if self.grid.open and self.split.open:
            self.split.toggle()
        return heard

    def _star(self) -> str:
        return "star" if self.favourites.worn else "star_outline"


def _both(one: tuple[int, ...] | None, other: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Numbers that are in both, in order; None is all of them."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(number for number in one if number in other)


def _done(act: Callable[[], None]) -> Callable[[float], bool]:
    def press(now: float) -> bool:
        act()
        return True

    return press
