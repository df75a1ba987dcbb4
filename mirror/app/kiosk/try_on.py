"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import picture_lines
from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.button_places import (
    MARGIN,
    WAYS,
    Arranged,
    Room,
    beside,
    between,
    eased,
    in_column,
    in_rows,
    with_card,
)
from mirror.app.kiosk.hair_loss import TALL, Loss
from mirror.app.kiosk.hair_loss import said as loss_said
from mirror.app.kiosk.loss_course import LossCourse
from mirror.app.screen import (
    Action,
    ChooseScale,
    ChooseShade,
    CloseCourse,
    PickStyle,
    ShowLoss,
    View,
    Wish,
    design,
)
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import translate
from mirror.app.screen.panels.favourites import FAVOURITE, NO_FAVOURITE
from mirror.app.screen.panels.filter_panel import FilterPanel
from mirror.app.screen.panels.shade_grid import ShadeGrid
from mirror.app.screen.panels.suggestion_panel import SuggestionPanel
from mirror.app.screen.style_strip import NAME, SIDE, lies
from mirror.app.screen.turned import turned
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons
from mirror.hair.loss.scale_words import COURSE, LUDWIG, NORWOOD, SCALES
from mirror.pipeline.distance_check import CLOSER

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
# What a visitor's keyboard may do. Esc, F11, D, H, M and S leave, change or show what is not theirs.
KEYS = frozenset(
    {Action.PREVIOUS, Action.NEXT, Action.DYE, Action.DYE_BACK, Action.BROWS, Action.RANDOM, Action.BACK,
     Action.FORWARD, Action.ORIGINAL_ON, Action.ORIGINAL_OFF}
)  # fmt: skip
# Beside the head, in two columns; on a dock, row by row. The last one, apart from the others, ends it.
_LEFT = ("previous", "filter", "suggest", "alike", "colour", "loss", "own", "compare")
_RIGHT = ("next", "surprise", "marks", "looks", "picture", "clip", "album", "done")
_DOCK = ("previous", "next", "surprise", "filter", "suggest", "alike", "marks", "colour", "loss", "own",
         "compare", "looks", "picture", "clip", "album", "done")  # fmt: skip
