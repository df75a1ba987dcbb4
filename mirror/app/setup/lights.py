"""Page: holding the camera's exposure and white balance, where the camera can."""

from __future__ import annotations

import platform
from collections import deque
from functools import partial
from typing import Any

import pygame

from mirror.app.screen.design import NEAR, px
from mirror.app.setup import drawing
from mirror.app.setup.face_watch import FaceWatch
from mirror.app.setup.setup_page import CameraPage, Control
from mirror.app.setup.shared_state import Desk
from mirror.sources import exposure_lock
from mirror.sources.exposure_lock import Dial
from mirror.translation.message import Message

_ASKING = Message("asking the camera")
_CANNOT = Message("This camera cannot hold it: it goes on setting it itself.")
_ALONE = Message("The camera sets it itself.")
_HOLD = {"exposure": Message("Hold the exposure"), "white_balance": Message("Hold the white balance")}


class LightsPage(CameraPage):
    """Says how the light falls on the face. Two switches hold it, two buttons make it brighter and darker."""

    title = Message("Hold the light?")
    about = Message(
        "A camera that keeps correcting itself changes the colour of your hair. Where the light stays as it "
        "is, hold it; by a window, better not."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._said: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._answers: deque[tuple[str, float | None]] = deque()
        self._restored = False
        self._face: FaceWatch | None = None

    def enter(self) -> None:
        """Opens the camera."""
        self._face = None
        self._said, self._waiting, self._restored = {}, set(), False
        self._answers.clear()
        self.desk.look()

    def leave(self) -> None:
        """Gives the camera back as it was: the mirror itself holds what is to be held."""
        if self._face is not None:
            self._face.stop()
        held = [dial for field, dial in _dials() if getattr(self.desk.settings, field) is not None]

        def let_go(device: Any) -> None:
            for dial in held:
                exposure_lock.release(device, dial)

        self.desk.look_away(let_go if held else None)

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """The switches."""
        self._restore()
        self._hear_answers()
        watch = self.desk.watch
        if self._face is None and watch is not None and watch.sure and watch.problem is None:
            self._face = FaceWatch(self.desk)
        column, tall, gap = self._column(area, unit), px(unit, 60), px(unit, 12)
        live = self.desk.watch is not None and self.desk.watch.picture is not None
        found, y = [], column.top
        for field, dial in _dials():
            held = getattr(self.desk.settings, field) is not None
            press = partial(self._let_go if held else self._hold, field, dial)
            found.append(Control(field, pygame.Rect(column.left, y, column.width, tall), _HOLD[field], press,
                                 enabled=live, chosen=held))  # fmt: skip
            y += tall + px(unit, 96)
            if field == "exposure":
                half = (column.width - gap) // 2
                for number, (name, by) in enumerate(((Message("Darker"), -1), (Message("Brighter"), 1))):
                    rect = pygame.Rect(column.left + number * (half + gap), y, half, tall)
                    change = partial(self._step, dial, by)
                    found.append(Control(name, rect, name, change, enabled=live and held))
                y += tall + px(unit, 36)
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The picture, and under each switch what the camera says to it."""
        column = self._column(area, unit)
        below = px(unit, 64)
        frame = pygame.Rect(area.left, area.top, column.left - area.left - px(unit, 32), area.height - below)
        if self._face is not None:
            place = pygame.Rect(frame.left, frame.bottom + px(unit, 12), frame.width, 0)
            sign, told = self._face.said
            drawing.line(screen, told, place, unit, sign, NEAR.caption)
        watch, settings = self.desk.watch, self.desk.settings
        image = watch.picture if watch is not None else None
        if image is not None:
            image = self.desk.adjustment.turn(self.desk.adjustment.cut(image))
        drawing.picture(screen, image, frame, settings.mirror)
        y = column.top
        for field, _ in _dials():
            value = getattr(settings, field)
            words = self._said.get(field) or (
                _ALONE if value is None else Message("Held at {value:g}.", value=value)
            )
            sign = "good" if value is not None else "warning" if words == _CANNOT else "wait"
            place = pygame.Rect(column.left, y + px(unit, 68), column.width, 0)
            drawing.line(screen, words, place, unit, sign, NEAR.caption)
            y += px(unit, 60 + 96 + 60 + 36)

    def _column(self, area: pygame.Rect, unit: float) -> pygame.Rect:
        width = min(px(unit, 380), area.width // 2)
        return pygame.Rect(area.right - width, area.top, width, area.height)

    def _hold(self, field: str, dial: Dial, value: float | None = None) -> None:
        """Asks the camera, in its own thread; the answer is on the page a moment later."""
        if field in self._waiting:
            return

        def ask(device: Any) -> None:
            self._answers.append((field, exposure_lock.hold(device, dial, value)))

        self._waiting.add(field)
        self._said[field] = _ASKING
        if self.desk.watch is None or not self.desk.watch.tell(ask):
            self._answers.append((field, None))

    def _hear_answers(self) -> None:
        while self._answers:
            field, held = self._answers.popleft()
            self.desk.change(**{field: held})
            self._said[field] = _CANNOT if held is None else ""
            self._waiting.discard(field)

    def _let_go(self, field: str, dial: Dial) -> None:
        if self.desk.watch is not None:
            self.desk.watch.tell(lambda device: exposure_lock.release(device, dial))
        self._said[field] = ""
        self.desk.change(**{field: None})

    def _step(self, dial: Dial, by: int) -> None:
        value = self.desk.settings.exposure
        if value is None:
            return
        # DirectShow counts in powers of two, the others in time.
        by_powers = platform.system() == "Windows"
        wanted = value + by if by_powers else max(1.0, round(value * (1.25 if by > 0 else 0.8)))
        self._hold("exposure", dial, wanted)

    def _restore(self) -> None:
        """What was held before is held again, as soon as the camera is there, so that one sees it."""
        watch = self.desk.watch
        if self._restored or watch is None or watch.picture is None:
            return
        self._restored = True
        for field, dial in _dials():
            value = getattr(self.desk.settings, field)
            if value is not None:
                self._hold(field, dial, value)


def _dials() -> tuple[tuple[str, Dial], tuple[str, Dial]]:
    """(field of the settings, dial) of what can be held."""
    return ("exposure", exposure_lock.exposure()), ("white_balance", exposure_lock.white_balance())
