"""Sessions: who gave the PIN, until when; and the lock that wrong PINs shut."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 12 * 3600.0  # that a session lasts: a working day, the PIN once
MOST = 8  # sessions: more tablets than a salon has; the oldest gives way
TRIES, TRIES_OF_ALL = 5, 20  # wrong PINs in a row from an address, as at the mirror's own pad; from all
LOCKED = 60.0  # seconds of the first lock, as at the mirror's own pad; each further one lasts twice as long
LONGEST_LOCK = 3600.0  # then some 480 tries a day of 10,000 PINs of four digits, from however many addresses
FORGOTTEN = 2 * LONGEST_LOCK  # seconds without a wrong one after which they are forgotten
_ADDRESSES = 4096  # that are remembered


@dataclass(slots=True)
class Session:
    """One.

    Attributes:
        address: whose it is: a cookie that somebody read along is of no use elsewhere.
        until: when it is over, seconds of the server's clock.
    """

    address: str
    until: float


class Sessions:
    """By token; tokens themselves are not kept, only their hashes.

    Args:
        clock: seconds.

    Example:
        >>> sessions = Sessions()
        >>> token = sessions.begin("192.168.4.7")
        >>> sessions.there(token, "192.168.4.7"), sessions.there(token, "192.168.4.8")
        (True, False)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()

    def begin(self, address: str) -> str:
        """A new one; its token, 128 random bits."""
        token = secrets.token_urlsafe(16)
        self._sessions[_digest(token)] = Session(address, self.clock() + SECONDS)
        if len(self._sessions) > MOST:
            self._sessions.popitem(last=False)
        return token

    def there(self, token: str, address: str) -> bool:
        """Whether a token from an address is one that lasts. How long that takes says nothing of others."""
        found = self._sessions.get(_digest(token))
        return found is not None and found.address == address and self.clock() < found.until

    def end(self, token: str) -> None:
        """Ends one."""
        self._sessions.pop(_digest(token), None)


@dataclass(slots=True)
class _Wrong:
    count: int = 0
    locks: int = 0
    until: float = 0.0
    last: float = 0.0


class Lockout:
    """Counts wrong PINs, of an address and of all. Whoever is in already is not locked out.

    Args:
        clock: seconds.

    Example:
        >>> lockout = Lockout(clock=lambda: 100.0)
        >>> [lockout.wrong("192.168.4.7") for _ in range(5)], lockout.wait("192.168.4.8")
        ([0.0, 0.0, 0.0, 0.0, 60.0], 0.0)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._all = _Wrong()
        self._each: OrderedDict[str, _Wrong] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until an address may try; 0 where it may now."""
        own = self._each.get(address, _Wrong())
        return max(0.0, own.until - self.clock(), self._all.until - self.clock())

    def right(self, address: str) -> None:
        """It was the right one: what that address got wrong before is forgiven, not what others did."""
        own = self._each.pop(address, None)
        if own is not None:
            self._all.count = max(0, self._all.count - own.count)

    def wrong(self, address: str) -> float:
        """It was a wrong one; the seconds of the lock that it shuts, 0 for none."""
        own = self._each.setdefault(address, _Wrong())
        self._each.move_to_end(address)
        if len(self._each) > _ADDRESSES:
            self._each.popitem(last=False)
        return max(self._count(own, TRIES), self._count(self._all, TRIES_OF_ALL))

    def _count(self, one: _Wrong, most: int) -> float:
        now = self.clock()
        if now - one.last > FORGOTTEN:
            one.count = one.locks = 0
        one.count, one.last = one.count + 1, now
        if one.count < most:
            return 0.0
        seconds = min(LOCKED * 2**one.locks, LONGEST_LOCK)
        one.count, one.locks, one.until = 0, one.locks + 1, now + seconds
        return seconds


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
