"""Lock: the PIN that keeps a kiosk's visitors from leaving it, and what wrong tries cost."""

from __future__ import annotations

from mirror.settings.kiosk_pin import matches

TRIES = 5
LOCKED = 60.0  # seconds


class Lock:
    """Counts wrong tries. Times are seconds of one clock.

    Args:
        stored: the PIN as `mirror.settings.kiosk_pin.make` returns it; None: there is none, and nothing is
            locked.

    Example:
        >>> lock = Lock(None)
        >>> lock.try_pin("", 0.0)
        True
    """

    def __init__(self, stored: str | None) -> None:
        self._stored = stored
        self._wrong = 0
        self._until = 0.0

    @property
    def there(self) -> bool:
        """Whether there is a PIN at all."""
        return self._stored is not None

    def wait(self, now: float) -> float:
        """Seconds until the next try is heard; 0 when it is."""
        return max(0.0, self._until - now)

    def try_pin(self, pin: str, now: float) -> bool:
        """Whether it is the right one. The fifth wrong one in a row locks all tries for a minute."""
        if self._stored is None:
            return True
        if self.wait(now) > 0:
            return False
        if matches(pin, self._stored):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong, self._until = 0, now + LOCKED
        return False
