"""Tray: how much of the style, its colour, its shape, and hair loss. T, or its round button, opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pygame
import pygame_gui
from pygame_gui.elements import UIButton

from mirror.app.screen import shapes, widgets
from mirror.app.screen.design import (
    CORNER_PANEL,
    GROUND,
    INK,
    MUTED,
    NEAR,
    SHEET,
    TOUCH,
    Colour,
    px,
)
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.panels.dye_palette import draw_more, draw_swatch, kept, name_of
from mirror.app.screen.panels.loss_pages import draw_loss, draw_plan, wish_of
from mirror.app.screen.panels.tray_layout import (
    ACROSS,
    ALL_SHADES,
    AXES,
    BROWS,
    BROWS_TOO,
    CALLED,
    LABEL,
    MORE,
    MY_OWN,
    PAD,
    PAGES,
    PLAN,
    RESET,
    SHADES,
    TOP,
    WIDTH,
    Page,
    fitted_unit,
    lay_out,
    places_of,
)
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, in_lines, right_to_left, text, wide
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE, Slider
from mirror.app.screen.wishes import (
    Adjust,
    Blend,
    ChooseDye,
    ChooseScale,
    ChooseShade,
    ClearAdjustments,
    ClearPlan,
    FollowBrows,
    SetZone,
    ShowCourse,
    ShowLoss,
    Trying,
    WearOwn,
)
from mirror.hair.loss.scalp_zones import ZONES
from mirror.translation.message import Message

SETTLE = 0.5  # seconds in which the mirror may lag behind a slider that was let go
STIR = 0.5  # seconds after a touch in which widgets may still change by themselves
TRAY_WISHES = (Adjust, Blend, ChooseDye, ChooseScale, ChooseShade, ClearAdjustments, ClearPlan, FollowBrows,
               SetZone, ShowCourse, ShowLoss, WearOwn)  # fmt: skip
_KEY = 0.05  # share of a slider's range that an arrow moves it
_NEAR = 0.04  # share of a slider's range that counts as its middle


class Tray:
    """The controls at the edge where lines end, in three pages, and one behind the last.

    Args:
        draw_line: what begins the drawing of a hairline, in place of the tray.
        show_shades: what opens the grid of all shades, in place of the tray.

    Attributes:
        open: whether it is seen.
        where: its place in the window, pixels; empty while it is closed.
        head: where in the window the head is; None: nobody is there.
    """

    def __init__(self, draw_line: Callable[[], None], show_shades: Callable[[], None]) -> None:
        self._instead = {"draw": draw_line, SHADES: show_shades, MORE: show_shades}
        self._trying = Trying()
        self.open = False
        self.where = pygame.Rect(0, 0, 0, 0)
        self.head: pygame.Rect | None = None
        self._place: int | None = None  # which of `places_of`
        self._manager: pygame_gui.UIManager | None = None
        self._built: tuple[object, ...] = ()
        self._page: str = PAGES[0]
        self._pages: dict[str, Page] = {}
        self._unit = 1.0
        self._drawn_at = 0.0
        self._moved_at: dict[Slider, float] = {}
        self._pressed = False
        self._touched_at = 0.0
        self._painted: tuple[object, ...] = ()
        self._canvas = pygame.Surface((0, 0))
        self._focus = KeyFocus()

    def toggle(self) -> None:
        """Opens it, or closes it."""
        self.open = not self.open
        self._pressed, self._place = False, None
        if not self.open:
            self.where = pygame.Rect(0, 0, 0, 0)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if translate(event) is Action.TRAY:
            self.toggle()
            return True
        if not self.open or self._manager is None:
            return None
        if self._focus.hear(event):
            answer, self._focus.answer = self._focus.answer, None
            return answer if isinstance(answer, TRAY_WISHES) else True
        if event.type in MOUSE:
            self._touched_at = now
            return self._mouse(event, self._manager)
        if event.type == pygame_gui.UI_BUTTON_PRESSED:
            return self._button(event.ui_element)
        if event.type == pygame_gui.UI_HORIZONTAL_SLIDER_MOVED:
            return self._slid(event.ui_element, now)
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if not self.open:
            return
        self._trying = view.trying
        self._build(screen.get_size(), unit, view)
        assert self._manager is not None
        self._follow(view, now)
        if now - self._touched_at < STIR:
            self._manager.update(min(max(now - self._drawn_at, 0.0), 0.25))
        self._drawn_at = now
        # Nearly always it looks as it did a picture ago: then it is one blit.
        look = self._look(view)
        if look != self._painted:
            self._painted = look
            self._canvas.fill((0, 0, 0, 0), self.where)
            self._paint(self._canvas, view)
        screen.blit(self._canvas, self.where, self.where)
        self._focus.offer(self._items(view, now))
        self._focus.draw(screen, self._unit)

    def _items(self, view: View, now: float) -> list[Item]:
        """What the keys go to: the tabs and the page that is open."""
        found = []
        for page in (self._pages[""], self._pages[self._page]):
            for name, button in page.buttons.items():
                if name == "off" and view.trying.loss is None:
                    continue
                found.append(Item(f"{name} button", pygame.Rect(button.rect), partial(self._button, button)))
            for name, slider in page.sliders.items():
                found.append(Item(name, pygame.Rect(slider.rect), adjust=partial(self._by, slider, now)))
        return found

    def _by(self, slider: Slider, now: float, steps: int) -> Wish | None:
        low, high = slider.value_range
        slider.value = slider.value + _KEY * (high - low) * steps
        return self._slid(slider, now)

    def _look(self, view: View) -> tuple[object, ...]:
        """Everything that its look depends on, besides where it lies."""
        trying, page = view.trying, self._pages[self._page]
        shown = (self._pages[""], page)
        values = [(s.value, s.held) for each in shown for s in each.sliders.values()]
        lit = [b.held or b.hovered for each in shown for b in each.buttons.values()]
        return (
            self._built, self.where.topleft, self._page, view.style_name, trying.dye, trying.loss is None,
            trying.loss_words, trying.shade, trying.plan.scale, values, lit, self._focus.at,
        )  # fmt: skip

    def _paint(self, screen: pygame.Surface, view: View) -> None:
        unit, where = self._unit, self.where
        screen.blit(shapes.box(*where.size, px(unit, CORNER_PANEL), GROUND, SHEET), where)
        top = self._pages[""]
        self._line(
            screen, view.style_name, NEAR.heading, (0, TOUCH), INK, share=1 - TOUCH / (WIDTH - 2 * PAD)
        )
        cross = icon("close", px(unit, 22), INK)
        screen.blit(cross, cross.get_rect(center=top.buttons["close"].rect.center))
        self._line(screen, Message("Your own hair"), NEAR.caption, (TOUCH + 2, 22), MUTED, share=0.55)
        self._line(screen, Message("The style"), NEAR.caption, (TOUCH + 2, 22), MUTED, 1.0, 0.4)
        top.sliders["blend"].draw_on(screen, unit)
        for name in PAGES:
            here = PAGES[-1] if self._page == PLAN else self._page
            widgets.draw(screen, top.buttons[name], name, unit, on=name == here)
        page = self._pages[self._page]
        if self._page == "Colour":
            self._draw_colour(screen, view, page)
        elif self._page == "Shape":
            widgets.draw(screen, page.buttons["own"], MY_OWN, unit)
            widgets.draw(screen, page.buttons["reset"], RESET, unit)
        else:
            if self._page == PLAN:
                draw_plan(screen, page, unit)
            else:
                draw_loss(screen, view, page, unit, self._line)
        for name in AXES.get(self._page, ()):
            if name in page.sliders:
                slider = page.sliders[name]
                room = px(unit, LABEL - 4), slider.rect.height
                words = in_lines(CALLED.get(name, name), px(unit, NEAR.caption), room, INK)
                spot = words.get_rect(midleft=(where.left + px(unit, PAD), slider.rect.centery))
                screen.blit(words, turned(spot, where))
                slider.draw_on(screen, unit)

    def _draw_colour(self, screen: pygame.Surface, view: View, page: Page) -> None:
        top = TOP
        pointed = self._pointed_at(page)
        told = (
            Message("Hair colour: {dye}", dye=name_of(view.trying.dye))
            if pointed is None
            else name_of(pointed)
        )
        self._line(screen, told, NEAR.caption, (top, 26), INK)
        widgets.draw(screen, page.buttons[SHADES], ALL_SHADES, self._unit)
        follow = view.trying.brows_follow
        widgets.draw(screen, page.buttons[BROWS], BROWS_TOO, self._unit, on=follow)
        for name, button in page.buttons.items():
            if name in (SHADES, BROWS):
                continue
            if name == MORE:
                draw_more(screen, button.rect, kept(2 * ACROSS - 1)[1], self._unit)
                continue
            draw_swatch(screen, button.rect, name, self._unit, name == view.trying.dye)

    def _pointed_at(self, page: Page) -> str | None:
        """The shade whose swatch the mouse or the keys are at; None: at none."""
        for name, button in page.buttons.items():
            if name not in (SHADES, BROWS, MORE) and (button.hovered or self._focus.at == f"{name} button"):
                return name
        return None

    def _line(
        self, screen: pygame.Surface, words: str, size: int, row: tuple[float, float], colour: Colour,
        at: float = 0.0, share: float = 1.0,
    ) -> None:  # fmt: skip
        """A line of text that begins so many design pixels below the tray's padding and is so many high.

        Args:
            at: 0 where lines begin, 1 where they end.
            share: of the tray's width; words that are longer are written smaller, and in two lines rather
                than cut.
        """
        unit, where, (top, tall) = self._unit, self.where, row
        inner = where.width - 2 * px(unit, PAD)
        least = px(unit, NEAR.caption)
        line = text(*fitted(words, px(unit, size), round(inner * share), least), colour)
        if wide(words, least) > inner * share:
            line = text(words, least, colour, round(inner * share))
        x = where.left + px(unit, PAD) + round((inner - line.get_width()) * at)
        y = where.top + px(unit, PAD) + round(unit * (top + tall / 2)) - line.get_height() // 2
        screen.blit(line, turned(line.get_rect(topleft=(x, y)), where))

    def _build(self, size: tuple[int, int], unit: float, view: View) -> None:
        """Lays the widgets out anew where the window or the axes changed."""
        unit = fitted_unit(size[1], unit)
        places = places_of(size, unit)
        if self._place is None or self._place >= len(places):
            # Off the head, as it is now: what is worked with does not move afterwards.
            self._place = places.index(Seat().choose(places, self.head, 0.0))
        self.where = places[self._place]
        built = (
            size,
            unit,
            self._place,
            right_to_left(),
            tuple(view.trying.axes.items()),
            view.trying.shades,
        )
        if built == self._built:
            return
        self._built, self._unit, self._moved_at, self._painted = built, unit, {}, ()
        self._canvas = pygame.Surface(size, pygame.SRCALPHA, 32)
        self._manager = widgets.new_manager(size, unit)
        self._pages = lay_out(self._manager, self.where, unit, view.trying.axes, view.trying.shades)
        self._turn_to(self._page)

    def _turn_to(self, page: str) -> None:
        self._page = page
        for name in (*PAGES, PLAN):
            self._pages[name].show(name == page)

    def _follow(self, view: View, now: float) -> None:
        """Sliders go where the mirror is, unless a finger holds them or just let go."""
        trying = view.trying
        values = {"blend": trying.blend, "loss": trying.loss or 0.0}
        values |= dict(zip(ZONES, trying.plan.zones, strict=True))
        for page in self._pages.values():
            for name, slider in page.sliders.items():
                value = values.get(name, trying.steps.get(name, 0.0))
                if slider.held or now - self._moved_at.get(slider, -SETTLE) < SETTLE:
                    continue
                if abs(slider.value - value) > 1e-6:
                    slider.value = value

    def _mouse(self, event: pygame.event.Event, manager: pygame_gui.UIManager) -> bool | None:
        manager.process_events(event)
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self.where.collidepoint(event.pos)
            return self._pressed or None
        if event.type == pygame.MOUSEBUTTONUP and self._pressed:
            self._pressed = False
            return True
        return True if self._pressed else None

    def _button(self, pressed: UIButton) -> Wish | bool | None:
        for page, name in ((page, name) for page, its in self._pages.items() for name in its.buttons):
            if self._pages[page].buttons[name] is not pressed:
                continue
            if name == "close":
                self.toggle()
            elif name in (*PAGES, PLAN):
                self._turn_to(name)
            elif name in self._instead:
                self.toggle()
                self._instead[name]()
            elif name == BROWS:
                return FollowBrows(not self._trying.brows_follow)
            elif page == "Colour":
                return ChooseDye(name)
            elif name == "own":
                return WearOwn()
            elif name == "reset":
                return ClearAdjustments()
            elif page in (PAGES[-1], PLAN):
                return wish_of(name, self._trying)
            return True
        return None

    def _slid(self, moved: Slider, now: float) -> Wish | None:
        for its in self._pages.values():
            for name, slider in its.sliders.items():
                if slider is moved:
                    self._moved_at[slider] = now
                    low, high = slider.value_range
                    value = slider.value
                    if name == "blend":
                        return Blend(value)
                    if abs(value) < _NEAR * (high - low) / 2:
                        value = 0.0
                    if name in ZONES:
                        return SetZone(name, value)
                    return ShowLoss(value) if name == "loss" else Adjust(name, value)
        return None
