"""Compare: before and after beside each other, or four styles at once; all of it live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.buttons import Buttons, Place
from mirror.app.kiosk.four_styles import STAR, Four
from mirror.app.kiosk.picture_pane import fill
from mirror.app.screen import PickStyle, ShowGrid, View, Wish
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.turned import turned
from mirror.pipeline.shown_frame import Shown

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_LINE = 6  # units between the two
_WIDE, _TALL, _MARGIN = 300.0, 84.0, 24.0  # units, of the buttons


class Compare:
    """The middle of the picture, twice; on an upright screen one above the other. Or four styles."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")
        self._four: Four | None = None
        self._worn, self._count = 0, 0
        self._left: tuple[int, ...] | None = None  # by the filter
        self._touched: int | None = None
        self._taken = False
        self._shy, self._seat = Shy(), Seat()

    @property
    def shows_four(self) -> bool:
        """Whether four styles are on, in place of before and after."""
        return self._four is not None

    def enter(self, now: float) -> None:
        self._four, self._touched, self._taken = None, None, False
        self._shy.begin(now)
        self._seat = Seat()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        size = screen.get_size()
        self._worn, self._count = view.style_number, len(view.thumbnails)
        self._left = view.trying.left
        screen.fill(layout.GROUND)
        shown = self._scene.visit.last
        if self._four is None:
            if shown is not None:
                self._draw_two(screen, shown, view, now)
        else:
            self._draw_four(screen, self._four, shown, view)
        self._buttons.lay(size, self._places(size))
        # Four styles leave room below them; two fill the screen.
        self._buttons.draw(screen, now, 1.0 if self._four is not None else self._shy.opacity(now))

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if self._four is None and self._shy.hear(event, now):
            return True
        pressed = self._buttons.hear(event)
        if pressed == "back":
            return "back"
        if pressed == "four" and self._count:
            self._four = Four()
            return self._four.ask(self._worn, self._count, self._scene.window.mirrored, self._left)
        if pressed == "two":
            self._four = None
            self._shy.begin(now)
            return ShowGrid(())
        if self._four is not None and getattr(event, "button", 0) == 1:
            at = self._four.at(event.pos)
            if event.type == pygame.MOUSEBUTTONDOWN:
                self._touched = at
            # When the finger leaves: one that stays in the corner is the staff's.
            elif event.type == pygame.MOUSEBUTTONUP:
                touched, self._touched = self._touched, None
                if at is not None and at == touched:
                    self._taken = True
                    return PickStyle(at)
        return True

    def step(self, now: float) -> str | None:
        if self._taken:
            return "back"
        return "idle" if self._scene.idle.left(now) <= 0 else None

    def leave(self) -> None:
        if self._four is not None:
            self._four = None
            self._scene.visit.wish(ShowGrid(()))

    def _places(self, size: tuple[int, int]) -> tuple[Place, ...]:
        words, unit = self._scene.words, layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        other = "four" if self._four is None else "two"
        wide = self._wide(across, down)
        left, y = across / 2 - wide - 8, down - _TALL - 32
        if self._four is not None and across > down:  # what to do stands between them
            left, y = _MARGIN, down - _TALL - 16
        return (
            (other, words(other), (left, y, wide, _TALL)),
            ("back", words("back"), (across - left - wide, y, wide, _TALL)),
        )

    def _wide(self, across: float, down: float) -> float:
        """How wide a button is: narrower where there is little room for the words between two, units."""
        return min(_WIDE, 0.3 * across) if self._four is not None and across > down else _WIDE

    def _draw_two(self, screen: pygame.Surface, shown: Shown, view: View, now: float) -> None:
        words, (width, height) = self._scene.words, screen.get_size()
        unit = layout.unit_of((width, height))
        half = round(_LINE * unit / 2)
        if width > height:
            panes = [
                (0, 0, width // 2 - half, height),
                (width // 2 + half, 0, width - width // 2 - half, height),
            ]
        else:
            panes = [
                (0, 0, width, height // 2 - half),
                (0, height // 2 + half, width, height - height // 2 - half),
            ]
        face = shown.face.box if shown.face is not None else None
        about = (face[0] + face[2]) / 2 if face is not None else shown.image.shape[1] / 2
        names = (words("before"), words.named(view.style_name) or words("after"))
        # Four styles may still be in the picture for a moment.
        after = shown.frame.image if shown.mosaic else shown.image
        for pane, image, name in zip(panes, (shown.frame.image, after), names, strict=True):
            place = turned(pygame.Rect(pane), width)
            laid = fill(screen, place, image, about, self._scene.window.mirrored)
            middle = place.centerx / unit
            at = (middle, place.top / unit + 34)
            named = layout.backed_line(screen, name, layout.LARGE, at, width=place.width / unit - 80)
            head = laid.on_screen(shown.head_box) if shown.head_box is not None else None
        if view.mark and not shown.mosaic:  # the second is what it stands on
            said, wide = words("illustration"), place.width / unit - 80
            spot = layout.room_of(said, layout.BODY, wide, unit)
            spot.midtop = (place.centerx, named.bottom + round(22 * unit))
            low = min(place.bottom, self._scene.window.size[1] - round((_TALL + 32) * unit)) - round(
                16 * unit
            )
            below = spot.move(0, low - spot.bottom)
            taken = self._seat.choose([spot, below], head, now)
            layout.backed_line(screen, said, layout.BODY, (middle, taken.top / unit + 12), width=wide)

    def _draw_four(self, screen: pygame.Surface, four: Four, shown: Shown | None, view: View) -> None:
        words, (width, height) = self._scene.words, screen.get_size()
        unit = layout.unit_of((width, height))
        across, down = width / unit, height / unit
        wide_screen = across > down
        above, below = (12.0, _TALL + 32) if wide_screen else (150.0, _TALL + 64)
        room = pygame.Rect(0, round(above * unit), width, round((down - above - below) * unit))
        if shown is not None:
            four.draw(screen, room, shown, view, self._scene.window.mirrored, words)
        # Within a cell it would lie over the face: it stands beside all four, with the star of its own.
        mark = STAR.strip() + " " + words("illustration") if view.mark else ""
        if wide_screen:
            between = across - 2 * (self._wide(across, down) + _MARGIN) - 24
            top = down - _TALL - (26 if mark else 6)
            size = layout.BODY
        else:
            between, top, size = across - 40, 48 if mark else 72, layout.LARGE
        spot = layout.line(screen, words("touch_one"), size, (across / 2, top), layout.ACCENT, width=between)
        if mark:
            layout.line(screen, mark, layout.BODY, (across / 2, spot.bottom / unit + 8), width=between)
