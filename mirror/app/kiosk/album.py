"""Album: what the visitor kept, each as it lies on the disk, to look at, to fetch, to print and to delete."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pygame

from mirror.app.kiosk.keepsakes import Keepsake
from mirror.app.kiosk.qr_panel import QrPanel, room_of
from mirror.app.printing.printer import Paper
from mirror.app.screen import View, Wish
from mirror.app.screen.live_picture import fitted
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import wide
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place
from mirror.core.erase import blacken

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_TALL, _MARGIN, _GAP, _PAD = 76.0, 24.0, 14.0, 10.0  # units, of the buttons; beside their labels
_LETTERS = 120  # the size at which labels are measured, pixels


@dataclass(frozen=True, slots=True)
class Item:
    """What is looked at: a picture on the disk, a keepsake of it, or a clip, which is in no file."""

    path: Path | None
    made: Keepsake | None


def items_of(scene: Scene) -> list[Item]:
    """All that the visitor who is here, or was last, still has."""
    keepsakes = scene.visit.keepsakes
    if keepsakes is None:
        return [Item(path, None) for path in scene.mine()]
    kept = [Item(path, keepsakes.of(path)) for path in scene.mine()]
    # The disk may be full: the link works all the same.
    return kept + [Item(None, one) for one in keepsakes.links() if one.path not in scene.mine()]


def _printable(scene: Scene, item: Item | None) -> bool:
    return item is not None and item.made is not None and bool(item.made.paper) and scene.printing.offers


class Album:
    """One picture at a time. From `try` the camera stays on; from the goodbye everything else is wiped."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")
        self._at = 0
        self._shown: Path | None = None
        self._fitted: np.ndarray | None = None
        keepsakes = scene.visit.keepsakes
        shared = keepsakes is not None and keepsakes.shared
        self._panel = QrPanel(keepsakes, scene.words) if keepsakes is not None and shared else None

    def enter(self, now: float) -> None:
        self._at = len(items_of(self._scene)) - 1  # the newest
        self._shown = None
        self._scene.idle.touched(now)

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        size = screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        printing = self._scene.printing.open  # its sheet lies over the picture, and nothing else is for now
        items = items_of(self._scene)
        self._at %= max(1, len(items))
        item = items[self._at] if items else None
        places = self._places(across, down, len(items), item)
        self._buttons.lay(size, places)
        top = min(place[2][1] for place in places)
        if item is not None:
            right, below = room_of(across, down) if self._panel is not None else (0.0, 0.0)
            room = turned(pygame.Rect(0, 0, round((across - right) * unit), 0), size[0])
            said = self._said(item, len(items))
            room.top = round(
                (_MARGIN + layout.height_of(said, layout.BODY, across - right - 48, unit)) * unit
            )
            if not printing:
                at = (room.centerx / unit, _MARGIN)
                layout.line(screen, said, layout.BODY, at, width=across - right - 48)
            room.top += round(_MARGIN * unit)
            room.height = round((top - below - _MARGIN) * unit) - room.top
            self._draw_picture(screen, room, item)
            if self._panel is not None and not printing:
                self._panel.draw(screen, item.made, top - below if below else _MARGIN)
        if not printing:
            self._buttons.draw(screen, now)
        self._scene.printing.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if self._scene.printing.open:
            self._scene.printing.hear(event, now)
            return True
        pressed, items = self._buttons.hear(event), items_of(self._scene)
        if pressed == "back":
            return self._back()
        if pressed in ("earlier", "later"):
            self._at += 1 if pressed == "later" else -1
        elif pressed == "delete_one" and items:
            self._scene.delete([items[self._at % len(items)]])
        elif pressed == "delete_all":
            self._scene.delete(items)
        elif pressed == "print" and items:
            item = items[self._at % len(items)]
            if item.made is not None and item.made.paper and _printable(self._scene, item):
                self._scene.printing.begin(Paper(item.made.paper))
        return True

    def step(self, now: float) -> str | None:
        if self._scene.idle.left(now) <= 0:
            return "idle"
        return None if items_of(self._scene) else self._back()

    def leave(self) -> None:
        self._scene.printing.close()
        self._scene.kept.close()
        blacken(self._fitted)
        self._shown = self._fitted = None
        if self._panel is not None:
            self._panel.forget()

    def _back(self) -> str:
        """Where it came from: while the camera is on, to the mirror."""
        return "back" if self._scene.visit.display is not None else "leave"

    def _said(self, item: Item, count: int) -> str:
        words, kept, number = self._scene.words, self._scene.kept, self._at + 1
        if item.path is None:
            clip = item.made is not None and item.made.clip
            return words("album_clip" if clip else "album_memory", number=number, count=count)
        until = words.moment(kept.until(item.path))
        if kept.stuck:
            return words("album_stuck", until=until)
        return words("album_until", number=number, count=count, until=until)

    def _image(self, item: Item) -> np.ndarray | None:
        if item.path is None:
            self._shown = None
            return item.made.poster if item.made is not None else None
        if item.path != self._shown:
            blacken(self._fitted)
            self._shown, self._fitted = item.path, None
            self._scene.kept.open(item.path)
        return self._scene.kept.picture(item.path)

    def _draw_picture(self, screen: pygame.Surface, room: pygame.Rect, item: Item) -> None:
        image = self._image(item)
        if image is None or room.height < 1:
            return
        # After below before: beside each other they would be small.
        if item.path is not None and room.height > room.width:
            half = image.shape[1] // 2
            image = np.vstack([image[:, :half], image[:, -half:]])
        spot = fitted((image.shape[1], image.shape[0]), room.size).move(room.topleft)
        if item.path is None or self._fitted is None or self._fitted.shape[1::-1] != spot.size:
            blacken(self._fitted)
            self._fitted = cv2.resize(image, spot.size, interpolation=cv2.INTER_AREA)
        screen.blit(pygame.image.frombuffer(self._fitted.data, spot.size, "RGB"), spot)

    def _places(self, across: float, down: float, count: int, item: Item | None) -> tuple[Place, ...]:
        """One row; more where a label would not fit, or the screen is upright."""
        words = self._scene.words
        names = ["delete_one"]
        if _printable(self._scene, item):
            names.append("print")
        if count > 1:
            names = ["earlier", "later", *names, "delete_all"]
        names.append("back")
        # Beside the code, which takes all of the height.
        across -= room_of(across, down)[0] if self._panel is not None else 0.0
        widest = max(wide(words(name), _LETTERS) * layout.BODY / _LETTERS for name in names) + 2 * _PAD
        columns = max(1, int((across - 2 * _MARGIN + _GAP) / (widest + _GAP)))
        count = max(-(-len(names) // columns), 2 if down > across and len(names) > 1 else 1)
        cuts = [len(names) * row // count for row in range(count + 1)]
        rows = [names[begin:end] for begin, end in pairwise(cuts)]
        places: list[Place] = []
        for row, named in enumerate(rows):
            each = min((across - 2 * _MARGIN + _GAP) / len(named) - _GAP, 340.0)
            left = (across - len(named) * (each + _GAP) + _GAP) / 2
            y = down - _MARGIN - (len(rows) - row) * (_TALL + _GAP) + _GAP
            for column, name in enumerate(named):
                places.append((name, words(name), (left + column * (each + _GAP), y, each, _TALL)))
        return tuple(places)
