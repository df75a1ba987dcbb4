"""Lines of trying on: what the picture is, what was just done, what is wrong, and that there are buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import picture_lines
from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.button_places import Arranged
from mirror.app.kiosk.hair_loss import Loss
from mirror.app.kiosk.hair_loss import said as loss_said
from mirror.app.screen import View
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.style_strip import lies
from mirror.app.touch import layout
from mirror.pipeline.distance_check import CLOSER

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

SAID = 6.0  # seconds a line stays


class TryOnLines:
    """What one state says over the picture.

    Args:
        shy, loss: of the same state: how much of its buttons is seen, and whether hair loss is shown.
    """

    def __init__(self, scene: Scene, shy: Shy, loss: Loss) -> None:
        self._scene, self._shy, self._loss = scene, shy, loss
        self._lines, self._hints = picture_lines.Lines(), Seat()
        self._told: list[pygame.Rect] = []  # where the lines are
        self._said: tuple[str, float] | None = None
        self._saved = 0

    def enter(self) -> None:
        """The state begins: of what is kept already nothing is said."""
        self._lines.forget()
        self._said, self._saved = None, len(self._scene.visit.saved)

    def leave(self) -> None:
        """The state ends."""
        self._said = None

    def say(self, line: str, now: float) -> None:
        """Something was done."""
        self._said = (line, now)

    def draw(
        self,
        screen: pygame.Surface,
        view: View,
        now: float,
        arranged: Arranged,
        low: float,
        glass: pygame.Rect | None,
    ) -> pygame.Rect | None:
        """Says what there is to say.

        Args:
            arranged: the buttons.
            low: how far down they may go, units.
            glass: the part of the screen that the picture keeps to, pixels; None: all of it.

        Returns:
            What the lines leave of that part.
        """
        size, window = screen.get_size(), self._scene.window
        lines = [] if view.image is None else self._words(view, now)
        if not lines:
            self._lines.forget()
            self._told = []
            return glass
        name = window.strip.name_at
        if glass is None:
            laid = self._lines.lay(lines, size, window.head, now, arranged.places, [name], low)
        else:
            laid, glass = picture_lines.beside(lines, glass, size, arranged.places, name, low)
        picture_lines.draw(screen, laid)
        self._told = [spot for _, spot, _ in laid]
        return glass

    def hint(self, screen: pygame.Surface, unit: float, now: float) -> None:
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
