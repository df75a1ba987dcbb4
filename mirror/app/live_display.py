"""The display: shows, records and counts what the live loop hands over, and hears the person.

One `Display` serves one run, on the main thread; with a window or without.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mirror.app.hair_course import HairCourse, Room
from mirror.app.outgoing import Outgoing
from mirror.app.own_tiles import OwnTiles
from mirror.app.performance_figures import Figures
from mirror.app.sharing.studio import Studio
from mirror.app.suggesting import Suggesting
from mirror.app.try_on import TryOn
from mirror.core.erase import blacken
from mirror.hair.styles.dye import NONE
from mirror.pipeline.absence import Absence
from mirror.pipeline.live_loop import Live
from mirror.pipeline.run_report import Report
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import SIMULATED
from mirror.settings.options import Settings
from mirror.sources import Source
from mirror.sources.camera_standby import StandbySource
from mirror.sources.demo import DemoSource
from mirror.sources.replayable_video import Encore
from mirror.translation.message import Message, joined

if TYPE_CHECKING:
    from mirror.app.screen import Window, Wish
    from mirror.app.screen.panels import Tools
    from mirror.app.sharing.virtual_camera import VirtualCamera

log = logging.getLogger("mirror")
ASKED = 4.0  # seconds in which Esc may be pressed again to leave: as long as the line is seen
NOBODY = Message("Nobody is seen. Stand here, with light on your face.")
NOBODY_IN_FILM = Message("There is no face in this part of the film")
PAUSED = Message("The tour is paused. P goes on with it.")
IDLE = 0.05  # seconds to wait for a picture before the window is drawn again


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run when it is over: the engines and the style it ended with."""

    engines: dict[str, dict[str, str]]
    style: str


