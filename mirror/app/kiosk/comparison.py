"""Compare: before and after beside each other, or four styles at once, or those most like one; all live."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import pygame

from mirror.app.kiosk.auto_hide import Shy
from mirror.app.kiosk.four_styles import SIDE, STAR, Four
from mirror.app.kiosk.picture_pane import fill
from mirror.app.screen import PickStyle, ShowGrid, View, Wish
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.turned import turned
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place
from mirror.hair.styles.likeness import appearance, by_likeness
from mirror.pipeline.shown_frame import Shown

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_LINE = 6  # units between the two
_WIDE, _TALL, _MARGIN, _GAP = 300.0, 84.0, 24.0, 16.0  # units, of the buttons
_SAID = 330.0  # units between them, on a screen that lies, for what to do


class Compare:
    """The middle of the picture, twice; on an upright screen one above the other. Or four styles."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")
        self._four: Four | None = None
        self._worn, self._count = 0, 0
        self._left: tuple[int, ...] | None = None  # by the filter, and the visitor's marks
        self._alike = False  # asked for, and not yet begun
        self._order: tuple[int, ...] = (0,)  # of the styles to page through, four by four
        self._begin = 0
        self._touched: int | None = None
        self._taken = False
        self._shy = Shy()
        self._names, self._seat = (
            (Seat(), Seat()),
            Seat(),
        )  # of the two names, and of the line below the second

    @property
    def shows_four(self) -> bool:
        """Whether four styles are on, in place of before and after."""
        return self._four is not None

    def enter(self, now: float) -> None:
        self._four, self._touched, self._taken = None, None, False
        self._alike = self._scene.machine.signal == "alike"
        self._shy.begin(now)
        self._names, self._seat = (Seat(), Seat()), Seat()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        size = screen.get_size()
        self._worn, self._count = view.style_number, len(view.thumbnails)
        self._left = self._scene.marked.among(view.trying.left)
        if self._alike and self._count:
            self._begin_alike(view)
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
            self._order = self._left or tuple(range(self._count))
            self._begin = bisect_left(self._order, max(self._worn, 0))
            self._four = Four()
            return self._ask(self._four)
        if pressed == "more" and self._four is not None:
            self._begin += SIDE * SIDE
            return self._ask(self._four)
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
                    # A style that is like a favourite is to be seen among others again.
                    self._scene.marked.only &= at in self._scene.marked.numbers
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

    def _begin_alike(self, view: View) -> None:
        """Four styles: the one that is worn, and those most like it, of all that the filter leaves."""
        looks = appearance([one for _, one in view.thumbnails], view.tags)
        worn = max(self._worn, 0)
        among = view.trying.left
        left = None if among is None else {*among, worn}
        self._order = tuple(one for one in by_likeness(looks, worn) if left is None or one in left)
        self._alike, self._begin, self._four = False, 0, Four()
        self._scene.visit.wish(self._ask(self._four))

    def _ask(self, four: Four) -> ShowGrid:
        return four.ask(self._order, self._begin, self._scene.window.mirrored)

    def _places(self, size: tuple[int, int]) -> tuple[Place, ...]:
        words, unit = self._scene.words, layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        names = ("four", "back") if self._four is None else ("two", "more", "back")
        wide = self._wide(across, down)
        pitch = wide + _GAP
        lefts = [(across - len(names) * pitch + _GAP) / 2 + place * pitch for place in range(len(names))]
        y = down - _TALL - 32
        if self._four is not None and across > down:  # what to do stands between the first and the others
            lefts = [_MARGIN, across - _MARGIN - wide - pitch, across - _MARGIN - wide]
            y = down - _TALL - 16
        labels = {"more": words("four_more")}
        return tuple(
            (name, labels.get(name) or words(name), (left, y, wide, _TALL))
            for name, left in zip(names, lefts, strict=True)
        )

    def _wide(self, across: float, down: float) -> float:
        """How wide a button is, units: of three narrower where there is little room, or words between."""
        if self._four is None:
            return _WIDE
        taken = 2 * _MARGIN + 2 * _GAP + (_SAID if across > down else 0.0)
        return min(_WIDE, (across - taken) / 3)

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
        for pane, image, name, seat in zip(
            panes, (shown.frame.image, after), names, self._names, strict=True
        ):
            place = turned(pygame.Rect(pane), width)
            laid = fill(screen, place, image, about, self._scene.window.mirrored)
            middle = place.centerx / unit
            head = laid.on_screen(shown.head_box) if shown.head_box is not None else None
            spot = layout.room_of(name, layout.LARGE, place.width / unit - 80, unit)
            spot.midtop = (place.centerx, place.top + round(22 * unit))
            # In the middle, or in a corner where that hides less of the hair.
            corners = [
                spot.move(by * ((place.width - spot.width) // 2 - round(_GAP * unit)), 0) for by in (-1, 1)
            ]
            spot = seat.choose([spot, *corners], head, now)
            at = (spot.centerx / unit, spot.top / unit + 12)
            named = layout.backed_line(screen, name, layout.LARGE, at, width=place.width / unit - 80)
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
            wide = self._wide(across, down)
            between = across - 3 * wide - 2 * _MARGIN - 2 * _GAP
            middle = _MARGIN + wide + _GAP / 2 + between / 2
            middle = across - middle if words.right_to_left else middle
            top = down - _TALL - (26 if mark else 6)
            size = layout.BODY
        else:
            middle, between, top, size = across / 2, across - 40, 48 if mark else 72, layout.LARGE
        spot = layout.line(screen, words("touch_one"), size, (middle, top), layout.ACCENT, width=between)
        if mark:
            layout.line(screen, mark, layout.BODY, (middle, spot.bottom / unit + 8), width=between)
