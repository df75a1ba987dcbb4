"""Window: the mirror's glass. Draws a View, hears keys, mouse and touch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.clean_output import CleanOutput
from mirror.app.screen.design import GROUND, MARGIN, NEAR, SMALL, px, unit_of
from mirror.app.screen.fullscreen import FullScreen, within_desktop
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.live_picture import Laid, draw_mosaic, draw_picture, lay_out
from mirror.app.screen.messages import Lines, Room
from mirror.app.screen.panel import Panel
from mirror.app.screen.screen_check import start_display
from mirror.app.screen.standing_outline import Stand
from mirror.app.screen.style_strip import Strip, free_of
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import language, said, speak
from mirror.app.screen.upright_crop import Framing, Part, fills
from mirror.app.screen.view import View
from mirror.app.screen.voice import Voice
from mirror.core.errors import MirrorError
from mirror.translation.catalogue import FALLBACK, Words

_FIGURES_EVERY = 0.25  # seconds: figures that change with every frame cannot be read
_SMALLEST = (320, 240)
HELP_WIDE = 0.75  # share of a window that is no wider than 16:9, at least, which the card of keys takes


class Window:
    """A resizable window with the live picture and, over it, what the person needs to know.

    HUD, HELP, MIRROR and FULLSCREEN are done by the window itself before `actions` tells of them;
    the others are for the caller to do. Esc closes what is open: what the panels have, then the keys,
    the figures, full screen; LEAVE is told of once there is nothing left to close. Use it on the main
    thread only, and call `actions` after every `show`: a program that hears no events is taken for hung.

    Args:
        title: of the window; also the large line of the loading screen.
        size: (width, height) of the picture area in pixels; made smaller, in proportion, where the
            screen is smaller.
        fullscreen: start in full screen (F11 leaves it).
        mirrored: show the picture as a mirror does. Text is never mirrored.
        words: in whose language everything on the screen is said; None: English.
        clock: seconds; for tests.

    Attributes:
        words: as given.
        mirrored, hud, help: what the keys M, D and H switch.
        original: the own hair is asked for, by the key that is held.
        panels: what lies over the picture, the last on top; it may be changed at any time.
        voice: says aloud what is worn; None: nothing is said.
        bare: a panel says everything: no lines, no keys, no pointer.
        beneath: panels that are drawn under the strip and the lines, and hear nothing.
        covered: pixels that a panel covers at the edge where lines end: all else keeps off them.
        counting: a countdown runs: the styles give way to its figure.
        free: what of the window neither the strip nor that panel takes, pixels.
        rail: where the round buttons lie, pixels: lines keep off them.
        laid: how the picture lies in the window; on an upright screen a part of it fills the screen.
        head: the rectangle of the window in which the person's head lies, hair and all; None: nobody.
        beside: columns at the right edge that the panel `sidebar` keeps for itself: the picture and all that
            lies over it get the others.
        glass: the part of the window that the picture keeps to, pixels, where a panel lies beside; None: all.
        second: a window with the picture alone, which closes with this one; None: there is none.

    Raises:
        MirrorError: there is no screen, or a size that no window can have.

    Example:
        with Window("Hair Mirror", (1280, 720)) as window:
            window.show(View(loading=("Loading the painter", 0.6)))
            wishes = window.actions()
    """

    def __init__(
        self,
        title: str,
        size: tuple[int, int],
        *,
        fullscreen: bool = False,
        mirrored: bool = True,
        words: Words | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.words = words or Words(FALLBACK)
        speak(self.words)
        self.mirrored = mirrored
        self.hud = False
        self.help = False
        self.bare = False
        self.voice: Voice | None = None
        self.panels: list[Panel] = []
        self.beneath: list[Panel] = []
        self.covered = 0
        self.counting = False
        self.free = pygame.Rect(0, 0, *size)
        self.rail = pygame.Rect(0, 0, 0, 0)
        self.laid = Laid(pygame.Rect(0, 0, 0, 0), Part(0.0, 0.0, 1.0, 1.0), mirrored)
        self.head: pygame.Rect | None = None
        self._framing = Framing()
        self.beside = 0
        self.glass: pygame.Rect | None = None
        self.sidebar: Panel | None = None
        self._title = title
        self._clock = clock
        self._strip = Strip()
        self.original = False
        self._live = False
        self.second: CleanOutput | None = None
        self._lines, self._stand = Lines(), Stand()
        self._figures: tuple[tuple[str, str], ...] = ()
        self._figures_at = 0.0
        if min(size) < 1:
            raise MirrorError(f"A window of {size[0]}x{size[1]} is impossible. Give a size such as 1280x720.")
        start_display()
        try:
            self._window = pygame.Window(title, within_desktop(size), resizable=True)
            self._window.minimum_size = _SMALLEST
            self._fullscreen = FullScreen(self._window)
            if fullscreen:
                self._fullscreen.toggle()
        except pygame.error as error:
            pygame.display.quit()
            raise MirrorError(
                f"The window could not be opened: SDL says {str(error).rstrip('.')!r}. "
                "Try a smaller --size, or give --headless to run without a window."
            ) from error
        pygame.key.set_repeat()  # a held key counts once
        pygame.key.stop_text_input()  # or an input method would swallow the letters
        pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_ARROW)
        self._cursor = True

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def strip(self) -> Strip:
        """The styles beside the head, or below it."""
        return self._strip

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the window as it is now, pixels."""
        width, height = self._window.size
        return width, height

    @property
    def where(self) -> pygame.Rect:
        """The rectangle of the window in which the picture lies."""
        return self.laid.where

    @property
    def full(self) -> bool:
        """Whether it fills the screen."""
        return self._fullscreen.on

    def keep_above(self, size: tuple[int, int]) -> None:
        """The person can make the window no smaller than (width, height)."""
        self._window.minimum_size = size

    def show(self, view: View) -> None:
        """Draw `view` and bring it to the screen."""
        now = self._clock()
        whole = screen = self._window.get_surface()
        if 0 < self.beside < whole.get_width():
            screen = whole.subsurface((0, 0, whole.get_width() - self.beside, whole.get_height()))
        unit = unit_of(screen.get_size())
        if self.voice is not None:
            self.voice.say("" if view.image is None else said(view.style_name), language())
        if view.image is None:
            screen.fill(GROUND)
        else:
            self._draw_picture(screen, view, view.image, now)
        if view.image is not None and view.loading is None:
            if not self._live:  # the first picture: show what there is to choose from
                self._live = True
                self._strip.wake(now)
            self._strip.far = self.bare
            if not self.bare:
                self._stand.draw(screen, self.where, view.outline, now)
            for panel in self.beneath:
                panel.draw(screen, view, unit, now)
            self._strip.own = view.own_thumbnails
            self._strip.draw(screen, view.style_name, view.style_number, view.thumbnails, now)
        taken = pygame.Rect(0, 0, 0, 0)
        self.free = self._left_free(screen.get_size())
        room = Room(self.free, unit, self.rail, self.head)
        if not self.bare:
            taken = self._lines.draw(screen, view, self.original, room, now)
        if not self.help:
            self._draw_figures(screen, view, room, now, taken)
        if not self.help and view.loading is not None:
            words, share = view.loading
            title = self._title if view.image is None else ""
            card = overlay.loading(title, words, round(share, 3), unit, view.image is not None)
            # In the middle of an empty window, below the face in a picture.
            down = screen.get_height() * (1 if view.image is None else 1.6) / 2
            screen.blit(card, card.get_rect(center=(screen.get_width() // 2, round(down))))
        for panel in self.panels:
            panel.draw(whole if panel is self.sidebar else screen, view, unit, now)
        if self.help:
            self._draw_help(screen, unit, taken.bottom)
        pointed = self.beside > 0 and pygame.mouse.get_pos()[0] >= screen.get_width()
        self._show_cursor((pointed or self._strip.awake(now)) and not self.bare)
        self._window.flip()

    def forget(self) -> None:
        """Wipes the picture from the window's memory and from the screen, and what the person switched."""
        self.hud = self.help = self.original = self._live = False
        for each in (self._lines, self._stand, self._framing, self._strip):
            each.forget()
        self._window.get_surface().fill(GROUND)
        self._window.flip()

    def _draw_picture(self, screen: pygame.Surface, view: View, image: np.ndarray, now: float) -> None:
        """Draws the picture, and takes note of where it lies now and where the head in it."""
        size, glass = (image.shape[1], image.shape[0]), self.glass
        where = screen.get_rect() if glass is None else glass.clip(screen.get_rect())
        room = where.size
        if view.mosaic and view.trying.grid and glass is None and fills(size, room):
            self.laid = draw_mosaic(screen, image, math.isqrt(len(view.trying.grid)), self.mirrored)
        else:
            whole = view.mosaic and glass is None
            part = (
                Part.whole(size)
                if whole
                else self._framing.part(size, view.face, room, now, filled=glass is not None)
            )
            laid = lay_out(size, part, room, self.mirrored)
            self.laid = replace(laid, where=laid.where.move(where.topleft))
            draw_picture(screen, image, self.laid)
        self.head = None if view.head is None or view.mosaic else self.laid.on_screen(view.head)

    def open_second(self) -> CleanOutput:
        """Opens the window with the picture alone. Keys stay with this one.

        Raises:
            MirrorError: it cannot be opened.
        """
        self.second = CleanOutput(self._title, self.size)
        self._window.focus()
        return self.second

    def restore(self) -> None:
        """Brings a minimised window back."""
        self._window.restore()

    def actions(self) -> list[Wish]:
        """What the person asked for since the last call, in order."""
        wishes: list[Wish] = []
        for event in pygame.event.get():
            if self.second is not None and self.second.hears(event):
                continue
            wish = self._meaning(event)
            # A window that appears or changes its size reports the mouse as moved by nothing.
            moved = event.type == pygame.MOUSEMOTION and event.rel != (0, 0)
            woken = moved or event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.MOUSEWHEEL)
            if woken and not (self.beside and pygame.mouse.get_pos()[0] >= self.size[0] - self.beside):
                self._strip.wake(self._clock())
            if wish is Action.LEAVE and self._put_away():
                continue
            if wish is not None and not (wish is Action.QUIT and wish in wishes):
                self._obey(wish)
                wishes.append(wish)
        return wishes

    def _meaning(self, event: pygame.event.Event) -> Wish | None:
        for panel in reversed(self.panels):
            heard = panel.hear(event, self._clock())
            if heard is not None and not isinstance(heard, bool):
                return heard
            if heard:
                return None
        in_strip = self._strip.hear(event, self._clock())
        if in_strip is not None:
            return None if isinstance(in_strip, bool) else in_strip
        return translate(event)

    def close(self) -> None:
        """Close the window and SDL's video part. May be called twice."""
        if self.voice is not None:
            self.voice.close()
        if pygame.display.get_init():
            if self.second is not None:
                self.second.close()
            self._show_cursor(True)
            self._window.destroy()
            pygame.display.quit()

    def _obey(self, wish: Wish) -> None:
        if wish is Action.HUD:
            self.hud = not self.hud
        elif wish is Action.HELP:
            self.help = not self.help
        elif wish is Action.MIRROR:
            self.mirrored = not self.mirrored
        elif wish is Action.FULLSCREEN:
            self._fullscreen.toggle()
        elif wish is Action.ORIGINAL_ON:
            self.original = True
        elif wish is Action.ORIGINAL_OFF:
            self.original = False

    def _put_away(self) -> bool:
        """Closes the uppermost of what the window itself has open, full screen last; whether it did."""
        if self.help:
            self.help = False
        elif self.hud:
            self.hud = False
        elif self._fullscreen.on:
            self._obey(Action.FULLSCREEN)
        else:
            return False
        return True

    def _left_free(self, size: tuple[int, int]) -> pygame.Rect:
        panel = turned(pygame.Rect(0, 0, size[0] - self.covered, size[1]), size[0])
        return panel if self.bare or self.strip.hidden else panel.clip(free_of(size))

    def _draw_figures(
        self, screen: pygame.Surface, view: View, room: Room, now: float, taken: pygame.Rect
    ) -> None:
        if not self.hud or not view.hud:
            self._figures = ()
            return
        if not self._figures or now - self._figures_at >= _FIGURES_EVERY:
            self._figures, self._figures_at = tuple(view.hud.items()), now
        unit, inner = room.unit, room.inner
        panel = overlay.figures(self._figures, unit, min(inner.width, px(unit, 420)))
        spot = turned(panel.get_rect(topleft=inner.topleft), inner)
        if taken.height and spot.inflate(px(unit, MARGIN), 0).colliderect(taken):
            spot.top = taken.bottom + px(unit, SMALL)
        screen.blit(panel, spot)

    def _draw_help(self, screen: pygame.Surface, unit: float, top: int) -> None:
        """The card of keys between the lines at the top and the strip, or amid all where it would be tiny."""
        margin = px(unit, SMALL)
        whole = screen.get_rect().inflate(-2 * margin, -2 * margin)
        free = self.free.clip(whole)
        free.height, free.top = free.bottom - max(top + margin, free.top), max(top + margin, free.top)
        card, letters = overlay.fitted_help(unit, free.width, max(free.height, 1))
        tiny = letters < px(unit, NEAR.caption)
        if tiny or card.get_width() < HELP_WIDE * min(whole.width, px(unit, 1280)):
            free = whole
            card, _ = overlay.fitted_help(unit, free.width, free.height)
        screen.blit(card, card.get_rect(center=free.center))

    def _show_cursor(self, visible: bool) -> None:
        """A resting pointer disappears with the strip: nobody wants an arrow on their face."""
        if visible != self._cursor:
            self._cursor = visible
            pygame.mouse.set_visible(visible)
