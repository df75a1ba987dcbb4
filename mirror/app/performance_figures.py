"""Figures: what the key D shows. How fast it runs, and on what."""

from __future__ import annotations

from collections import deque

import numpy as np

from mirror.pipeline.mirror import Mirror
from mirror.translation.message import Message, Said

_MOST = 60  # pictures that the figures are taken of
_ENGINES = {"matte": Message("Engine (matte)"), "painter": Message("Engine (painter)")}


class Figures:
    """The last pictures' times."""

    def __init__(self) -> None:
        self._times: deque[tuple[float, float]] = deque(maxlen=_MOST)

    def note(self, now: float, delay: float) -> None:
        """A picture was shown at `now`, so long after it was taken; seconds."""
        self._times.append((now, delay))

    def rows(self, source: str, mirror: Mirror) -> dict[str, str]:
        """Names and values, in order."""
        rows: dict[str, str] = {Message("Source"): Said(source)}
        if len(self._times) > 1:
            span = self._times[-1][0] - self._times[0][0]
            rate = (len(self._times) - 1) / max(span, 1e-6)
            delay = 1000 * float(np.median([delay for _, delay in self._times]))
            rows[Message("Frame rate")] = Message("{rate:.1f} a second", rate=rate)
            rows[Message("Delay")] = Message("{delay:.0f} ms", delay=delay)
        rows[Message("Hair colour")] = mirror.styling.dye_name
        for name, called in _ENGINES.items():
            engine = mirror.engines[name]
            rows[called] = Said(f"{engine.name}, {engine.precision}, {engine.device}")
        rows[Message("Why")] = Said(mirror.engines["painter"].reason)
        return rows
