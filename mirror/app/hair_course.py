"""Hair course: a year with treatment and without, painted on one moment, shown, and kept as a page if asked.

Main thread; the painting is done by the worker, one piece between two live pictures, so the mirror goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from mirror.core.erase import blacken
from mirror.files.picture_saver import MOST, Pictures
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.loss.treatment_course import MONTHS, goal_of, start_of, with_treatment, without_treatment
from mirror.pipeline.comparison_card import Card
from mirror.pipeline.live_loop import Live
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import Worn
from mirror.translation.catalogue import Words
from mirror.translation.message import Message

if TYPE_CHECKING:
    from mirror.app.printing.printer import Paper
    from mirror.app.screen import Wish
    from mirror.app.screen.view import CourseSeen
    from mirror.app.sharing.cards import Box
    from mirror.app.sharing.doctor_page import Visit
    from mirror.pipeline.mirror import Mirror

_NAME = "hair loss course"


class Glass(Protocol):
    """What is known of the window."""

    words: Words


# Width and height that the strip has, and the size of its words, pixels.
Room = tuple[tuple[int, int], int]


@dataclass(slots=True)
class _Asked:
    """What was asked for, and of which moment."""

    card: Card
    shown: Shown
    plan: LossPlan
    stage: str
    grafts: GraftCount | None
    # Of the head with its hair, frame pixels; None: not looked at yet.
    head: Box | None = None

    def work(self, mirror: Mirror, now: float) -> None:
        """The next piece, as `Card.work`: first how far the head reaches, then look by look."""
        if self.head is not None:
            self.card.work(mirror, now)
            return
        try:
            self.head = mirror.head_extent(self.shown)
        finally:
            self.card.busy = False


class HairCourse:
    """The course of one person at a time.

    Args:
        live: whose worker paints.
        pictures: where a page is kept.
        window: in whose language it is said.

    Attributes:
        room: how large it is shown now.
        printer: who is given a page to print; None: nobody.
    """

    def __init__(self, live: Live, pictures: Pictures, window: Glass, room: Callable[[], Room]) -> None:
        self._live, self._pictures, self._window, self.room = live, pictures, window, room
        self.printer: Callable[[Paper], None] | None = None
        self._asked: _Asked | None = None
        self._laid: tuple[Room, str] | None = None  # the room and the language that the strip was made for
        self._strip: np.ndarray | None = None
        self._visit: Visit | None = None
        self._message: str | None = None

    @property
    def open(self) -> bool:
        """Whether one is shown, or being painted."""
        return self._asked is not None

    @property
    def seen(self) -> CourseSeen | None:
        """What the window shows of it."""
        from mirror.app.screen.view import CourseSeen

        if self._asked is None:
            return None
        self._lay()
        card = self._asked.card
        return CourseSeen(self._strip, len(card.pictures), len(card.looks), self.printer is not None)

    def obey(self, wish: Wish, shown: Shown | None) -> bool:
        """Does what it is there for; False where the wish is about something else.

        Args:
            shown: the newest picture; None: there is none yet.
        """
        from mirror.app import screen as s

        match wish:
            case s.ShowCourse():
                self._begin(shown)
            case s.KeepPage():
                self._keep()
            case s.PrintPage():
                page = self.page()
                if page is not None and self.printer is not None:
                    self.printer(page)
            case s.CloseCourse():
                self.forget()
            case _:
                return False
        return True

    def step(self, mirrored: bool) -> str | None:
        """Goes on with it; once a picture. A line for the person, or None.

        Args:
            mirrored: whether the person sees themselves mirrored.
        """
        asked = self._asked
        if asked is not None and self._visit is None:
            if asked.card.done:
                self._finish(asked, mirrored)
            elif not asked.card.busy:
                asked.card.busy = True
                self._live.tell(asked.work)
        message, self._message = self._message, None
        return message

    def forget(self) -> None:
        """Closes it and wipes its pictures."""
        if self._asked is not None:
            blacken(*self._asked.card.pictures)
        blacken(self._strip, self._visit)
        self._asked = self._strip = self._visit = self._laid = None

    def page(self) -> Paper | None:
        """The page about what is planned, to print; None while there is none. Whoever gets it wipes it."""
        from mirror.app.printing.printer import Paper

        made = self._page()
        if made is None:
            return None
        paper = Paper(bytearray(made.data), page=True)
        blacken(made)
        return paper

    def _begin(self, shown: Shown | None) -> None:
        mirror = self._live.mirror
        if mirror is None or shown is None or not Card.possible(shown):
            self._message = Message("No face is looking this way. Look at the mirror and try again.")
            return
        self.forget()
        plan = mirror.loss_plan
        start = start_of(plan)
        plans = (*without_treatment(plan)[1:], *with_treatment(plan)[1:], goal_of(plan))
        plans = plans if start is None else (start, *plans)
        looks = [Worn(_NAME, hair_loss=True, loss=one) for one in plans]
        stage = mirror.loss_words(plan.amount)
        self._asked = _Asked(Card(shown, looks), shown, plan, stage, mirror.loss_grafts)

    def _finish(self, asked: _Asked, mirrored: bool) -> None:
        from mirror.app.sharing.course_strip import Course
        from mirror.app.sharing.doctor_page import Visit

        mirror = self._live.mirror
        if mirror is not None and mirror.loss_unknown:
            # An empty strip would say that nothing ever grows.
            self._message = Message(
                "Nothing shows which colour would grow. Move the slider to Full and choose one first."
            )
            self.forget()
            return
        image, head = asked.shown.frame.image, asked.head
        if mirrored and head is not None:
            wide = image.shape[1]
            head = wide - head[2], head[1], wide - head[0], head[3]
        # Its own pictures: the card's and the frame's are others'.
        shown = asked.plan.loses  # then the first that was painted is what it begins with
        pictures = asked.card.pictures if shown else (image, *asked.card.pictures)
        first, *painted = (cv2.flip(one, 1) if mirrored else one.copy() for one in pictures)
        count = len(MONTHS) - 1
        course = Course(first, painted[:count], painted[count : 2 * count], head, shown)
        when = self._window.words.moment(datetime.now())
        self._visit = Visit(course, painted[-1], asked.plan, asked.stage, asked.grafts, when)

    def _lay(self) -> None:
        """As large as it is shown: words that are made smaller afterwards can hardly be read."""
        from mirror.app.sharing.course_strip import strip_of

        room = self.room()
        wanted = room, self._window.words.language
        if self._visit is None or self._laid == wanted:
            return
        blacken(self._strip)
        self._strip, self._laid = strip_of(self._visit.course, *room), wanted

    def _page(self) -> np.ndarray | None:
        from mirror.app.sharing.doctor_page import page_of, pdf_of

        if self._visit is None:
            return None
        visit = self._visit
        if visit.grafts is None and self._live.mirror is not None:
            visit = replace(visit, grafts=self._live.mirror.loss_grafts)
        return pdf_of(page_of(visit))

    def _keep(self) -> None:
        page = self._page()
        if page is not None and not self._pictures.keep(page, ending=".pdf"):
            self._message = Message(
                "{count} pictures are waiting already: this one was not kept.", count=MOST
            )
