"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.kiosk import look
from mirror.kiosk.buttons import Buttons, Place
from mirror.kiosk.loss import TALL, Loss
from mirror.reach import CLOSER
from mirror.screen import Action, ShowLoss, View, Wish
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
# The last one, apart from the others, ends it.
_LEFT = ("previous", "colour", "loss", "own", "compare")
_RIGHT = ("next", "surprise", "picture", "album", "done")
_LOSS_LEFT, _LOSS_RIGHT = ("styles", "own"), ("picture", "done")  # beside the slider of hair loss
SAID = 6.0  # seconds a line stays


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done", "styles")
        self._loss = Loss(scene)
        self._marked = False
        self._comparing = False
        self._holding = False
        self._said: tuple[str, float] | None = None
        self._saved = 0

    def enter(self, now: float) -> None:
        self._holding = self._comparing = False
        self._said, self._saved = None, len(self._scene.visit.saved)
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
            self._loss.draw(screen, view, now)
            self._marked = bool(view.mark) or self._loss.open
            self._say(screen, view, now)
        places = self._places(size, unit, across, down)
        if view.image is None:
            places = tuple(place for place in places if place[0] == "done")
        elif across > down:  # figures lie on the left, a countdown on the right
            display = self._scene.visit.display
            counting = display is not None and display.studio is not None and display.studio.counting
            first_right = len(_LOSS_LEFT if self._loss.open else _LEFT)
            places = places[first_right if self._scene.window.hud else 0 : first_right if counting else None]
        self._buttons.lay(size, places)
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if pressed == "done":
            return pressed
        if pressed == "album":
            return "look"
        if pressed == "compare":
            self._comparing = self._scene.visit.last is not None
            return True
        if pressed in _WISHES:
            return _WISHES[pressed]
        if pressed == "loss" and self._scene.visit.last is not None:
            return self._loss.begin()
        if pressed == "styles":
            self._loss.close()
            return ShowLoss(None)
        moved = self._loss.hear(event)
        if moved is not None:
            return moved
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            at = self._buttons.at(event.pos)
            if at == "own":
                self._holding = True
                return Action.ORIGINAL_ON
            # The strip lies beside the buttons.
            return None if at is None and not self._loss.open else True
        if event.type == pygame.MOUSEBUTTONUP and self._holding:
            self._holding = False
            return Action.ORIGINAL_OFF
        if event.type in (pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION):
            return None  # a touch of the strip, or a swipe
        wish = translate(event)
        if self._loss.open and wish in (Action.DYE, Action.DYE_BACK):
            return True  # nothing of it would be seen
        return wish if wish in KEYS else True

    def step(self, now: float) -> str | None:
        # What compares has no room for the line that hair loss has to have: it waits until that is gone.
        if self._comparing and not self._marked:
            return "compare"
        return "idle" if self._scene.idle.left(now) <= 0 else None

    def leave(self) -> None:
        self._said = None
        if self._loss.open:
            self._loss.close()
            self._scene.visit.wish(ShowLoss(None))

    def _say(self, screen: pygame.Surface, view: View, now: float) -> None:
        """What was just done, or is wrong."""
        words, display = self._scene.words, self._scene.visit.display
        if display is not None and display.studio is not None:
            saved = self._scene.visit.saved
            if len(saved) > self._saved:
                until = words.moment(self._scene.kept.until(saved[-1]))
                self._said = (words("picture_kept", until=until), now)
                self._saved = len(saved)
            elif display.studio.pictures.waiting:
                self._said = (words("picture_failed"), now)
        said = self._said[0] if self._said and now - self._said[1] < SAID else None
        if view.problem:
            said = words("closer" if view.problem == CLOSER else "no_picture")
        unit = look.unit_of(screen.get_size())
        across = screen.get_width() / unit
        # Above the picture where there is room: what is shown may be the very top of the head.
        y = max(36.0, self._scene.window.where.top / unit - 156)
        for line in (words("illustration") if self._marked else None, said):
            if line:
                spot = look.line(screen, line, look.BODY, (across / 2, y), backed=True,
                                 width=min(640, across - 240))  # fmt: skip
                y = spot.bottom / unit + 36

    def _places(self, size: tuple[int, int], unit: float, across: float, down: float) -> tuple[Place, ...]:
        """Two columns beside the face; where the screen is upright, below it."""
        from mirror.screen.overlay import unit_of

        words = self._scene.words
        strip = down - 0.84 * HEIGHT * unit_of(size) / unit
        wide_screen = across > down
        columns = (_LOSS_LEFT, _LOSS_RIGHT) if self._loss.open else (_LEFT, _RIGHT)
        if self._loss.open:
            strip = down - TALL - 8
        rows = len(columns[0])
        width = 248.0 if wide_screen else (across - 60) / 2
        tall, gap = (70.0, 14.0) if wide_screen else (48.0, 8.0)
        top = 116.0 if wide_screen else strip - rows * (tall + gap)
        if top + rows * (tall + gap) > strip:  # a low window
            tall = max(40.0, (strip - top) / rows - gap)
        places = []
        for x, names in zip((24.0, across - 24 - width), columns, strict=True):
            for row, name in enumerate(names):
                if name == "album" and not self._scene.mine():
                    continue
                places.append((name, words(name), (x, top + row * (tall + gap), width, tall)))
        return tuple(places)
