"""Page: every engine timed on this machine, and the fastest."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.calibration.measurements import Timing, time_engines
from mirror.app.screen.controls import draw_bar
from mirror.app.screen.design import NEAR, px
from mirror.app.setup import drawing
from mirror.app.setup.background_work import Tell, Work
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message, Said

SPOKEN = {"tensorrt": "TensorRT (NVIDIA)", "openvino": "OpenVINO", "onnxruntime": "ONNX Runtime"}


def called(engine: str) -> Said:
    """An engine's name."""
    return Said(SPOKEN.get(engine, engine))


class EnginesPage(Page):
    """Times, takes the fastest and lets the person choose otherwise."""

    title = Message("What runs the networks?")
    about = Message("Every engine that works here is timed, in turns, with the very networks of the mirror.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._work: Work | None = None
        self._taken = False

    @property
    def ready(self) -> bool:
        """An engine that works was chosen."""
        engine = self.desk.settings.engine
        return any(timing.problem is None and timing.name == engine for timing in self.desk.timings)

    @property
    def calm(self) -> bool:  # type: ignore[override]
        """While engines are timed, the cores are theirs."""
        return self._busy

    @property
    def hint(self) -> str:
        """What is missing."""
        if self._busy or self.ready:
            return ""
        return Message("No engine can run here: install the requirements again")

    def enter(self) -> None:
        """Times them, unless that was done before."""
        if not self.desk.timings:
            self._time()

    def leave(self) -> None:
        """Stops timing."""
        if self._work is not None:
            self._work.stop()

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """A button for each engine that works, and one that times again."""
        self._take()
        tall, gap, width = px(unit, 64), px(unit, 14), min(area.width, px(unit, 560))
        found = []
        for number, timing in enumerate(timing for timing in self.desk.timings if timing.problem is None):
            rect = pygame.Rect(area.left, area.top + number * (tall + gap), width, tall)
            words = Message(
                "{engine}: {time:.1f} ms a picture", engine=called(timing.name), time=timing.total
            )
            press = partial(self.desk.change, engine=timing.name)
            chosen = timing.name == self.desk.settings.engine
            found.append(Control(timing.name, rect, words, press, chosen=chosen))
        again = pygame.Rect(0, 0, px(unit, 230), px(unit, 56))
        again.bottomright = area.bottomright
        found.append(Control("again", again, Message("Time them again"), self._time, enabled=not self._busy))
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """How far the timing is; then which is fastest, and why the others cannot run."""
        if self._busy and self._work is not None:
            drawing.line(screen, self._work.what, area, unit)
            place = pygame.Rect(area.left, area.top + px(unit, 44), area.width, px(unit, 10))
            draw_bar(screen, place, self._work.share)
            return
        working = [timing for timing in self.desk.timings if timing.problem is None]
        y = area.top + len(working) * px(unit, 78) + px(unit, 16)
        if working:
            best = min(working, key=lambda timing: timing.total)
            words = Message(
                "{engine} is the fastest here: {precision} on {device}.",
                engine=called(best.name), precision=Said(best.precision), device=Said(best.device),
            )  # fmt: skip
            y = drawing.line(screen, words, pygame.Rect(area.left, y, area.width, 0), unit, "good")
        if self._work is not None and self._work.failure:
            drawing.line(
                screen, self._work.failure, pygame.Rect(area.left, y, area.width, 0), unit, "warning"
            )
        for timing in self.desk.timings:
            if timing.problem is not None:
                words = Message(
                    "{engine} cannot run here: {reason}",
                    engine=called(timing.name), reason=drawing.brief(timing.problem),
                )  # fmt: skip
                place = pygame.Rect(area.left, y, area.width - px(unit, 250), 0)
                y = drawing.line(screen, words, place, unit, "warning", NEAR.caption, muted=True)

    @property
    def _busy(self) -> bool:
        return self._work is not None and self._work.running

    def _time(self) -> None:
        if self._busy:
            return
        self.desk.timings, self._taken = [], False
        open_engine = self.desk.parts.open_engine

        def job(tell: Tell) -> list[Timing]:
            return time_engines(open_engine, progress=tell)

        self._work = self.desk.work(job)

    def _take(self) -> None:
        """Takes the result over, once, and the fastest with it."""
        if self._work is None or self._work.running or self._taken:
            return
        self._taken = True
        self.desk.timings = self._work.result or []
        working = [timing for timing in self.desk.timings if timing.problem is None]
        if working:
            self.desk.change(engine=min(working, key=lambda timing: timing.total).name)
