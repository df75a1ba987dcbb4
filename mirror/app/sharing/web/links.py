"""Links: what can be fetched, each under a token that nobody can guess, for as long as it was promised.

They are in memory only. One that is gone is overwritten, whoever is just fetching it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

TOKEN = r"[A-Za-z0-9_-]{22}"  # 128 bits as base64
MOST_LINKS = 200
MOST_BYTES = 512 << 20


@dataclass(slots=True, eq=False)
class Link:
    """One picture or clip.

    Attributes:
        number: the mirror's own for it.
        files: by name, what can be fetched.
        seconds: that it lasts, from the last renewal on.
        language: of its page.
        until: when it is over, seconds of the server's clock.
        gone: whether it was wiped.
    """

    number: int
    files: dict[str, bytearray]
    seconds: float
    language: str
    until: float = 0.0
    gone: bool = False

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        return sum(map(len, self.files.values()))

    def wipe(self) -> None:
        """Overwrites what it holds."""
        self.gone = True
        for content in self.files.values():
            content[:] = bytes(len(content))
        self.files = {}


@dataclass(slots=True)
class Links:
    """All links, by token.

    Args:
        told: called with the number of a link that is over, and why: "over" or "deleted".

    Example:
        >>> links = Links(told=print)
        >>> links.put("AAAAAAAAAAAAAAAAAAAAAA", Link(1, {"after.jpg": bytearray(b"picture")}, 60.0, "en"))
        True
        >>> links.delete(links.find("AAAAAAAAAAAAAAAAAAAAAA"))
        1 deleted
    """

    told: Callable[[int, str], None]
    clock: Callable[[], float] = time.monotonic
    _links: dict[bytes, Link] = field(default_factory=dict)

    def put(self, token: str, link: Link) -> bool:
        """Takes a link in; False, and it is wiped, where there are too many."""
        held = sum(one.size for one in self._links.values())
        if len(self._links) >= MOST_LINKS or held + link.size > MOST_BYTES:
            link.wipe()
            return False
        link.until = self.clock() + link.seconds
        self._links[_digest(token)] = link
        return True

    def find(self, token: str) -> Link | None:
        """The link of a token; how long that takes says nothing of the tokens there are."""
        link = self._links.get(_digest(token))
        return link if link is not None and self.clock() < link.until else None

    def left(self, link: Link) -> float:
        """Seconds that a link still lasts."""
        return max(0.0, link.until - self.clock())

    def renew(self, numbers: Iterable[int]) -> None:
        """Links last their full time from now on."""
        wanted = set(numbers)
        for link in self._links.values():
            if link.number in wanted:
                link.until = self.clock() + link.seconds

    def delete(self, link: Link) -> None:
        """The visitor wants it gone."""
        self._end(lambda one: one is link, "deleted")

    def drop(self, numbers: Iterable[int]) -> None:
        """The mirror wants them gone."""
        wanted = set(numbers)
        self._end(lambda one: one.number in wanted, "over")

    def sweep(self) -> None:
        """Ends what is over."""
        now = self.clock()
        self._end(lambda one: now >= one.until, "over")

    def wipe(self) -> None:
        """Ends all."""
        self._end(lambda one: True, "over")

    def _end(self, which: Callable[[Link], bool], why: str) -> None:
        for digest, link in list(self._links.items()):
            if which(link):
                del self._links[digest]
                link.wipe()
                self.told(link.number, why)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
