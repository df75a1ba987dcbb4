"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.kiosk.hair_loss import TALL, Loss
from mirror.app.kiosk.hair_loss import said as loss_said
from mirror.app.screen import Action, ShowLoss, View, Wish
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import translate
from mirror.app.screen.style_strip import HEIGHT
from mirror.pipeline.distance_check import CLOSER

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_WISHES = {
    "previous": Action.PREVIOUS,
    "next": Action.NEXT,
    "colour": Action.DYE,
    "surprise": Action.RANDOM,
    "picture": Action.SNAPSHOT,
    "clip": Action.CLIP,
}
# What a visitor's keyboard may do. Esc, F11, D, H, M and S leave, change or show what is not theirs.
KEYS = frozenset(
    {Action.PREVIOUS, Action.NEXT, Action.DYE, Action.DYE_BACK, Action.RANDOM, Action.ORIGINAL_ON,
     Action.ORIGINAL_OFF}
)  # fmt: skip
# The last one, apart from the others, ends it.
_LEFT = ("previous", "colour", "loss", "own", "compare")
_RIGHT = ("next", "surprise", "picture", "clip", "album", "done")
_LOSS_LEFT, _LOSS_RIGHT = ("styles", "own"), ("picture", "done")  # beside the slider of hair loss
SAID = 6.0  # seconds a line stays
_WAYS = 3  # in which the buttons can lie


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done", "styles")
        self._loss = Loss(scene)
        self._shy = Shy()
        self._seat, self._hints = Seat(), Seat()
        self._live = False
        self._holding = False
        self._said: tuple[str, float] | None = None
        self._saved = self._made = 0

    def enter(self, now: float) -> None:
        self._holding = self._live = False
        self._shy.begin(now)
        self._seat = Seat()
        self._said, self._saved = None, len(self._scene.visit.saved)
        self._made = self._links()
        if self._scene.visit.last is None:
            self._scene.idle.begin(now)
            self._scene.visit.begin()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        if view.image is None:
            screen.fill(layout.GROUND)
            layout.line(screen, words("opening"), layout.LARGE, (across / 2, down / 2 - 30))
        elif not self._live:  # the first picture: what there is to choose from
            self._live = True
            self._shy.wake(now)
        opacity = self._shy.opacity(now) if self._live else 1.0
        if view.image is not None:
            self._loss.draw(screen, view, now, opacity)
            self._say(screen, view, now, opacity)
        head = self._scene.window.head
        layouts = [self._places(way, size, unit, across, down) for way in range(_WAYS)]
        places = self._shy.choose(layouts, unit, head, now)
        if view.image is None:
            places = tuple(place for place in places if place[0] == "done")
        elif across > down:  # figures lie on the left, a countdown on the right
            display = self._scene.visit.display
            counting = display is not None and display.studio is not None and display.studio.counting
            hud = self._scene.window.hud
            places = tuple(
                place for place in places
                if not (hud and place[2][0] < across / 2) and not (counting and place[2][0] > across / 2)
            )  # fmt: skip
        self._buttons.lay(size, places)
        self._buttons.draw(screen, now, opacity)
        if opacity <= 0:
            self._hint(screen, unit, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if self._live and self._shy.hear(event, now):
            return True
        pressed = self._buttons.hear(event)
        if pressed == "done":
            return pressed
        if pressed == "album":
            return "look"
        if pressed == "compare":
            return "compare" if self._scene.visit.last is not None else True
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
        if self._scene.idle.left(now) <= 0:
            return "idle"
        # What was just made is shown with the code that fetches it.
        return "look" if self._links() > self._made else None

    def leave(self) -> None:
        self._said = None
        if self._loss.open:
            self._loss.close()
            self._scene.visit.wish(ShowLoss(None))

    def _links(self) -> int:
        """How many pictures and clips can be fetched by phone."""
        keepsakes = self._scene.visit.keepsakes
        return len(keepsakes.links()) if keepsakes is not None and keepsakes.shared else 0

    def _hint(self, screen: pygame.Surface, unit: float, now: float) -> None:
        """That there are buttons, where they are not seen."""
        words, width = self._scene.words("touch_more"), screen.get_width() / unit
        spot = layout.room_of(words, layout.BODY, width, unit)
        spot.bottom = round(screen.get_height() - 16 * unit)
        room, margin = screen.get_width() - spot.width, round(24 * unit)
        lefts = (room // 2, margin, room - margin)
        places = [pygame.Rect(left, spot.top, *spot.size) for left in lefts]
        place = self._hints.choose(places, self._scene.window.head, now)
        at = (place.centerx / unit, place.top / unit + 12)
        layout.backed_line(screen, words, layout.BODY, at, width=width)

    def _say(self, screen: pygame.Surface, view: View, now: float, opacity: float) -> None:
        """What the picture is, what was just done, or is wrong."""
        words, display = self._scene.words, self._scene.visit.display
        if display is not None and display.studio is not None:
            saved = self._scene.visit.saved
            if len(saved) > self._saved:
                until = words.moment(self._scene.kept.until(saved[-1]))
                self._said = (words("picture_kept", until=until), now)
                self._saved = len(saved)
            elif display.studio.pictures.waiting:
                self._said = (words("picture_failed"), now)
        lines = []
        if view.mark or self._loss.open:
            lines.append(words("illustration"))
            if self._loss.open and opacity <= 0:  # the slider, which says it, is not seen
                lines.insert(0, loss_said(view.trying.loss_words, words))
        if self._said and now - self._said[1] < SAID:
            lines.append(self._said[0])
        if view.problem:
            lines.append(words("closer" if view.problem == CLOSER else "no_picture"))
        if not lines:
            self._seat = Seat()
            return
        unit = layout.unit_of(screen.get_size())
        across = screen.get_width() / unit
        # The first line chooses, off the head: what comes for a moment does not move what stays.
        wide = min(640.0, across - 140)
        spot = layout.room_of(lines[0], layout.BODY, wide, unit)
        top = max(28.0, self._scene.window.where.top / unit - 156) * unit
        middles = (
            screen.get_width() // 2,
            24 * unit + spot.width / 2,
            screen.get_width() - 24 * unit - spot.width / 2,
        )
        places = [spot.move(round(x - spot.width / 2), round(top - 12 * unit)) for x in middles]
        place = self._seat.choose(places, self._scene.window.head, now)
        y = (place.top + 12 * unit) / unit
        for line in lines:
            half = layout.room_of(line, layout.BODY, wide, unit).width / unit / 2
            x = min(max(place.centerx / unit, half + 16), across - half - 16)
            y = layout.backed_line(screen, line, layout.BODY, (x, y), width=wide).bottom / unit + 36

    def _right(self) -> tuple[str, ...]:
        keepsakes = self._scene.visit.keepsakes
        if keepsakes is not None and keepsakes.shared:
            return _RIGHT
        return tuple(name for name in _RIGHT if name != "clip")  # it lies nowhere to be fetched

    def _places(
        self, way: int, size: tuple[int, int], unit: float, across: float, down: float
    ) -> tuple[Place, ...]:
        """Two columns. On a wide screen at both sides, or both at the left or the right; else below the face,
        some above and some below it, or above it.

        Args:
            way: which of these, from 0.
        """
        from mirror.app.screen.overlay import unit_of

        words = self._scene.words
        strip = down - TALL - 8 if self._loss.open else down - 0.84 * HEIGHT * unit_of(size) / unit
        columns = (_LOSS_LEFT, _LOSS_RIGHT) if self._loss.open else (_LEFT, self._right())
        rows = max(map(len, columns))
        wide_screen = across > down
        width = 248.0 if wide_screen else (across - 60) / 2
        tall, gap = (70.0, 14.0) if wide_screen else (48.0, 8.0)
        above, near, far = 116.0, 24.0 + width + gap, across - 24 - width
        lefts = ((24.0, far), (24.0, near), (far - width - gap, far))[way if wide_screen else 0]
        upper = rows if wide_screen else (0, rows // 2, rows)[way]  # rows that begin above
        if above + rows * (tall + gap) > strip:  # a low window
            tall = max(40.0, (strip - above) / rows - gap)
        places = []
        for x, names in zip(lefts, columns, strict=True):
            for row, name in enumerate(names):
                if name == "album" and not self._scene.items():
                    continue
                begins = above if row < upper else strip - rows * (tall + gap)
                places.append((name, words(name), (x, begins + row * (tall + gap), width, tall)))
        return tuple(places)
