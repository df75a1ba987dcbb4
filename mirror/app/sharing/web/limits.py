"""Limits: how much of the server one address may take, so that nobody takes it from the others.

No request is answered faster or better for being one of many: what is over a limit is refused at once, which
costs next to nothing.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

CONNECTIONS, CONNECTIONS_EACH = 256, 24  # at once: of all, of an address. A phone opens six
REQUESTS_A_SECOND, REQUESTS_AT_ONCE = 10.0, 60.0  # of an address; a page with its pictures takes eight
GUESSES_A_SECOND, GUESSES_AT_ONCE = 0.2, 20.0  # of an address: requests for what is not there
HEADER_SECONDS, BODY_SECONDS = 10.0, 10.0  # in which a request has to be there, from the connection on
CONNECTION_SECONDS = 240.0  # that a connection lasts at most, however slowly somebody reads
HEADER_BYTES, BODY_BYTES = 16 << 10, 4 << 10
STALL_SECONDS = 20.0  # in which somebody has to take the next 64 KB
_ADDRESSES = 4096  # that are remembered


def neighbour(address: str) -> str:
    """Whom an address is counted with: itself; of IPv6 its /64, which one machine has to itself.

    Example:
        >>> neighbour("192.168.4.7"), neighbour("fd00::7:1")
        ('192.168.4.7', 'fd00::/64')
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


class Rate:
    """A token bucket for each address.

    Args:
        each_second: how much flows in.
        most: how much there is room for.

    Example:
        >>> rate = Rate(1.0, 2.0, clock=lambda: 0.0)
        >>> [rate.take("192.168.4.7") for _ in range(3)]
        [True, True, False]
    """

    def __init__(self, each_second: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._each_second, self._most, self._clock = each_second, most, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is in it, and when

    def left(self, address: str) -> float:
        """What an address may still take."""
        level, at = self._buckets.get(address, (self._most, 0.0))
        return min(self._most, level + (self._clock() - at) * self._each_second)

    def take(self, address: str) -> bool:
        """Takes one; False, and nothing is taken, where less than one is left."""
        left = self.left(address)
        allowed = left >= 1
        self._buckets[address] = (left - allowed, self._clock())
        self._buckets.move_to_end(address)
        if len(self._buckets) > _ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed
