"""Messages of a run: what the person is told, each once; where there is no window, some of it in the log."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

from mirror.hair.styles.dye import NONE
from mirror.sources import Source
from mirror.sources.camera_standby import StandbySource
from mirror.sources.demo import DemoSource
from mirror.translation.message import Message, joined

if TYPE_CHECKING:
    from mirror.pipeline.touring import Touring

log = logging.getLogger("mirror")
ASKED = 4.0  # seconds in which Esc may be pressed again to leave: as long as the line is seen


def demo_notice(source: Source) -> str | None:
    """Unasked, the demo must not pass for the person's own camera."""
    if not isinstance(source, DemoSource | StandbySource) or source.reason == "asked for":
        return None
    if source.problem:  # which says so all the time
        return None
    return Message("This is the demo: {reason}", reason=source.reason)


class LiveMessages:
    """What waits to be said, and what was said already. Times are seconds of one clock.

    Attributes:
        notice: said with the first picture where there is nothing else to say; None: nothing.
    """

    def __init__(self, notice: str | None) -> None:
        self.notice = notice
        self._message: str | None = None
        self._dye = NONE  # that the person was told of
        self._left_out: Message | None = None  # of a pattern, that the person was told of
        self._asked_at = -math.inf  # whether to leave

    def add_notice(self, line: str | None) -> None:
        """A line more with the first picture."""
        told = [one for one in (self.notice, line) if one]
        self.notice = joined("\n", *told) if told else None

    def say(self, message: str | None) -> None:
        """Says it with the next picture, in place of what waited; None changes nothing."""
        self._message = message or self._message

    def take(self) -> str | None:
        """What is said with this picture."""
        said, self._message, self.notice = self._message or self.notice, None, None
        return said

    def forget(self) -> None:
        """What waits is another person's no more."""
        self._message = None

    def note_left_out(self, told: Message | None, seen: bool) -> None:
        """Of a pattern on painted hair, once for each; `seen`: there is a window, else it is in the log."""
        if told == self._left_out:
            return
        self._left_out = told
        if told is not None and not seen:
            log.warning("%s.", told)
        self.say(told)

    def note_dye(self, worn: str | None, touring: Touring | None) -> None:
        """Another shade, once it is seen on the head; a tour has words of its own for what it puts on."""
        if worn is None or worn == self._dye:
            return
        self._dye = worn
        if touring is None or touring.paused or touring.over:
            dye = Message("its own") if worn == NONE else worn
            self.say(Message("Hair colour: {dye}", dye=dye))

    def meant(self, now: float, warned: bool) -> bool:
        """Whether Esc is meant: pressed twice, or in spite of a warning. Else the person is asked, once."""
        if warned or now - self._asked_at < ASKED:
            return True
        self._asked_at = now
        self.say(Message("Press Esc again to leave"))
        return False
