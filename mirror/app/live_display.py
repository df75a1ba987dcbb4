"""The display: shows, records and counts what the live loop hands over, and hears the person.

One `Display` serves one run, on the main thread; with a window or without.
"""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mirror.app.hair_course import HairCourse
from mirror.app.live_messages import LiveMessages, demo_notice
from mirror.app.live_view import LiveView, Moment
from mirror.app.outgoing import Outgoing
from mirror.app.sharing.studio import Studio
from mirror.app.try_on import TryOn
from mirror.core.erase import blacken
from mirror.pipeline.live_loop import Live
from mirror.pipeline.run_report import Report
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import SIMULATED
from mirror.settings.options import Settings
from mirror.sources import Source
from mirror.sources.replayable_video import Encore
from mirror.translation.message import Message

if TYPE_CHECKING:
    from mirror.app.screen import Window, Wish
    from mirror.app.screen.panels import Tools
    from mirror.app.sharing.virtual_camera import VirtualCamera

log = logging.getLogger("mirror")
PAUSED = Message("The tour is paused. P goes on with it.")
IDLE = 0.05  # seconds to wait for a picture before the window is drawn again


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run when it is over: the engines and the style it ended with."""

    engines: dict[str, dict[str, str]]
    style: str


class Display:
    """Takes pictures from a live loop until the person leaves, the source ends, or `frames` were shown.

    Args:
        live: started or not; this starts it.
        source: for its name, size and problems.
        settings: frames, mirror, record, record_pairs, pictures, fullscreen, suggest.
        window: None runs headless.
        report: gets every shown frame.
        camera: gets every shown picture, not mirrored; None: there is no virtual webcam.

    Attributes:
        stopped: set from a signal handler, it ends `run` after the picture at hand.
        shown_count: pictures shown so far.
        last: what was shown last.
        studio: makes the pictures to keep, and forgets those that wait; None without a window.
        course: a year of hair, where it is asked for; None without a window.
        outgoing: where pictures go beside the window.
    """

    def __init__(
        self,
        live: Live,
        source: Source,
        settings: Settings,
        window: Window | None,
        report: Report,
        camera: VirtualCamera | None = None,
    ) -> None:
        self._live, self._source, self._settings = live, source, settings
        self._window, self._report = window, report
        self.outgoing = Outgoing(settings, source, camera)
        self._mirrored = settings.mirror
        self._original = False
        self._leave = False
        self._advised = False  # where no window says it
        self._closing = contextlib.ExitStack()
        self.last: Shown | None = None
        self.studio = Studio(live, settings, window, source.rate) if window is not None else None
        self._messages = LiveMessages(demo_notice(source))
        self._tryon, self._view = TryOn(live), LiveView(live, source, settings)
        self._tools: Tools | None = None
        self.course: HairCourse | None = None
        if window is not None and self.studio is not None:
            from mirror.app.home_panels import add_home_panels, course_room

            self.course = HairCourse(live, self.studio.pictures, window, course_room(window))
            if not window.bare:  # a kiosk has buttons of its own
                self._tools = add_home_panels(window, settings, self.course)
                self._messages.add_notice(self._tools.trouble)
        self.stopped = False
        self.shown_count = 0

    @property
    def camera(self) -> np.ndarray | None:
        """The newest picture of the source, uint8 (H, W, 3) RGB, untouched; None before the first."""
        return None if self.last is None else self.last.frame.image

    @property
    def recorded(self) -> bool:
        """Whether all that was shown is in the film or the folder asked for, whole and closed."""
        return self.outgoing.recorded

    @property
    def mark(self) -> str:
        """What a kept picture has to say of itself: "simulated" or "illustration, not a prediction"."""
        return SIMULATED if self.last is None or self._original else self.last.worn.mark

    def run(self) -> None:
        """Shows pictures until the end. Raises what ended the live loop."""
        with self._closing as stack:
            self.outgoing.open(stack)
            if self.studio is not None:
                stack.callback(self.studio.close)
            self._live.start()
            while not self._leave and not self.stopped and self.step():
                if self._settings.frames and self.shown_count >= self._settings.frames:
                    break
            self._live.raise_failure()

    def step(self) -> bool:
        """Hears the person and shows the next picture, or the last one again; False when no more come."""
        shown = self._live.shown.get(timeout=IDLE)
        self._hear()
        if shown is None:
            if self._live.shown.finished:
                return False
            self._draw()
            return True
        began = time.perf_counter()
        self.last = shown
        self._view.note(shown)
        image = self._picture(shown)
        if shown.advice and self._window is None and not self._advised:
            self._advised = True
            log.warning("%s: until then nobody in the picture gets other hair.", shown.advice)
        self._draw()
        self.outgoing.send(shown, image, self.mark, self._mirrored)
        self.outgoing.show(shown, image, self.mark, self._mirrored, time.monotonic())
        now = time.monotonic()
        latency = now - shown.frame.captured_at
        stages = {**shown.stages, "show": time.perf_counter() - began}
        worn = shown.swapped and not self._original
        self._report.frame(latency, stages, tracked=shown.face is not None, swapped=worn)
        self._view.note_delay(now, latency)
        self.shown_count += 1
        return True

    def forget(self) -> None:
        """Wipes the last picture and what was said of it. Window and studio have a `forget` of their own."""
        blacken(self.last)
        if self.course is not None:
            self.course.forget()
        self._view.forget()
        self._messages.forget()
        self.last, self._original = None, False

    def finish(self) -> None:
        """Finishes what is recorded, where `run` will not come to its end any more."""
        self._closing.close()

    def summary(self) -> Run:
        """The engines and the style as they are now; call it before the live loop is stopped."""
        mirror = self._live.mirror
        if mirror is None:
            return Run({}, self._settings.style)
        engines = {
            name: {"backend": e.name, "device": e.device, "precision": e.precision, "reason": e.reason}
            for name, e in mirror.engines.items()
        }
        return Run(engines, mirror.styling.name)

    def _picture(self, shown: Shown) -> np.ndarray:
        return shown.frame.image if self._original else shown.image

    def _draw(self) -> None:
        mirror, window, last = self._live.mirror, self._window, self.last
        if window is not None and (mirror is None or last is None):
            window.show(self._view.opening())
            return
        told = None if mirror is None else mirror.styling.takes_one_shade
        if window is None or mirror is None or last is None:
            self._messages.note_left_out(told, seen=False)
            return
        self._messages.note_dye(last.worn.dye, self._live.touring)
        self._messages.note_left_out(told, seen=True)
        image = self._picture(last)
        if self.studio is not None:
            self._messages.say(self.studio.step(last, image, self._mirrored))
        if self.course is not None:
            self._messages.say(self.course.step(self._mirrored))
        moment = Moment(
            last,
            image,
            mark=self.mark,
            trying=self._tryon.state(mirror),
            message=self._messages.take(),
            problem=self.outgoing.problem,
            course=None if self.course is None else self.course.seen,
            mirrored=self._mirrored,
        )
        window.show(self._view.of(moment, mirror, window, time.monotonic()))

    def _meant(self) -> bool:
        """Whether Esc is meant, see `LiveMessages.meant`."""
        return self._messages.meant(time.monotonic(), self.studio is not None and self.studio.warned)

    def _pause_or_go_on(self) -> None:
        touring = self._live.touring
        if touring is None:
            self._messages.say(Message("There is no tour. Start the mirror with --tour and a file of steps."))
        elif touring.pause():
            self._messages.say(PAUSED)
        else:
            self._tryon.leave_loss()
            touring.go_on()
            self._messages.say(Message("The tour goes on"))

    def _hear(self) -> None:
        if self._window is None:
            return
        while not self._live.said.empty():
            self._messages.say(self._live.said.get())
        for wish in self._window.actions():
            self.obey(wish)
        # What the person works on must not be taken away by the next random style.
        self._live.holding = self._tools is not None and self._tools.open

    def obey(self, action: Wish) -> None:
        """Does what the person wishes."""
        from mirror.app.screen import Action, Say

        if self.studio is not None and self.studio.obey(action):
            return
        if self.course is not None and self.course.obey(action, self.last):
            return
        if isinstance(action, Say):
            self._messages.say(action.words)
        elif action is Action.TOUR:
            self._pause_or_go_on()
        elif self._tryon.obey(action):
            if self._live.touring is not None and self._live.touring.pause():
                self._messages.say(PAUSED)
        elif action in (Action.ORIGINAL_ON, Action.ORIGINAL_OFF):
            self._original = action is Action.ORIGINAL_ON
        elif action is Action.PLAY_AGAIN and isinstance(self._source, Encore):
            self._source.again()
        elif action is Action.QUIT or (action is Action.LEAVE and self._meant()):
            self._leave = True
        if self._window is not None:
            self._mirrored = self._window.mirrored
