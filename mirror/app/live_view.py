"""View of a run: all that a window draws of the last picture, put together anew for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mirror.app.own_tiles import OwnTiles
from mirror.app.performance_figures import Figures
from mirror.app.suggesting import Suggesting
from mirror.pipeline.absence import Absence
from mirror.pipeline.live_loop import Live
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import SIMULATED
from mirror.settings.options import Settings
from mirror.sources import Source
from mirror.sources.replayable_video import Encore
from mirror.translation.message import Message

if TYPE_CHECKING:
    from mirror.app.screen import Trying, View, Window
    from mirror.app.screen.view import CourseSeen

NOBODY = Message("Nobody is seen. Stand here, with light on your face.")
NOBODY_IN_FILM = Message("There is no face in this part of the film")


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be seen of a picture.

    Attributes:
        shown: the picture.
        image: of it, uint8 (H, W, 3) RGB: with the new hair, or untouched.
        mark: what a kept picture has to say of itself.
        trying: what is tried on.
        message: what is said with it; None: nothing.
        problem: of what goes out beside the window; None: none.
        course: a year of hair; None: none is asked for.
        mirrored: it is turned round.
    """

    shown: Shown
    image: np.ndarray
    mark: str
    trying: Trying
    message: str | None
    problem: str | None
    course: CourseSeen | None
    mirrored: bool


class LiveView:
    """Of one run. Main thread.

    Args:
        live: whose loading is shown, and whose worker makes thumbnails on the person's own face.
        source: for its name and problems.
        settings: suggests.
    """

    def __init__(self, live: Live, source: Source, settings: Settings) -> None:
        self._live, self._source, self._settings = live, source, settings
        self._own, self._figures, self._absence = OwnTiles(live), Figures(), Absence()
        self._thumbnails: tuple[tuple[str, np.ndarray], ...] = ()
        self._tags: tuple[tuple[str, ...], ...] = ()
        self._suggesting: Suggesting | None = None  # once there is a book, where suggestions are asked for

    def note(self, shown: Shown) -> None:
        """A picture came: who is there, and how their face is."""
        self._absence.note(shown)
        if self._suggesting is not None:
            self._suggesting.note(shown.face, shown.frame.captured_at)

    def note_delay(self, now: float, delay: float) -> None:
        """A picture was shown at `now`, so long after it was taken; seconds."""
        self._figures.note(now, delay)

    def forget(self) -> None:
        """The next picture is of somebody else."""
        if self._suggesting is not None:
            self._suggesting.forget()
        self._own.forget()
        self._absence = Absence()

    def opening(self) -> View:
        """Before there is a picture."""
        from mirror.app.screen import View

        return View(loading=self._live.loading, problem=self._source.problem)

    def of(self, moment: Moment, mirror: Mirror, window: Window, now: float) -> View:
        """A picture, and all that is said and offered beside it."""
        from mirror.app.screen import View

        self._open(mirror)
        shown, trying, styling = moment.shown, moment.trying, mirror.styling
        number = styling.number if trying.loss is None else None
        strip = window.strip
        order = strip.only if strip.only is not None else range(len(self._thumbnails))
        self._own.ask(order, number, strip.opacity > 0)
        problem = self._source.problem or moment.problem or shown.advice or None
        # Before a camera that is covered, or hangs, nobody can be seen wherever they stand.
        gone = self._absence.gone and problem is None
        suggesting = self._suggesting
        return View(
            image=moment.image,
            style_name=trying.loss_words or styling.worn,
            style_number=-1 if number is None else number,
            thumbnails=self._thumbnails,
            problem=problem,
            hud=self._figures.rows(self._source.name, mirror) if window.hud else {},
            message=moment.message,
            before=shown.frame.image,
            tags=self._tags,
            trying=trying,
            caption=shown.caption,
            mark="" if moment.mark == SIMULATED else moment.mark,
            face=shown.face,
            mosaic=shown.mosaic,
            coming=shown.coming,
            head=shown.head_box,
            nobody=(NOBODY if self._source.live else NOBODY_IN_FILM) if gone else "",
            outline=gone and self._source.live,
            course=moment.course,
            own_thumbnails=self._own.made(mirror, moment.mirrored),
            suggestions=None if suggesting is None else suggesting.seen(trying.left, now),
            speaks=suggesting is not None and suggesting.speaks,
            ended=isinstance(self._source, Encore) and self._source.ended,
        )

    def _open(self, mirror: Mirror) -> None:
        """Takes over the style book, once."""
        if self._thumbnails:
            return
        self._thumbnails = tuple((style.name, style.thumbnail) for style in mirror.book.styles)
        self._tags = tuple(style.tags for style in mirror.book.styles)
        if self._settings.suggests:
            self._suggesting = Suggesting([name for name, _ in self._thumbnails], self._tags)
