"""Machine: which state of the kiosk follows which, and that nothing keeps it from going on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

import pygame

from mirror.app.screen import View, Wish

log = logging.getLogger("mirror.app.kiosk")

START = "attract"
FAILED = "failed"  # leads to the failsafe from every state

TRANSITIONS: dict[tuple[str, str], str] = {
    ("attract", "touched"): "consent",
    ("consent", "agreed"): "try",
    ("consent", "refused"): "attract",
    ("consent", "over"): "attract",
    ("try", "compare"): "compare",
    ("try", "alike"): "compare",
    ("try", "look"): "album",
    ("try", "done"): "goodbye",
    ("try", "idle"): "goodbye",
    ("try", "next"): "goodbye",  # the stylist, by tablet
    ("compare", "back"): "try",
    ("compare", "idle"): "goodbye",
    ("compare", "next"): "goodbye",
    ("album", "back"): "try",
    ("album", "leave"): "goodbye",
    ("album", "idle"): "goodbye",
    ("album", "next"): "goodbye",
    ("goodbye", "look"): "album",
    ("goodbye", "over"): "attract",
    ("failsafe", "well"): "attract",
}
# States that end by themselves with "over", seconds. A goodbye also waits for the wipe, see there.
LASTING: dict[str, float] = {"consent": 30.0}
# Where the camera runs, so that only there is anybody to be missed.
LIVE = ("try", "compare", "album")


class State(Protocol):
    """One state. Whatever it raises leads to the failsafe.

    Every method gets the time in seconds of the kiosk's clock. `hear` and `step` may return a signal, one of
    those in TRANSITIONS; one that means nothing here is ignored.
    """

    def enter(self, now: float) -> None:
        """It begins."""

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        """Draws itself over all, or over the live picture that is there already."""

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        """A signal; a wish for the mirror; True: taken, and no more; None: not mine, for the strip."""

    def step(self, now: float) -> str | None:
        """Once a round: a signal when it is time."""

    def leave(self) -> None:
        """It is over."""


class Machine:
    """Is in one state at a time.

    Args:
        states: every name that TRANSITIONS knows, and "failsafe".

    Attributes:
        name: of the state it is in.
        signal: that led there; "" at the start.
    """

    def __init__(self, states: Mapping[str, State]) -> None:
        self._states = states
        self.name, self.signal = START, ""
        self._since = 0.0

    @property
    def state(self) -> State:
        """The state it is in."""
        return self._states[self.name]

    def start(self, now: float) -> None:
        """Enters the first state."""
        self._enter(START, now)

    def go(self, signal: str, now: float) -> bool:
        """Follows a signal; False where it leads nowhere from here."""
        to = "failsafe" if signal == FAILED else TRANSITIONS.get((self.name, signal))
        if to is None:
            return False
        self.signal = signal
        try:
            self.state.leave()
        except Exception:  # a state that cannot tidy up is left all the same
            log.exception("Leaving %s failed.", self.name)
            if self.name != "failsafe":
                to = "failsafe"
        self._enter(to, now)
        return True

    def step(self, now: float) -> None:
        """Follows what time brings."""
        signal = self.state.step(now)
        lasting = LASTING.get(self.name)
        if signal is None and lasting is not None and now - self._since >= lasting:
            signal = "over"
        if signal is not None:
            self.go(signal, now)

    def _enter(self, name: str, now: float) -> None:
        log.info("%s -> %s", self.name, name)
        self.name, self._since = name, now
        try:
            self.state.enter(now)
        except Exception:
            log.exception("Entering %s failed.", name)
            if name != "failsafe":
                self._enter("failsafe", now)
