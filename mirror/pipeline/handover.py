"""Hand-over: how a picture goes from one thread to the next, one at a time."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """A slot of one between two threads: the newest picture wins, or the giver waits.

    Attributes:
        lost: items that were replaced before anybody took them.

    Example:
        >>> slot = Slot()
        >>> slot.put("first"), slot.put("second")
        (0, 1)
        >>> slot.get(timeout=0)
        'second'
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._closed = False
        self.lost = 0

    def put(self, item: T, *, wait: bool = False) -> int:
        """Hands an item over.

        Args:
            wait: wait until the last one was taken, instead of replacing it.

        Returns:
            How many items were lost: 1 if an older one was replaced. After `close` nothing counts.
        """
        with self._changed:
            while wait and self._item is not None and not self._closed:
                self._changed.wait()
            if self._closed:
                return 0
            lost = int(self._item is not None)
            self.lost += lost
            self._item = item
            self._changed.notify_all()
            return lost

    def get(self, timeout: float | None = None) -> T | None:
        """Takes the item; None after `timeout` seconds, or at once when closed and empty."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while self._item is None and not self._closed:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return None
                self._changed.wait(left)
            item, self._item = self._item, None
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Nothing more comes; what lies in the slot can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def finished(self) -> bool:
        """Closed, and nothing left in it."""
        with self._changed:
            return self._closed and self._item is None
