"""Buttons of trying on: which of them there are now, where they lie, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.button_places import (
    MARGIN,
    WAYS,
    Arranged,
    Room,
    beside,
    between,
    in_column,
    in_rows,
    with_card,
)
from mirror.app.kiosk.choice_cards import ChoiceCards
from mirror.app.kiosk.hair_loss import TALL, Loss
from mirror.app.screen import View, design
from mirror.app.screen.style_strip import NAME, SIDE, lies
from mirror.app.screen.turned import turned
from mirror.app.touch import layout
from mirror.hair.loss.scale_words import COURSE, NORWOOD, SCALES

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

# Beside the head, in two columns; on a dock, row by row. The last one, apart from the others, ends it.
_LEFT = ("previous", "filter", "suggest", "alike", "colour", "loss", "own", "compare")
_RIGHT = ("next", "surprise", "marks", "looks", "picture", "clip", "album", "done")
_DOCK = ("previous", "next", "surprise", "filter", "suggest", "alike", "marks", "colour", "loss", "own",
         "compare", "looks", "picture", "clip", "album", "done")  # fmt: skip
# With the slider of hair loss, or a card.
_LOSS_LEFT, _LOSS_RIGHT = ("styles", "own", "scale"), ("course", "picture", "done")
_LOSS_DOCK = ("styles", "own", "scale", "course", "picture", "done")
_CARD = ("styles", "own", "picture", "done")
_ARROWS = {"look_before": ("←", "→"), "look_after": ("→", "←")}  # read from the left, and from the right


class TryOnButtons:
    """Where the buttons of one state are to lie; they are drawn, and heard, by it.

    Args:
        shy, loss, cards: of the same state: where buttons lay last, and what they give way to.

    Attributes:
        worn: number and name of the style, where it is one of the book.
        left: the styles that the filter leaves; None: all.
        scale: by which hair loss is told.
    """

    def __init__(self, scene: Scene, shy: Shy, loss: Loss, cards: ChoiceCards) -> None:
        self._scene, self._shy, self._loss, self._cards = scene, shy, loss, cards
        self.worn: tuple[int, str] | None = None
        self.left: tuple[int, ...] | None = None
        self.scale = NORWOOD

    def note(self, view: View) -> None:
        """What is on the head, and what there is to choose from."""
        number = view.style_number
        self.worn = (number, view.thumbnails[number][0]) if 0 <= number < len(view.thumbnails) else None
        self.left, self.scale = view.trying.left, view.trying.plan.scale

    def arrange(self, size: tuple[int, int], now: float) -> Arranged:
        """Beside the head where there is room, else on a dock, which the picture keeps off."""
        room, card = self.room(size), self._cards.open
        if card is not None and card.where.width:
            unit = layout.unit_of(size)
            where = turned(card.where, size[0])
            edges = (where.left / unit, where.top / unit, where.right / unit, where.bottom / unit)
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

    def room(self, size: tuple[int, int]) -> Room:
        """What the buttons have of the screen: above strip or slider, or beside the strip."""
        unit = layout.unit_of(size)
        across, down, scale = size[0] / unit, size[1] / unit, design.unit_of(size) / unit
        low, column = down - 8, MARGIN
        if self._loss.open:
            low = down - TALL - 8
        elif self._cards.open is None and lies(size):
            column = (design.MARGIN + SIDE + design.GAP + design.SMALL) * scale
        elif self._cards.open is None:
            low = down - (design.MARGIN + SIDE + 2 * design.GAP + 1.2 * NAME + design.SMALL) * scale
        return Room(across, down, low, column, self._label)

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
            return "★" if self.worn is not None and self.worn[0] in self._scene.marked.numbers else "☆"
        if name == "marked":
            return f"★ {words.digits(str(len(self._scene.marked.numbers)))}"
        if name == "scale":
            return words.said(SCALES[self.scale])
        if name == "course":
            return words.said(COURSE)
        if name == "filter" and self.left is not None:  # something is left out
            return words(name) + f" ({words.digits(str(len(self.left)))})"
        return words(name)
