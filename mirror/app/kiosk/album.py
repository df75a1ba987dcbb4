"""Album: the pictures that the visitor kept, each as it lies on the disk, to look at and to delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.screen import View, Wish
from mirror.app.screen.live_picture import fitted
from mirror.core.erase import blacken

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_TALL, _MARGIN, _GAP = 76.0, 24.0, 14.0  # units, of the buttons


class Album:
    """One picture at a time. From `try` the camera stays on; from the goodbye everything else is wiped."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")
        self._at = 0
        self._shown: Path | None = None
        self._fitted: np.ndarray | None = None

    def enter(self, now: float) -> None:
        self._at = len(self._scene.mine()) - 1  # the newest
        self._shown = None
        self._scene.idle.touched(now)

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        mine = self._scene.mine()
        places = self._places(across, down, len(mine))
        self._buttons.lay(size, places)
        top = min(place[2][1] for place in places)
        if mine:
            self._at %= len(mine)
            self._open(mine[self._at])
            kept = self._scene.kept
            until = words.moment(kept.until(mine[self._at]))
            said = words("album_until", number=self._at + 1, count=len(mine), until=until)
            if kept.stuck:
                said = words("album_stuck", until=until)
            room = pygame.Rect(0, round(_MARGIN * unit), size[0], 0)
            line = layout.line(screen, said, layout.BODY, (across / 2, _MARGIN), width=across - 48)
            room.top = line.bottom + round(_MARGIN * unit)
            room.height = round((top - _MARGIN) * unit) - room.top
            self._draw_picture(screen, room, mine[self._at])
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed, mine = self._buttons.hear(event), self._scene.mine()
        if pressed == "back":
            return self._back()
        if pressed in ("earlier", "later"):
            self._at += 1 if pressed == "later" else -1
        elif pressed == "delete_one" and mine:
            self._scene.kept.delete([mine[self._at % len(mine)]])
        elif pressed == "delete_all":
            self._scene.kept.delete(mine)
        return True

    def step(self, now: float) -> str | None:
        if self._scene.idle.left(now) <= 0:
            return "idle"
        return None if self._scene.mine() else self._back()

    def leave(self) -> None:
        self._scene.kept.close()
        blacken(self._fitted)
        self._shown = self._fitted = None

    def _back(self) -> str:
        """Where it came from: while the camera is on, to the mirror."""
        return "back" if self._scene.visit.display is not None else "leave"

    def _open(self, path: Path) -> None:
        if path != self._shown:
            blacken(self._fitted)
            self._shown, self._fitted = path, None
            self._scene.kept.open(path)

    def _draw_picture(self, screen: pygame.Surface, room: pygame.Rect, path: Path) -> None:
        image = self._scene.kept.picture(path)
        if image is None or room.height < 1:
            return
        if room.height > room.width:  # after below before: beside each other they would be small
            half = image.shape[1] // 2
            image = np.vstack([image[:, :half], image[:, -half:]])
        spot = fitted((image.shape[1], image.shape[0]), room.size).move(room.topleft)
        if self._fitted is None or self._fitted.shape[1::-1] != spot.size:
            blacken(self._fitted)
            self._fitted = cv2.resize(image, spot.size, interpolation=cv2.INTER_AREA)
        screen.blit(pygame.image.frombuffer(self._fitted.data, spot.size, "RGB"), spot)

    def _places(self, across: float, down: float, count: int) -> tuple[Place, ...]:
        """One row; two where the screen is upright."""
        words = self._scene.words
        names = ["delete_one", "back"]
        if count > 1:
            names = ["earlier", "later", "delete_one", "delete_all", "back"]
        rows = [names] if across > down else [row for row in (names[:-3], names[-3:]) if row]
        places: list[Place] = []
        for row, named in enumerate(rows):
            wide = min((across - 2 * _MARGIN + _GAP) / len(named) - _GAP, 340.0)
            left = (across - len(named) * (wide + _GAP) + _GAP) / 2
            y = down - _MARGIN - (len(rows) - row) * (_TALL + _GAP) + _GAP
            for column, name in enumerate(named):
                places.append((name, words(name), (left + column * (wide + _GAP), y, wide, _TALL)))
        return tuple(places)
