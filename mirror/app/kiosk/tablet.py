"""Tablet: the mirror's side of the stylist's tablet: obeys it, and says how the mirror is.

Where no tablet looks, a round costs a comparison of two numbers. What is said of a visitor is said with the
number of their visit, and what is asked is for that visit alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mirror.app.kiosk.comparison import Compare
from mirror.app.kiosk.state_machine import LIVE
from mirror.app.kiosk.tablet_book import book_of, filter_asked, pattern_of, shade_asked, tiles_of
from mirror.app.kiosk.tablet_pictures import Server, TabletPictures, jpeg
from mirror.app.kiosk.try_on import TryOn
from mirror.app.screen import (
    Action,
    ChooseDye,
    ChooseScale,
    ChooseShade,
    CloseCourse,
    FollowBrows,
    Narrow,
    PickStyle,
    ShowCourse,
    ShowLoss,
    View,
    Wish,
)
from mirror.app.sharing.stylist_strip import plain_line
from mirror.app.sharing.web.tablet_commands import Command, read_command
from mirror.hair.styles.style_filter import ALL
from mirror.hair.styles.traits import TRAITS

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

log = logging.getLogger("mirror.app.kiosk")
TILE_QUALITY = 85  # of JPEG: all thumbnails some 300 KB
_PHASES = {"attract": "away", "consent": "asked", "try": "here", "compare": "here", "album": "album",
           "goodbye": "leaving", "failsafe": "failed"}  # fmt: skip


class Tablet:
    """All tablets together. Main thread.

    Args:
        server: the web server.
        styles: (name, uint8 (h, w, 3) RGB thumbnail) of the book, in its order.
        tags: of every style.

    Attributes:
        looking: how many tablets look.

    Example:
        tablet = Tablet(server, thumbnails, tags)
        tablet.hear(event)                # what the server tells
        tablet.act(scene, now)            # once a round
        tablet.show(scene, view, now)     # whenever the window is drawn
    """

    def __init__(
        self,
        server: Server,
        styles: Sequence[tuple[str, np.ndarray]],
        tags: Sequence[tuple[str, ...]],
    ) -> None:
        self._server, self._styles, self._tags = server, tuple(styles), tuple(tags)
        self.looking = 0
        self._wanted = False
        self._asked: list[Command] = []
        self._visit, self._live = 1, False
        self._said: dict[str, Any] | None = None
        self._pictures = TabletPictures(server)
        self._shades: tuple[str, ...] = ()
        self._filter = ALL
        self._loss = self._course = False  # hair loss is shown; a course is
        self._tell_book()

    def hear(self, event: dict[str, Any]) -> None:
        """What the server tells; other events are no concern of a tablet."""
        match event:
            case {"is": "ready"}:  # begun anew
                self._tell_book()
            case {"is": "tablets", "count": int(count)}:
                self.looking = count
                self._said = None
                self._wanted = self._wanted and count > 0
            case {"is": "want"}:
                self._wanted = self.looking > 0
            case {"is": "ended"}:
                self.looking, self._wanted, self._asked = 0, False, []
            case {"is": "locked", "who": who, "seconds": seconds}:
                log.warning("Too many wrong PINs for the tablet, last from %s: shut for %d s.", who, seconds)
            case {"is": "command", "do": do, "value": value, "visit": visit}:
                command = read_command({"do": do, "value": value, "visit": visit})
                if command is not None:
                    self._asked.append(command)

    def act(self, scene: Scene, now: float) -> None:
        """Does what was asked since the last round; for a touch counts what a tablet asks, too."""
        asked, self._asked = self._asked, []
        for command in asked:
            if command.visit == self._visit and scene.live:
                scene.idle.touched(now)
                self._obey(command, scene, now)

    def show(self, scene: Scene, view: View, now: float) -> None:
        """Says how the mirror is, where that changed, and makes a picture, where one is wanted."""
        live = scene.live
        if self._live and not live:
            self._visit += 1
        self._live = live
        if not self.looking:
            return
        state = self._state(scene, view)
        if state != self._said and self._server.tell({"do": "tablet state", "state": state}):
            self._said = state
        if self._wanted and live and self._pictures.send(scene, view, self._visit, now):
            self._wanted = False

    def _obey(self, command: Command, scene: Scene, now: float) -> None:
        machine, visit = scene.machine, scene.visit
        if command.what == "next":
            machine.go("next", now)
            return
        if command.what == "note":
            if visit.keepsakes is not None:
                visit.keepsakes.remark = plain_line(str(command.value))
            return
        if visit.last is None:
            return
        if command.what == "split":
            if command.value and machine.name == "album":
                machine.go("back", now)
            machine.go("compare" if command.value else "back", now)
            return
        if command.what == "course" and not (command.value and self._loss):
            visit.wish(CloseCourse())
            return
        wish = self._wish(command)
        if wish is None:
            return
        if self._course:  # of what is asked now nothing would be seen below it
            visit.wish(CloseCourse())
        state = machine.state
        four = isinstance(state, Compare) and state.shows_four
        # What a picture counts down would not be seen beside before and after.
        if machine.name == "album" or four or command.what in ("picture", "course"):
            machine.go("back", now)
        if command.what == "course" and isinstance(machine.state, TryOn):
            wish = machine.state.begin_course()  # which says there why there is none
        visit.wish(wish)

    def _wish(self, command: Command) -> Wish | None:
        """What the mirror is to do; None where it has no such style, dye or shade."""
        match command.what, command.value:
            case "style", int(number) if number < len(self._styles):
                return PickStyle(number)
            case "surprise", _:
                return Action.RANDOM
            case "dye", str(name):
                shade = shade_asked(name)
                return None if shade is None else ChooseDye(shade)
            case "filter", None | str():
                wanted = filter_asked(command.value, self._filter)  # type: ignore[arg-type]
                return None if wanted is None else Narrow(wanted)
            case "brows", bool(wished):
                return FollowBrows(wished)
            case "loss", None:
                return ShowLoss(None)
            case "loss", int(amount) | float(amount):
                return ShowLoss(float(amount))
            case "scale", str(scale):
                return ChooseScale(scale)
            case "course", True:
                return ShowCourse()
            case "shade", str(name) if name in self._shades:
                return ChooseShade(name)
            case "picture", _:
                return Action.SNAPSHOT
        return None

    def _state(self, scene: Scene, view: View) -> dict[str, Any]:
        """How the mirror is, as the tablets are told it; nothing of a visitor where none is there."""
        name = scene.machine.name
        state: dict[str, Any] = {"visit": self._visit, "phase": _PHASES[name]}
        if name not in LIVE:
            self._shades, self._filter = (), ALL
            self._loss = self._course = False
            return state | ({"phase": "waking"} if name == "attract" and scene.visit.busy else {})
        if view.image is None:
            return state | {"opening": True}
        trying = view.trying
        self._shades, self._filter = trying.shades, trying.filter
        self._loss, self._course = trying.loss is not None, view.course is not None
        kind, parts = pattern_of(trying.dye)
        keepsakes = scene.visit.keepsakes
        return state | {
            "opening": False, "style": view.style_number, "worn": view.style_name, "dye": trying.dye,
            "loss": trying.loss, "shades": list(trying.shades), "shade": trying.shade,
            "split": name == "compare", "note": "" if keepsakes is None else keepsakes.remark,
            "scale": trying.plan.scale, "course": self._course,
            "brows": trying.brows_follow, "kind": kind, "parts": parts,
            "filter": {one: wanted for one in TRAITS if (wanted := trying.filter.of(one)) is not None},
            "left": None if trying.left is None else list(trying.left),
        }  # fmt: skip

    def _tell_book(self) -> None:
        book = book_of(self._styles, self._tags)
        self._server.tell({"do": "tablet book", "book": book}, jpeg(tiles_of(self._styles), TILE_QUALITY))