_LOOKS = ("look_before", "look_after")
# With the slider of hair loss, or a card.
_LOSS_LEFT, _LOSS_RIGHT = ("styles", "own", "scale"), ("course", "picture", "done")
_LOSS_DOCK = ("styles", "own", "scale", "course", "picture", "done")
_CARD = ("styles", "own", "picture", "done")
_ARROWS = {"look_before": ("←", "→"), "look_after": ("→", "←")}  # read from the left, and from the right
_LARGER = 1.25  # than the window's are the cards, so that their words are as large as all others
SAID = 6.0  # seconds a line stays
Card = ShadeGrid | FilterPanel | SuggestionPanel  # in place of the strip, or over the picture


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done", "styles")
        self._loss, self._course = Loss(scene), LossCourse(scene)
        self._scale = NORWOOD
        self._worn: tuple[int, str] | None = None  # number and name of the style, where it is one of the book
        self._shades = ShadeGrid(_LARGER, round(design.FAR.body / _LARGER))
        self._filter = FilterPanel(_LARGER, round(design.FAR.body / _LARGER))
        self._suggestions = SuggestionPanel(_LARGER, round(design.FAR.body / _LARGER))
        self._cards: dict[str, Card] = {
            "colour": self._shades,
            "filter": self._filter,
            "suggest": self._suggestions,
        }
        self._shy = Shy()
        self._lines, self._hints = picture_lines.Lines(), Seat()
        self._told: list[pygame.Rect] = []  # where the lines are
        self._left: tuple[int, ...] | None = None  # by the filter
        self._live = False
        self._holding = False
        self._said: tuple[str, float] | None = None
        self._saved = self._made = 0

    def enter(self, now: float) -> None:
        self._holding = self._live = False
        self._shy.begin(now)
        self._lines.forget()
        self._said, self._saved = None, len(self._scene.visit.saved)
        self._made = self._links()
        if self._scene.visit.last is None:
            self._scene.idle.begin(now)
            self._scene.visit.begin()
            self._scene.marked.forget()

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
        if view.course is not None:
            self._draw_course(screen, view, now)
            return
        if self._course.refused(view):
            self._said = (words.said(view.message or ""), now)
        opacity = self._shy.opacity(now) if self._live else 1.0
        display = self._scene.visit.display
        counting = display is not None and display.studio is not None and display.studio.counting
        if self._loss.open and self._card is not None:  # begun elsewhere, with the stylist's tablet
            self._card.toggle()
        if self._card is not None:
            self._shy.wake(now)  # somebody chooses: it is theirs to close
            opacity = 1.0
        self._left, self._scale = view.trying.left, view.trying.plan.scale
        self._note_marks(view)
        self._scene.window.strip.hidden = self._special or (counting and lies(size))
        if view.image is not None:
            self._loss.draw(screen, view, now, opacity)
        for one in self._cards.values():
            # On an upright screen it lies on the dock, which is clear of the head.
            one.head = self._scene.window.head if lies(size) else None
            if view.image is not None:
                one.draw(screen, view, design.unit_of(size), now)
        room = self._room(size)
        arranged = self._arrange(size, room, now)
        places = arranged.places
        if view.image is None:
            places = tuple(place for place in places if place[0] == "done")
        elif (
            across > down and arranged.glass is None
        ):  # figures lie where lines begin, a countdown where they end
            hud = self._scene.window.hud
            places = tuple(
                place for place in places
                if not (hud and place[2][0] < across / 2) and not (counting and place[2][0] > across / 2)
            )  # fmt: skip
        self._buttons.lay(size, places)
        glass = None
        if arranged.glass is not None and opacity > 0:  # while the camera opens, too: the first picture fits
            glass = _pixels(arranged.glass, unit, size[0])
        glass = self._say(screen, view, now, arranged, glass)
        self._scene.window.glass = None if glass is None else eased(glass, size, opacity)
        self._buttons.draw(screen, now, opacity)
        if opacity <= 0:
            self._hint(screen, unit, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if self._course.open:
            return self._course.hear(event, now)
        if self._live and self._shy.hear(event, now):
            return True
        chosen = None if self._card is None else self._card.hear(event, now)
        if chosen is not None:
            return chosen
        self._buttons.others = self._loss.items()
        pressed = self._buttons.hear(event)
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
        if pressed in self._cards:
            self._cards[pressed].toggle()
            return True
        if pressed == "styles" and self._card is not None:
            self._card.toggle()
            return True
        if pressed == "loss" and self._scene.visit.last is not None:
            return self._loss.begin()
        if pressed == "scale":
            return ChooseScale(NORWOOD if self._scale == LUDWIG else LUDWIG)
        if pressed == "course":
            return self.begin_course()
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
        self._said = None
        self._scene.window.strip.only = self._scene.window.glass = None
        self._scene.window.strip.stars = ()
        if self._card is not None:
            self._card.toggle()
        if self._course.leave():
            self._scene.visit.wish(CloseCourse())
        if self._loss.open:
            self._loss.close()
            self._scene.visit.wish(ShowLoss(None))

    def begin_course(self) -> Wish:
        """Asks for a year of hair; where there is none this state says why."""
        return self._course.begin()

    def _note_marks(self, view: View) -> None:
        """What of the buttons can be done, and which styles there are to choose from."""
        marked, strip = self._scene.marked, self._scene.window.strip
        number = view.style_number
        inside = 0 <= number < len(view.thumbnails)
        self._worn = (number, view.thumbnails[number][0]) if inside else None
        self._buttons.dead = [name for name, way in zip(_LOOKS, view.trying.ways, strict=True) if not way]
        if self._worn is None:
            self._buttons.dead += ["mark", "alike"]
        if not marked.numbers:
            self._buttons.dead.append("marked")
        self._buttons.on = ["marked"] if marked.only else []
        strip.stars, strip.only = marked.numbers, marked.among(view.trying.left)

    def _mark(self, pressed: str, now: float) -> None:
        words, marked = self._scene.words, self._scene.marked
        if pressed == "marked":
            marked.filter()
        elif self._worn is not None:
            number, name = self._worn
            told = FAVOURITE if marked.toggle(number) else NO_FAVOURITE
            self._said = (words.said(told.naming(style=name)), now)

    def _next_marked(self, by: int) -> Wish | bool:
        """The next of the marked styles, or the one before: nothing else is seen."""
        order = self._scene.marked.among(self._left) or ()
        if not order:
            return True
        worn = -1 if self._worn is None else self._worn[0]
        at = order.index(worn) + by if worn in order else 0
        return PickStyle(order[at % len(order)])

    def _draw_course(self, screen: pygame.Surface, view: View, now: float) -> None:
        """A year of hair, in place of all buttons."""
        self._scene.window.strip.hidden, self._scene.window.glass = True, None
        self._shy.wake(now)
        if view.trying.loss is None:  # styles are worn again, by the stylist's tablet
            self._scene.visit.wish(CloseCourse())
        self._course.draw(screen, view, now)

    @property
    def _special(self) -> bool:
        """Whether something else than styles is chosen: their strip is put away."""
        return self._loss.open or self._card is not None

    @property
    def _card(self) -> Card | None:
        """Which of the cards is open; never two."""
        return next((card for card in self._cards.values() if card.open), None)

    def _links(self) -> int:
        """How many pictures and clips can be fetched by phone."""
        keepsakes = self._scene.visit.keepsakes
        return len(keepsakes.links()) if keepsakes is not None and keepsakes.shared else 0

    def _hint(self, screen: pygame.Surface, unit: float, now: float) -> None:
        """That there are buttons, where they are not seen."""
        words, width = self._scene.words("touch_more"), screen.get_width() / unit
        spot = layout.room_of(words, layout.BODY, width, unit)
        room, margin = screen.get_width() - spot.width, round(24 * unit)
        lefts, low = (room // 2, margin, room - margin), round(screen.get_height() - 16 * unit)
        places = [pygame.Rect(left, low - spot.height, *spot.size) for left in lefts]
        if not lies(screen.get_size()):  # long hair is as wide as the screen
            places += [pygame.Rect(left, round(16 * unit), *spot.size) for left in lefts]
        place = self._hints.choose(places, self._scene.window.head, now, self._told)
        at = (place.centerx / unit, place.top / unit + 12)
        layout.backed_line(screen, words, layout.BODY, at, width=width)

    def _say(
        self, screen: pygame.Surface, view: View, now: float, arranged: Arranged, glass: pygame.Rect | None
    ) -> pygame.Rect | None:
        """Says what there is to say, and returns what that leaves of the part that the picture keeps to."""
        size, window = screen.get_size(), self._scene.window
        lines = [] if view.image is None else self._words(view, now)
        if not lines:
            self._lines.forget()
            self._told = []
            return glass
        low, name = self._room(size).low, window.strip.name_at
        if glass is None:
            laid = self._lines.lay(lines, size, window.head, now, arranged.places, [name], low)
        else:
            laid, glass = picture_lines.beside(lines, glass, size, arranged.places, name, low)
        picture_lines.draw(screen, laid)
        self._told = [spot for _, spot, _ in laid]
        return glass

    def _words(self, view: View, now: float) -> list[str]:
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
            if self._loss.open and self._shy.opacity(now) <= 0:  # the slider, which says it, is not seen
                lines.insert(0, loss_said(view.trying.loss_words, words))
        if self._said and now - self._said[1] < SAID:
            lines.append(self._said[0])
        if self._scene.tablet is not None and self._scene.tablet.looking:
            lines.append(words("tablet_looks"))  # nobody is looked at from elsewhere without being told
        if view.problem:
            lines.append(words("closer" if view.problem == CLOSER else "no_picture"))
        return lines

    def _arrange(self, size: tuple[int, int], room: Room, now: float) -> Arranged:
        """Beside the head where there is room, else on a dock, which the picture keeps off."""
        if self._card is not None and self._card.where.width:
            unit = layout.unit_of(size)
            card = turned(self._card.where, size[0])
            edges = (card.left / unit, card.top / unit, card.right / unit, card.bottom / unit)
            return with_card(_CARD, edges, room)
        if self._loss.open:
            return between((_LOSS_LEFT, _LOSS_RIGHT), room) if lies(size) else in_rows(_LOSS_DOCK, room)
        docked = [name for name in _DOCK if name in self._there]
        if "album" not in self._there:
            docked.insert(-1, "")  # its place stays free: nothing moves when it comes
        if not lies(size):
            return in_rows(docked, room)
        there = [[name if name in self._there else "" for name in names if name in self._offered]
                 for names in (_LEFT, _RIGHT)]  # fmt: skip
        ways = [beside(there, way, room) for way in range(WAYS)]
        ways.append(in_column(docked, room))
        head = self._scene.window.head
        if head is not None:  # places are those of a screen whose lines begin at the left
            head = turned(head, size[0])
        return ways[self._shy.choose([way.places for way in ways], layout.unit_of(size), head, now)]

    @property
    def _offered(self) -> set[str]:
        """The buttons that this kiosk has, now or in a while."""
        keepsakes = self._scene.visit.keepsakes
        shared = keepsakes is not None and keepsakes.shared
        without = {"suggest"} if not self._scene.suggests else set()
        return {*_DOCK} - without - (set() if shared else {"clip"})  # a clip lies nowhere to be fetched

    @property
    def _there(self) -> set[str]:
        return self._offered - (set() if self._scene.items() else {"album"})

    def _label(self, name: str) -> str:
        words = self._scene.words
        if name in _ARROWS:
            return _ARROWS[name][words.right_to_left]
        if name == "mark":
            return "★" if self._worn is not None and self._worn[0] in self._scene.marked.numbers else "☆"
        if name == "marked":
            return f"★ {words.digits(str(len(self._scene.marked.numbers)))}"
        if name == "scale":
            return words.said(SCALES[self._scale])
        if name == "course":
            return words.said(COURSE)
        if name == "filter" and self._left is not None:  # something is left out
            return words(name) + f" ({words.digits(str(len(self._left)))})"
        return words(name)

    def _room(self, size: tuple[int, int]) -> Room:
        """What the buttons have of the screen: above strip or slider, or beside the strip."""
        unit = layout.unit_of(size)
        across, down, scale = size[0] / unit, size[1] / unit, design.unit_of(size) / unit
        low, column = down - 8, MARGIN
        if self._loss.open:
            low = down - TALL - 8
        elif self._card is None and lies(size):
            column = (design.MARGIN + SIDE + design.GAP + design.SMALL) * scale
        elif self._card is None:
            low = down - (design.MARGIN + SIDE + 2 * design.GAP + 1.2 * NAME + design.SMALL) * scale
        return Room(across, down, low, column, self._label)


def _pixels(edges: tuple[float, float, float, float], unit: float, across: int) -> pygame.Rect:
    """Edges in units, of a screen whose lines begin at the left, so many pixels wide, as they are on it."""
    left, top, right, bottom = (round(v * unit) for v in edges)
    return turned(pygame.Rect(left, top, max(1, right - left), max(1, bottom - top)), across)
