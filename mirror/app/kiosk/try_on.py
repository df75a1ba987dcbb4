"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.button_places import Arranged, eased
from mirror.app.kiosk.choice_cards import ChoiceCards
from mirror.app.kiosk.hair_loss import Loss
from mirror.app.kiosk.loss_course import LossCourse
from mirror.app.kiosk.try_on_buttons import TryOnButtons
from mirror.app.kiosk.try_on_lines import TryOnLines
from mirror.app.screen import (
    Action,
    ChooseScale,
    ChooseShade,
    CloseCourse,
    PickStyle,
    ShowLoss,
    View,
    Wish,
)
from mirror.app.screen.keys import translate
from mirror.app.screen.panels.favourites import FAVOURITE, NO_FAVOURITE
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place
from mirror.hair.loss.scale_words import LUDWIG, NORWOOD

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_WISHES = {
    "previous": Action.PREVIOUS,
    "next": Action.NEXT,
    "surprise": Action.RANDOM,
    "look_before": Action.BACK,
    "look_after": Action.FORWARD,
    "picture": Action.SNAPSHOT,
    "clip": Action.CLIP,
}
_LOOKS = ("look_before", "look_after")
# What a visitor's keyboard may do. Esc, F11, D, H, M and S leave, change or show what is not theirs.
KEYS = frozenset(
    {Action.PREVIOUS, Action.NEXT, Action.DYE, Action.DYE_BACK, Action.BROWS, Action.RANDOM, Action.BACK,
     Action.FORWARD, Action.ORIGINAL_ON, Action.ORIGINAL_OFF}
)  # fmt: skip


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done", "styles")
        self._loss, self._course = Loss(scene), LossCourse(scene)
        self._cards, self._shy = ChoiceCards(), Shy()
        self._plan = TryOnButtons(scene, self._shy, self._loss, self._cards)
        self._lines = TryOnLines(scene, self._shy, self._loss)
        self._live = False
        self._holding = False
        self._made = 0

    def enter(self, now: float) -> None:
        self._holding = self._live = False
        self._shy.begin(now)
        self._lines.enter()
        self._made = self._links()
        if self._scene.visit.last is None:
            self._scene.idle.begin(now)
            self._scene.visit.begin()
            self._scene.marked.forget()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size, window = self._scene.words, screen.get_size(), self._scene.window
        unit = layout.unit_of(size)
        if view.image is None:
            screen.fill(layout.GROUND)
            middle = (size[0] / unit / 2, size[1] / unit / 2 - 30)
            layout.line(screen, words("opening"), layout.LARGE, middle)
        elif not self._live:  # the first picture: what there is to choose from
            self._live = True
            self._shy.wake(now)
        if view.course is not None:
            self._draw_course(screen, view, now)
            return
        if self._course.refused(view):
            self._lines.say(words.said(view.message or ""), now)
        opacity = self._shy.opacity(now) if self._live else 1.0
        if self._loss.open:  # begun elsewhere, with the stylist's tablet
            self._cards.close()
        if self._cards.open is not None:
            self._shy.wake(now)  # somebody chooses: it is theirs to close
            opacity = 1.0
        self._plan.note(view)
        self._note_marks(view)
        window.strip.hidden = self._special or (self._counting and lies(size))
        if view.image is not None:
            self._loss.draw(screen, view, now, opacity)
        self._cards.draw(screen, view, window, now)
        arranged = self._plan.arrange(size, now)
        self._buttons.lay(size, self._seen(arranged, view, size))
        glass = None
        if arranged.glass is not None and opacity > 0:  # while the camera opens, too: the first picture fits
            glass = _pixels(arranged.glass, unit, size[0])
        glass = self._lines.draw(screen, view, now, arranged, self._plan.room(size).low, glass)
        window.glass = None if glass is None else eased(glass, size, opacity)
        self._buttons.draw(screen, now, opacity)
        if opacity <= 0:
            self._lines.hint(screen, unit, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if self._course.open:
            return self._course.hear(event, now)
        if self._live and self._shy.hear(event, now):
            return True
        chosen = self._cards.hear(event, now)
        if chosen is not None:
            return chosen
        self._buttons.others = self._loss.items()
        pressed = self._buttons.hear(event)
        answer = None if pressed is None else self._press(pressed, now)
        if answer is not None:
            return answer
        moved = self._loss.hear(event)
        if moved is not None:
            return moved
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            at = self._buttons.at(event.pos)
            if at == "own":
                self._holding = True
                return Action.ORIGINAL_ON
            # The strip lies beside the buttons.
            return None if at is None and not self._special else True
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
        self._lines.leave()
        self._scene.window.strip.only = self._scene.window.glass = None
        self._scene.window.strip.stars = ()
        self._cards.close()
        if self._course.leave():
            self._scene.visit.wish(CloseCourse())
        if self._loss.open:
            self._loss.close()
            self._scene.visit.wish(ShowLoss(None))

    def begin_course(self) -> Wish:
        """Asks for a year of hair; where there is none this state says why."""
        return self._course.begin()

    def _press(self, pressed: str, now: float) -> str | Wish | bool | None:
        """What a button does; None: what the event does of itself."""
        if pressed == "other":
            answer = self._buttons.answer
            return answer if isinstance(answer, ShowLoss | ChooseShade) else True
        if pressed == "done":
            return pressed
        if pressed == "album":
            return "look"
        if pressed in ("compare", "alike"):
            return pressed if self._scene.visit.last is not None else True
        if pressed in self._buttons.dead:
            return True
        if pressed in ("mark", "marked"):
            self._mark(pressed, now)
            return True
        if pressed in ("previous", "next") and self._scene.marked.only:
            return self._next_marked(1 if pressed == "next" else -1)
        if pressed in _WISHES:
            return _WISHES[pressed]
        if self._cards.toggle(pressed):
            return True
        if pressed == "styles" and self._cards.open is not None:
            self._cards.close()
            return True
        if pressed == "loss" and self._scene.visit.last is not None:
            return self._loss.begin()
        if pressed == "scale":
            return ChooseScale(NORWOOD if self._plan.scale == LUDWIG else LUDWIG)
        if pressed == "course":
            return self.begin_course()
        if pressed == "styles":
            self._loss.close()
            return ShowLoss(None)
        return None

    def _note_marks(self, view: View) -> None:
        """What of the buttons can be done, and which styles there are to choose from."""
        marked, strip = self._scene.marked, self._scene.window.strip
        self._buttons.dead = [name for name, way in zip(_LOOKS, view.trying.ways, strict=True) if not way]
        if self._plan.worn is None:
            self._buttons.dead += ["mark", "alike"]
        if not marked.numbers:
            self._buttons.dead.append("marked")
        self._buttons.on = ["marked"] if marked.only else []
        strip.stars, strip.only = marked.numbers, marked.among(view.trying.left)

    def _mark(self, pressed: str, now: float) -> None:
        words, marked = self._scene.words, self._scene.marked
        if pressed == "marked":
            marked.filter()
        elif self._plan.worn is not None:
            number, name = self._plan.worn
            told = FAVOURITE if marked.toggle(number) else NO_FAVOURITE
            self._lines.say(words.said(told.naming(style=name)), now)

    def _next_marked(self, by: int) -> Wish | bool:
        """The next of the marked styles, or the one before: nothing else is seen."""
        order = self._scene.marked.among(self._plan.left) or ()
        if not order:
            return True
        worn = -1 if self._plan.worn is None else self._plan.worn[0]
        at = order.index(worn) + by if worn in order else 0
        return PickStyle(order[at % len(order)])

    def _draw_course(self, screen: pygame.Surface, view: View, now: float) -> None:
        """A year of hair, in place of all buttons."""
        self._scene.window.strip.hidden, self._scene.window.glass = True, None
        self._shy.wake(now)
        if view.trying.loss is None:  # styles are worn again, by the stylist's tablet
            self._scene.visit.wish(CloseCourse())
        self._course.draw(screen, view, now)

    def _seen(self, arranged: Arranged, view: View, size: tuple[int, int]) -> tuple[Place, ...]:
        """The buttons that are seen now."""
        if view.image is None:
            return tuple(place for place in arranged.places if place[0] == "done")
        if size[0] <= size[1] or arranged.glass is not None:
            return arranged.places
        # Figures lie where lines begin, a countdown where they end.
        middle, hud = size[0] / layout.unit_of(size) / 2, self._scene.window.hud
        return tuple(
            place for place in arranged.places
            if not (hud and place[2][0] < middle) and not (self._counting and place[2][0] > middle)
        )  # fmt: skip

    @property
    def _counting(self) -> bool:
        display = self._scene.visit.display
        return display is not None and display.studio is not None and display.studio.counting

    @property
    def _special(self) -> bool:
        """Whether something else than styles is chosen: their strip is put away."""
        return self._loss.open or self._cards.open is not None

    def _links(self) -> int:
        """How many pictures and clips can be fetched by phone."""
        keepsakes = self._scene.visit.keepsakes
        return len(keepsakes.links()) if keepsakes is not None and keepsakes.shared else 0


def _pixels(edges: tuple[float, float, float, float], unit: float, across: int) -> pygame.Rect:
    """Edges in units, of a screen whose lines begin at the left, so many pixels wide, as they are on it."""
    left, top, right, bottom = (round(v * unit) for v in edges)
    return turned(pygame.Rect(left, top, max(1, right - left), max(1, bottom - top)), across)
