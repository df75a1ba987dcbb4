"""Visit: what one visitor brings to life, the camera first of all, and how nothing of them is left.

The networks stay loaded. The camera, the threads, the slots between them and the display are made for each
visitor and are gone after them: what does not exist any more remembers nobody.
"""

from __future__ import annotations

import dataclasses
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path

from mirror.app.background_jobs import Errands
from mirror.app.kiosk.freed_memory import give_back
from mirror.app.kiosk.keepsakes import Keepsakes
from mirror.app.kiosk.kept_pictures import FOLDER
from mirror.app.kiosk.loss_course import strip_room
from mirror.app.live_display import Display
from mirror.app.screen import Window, Wish
from mirror.app.screen.shutter import Shutter
from mirror.core.errors import MirrorError
from mirror.files.picture_saver import Pictures
from mirror.pipeline.live_loop import Live
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.run_report import Report
from mirror.pipeline.shown_frame import Shown
from mirror.settings.options import Settings
from mirror.sources import Source
from mirror.sources.demo import DemoSource

log = logging.getLogger("mirror.app.kiosk")

SILENT = 8.0  # seconds without a new picture: the camera is lost, or a network hangs
STUCK = 60.0  # seconds an errand may take before it is given up
LOADING = 1800.0  # the same for loading: building TensorRT's engines for the first time takes minutes


