"""Try: the live mirror, with a button for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.kiosk.hair_loss import TALL, Loss
from mirror.app.kiosk.hair_loss import said as loss_said
from mirror.app.screen import Action, ChooseShade, ShowLoss, View, Wish, design
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import translate
from mirror.app.screen.panels.filter_panel import FilterPanel
from mirror.app.screen.panels.shade_grid import ShadeGrid
from mirror.app.screen.panels.suggestion_panel import SuggestionPanel
from mirror.app.screen.style_strip import NAME, SIDE, lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left
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
# The last one, apart from the others, ends it.
_LEFT = ("previous", "filter", "suggest", "colour", "loss", "own", "compare")
_RIGHT = ("next", "surprise", "looks", "picture", "clip", "album", "done")
# In place of "looks", beside each other.
_LOOKS = ("look_before", "look_after")
# Beside the slider of hair loss or, upright, a card; a screen that lies has one column for that.
_LOSS_LEFT, _LOSS_RIGHT = ("styles", "own"), ("picture", "done")
_CARD = ("styles", "own", "picture", "done")
_LARGER = 1.25  # than the window's are the cards, so that their words are as large as all others
SAID = 6.0  # seconds a line stays
Card = ShadeGrid | FilterPanel | SuggestionPanel  # in place of the strip, or over the picture
_WAYS = 4  # in which the buttons can lie
_ABOVE = 120.0  # units from the top: the name is there
_WIDTH = 264.0  # units, of a button on a screen that lies
_BESIDE = 300.0  # units, of the lines below the buttons there


class TryOn:
    """The camera is on from `enter` until the goodbye; comparing comes back here and it stays on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("done", "styles")
        self._loss = Loss(scene)
        self._shades = ShadeGrid(_LARGER, round(design.FAR.body / _LARGER))
        self._filter = FilterPanel(_LARGER, round(design.FAR.body / _LARGER))
        self._suggestions = SuggestionPanel(_LARGER, round(design.FAR.body / _LARGER))
        self._cards: dict[str, Card] = {
            "colour": self._shades,
            "filter": self._filter,
            "suggest": self._suggestions,
        }
        self._shy = Shy()
        self._seat, self._hints = Seat(), Seat()
        self._left: tuple[int, ...] | None = None  # by the filter
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
        display = self._scene.visit.display
        counting = display is not None and display.studio is not None and display.studio.counting
        if self._loss.open and self._card is not None:  # begun elsewhere, with the stylist's tablet
            self._card.toggle()
        if self._card is not None:
            self._shy.wake(now)  # somebody chooses: it is theirs to close
        self._left = view.trying.left
        self._buttons.dead = [name for name, way in zip(_LOOKS, view.trying.ways, strict=True) if not way]
        self._scene.window.strip.only = view.trying.left
        self._scene.window.strip.hidden = self._special or (counting and lies(size))
        if view.image is not None:
            self._loss.draw(screen, view, now, opacity)
            self._say(screen, view, now, opacity)
        head = self._scene.window.head
        if head is not None:  # places are those of a screen whose lines begin at the left
            head = turned(head, size[0])
        layouts = [self._places(way, size, unit, across, down) for way in range(_WAYS)]
        places = self._shy.choose(layouts, unit, head, now)
        if view.image is None:
            places = tuple(place for place in places if place[0] == "done")
        elif across > down:  # figures lie where lines begin, a countdown where they end
            hud = self._scene.window.hud
            places = tuple(
                place for place in places
                if not (hud and place[2][0] < across / 2) and not (counting and place[2][0] > across / 2)
            )  # fmt: skip
        self._buttons.lay(size, places)
        self._buttons.draw(screen, now, opacity)
        for one in self._cards.values():
            one.head = self._scene.window.head
            if view.image is not None:
                one.draw(screen, view, design.unit_of(size), now)
        if opacity <= 0:
            self._hint(screen, unit, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
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
        if pressed == "compare":
            return "compare" if self._scene.visit.last is not None else True
        if pressed in self._buttons.dead:
            return True
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
        self._scene.window.strip.only = None
        if self._card is not None:
            self._card.toggle()
        if self._loss.open:
            self._loss.close()
            self._scene.visit.wish(ShowLoss(None))

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
        if self._scene.tablet is not None and self._scene.tablet.looking:
            lines.append(words("tablet_looks"))  # nobody is looked at from elsewhere without being told
        if view.problem:
            lines.append(words("closer" if view.problem == CLOSER else "no_picture"))
        if not lines:
            self._seat = Seat()
            return
        self._lay_lines(screen, lines, now)

    def _lay_lines(self, screen: pygame.Surface, lines: list[str], now: float) -> None:
        """At the top in the middle; beside a head there below the buttons, upright at the side."""
        size = screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        strip, column = self._strip_room(size, unit, down)
        wide = min(640.0, across - 140)
        rooms = [layout.room_of(line, layout.BODY, wide, unit) for line in lines]
        tall = sum(room.height for room in rooms) + (len(rooms) - 1) * round(8 * unit)
        # The first line chooses, off the head: what comes for a moment does not move what stays.
        spot = pygame.Rect(0, 0, rooms[0].width, tall)
        top = round(max(16.0, self._scene.window.where.top / unit - 168) * unit)
        lefts = [(size[0] - spot.width) // 2, round(24 * unit), round(size[0] - 24 * unit - spot.width)]
        places = [spot.move(left, top) for left in lefts]
        fits, rows = False, len(_LOSS_LEFT if self._special else self._beside())
        if lies(size):
            narrow = [layout.room_of(line, layout.BODY, _BESIDE - 44, unit) for line in lines]
            high = sum(room.height for room in narrow) + (len(narrow) - 1) * round(8 * unit)
            fits = high <= (strip - 16 - _ABOVE - rows * 68) * unit
            low = pygame.Rect(0, 0, round(_BESIDE * unit), high)
            low.bottom = round((strip - 16) * unit)
            below = [low.move(round(24 * unit), 0), low.move(round((across - column - _BESIDE) * unit), 0)]
            places[1:] = [turned(place, size[0]) for place in (below if fits else places[1:])]
        place = self._seat.choose(places, self._scene.window.head, now, (self._scene.window.strip.name_at,))
        beside = lies(size) and fits and place is not places[0]
        width = _BESIDE - 44 if beside else wide
        y = place.top
        for line in lines:
            room = layout.room_of(line, layout.BODY, width, unit)
            room.midtop = (place.centerx, y)
            room.clamp_ip(pygame.Rect(0, 0, *size).inflate(round(-32 * unit), 0))
            at = (room.centerx / unit, room.top / unit + 12)
            layout.backed_line(screen, line, layout.BODY, at, width=width)
            y = room.bottom + round(8 * unit)

    def _beside(self) -> tuple[str, ...]:
        return tuple(name for name in _LEFT if name != "suggest" or self._scene.suggests)

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
        words = self._scene.words
        strip, column = self._strip_room(size, unit, down)
        columns: tuple[tuple[str, ...], tuple[str, ...]]
        columns = (_LOSS_LEFT, _LOSS_RIGHT) if self._special else (self._beside(), self._right())
        if self._card is not None and lies(size):  # the card is at the edge where lines end
            columns, way = (_CARD, ()), 0
        elif self._card is not None:
            way = 2 if self._card.where.centery > size[1] / 2 else 0
        rows = max(map(len, columns))
        wide_screen = lies(size)
        width = _WIDTH if wide_screen else (across - 60) / 2
        tall, gap = (60.0, 8.0) if wide_screen else (42.0, 6.0)
        above = _ABOVE if wide_screen else 116.0
        near, far = 24.0 + width + gap, across - column - width
        lefts = ((24.0, far), (24.0, near), (far - width - gap, far))[min(way, 2) if wide_screen else 0]
        upper = rows if wide_screen else (0, rows // 2, rows, rows // 3)[way]  # rows that begin above
        if above + rows * (tall + gap) > strip:  # a low window
            tall = max(40.0, (strip - above) / rows - gap)
        places = []
        for x, names in zip(lefts, columns, strict=True):
            for row, name in enumerate(names):
                if name == "album" and not self._scene.items():
                    continue
                begins = above if row < upper else strip - rows * (tall + gap)
                if name == "looks":
                    half, top = (width - gap) / 2, begins + row * (tall + gap)
                    arrows = ("→", "←") if right_to_left() else ("←", "→")
                    for place, (look, arrow) in enumerate(zip(_LOOKS, arrows, strict=True)):
                        places.append((look, arrow, (x + place * (half + gap), top, half, tall)))
                    continue
                label = words(name)
                if name == "filter" and self._left is not None:  # something is left out
                    label += f" ({words.digits(str(len(self._left)))})"
                places.append((name, label, (x, begins + row * (tall + gap), width, tall)))
        return tuple(places)

    def _strip_room(self, size: tuple[int, int], unit: float, down: float) -> tuple[float, float]:
        """Where the room above the strip ends, and how wide the one at its side is that it takes, units."""
        scale = design.unit_of(size) / unit
        if self._loss.open:
            return down - TALL - 8, 24.0
        if self._card is not None:
            return down - 8, 24.0
        if lies(size):
            return down - 8, (design.MARGIN + SIDE + design.GAP + design.SMALL) * scale
        return down - (design.MARGIN + SIDE + 2 * design.GAP + 1.2 * NAME + design.SMALL) * scale, 24.0
