"""Hairline drawing: a line drawn with the finger or the pointer on one's own forehead, kept on the head.

What is drawn is told in skull coordinates as it is drawn, so a head may move under the finger, and the line
is seen where it is on the head in every later picture. Up and Down move it for who has no pointer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.controls import draw_button, look
from mirror.app.screen.design import ACCENT, GAP, GROUND, MARGIN, SMALL, TOUCH, px
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Wish
from mirror.app.screen.live_picture import Laid
from mirror.app.screen.panels.split_view import Glass
from mirror.app.screen.turned import turned
from mirror.app.screen.view import View
from mirror.app.screen.wishes import DrawHairline, Say, Trying
from mirror.core.face import Face
from mirror.core.head_space import HeadTransform, face_shape
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import AT_BEST, GraftCount
from mirror.hair.loss.skull_coordinates import SkullCoordinates
from mirror.translation.message import Message, joined

_STEP = 1.0  # degrees that a key moves the line, see `DrawnHairline.raised`
_KEYS = {pygame.K_UP: _STEP, pygame.K_DOWN: -_STEP}
_WIDE = 640  # design pixels, of what is said
_BUTTON = 190
_THICK, _ROUND = 4, 4  # of the line, and of the dark around it


class Drawing:
    """The line, what it would take, and two buttons.

    Args:
        glass: how the picture lies on the screen.
        back: what opens again where it was begun, once the line is done.

    Attributes:
        open: whether it is seen.
    """

    def __init__(self, glass: Glass, back: Callable[[], None] = lambda: None) -> None:
        self.open = False
        self._back = back
        self._glass = glass
        self._face: Face | None = None
        self._line: DrawnHairline | None = None
        # While a finger draws: its places on the skull so far.
        self._places: list[np.ndarray] | None = None
        self._buttons: dict[str, pygame.Rect] = {}
        self._focus = KeyFocus()

    def toggle(self) -> None:
        """Opens it, or closes it; the line stays where it is on the head."""
        self.open = not self.open
        self._places, self._buttons = None, {}

    def finish(self) -> None:
        """Closes it and goes back to where it was begun."""
        self.toggle()
        self._back()

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.open:
            return None
        if event.type == pygame.KEYDOWN and event.key in _KEYS:
            return DrawHairline((self._line or DrawnHairline.usual()).raised(_KEYS[event.key]))
        if self._focus.hear(event):
            answer, self._focus.answer = self._focus.answer, None
            return answer if isinstance(answer, DrawHairline) else True
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            for name, spot in self._buttons.items():
                if spot.collidepoint(event.pos):
                    return self._press(name)
            self._places = []
            self._note(event.pos)
            return True
        if event.type == pygame.MOUSEMOTION and self._places is not None:
            self._note(event.pos)
            return True
        if event.type == pygame.MOUSEBUTTONUP and self._places is not None:
            places, self._places = self._places, None
            line = DrawnHairline.through(np.array(places))
            if line is None:
                return Say(Message("That line is too short. Draw across your forehead, temple to temple."))
            return DrawHairline(line)
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        self._face, self._line = view.face, view.trying.plan.line
        if not self.open:
            return
        places = np.array(self._places) if self._places else None
        if places is None and self._line is not None:
            places = self._line.places()
        if view.face is not None and places is not None and len(places) > 1:
            draw_places(screen, places, view.face, self._glass.laid, px(unit, _THICK))
        self._draw_words(screen, view.trying, unit)

    def _draw_words(self, screen: pygame.Surface, trying: Trying, unit: float) -> None:
        """What it would take, or what to do, and the buttons below it."""
        wide, margin, gap = screen.get_width(), px(unit, MARGIN), px(unit, GAP)
        told = overlay.pill(told_of(trying), unit, min(px(unit, _WIDE), wide - 2 * margin), "note")
        across = min(px(unit, _BUTTON), (wide - 2 * margin - gap) // 2)
        rect = pygame.Rect(
            0, screen.get_height() - margin - px(unit, TOUCH), 2 * across + gap, px(unit, TOUCH)
        )
        rect.centerx = wide // 2
        screen.blit(told, told.get_rect(midbottom=(wide // 2, rect.top - px(unit, SMALL))))
        first, second = rect.copy(), rect.copy()
        first.width = second.width = across
        second.right = rect.right
        self._buttons = {"away": turned(first, rect), "done": turned(second, rect)}
        can = trying.plan.line is not None
        draw_button(screen, self._buttons["away"], Message("Take it away"), unit, look(enabled=can))
        draw_button(screen, self._buttons["done"], Message("Done"), unit, look(chosen=True))
        self._focus.offer(
            [Item(name, spot, partial(self._press, name)) for name, spot in self._buttons.items()]
        )
        self._focus.draw(screen, unit)

    def _press(self, name: str) -> DrawHairline | bool:
        if name == "done":
            self.finish()
            return True
        return DrawHairline(None)

    def _note(self, at: tuple[int, int]) -> None:
        """Takes the place of the head under the finger."""
        if self._face is None or self._places is None:
            return
        transform = HeadTransform.from_face(self._face)
        skull = SkullCoordinates.of(face_shape(self._face, transform))
        point = np.array([self._glass.laid.in_picture((float(at[0]), float(at[1])))])
        self._places.append(skull.places(transform.to_unit(point))[0])


def told_of(trying: Trying) -> Message:
    """What is said of the drawn line: what it would take, what that assumes, and how far off it may be."""
    grafts = trying.grafts
    if trying.plan.line is None:
        return Message("Draw your hairline with finger or mouse; Up and Down move it.")
    if grafts is None:
        return Message("Behind this line nothing is bare, as far as it is seen from here.")
    return joined("\n", *grafts_told(grafts))


def grafts_told(grafts: GraftCount) -> tuple[Message, Message]:
    """What an area would take, and what that assumes and how far off it may be."""
    low, high = (round(100 * one) for one in AT_BEST)
    return (
        Message(
            "{area:.0f} cm²: about {likely} grafts, {low} to {high}",
            area=grafts.area, likely=grafts.likely, low=grafts.low, high=grafts.high,
        ),
        Message(
            "At {density} per cm². Counts from pictures are off by {low} to +{most}% at best.",
            density=grafts.density, low=low, most=high,
        ),
    )  # fmt: skip


def draw_places(screen: pygame.Surface, places: np.ndarray, face: Face, laid: Laid, thick: int) -> None:
    """Draws a line where its places are on a head now.

    Args:
        places: float64 (N, 2), skull coordinates, degrees.
        face: of that head, in the picture's pixels.
        laid: how the picture lies on the screen.
        thick: pixels.
    """
    transform = HeadTransform.from_face(face)
    points, seen = SkullCoordinates.of(face_shape(face, transform)).points(places)
    if seen.sum() < 2:
        return
    frame = transform.to_frame(points[seen])
    line = [laid.on_screen((x, y, x, y)).topleft for x, y in frame.tolist()]
    for colour, wide in ((GROUND, thick + _ROUND), (ACCENT, thick)):
        pygame.draw.lines(screen, colour, False, line, wide)
