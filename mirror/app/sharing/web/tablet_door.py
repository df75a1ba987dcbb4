"""The door to the stylist's tablet: it opens to the kiosk's PIN, and shuts where it is guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mirror.app.sharing.web.messages import Message
from mirror.app.sharing.web.tablet_commands import Command
from mirror.app.sharing.web.tablet_room import Room
from mirror.app.sharing.web.tablet_sessions import Lockout, Sessions
from mirror.settings.kiosk_pin import matches

WAITING = 8  # PINs that wait for their turn: each takes some 50 ms and 16 MB


class Door:
    """Who may in, and the room behind.

    Args:
        pin: as `mirror.settings.kiosk_pin.make` returns it.
        tell: tells the mirror.
    """

    def __init__(self, pin: str, tell: Callable[[Message], None]) -> None:
        self._pin, self._tell = pin, tell
        self.sessions, self.lockout, self.room = Sessions(), Lockout(), Room(tell)
        self._turn, self._waiting = asyncio.Lock(), 0

    def command(self, command: Command) -> None:
        """A tablet asks something of the mirror."""
        self._tell({"is": "command", "do": command.what, "value": command.value, "visit": command.visit})

    async def try_pin(self, pin: str, address: str) -> tuple[str, float]:
        """The token of a new session, "" for none; and the seconds until that address may try again.

        One after the other, so that nobody tries many at once before the first is counted.
        """
        if self._waiting >= WAITING:
            return "", 1.0
        self._waiting += 1
        try:
            async with self._turn:
                wait = self.lockout.wait(address)
                if wait > 0:
                    return "", wait
                loop = asyncio.get_running_loop()
                if await loop.run_in_executor(None, matches, pin, self._pin):
                    self.lockout.right(address)
                    return self.sessions.begin(address), 0.0
                locked = self.lockout.wrong(address)
                if locked:
                    self._tell({"is": "locked", "who": address, "seconds": locked})
                return "", self.lockout.wait(address)
        finally:
            self._waiting -= 1
