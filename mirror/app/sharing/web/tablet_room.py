"""The room: the tablets that are looking. What the mirror shows goes to all, what one asks to the mirror.

A picture is asked of the mirror only when a tablet has drawn one that it was sent before: who is slow gets
fewer, nobody waits for them, and nothing heaps up. Where no tablet looks, the mirror makes none.
"""

from __future__ import annotations

import statistics
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from mirror.app.sharing.web.messages import Message

AHEAD = 2  # pictures on the way to a tablet: one travels while the other is drawn
MOST_TABLETS = 4  # that look at once
ECHO_SECONDS = 2.0  # between two measurements of the way to a tablet and back
_MEASURED = 15  # pictures whose delay is told together, as their median: some two seconds
HEAD = struct.Struct(">II")  # of a picture: its number and that of its visit; then the JPEG
AWAY: Message = {"visit": 0, "phase": "waking"}


class Screen(Protocol):
    """A tablet, as the room sees it."""

    flow: Flow

    def show_state(self, state: Message) -> None:
        """Shows how the mirror is."""

    def show_book(self, book: Message) -> None:
        """Shows the styles and dyes that there are."""

    def show_picture(self, content: bytes) -> None:
        """Shows a picture: `HEAD`, and a JPEG."""

    def show_delay(self, echo: int, delay: float | None) -> None:
        """Asks for an echo, and tells the delay so far, seconds."""


@dataclass(slots=True)
class Flow:
    """Pictures on the way to one tablet, and how long they take.

    Attributes:
        free: pictures that it may be sent now.
        way: seconds to it and back, of messages that are answered at once; 0 until measured.
    """

    free: int = AHEAD
    way: float = 0.0
    _sent: dict[int, float] = field(default_factory=dict)
    _echo: int = 0
    _echoed_at: float | None = None
    _told_at: float = 0.0
    _delays: deque[float] = field(default_factory=lambda: deque(maxlen=_MEASURED))

    def sent(self, number: int, captured_at: float) -> None:
        """A picture goes out that the camera took then."""
        self.free -= 1
        self._sent[number] = captured_at

    def drawn(self, number: int, now: float) -> bool:
        """The tablet says that it drew a picture; False where it was sent none of that number.

        The word of it took the way back, half of what an echo takes, which is not the picture's.
        """
        captured_at = self._sent.pop(number, None)
        if captured_at is None:
            return False
        self.free += 1
        self._delays.append(max(0.0, now - captured_at - self.way / 2))
        return True

    def ask_echo(self, now: float) -> int | None:
        """The number of an echo to ask for; None where it is not time for one."""
        if now - self._told_at < ECHO_SECONDS:
            return None
        self._told_at = now
        self._echo += 1
        self._echoed_at = now
        return self._echo

    def echoed(self, number: int, now: float) -> bool:
        """The echo is back; False where none of that number was asked for."""
        if number != self._echo or self._echoed_at is None:
            return False
        self.way, self._echoed_at = now - self._echoed_at, None
        return True

    @property
    def delay(self) -> float | None:
        """Seconds from the camera to the tablet's screen; None before it is known."""
        return statistics.median(self._delays) if self._delays else None

    def forget(self) -> None:
        """The visitor has gone: the next one's delay is measured anew."""
        self._delays.clear()


class Room:
    """All tablets.

    Args:
        tell: tells the mirror.
        clock: seconds, of the same clock as the mirror's: `time.monotonic` counts for the whole machine.

    Attributes:
        state: as the mirror last told it; nothing of a visitor who has gone.
        book: the styles and dyes; None before the mirror told.
        tiles: their thumbnails, one JPEG.
    """

    def __init__(self, tell: Callable[[Message], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._clock = tell, clock
        self.screens: list[Screen] = []
        self.state = AWAY
        self.book: Message | None = None
        self.tiles = b""
        self._asked = False

    @property
    def full(self) -> bool:
        """Whether no other tablet has room."""
        return len(self.screens) >= MOST_TABLETS

    def enter(self, screen: Screen) -> None:
        """A tablet looks."""
        self.screens.append(screen)
        self._tell({"is": "tablets", "count": len(self.screens)})
        if self.book is not None:
            screen.show_book(self.book)
        screen.show_state(self.state)
        self._want()

    def leave(self, screen: Screen) -> None:
        """It looks no more."""
        if screen in self.screens:
            self.screens.remove(screen)
            self._tell({"is": "tablets", "count": len(self.screens)})
        if not self.screens:
            self.state, self._asked = AWAY, False  # it is told anew to the next one

    def drawn(self, screen: Screen, number: int) -> bool:
        """A tablet drew a picture; False where it was sent none of that number."""
        known = screen.flow.drawn(number, self._clock())
        self._want()
        return known

    def echoed(self, screen: Screen, number: int) -> bool:
        """An echo is back; False where none of that number was asked for."""
        return screen.flow.echoed(number, self._clock())

    def hear(self, message: Message, carried: bytearray) -> None:
        """What the mirror shows: {"do": "tablet book" / "tablet state" / "tablet picture", ...}."""
        match message:
            case {"do": "tablet book", "book": book}:
                self.book, self.tiles = book, bytes(carried)
                for screen in list(self.screens):
                    screen.show_book(book)
            case {"do": "tablet state", "state": state}:
                self._show(state)
            case {"do": "tablet picture", "number": number, "visit": visit, "captured_at": at}:
                self._asked = False
                self._send(number, visit, at, carried)
                self._want()

    def tend(self) -> None:
        """Once a second: measures the way to each tablet."""
        now = self._clock()
        for screen in list(self.screens):
            echo = screen.flow.ask_echo(now)
            if echo is not None:
                screen.show_delay(echo, screen.flow.delay)

    def _show(self, state: dict[str, Any]) -> None:
        if state.get("visit") != self.state.get("visit"):
            for screen in self.screens:
                screen.flow.forget()
        self.state = state
        for screen in list(self.screens):
            screen.show_state(state)

    def _send(self, number: int, visit: int, captured_at: float, jpeg: bytearray) -> None:
        if visit != self.state.get("visit"):
            return
        content = HEAD.pack(number, visit) + jpeg
        for screen in list(self.screens):
            if screen.flow.free > 0:
                screen.flow.sent(number, captured_at)
                screen.show_picture(content)

    def _want(self) -> None:
        """Asks the mirror for a picture, once, where a tablet could draw one."""
        if not self._asked and any(screen.flow.free > 0 for screen in self.screens):
            self._asked = True
            self._tell({"is": "want"})