class Visit:
    """The live mirror of a kiosk, visitor by visitor. Use it on the main thread.

    Args:
        settings: of the run.
        window: kept all the time.
        open_camera: a fresh source for each visitor.
        load: makes a mirror, networks loaded; it may take seconds.
        keepsakes: what visitors take home; None: nothing.

    Attributes:
        keepsakes: as given.
        display: of the visitor who is here; None while nobody is, or the camera opens.
    """

    def __init__(
        self,
        settings: Settings,
        window: Window,
        open_camera: Callable[[], Source],
        load: Callable[[], Mirror],
        clock: Callable[[], float] = time.monotonic,
        keepsakes: Keepsakes | None = None,
    ) -> None:
        self.keepsakes = keepsakes
        # What counts is the visitor's: a run of days keeps no films and no figures, and pictures in a folder
        # of its own. Whoever looks at their hair finds it as they left it: only they change it.
        self._settings = dataclasses.replace(
            settings, record=None, record_pairs=None, frames=None, virtual_camera=False,
            pictures=settings.pictures_folder / FOLDER, every=math.inf, suggest=settings.suggest is True,
        )  # fmt: skip
        self._window, self._open_camera, self._load = window, open_camera, load
        self._clock = clock
        self._errands = Errands()
        self._until = clock()
        self._mirror: Mirror | None = None
        self._live: Live | None = None
        self._source: Source | None = None
        self._opened: tuple[Live, Source] | None = None
        self.display: Display | None = None
        self._pictures: Pictures | None = None
        self._added: list[Shutter] = []
        self._counted, self._fresh_at = 0, 0.0

    @property
    def busy(self) -> bool:
        """Whether something is being opened, loaded or wiped."""
        return self._errands.busy

    @property
    def engines(self) -> dict[str, str]:
        """What runs the networks, for the staff."""
        mirror = self._mirror or (self._live.mirror if self._live else None)
        if mirror is None:
            return {}
        return {name: f"{engine.name}, {engine.precision}" for name, engine in mirror.engines.items()}

    @property
    def last(self) -> Shown | None:
        """What was shown last."""
        return self.display.last if self.display is not None else None

    @property
    def saved(self) -> tuple[Path, ...]:
        """The pictures that the visitor kept, until another one begins."""
        return self._pictures.saved if self._pictures is not None else ()

    def prepare(self) -> None:
        """Loads the networks, where they are not, and tries the camera. `poll` raises what went wrong."""
        self._send(self._prepare, LOADING)

    def begin(self) -> None:
        """Opens the camera for a visitor; `display` is there once it is open."""
        self._fresh_at, self._pictures = self._clock(), None
        if self.keepsakes is not None:
            self.keepsakes.begin()
        self._send(self._begin)

    def wish(self, wish: Wish) -> None:
        """Wishes something in the visitor's name; nothing where nobody is."""
        if self.display is not None:
            self.display.obey(wish)

    def end(self) -> None:
        """Wipes everything of the visitor; done when it is no longer `busy`. Harmless where nobody is."""
        display, self.display = self.display, None
        if display is not None and display.studio is not None:
            display.studio.end()  # here: it is the main thread's
        if self.keepsakes is not None:
            self.keepsakes.end()
        pictures = self._pictures
        self._send(lambda: self._end(pictures))
        if display is not None:
            display.forget()
            self._window.panels[:] = [panel for panel in self._window.panels if panel not in self._added]
        self._window.forget()

    def poll(self) -> None:
        """Raises what went wrong behind the picture's back.

        Raises:
            MirrorError: no camera, no pictures for too long, an errand that never ends.
            Exception: whatever ended a thread of the live loop.
        """
        self._errands.raise_failure()
        if self._errands.busy and self._clock() > self._until:
            self._give_up()
            raise MirrorError(
                "Something that was begun does not end and is left behind, perhaps with a picture in memory. "
                "Start the kiosk again when you can."
            )
        if self._opened is not None and not self._errands.busy:
            self._live, self._source = self._opened
            self._opened = None
            self.display = self._shown_by(self._live, self._source)
            self._counted, self._fresh_at = 0, self._clock()

    def step(self) -> bool:
        """One round of the live mirror: hears and shows. Whether there was a new picture with a face.

        Raises:
            MirrorError: the pictures ended, or none came for too long.
            Exception: whatever ended a thread of the live loop.
        """
        display, live, source = self.display, self._live, self._source
        if display is None or live is None or source is None:
            return False
        now = self._clock()
        goes_on = display.step()
        if self.display is None:  # what was heard ended the visit
            display.forget()  # the picture that came with it
            return False
        if not goes_on:
            live.raise_failure()
            raise MirrorError(f"{source.name} gives no more pictures.")
        fresh = display.shown_count > self._counted
        self._counted = display.shown_count
        if fresh or live.mirror is None:  # loading has its own limits
            self._fresh_at = now
        elif now - self._fresh_at > SILENT:
            raise MirrorError(source.problem or f"No picture for {SILENT:.0f} s.")
        return fresh and display.last is not None and display.last.face is not None

    def close(self, seconds: float = 10.0) -> None:
        """Wipes, and gives the networks back. The wipe may take so long."""
        self.end()
        wiped = self._errands.wait(seconds)
        if self.keepsakes is not None:
            self.keepsakes.close()
        if wiped and self._mirror is not None:
            self._mirror.close()
            self._mirror = None

    def _send(self, errand: Callable[[], object], seconds: float = STUCK) -> None:
        # It waits for what is on its way already.
        before = self._until if self._errands.busy else 0.0
        self._until = max(before, self._clock() + seconds)
        self._errands.send(errand)

    def _give_up(self) -> None:
        """The thread that hangs stays where it is; all else is made anew."""
        self._errands = Errands()
        self._mirror, self._live, self._source, self._opened = None, None, None, None

    def _prepare(self) -> None:
        if self._mirror is None and self._live is None:
            mirror = self._load()
            mirror.warm_up()
            self._mirror = mirror
        self._camera().close()

    def _begin(self) -> None:
        source = self._camera()
        live = Live(source, self._settings, may_lose=True, mirror=self._mirror)
        self._mirror = None  # the loop has it now
        live.start()
        self._opened = live, source

    def _shown_by(self, live: Live, source: Source) -> Display:
        """The display of a visitor; of its panels only the countdown is for them, below the kiosk's own."""
        before = list(self._window.panels)
        display = Display(live, source, self._settings, self._window, Report())
        assert display.studio is not None and display.course is not None
        display.course.room = lambda: strip_room(self._window.size)
        display.studio.keeper = self.keepsakes
        self._pictures = display.studio.pictures
        self._added = [panel for panel in self._window.panels if isinstance(panel, Shutter)]
        for panel in self._added:
            panel.hint = ""  # Esc means nothing to them
        self._window.panels[:] = [*self._added, *before]
        return display

    def _end(self, pictures: Pictures | None) -> None:
        if pictures is not None:
            pictures.close()  # one that was asked for is still written, if that is soon done
        live = self._opened[0] if self._opened is not None else self._live
        self._opened = self._live = self._source = None
        if live is not None:
            self._mirror = live.forget()
        del live
        give_back()

    def _camera(self) -> Source:
        source = self._open_camera()
        if isinstance(source, DemoSource) and source.reason != "asked for":
            source.close()
            # A stranger's face must not pass for the visitor's own.
            raise MirrorError(
                f"The kiosk waits for a camera: {source.reason}. Plug one in; to try without one, "
                "give --source demo."
            )
        return source