def _course_room(window: Window) -> Callable[[], Room]:
    """How large a course is shown in the window at home; a kiosk, read from further away, sets its own."""
    from mirror.app.screen.design import unit_of
    from mirror.app.screen.panels.course_view import strip_room

    return lambda: strip_room(window.size, unit_of(window.size))


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
        self._absence = Absence()
        self._advised = False  # where no window says it
        self._asked_at = -math.inf  # whether to leave
        self._closing = contextlib.ExitStack()
        self.last: Shown | None = None
        self.studio = Studio(live, settings, window, source.rate) if window is not None else None
        self._message: str | None = None
        # Unasked, the demo must not pass for the person's own camera.
        unasked = isinstance(source, DemoSource | StandbySource) and source.reason != "asked for"
        unasked = unasked and not source.problem  # which says so all the time
        self._notice: str | None = (
            Message("This is the demo: {reason}", reason=source.reason) if unasked else None
        )
        self._dye = NONE  # that the person was told of
        self._left_out: Message | None = None  # of a pattern, that the person was told of
        self._tryon, self._own = TryOn(live), OwnTiles(live)
        self._tools: Tools | None = None
        self.course: HairCourse | None = None
        if window is not None and self.studio is not None:
            self.course = HairCourse(live, self.studio.pictures, window, _course_room(window))
        if window is not None and not window.bare:  # a kiosk has buttons of its own
            assert self.course is not None
            from mirror.app.screen.caption import CaptionPanel
            from mirror.app.screen.panels import Again, Tools

            self._tools = Tools(window, suggests=settings.suggests)
            # Above the pictures that wait, below the countdown: Esc ends that first.
            window.panels.insert(1, window.panels.pop())
            window.beneath.append(CaptionPanel(window))
            window.panels.insert(0, Again(window))  # Enter tries what waits again, first of all
            if settings.print.printer is not None:
                from mirror.app.printing.home_printing import HomePrinting

                printing = HomePrinting(window.words, settings)
                window.panels.append(printing)
                self.course.printer = printing.begin
            told = [line for line in (self._notice, self._tools.trouble) if line]
            self._notice = joined("\n", *told) if told else None
        self._thumbnails: tuple[tuple[str, np.ndarray], ...] = ()
        self._tags: tuple[tuple[str, ...], ...] = ()
        self._figures = Figures()
        self._suggesting: Suggesting | None = None  # once there is a book, where suggestions are asked for
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
        self._absence.note(shown)
        if self._suggesting is not None:
            self._suggesting.note(shown.face, shown.frame.captured_at)
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
        self._figures.note(now, latency)
        self.shown_count += 1
        return True

    def forget(self) -> None:
        """Wipes the last picture and what was said of it. Window and studio have a `forget` of their own."""
        blacken(self.last)
        if self.course is not None:
            self.course.forget()
        if self._suggesting is not None:
            self._suggesting.forget()
        self._own.forget()
        self.last = self._message = None
        self._original, self._absence = False, Absence()

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

    def _say_what_is_left_out(self) -> None:
        """Of a pattern on painted hair, once for each; where there is no window, in the log."""
        mirror = self._live.mirror
        told = None if mirror is None else mirror.styling.takes_one_shade
        if told == self._left_out:
            return
        self._left_out = told
        if told is not None and self._window is None:
            log.warning("%s.", told)
        self._message = told or self._message

    def _say_dye(self, worn: str | None) -> None:
        """Another shade, once it is seen on the head; a tour has words of its own for what it puts on."""
        if worn is None or worn == self._dye:
            return
        self._dye, touring = worn, self._live.touring
        if touring is None or touring.paused or touring.over:
            dye = Message("its own") if worn == NONE else worn
            self._message = Message("Hair colour: {dye}", dye=dye)

    def _draw(self) -> None:
        if self._window is None:
            self._say_what_is_left_out()
            return
        from mirror.app.screen import View

        mirror = self._live.mirror
        if mirror is None or self.last is None:
            self._window.show(View(loading=self._live.loading, problem=self._source.problem))
            return
        if not self._thumbnails:
            self._thumbnails = tuple((style.name, style.thumbnail) for style in mirror.book.styles)
            self._tags = tuple(style.tags for style in mirror.book.styles)
            if self._settings.suggests:
                self._suggesting = Suggesting([name for name, _ in self._thumbnails], self._tags)
        styling = mirror.styling
        self._say_dye(self.last.worn.dye)
        self._say_what_is_left_out()
        if self.studio is not None:
            said = self.studio.step(self.last, self._picture(self.last), self._mirrored)
            self._message = said or self._message
        if self.course is not None:
            self._message = self.course.step(self._mirrored) or self._message
        message, self._message = self._message or self._notice, None
        trying = self._tryon.state(mirror)
        number = styling.number if trying.loss is None else None
        strip = self._window.strip
        order = strip.only if strip.only is not None else range(len(self._thumbnails))
        self._own.ask(order, number, strip.opacity > 0)
        problem = self._source.problem or self.outgoing.problem or self.last.advice or None
        # Before a camera that is covered, or hangs, nobody can be seen wherever they stand.
        gone = self._absence.gone and problem is None
        view = View(
            image=self._picture(self.last),
            style_name=trying.loss_words or styling.worn,
            style_number=-1 if number is None else number,
            thumbnails=self._thumbnails,
            problem=problem,
            hud=self._figures.rows(self._source.name, mirror) if self._window.hud else {},
            message=message,
            before=self.last.frame.image,
            tags=self._tags,
            trying=trying,
            caption=self.last.caption,
            mark="" if self.mark == SIMULATED else self.mark,
            face=self.last.face,
            mosaic=self.last.mosaic,
            coming=self.last.coming,
            head=self.last.head_box,
            nobody=(NOBODY if self._source.live else NOBODY_IN_FILM) if gone else "",
            outline=gone and self._source.live,
            course=None if self.course is None else self.course.seen,
            own_thumbnails=self._own.made(mirror, self._mirrored),
            suggestions=(
                None if self._suggesting is None else self._suggesting.seen(trying.left, time.monotonic())
            ),
            speaks=self._suggesting is not None and self._suggesting.speaks,
            ended=isinstance(self._source, Encore) and self._source.ended,
        )
        self._notice = None
        self._window.show(view)

    def _meant(self) -> bool:
        """Whether Esc is meant: pressed twice, or in spite of a warning. Else the person is asked, once."""
        now, warned = time.monotonic(), self.studio is not None and self.studio.warned
        if warned or now - self._asked_at < ASKED:
            return True
        self._asked_at, self._message = now, Message("Press Esc again to leave")
        return False

    def _pause_or_go_on(self) -> None:
        touring = self._live.touring
        if touring is None:
            self._message = Message("There is no tour. Start the mirror with --tour and a file of steps.")
        elif touring.pause():
            self._message = PAUSED
        else:
            self._tryon.leave_loss()
            touring.go_on()
            self._message = Message("The tour goes on")

    def _hear(self) -> None:
        if self._window is None:
            return
        while not self._live.said.empty():
            self._message = self._live.said.get()
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
            self._message = action.words
        elif action is Action.TOUR:
            self._pause_or_go_on()
        elif self._tryon.obey(action):
            if self._live.touring is not None and self._live.touring.pause():
                self._message = PAUSED
        elif action in (Action.ORIGINAL_ON, Action.ORIGINAL_OFF):
            self._original = action is Action.ORIGINAL_ON
        elif action is Action.PLAY_AGAIN and isinstance(self._source, Encore):
            self._source.again()
        elif action is Action.QUIT or (action is Action.LEAVE and self._meant()):
            self._leave = True
        if self._window is not None:
            self._mirrored = self._window.mirrored
