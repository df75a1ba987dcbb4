"""Pending: what the worker is asked to do before its next picture, the superseded left out.

A person can press keys and drag sliders faster than pictures are made. Of everything that replaces
each other only the newest waits, so however fast they ask, the worker has no more to do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mirror.pipeline.mirror import Mirror

Command = Callable[[Mirror, float], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """So many steps in one go: ten presses of a key that nobody could answer yet become one move by ten.

    Attributes:
        move: called with (mirror, steps, time of the frame).
        by: steps, negative for back.
        base: what was asked before the first of them, done first.
    """

    move: Callable[[Mirror, int, float], None]
    by: int
    base: Command | None = None

    def __call__(self, mirror: Mirror, now: float) -> None:
        """Does it all."""
        if self.base is not None:
            self.base(mirror, now)
        if self.by:
            self.move(mirror, self.by, now)

    def after(self, earlier: Command) -> Steps:
        """This and what waited before it, in one command."""
        if isinstance(earlier, Steps):
            return Steps(self.move, self.by + earlier.by, earlier.base)
        return Steps(self.move, self.by, earlier)


class Pending:
    """Commands of one thread for another. Of each kind at most one waits.

    Example:
        >>> pending = Pending()
        >>> for amount in (0.1, 0.2, 0.3):
        ...     pending.put(lambda mirror, now, amount=amount: print(amount), "blend")
        >>> for command in pending.take():
        ...     command(None, 0.0)
        0.3
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Any, Command] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, command: Command, kind: str | None = None) -> None:
        """Adds a command. One that waits with the same `kind` gives way to it, or joins it (`Steps`).

        It takes the last place: what was asked last is done last. Without a kind nothing gives way.
        """
        with self._lock:
            key = object() if kind is None else kind
            earlier = self._waiting.pop(key, None)
            if earlier is not None and isinstance(command, Steps):
                command = command.after(earlier)
            self._waiting[key] = command

    def take(self) -> list[Command]:
        """All that waits, in order; nothing waits afterwards."""
        with self._lock:
            commands = list(self._waiting.values())
            self._waiting.clear()
        return commands
