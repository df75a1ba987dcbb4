"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.kiosk import look
from mirror.kiosk.buttons import Buttons, Place
from mirror.screen import Action, View, Wish
from mirror.screen.keys import translate
from mirror.screen.strip import HEIGHT

if TYPE_CHECKING:
    from mirror.kiosk.scene import Scene

_WISHES = {
    "previous": Action.PREVIOUS,
    "next": Action.NEXT,
    "colour": Action.DYE,
    "surprise": Action.RANDOM,
    "picture": Action.SNAPSHOT,
}
# What a visitor's keyboard may do. Esc, F11, D, H, M and S leave, change or show what is not theirs.
KEYS = frozenset(
    {Action.PREVIOUS, Action.NEXT, Action.DYE, Action.DYE_BACK, Action.RANDOM, Action.ORIGINAL_ON,
     Action.ORIGINAL_OFF}
)  # fmt: skip
_LEFT, _RIGHT = ("previous", "colour", "own", "compare"), ("next", "surprise", "picture", "done")
SAID = 4.0  # seconds a line stays


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done")
        self._holding = False
        self._said: tuple[str, float] | None = None

    def enter(self, now: float) -> None:
        self._holding = False
        self._said = None
        if self._scene.visit.last is None:
            self._scene.idle.begin(now)
            self._scene.visit.begin()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = look.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        if view.image is None:
            screen.fill(look.GROUND)
            look.line(screen, words("opening"), look.LARGE, (across / 2, down / 2 - 30))
        else:
            self._say(screen, view, now)
        places = self._places(size, unit, across, down)
        if view.image is None:
            places = tuple(place for place in places if place[0] == "done")
        elif across > down:  # figures lie on the left, a countdown on the right
            display = self._scene.visit.display
            counting = display is not None and display.studio is not None and display.studio.counting
            places = places[len(_LEFT) if self._scene.window.hud else 0 : len(_LEFT) if counting else None]
        self._buttons.lay(size, places)
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if pressed in ("compare", "done"):
            return pressed if pressed == "done" or self._scene.visit.last is not None else True
        if pressed in _WISHES:
            return _WISHES[pressed]
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            at = self._buttons.at(event.pos)
            if at == "own":
                self._holding = True
                return Action.ORIGINAL_ON
            return None if at is None else True  # the strip lies beside the buttons
        if event.type == pygame.MOUSEBUTTONUP and self._holding:
            self._holding = False
            return Action.ORIGINAL_OFF
        wish = translate(event)
        return wish if wish in KEYS else True

    def step(self, now: float) -> str | None:
        return "idle" if self._scene.idle.left(now) <= 0 else None

    def leave(self) -> None:
        self._said = None

    def _say(self, screen: pygame.Surface, view: View, now: float) -> None:
        """What was just done, or is wrong."""
        words, display = self._scene.words, self._scene.visit.display
        if display is not None and display.studio is not None:
            if view.message and view.message.startswith("Saved to "):
                self._said = (words("picture_kept"), now)
            elif display.studio.pictures.waiting:
                self._said = (words("picture_failed"), now)
        said = self._said[0] if self._said and now - self._said[1] < SAID else None
        if view.problem:
            said = words("no_picture")
        if said:
            across = screen.get_width() / look.unit_of(screen.get_size())
            look.line(screen, said, look.BODY, (across / 2, 36), backed=True, width=min(640, across - 80))

    def _places(self, size: tuple[int, int], unit: float, across: float, down: float) -> tuple[Place, ...]:
        """Two columns beside the face; where the screen is upright, below it."""
        from mirror.screen.overlay import unit_of

        words = self._scene.words
        strip = down - 0.84 * HEIGHT * unit_of(size) / unit
        wide_screen = across > down
        width = 248.0 if wide_screen else (across - 60) / 2
        tall, gap = (70.0, 16.0) if wide_screen else (60.0, 12.0)
        top = 116.0 if wide_screen else strip - 4 * (tall + gap)
        if top + 4 * (tall + gap) > strip:  # a low window
            tall = max(40.0, (strip - top) / 4 - gap)
        places = []
        for x, names in ((24.0, _LEFT), (across - 24 - width, _RIGHT)):
            for row, name in enumerate(names):
                places.append((name, words(name), (x, top + row * (tall + gap), width, tall)))
        return tuple(places)
