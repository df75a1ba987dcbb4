"""Page: the camera's true frame rate at each picture size, and the best of them."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.calibration.camera_modes import SIZES, best_mode, shown, try_modes
from mirror.app.calibration.measurements import Camera
from mirror.app.screen.controls import draw_bar
from mirror.app.screen.design import px
from mirror.app.setup import drawing
from mirror.app.setup.background_work import Tell, Work
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message, Said, joined


class ModesPage(Page):
    """Measures, proposes and lets the person choose otherwise."""

    title = Message("How large a picture?")
    about = Message("Each size is tried for a few seconds: what a camera promises is often not what it does.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._work: Work | None = None
        self._taken = False  # the result was looked at

    @property
    def skipped(self) -> bool:
        """Without a camera there are no sizes."""
        return self.desk.camera is None

    @property
    def ready(self) -> bool:
        """A size that works was chosen."""
        size = self.desk.settings.size
        return any(mode.problem is None and mode.size == size for mode in self.desk.modes)

    @property
    def hint(self) -> str:
        """What is missing."""
        busy = self._work is not None and self._work.running
        if busy or self.ready:
            return ""
        return Message("The camera gave no picture: go back, or try again")

    def enter(self) -> None:
        """Measures, unless that was done before."""
        if not self.desk.modes:
            self._measure()

    def leave(self) -> None:
        """Stops measuring."""
        if self._work is not None:
            self._work.stop()

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """A button for each size, and one that measures again."""
        self._take()
        tall, gap = px(unit, 64), px(unit, 14)
        width = min(area.width, px(unit, 560))
        found = []
        for number, mode in enumerate(self.desk.modes):
            rect = pygame.Rect(area.left, area.top + number * (tall + gap), width, tall)
            good = mode.problem is None
            words = Message("no picture")
            if good:
                words = Message("{rate:.1f} pictures a second", rate=mode.rate)
            chosen = good and mode.size == self.desk.settings.size
            press = partial(self.desk.take_size, mode.size)
            name = shown(mode.size)
            told = joined(": ", Said(name), words)
            found.append(Control(name, rect, told, press, enabled=good, chosen=chosen))
        again = pygame.Rect(0, 0, px(unit, 230), px(unit, 56))
        again.bottomright = area.bottomright
        idle = self._work is None or not self._work.running
        found.append(Control("again", again, Message("Measure again"), self._measure, enabled=idle))
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """How far the measuring is, then why the size was proposed."""
        if self._work is not None and self._work.running:
            drawing.line(screen, self._work.what, area, unit)
            place = pygame.Rect(area.left, area.top + px(unit, 44), area.width, px(unit, 10))
            draw_bar(screen, place, self._work.share)
            return
        y = area.top + len(self.desk.modes) * px(unit, 78) + px(unit, 16)
        place = pygame.Rect(area.left, y, area.width, 0)
        best = best_mode(self.desk.modes)
        if best is not None:
            drawing.line(screen, Message("Best: {reason}", reason=best[1]), place, unit, "good")
        else:
            why = next((mode.problem for mode in self.desk.modes if mode.problem), None)
            failure = self._work.failure if self._work is not None else None
            reason = failure or why or Message("no picture")
            told = Message("No size works: {reason}", reason=drawing.brief(reason))
            drawing.line(screen, told, place, unit, "warning")

    def _measure(self) -> None:
        camera = self.desk.camera
        if camera is None or (self._work is not None and self._work.running):
            return
        self.desk.look_away()
        self.desk.modes, self._taken = [], False
        number, name = camera
        parts, lock, old = self.desk.parts, self.desk.locks[number], self.desk.settings.size

        def job(tell: Tell) -> list[Camera]:
            tell(Message("Opening {camera}", camera=Said(name)), 0.0)
            while not lock.acquire(timeout=0.1):
                tell(Message("Waiting for {camera}", camera=Said(name)), 0.0)
            try:
                sizes = [*SIZES, *([old] if old else [])]
                return try_modes(
                    number, name, parts.open_camera, sizes,
                    lambda size, share: tell(Message("Measuring {size}", size=Said(shown(size))), share),
                )  # fmt: skip
            finally:
                lock.release()

        self._work = self.desk.work(job)

    def _take(self) -> None:
        """Takes the result over, once, and the best size with it."""
        if self._work is None or self._work.running or self._taken:
            return
        self._taken = True
        self.desk.modes = self._work.result or []
        best = best_mode(self.desk.modes)
        if best is not None:
            self.desk.take_size(best[0].size)
