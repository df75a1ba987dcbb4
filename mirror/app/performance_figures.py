"""Figures: what the key D shows. How fast it runs, and on what."""

from __future__ import annotations

from collections import deque

import numpy as np

from mirror.pipeline.mirror import Mirror

_MOST = 60  # pictures that the figures are taken of


class Figures:
    """The last pictures' times."""

    def __init__(self) -> None:
        self._times: deque[tuple[float, float]] = deque(maxlen=_MOST)

    def note(self, now: float, delay: float) -> None:
        """A picture was shown at `now`, so long after it was taken; seconds."""
        self._times.append((now, delay))

    def rows(self, source: str, mirror: Mirror) -> dict[str, str]:
        """Names and values, in order."""
        rows = {"Source": source}
        if len(self._times) > 1:
            span = self._times[-1][0] - self._times[0][0]
            rows["Frame rate"] = f"{(len(self._times) - 1) / max(span, 1e-6):.1f} a second"
            rows["Delay"] = f"{1000 * float(np.median([delay for _, delay in self._times])):.0f} ms"
        rows["Hair colour"] = mirror.styling.dye_name
        for name in ("matte", "painter"):
            engine = mirror.engines[name]
            rows[f"Engine ({name})"] = f"{engine.name}, {engine.precision}, {engine.device}"
        rows["Why"] = mirror.engines["painter"].reason
        return rows
