"""Report: how a run went, in numbers, as one JSON object."""

from __future__ import annotations

import json
import random
import time
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mirror.files.writing import write_whole
from mirror.pipeline import machine_info

WARM_UP = 30  # frames that `frames`, `seconds` and `fps` leave out
KEPT = 1 << 18  # samples kept a series: 2.4 hours at 30 frames a second, 2 MB


class Report:
    """Collects numbers frame by frame (a few microseconds each) and writes them at exit.

    All calls come from one thread, the one that shows the frames. Memory stays bounded in a run of
    days: beyond 262144 frames the percentiles come from an even sample of all frames; counts,
    `max` and `fps` stay exact.

    Attributes:
        dropped: frames the source produced and nobody showed; the loop adds to it.

    Example:
        >>> report = Report()
        >>> report.frame(0.031, {"track": 0.004, "swap": 0.012}, tracked=True, swapped=True)
        >>> report.summary()["latency_ms"]["max"]
        31.0
    """

    def __init__(self, *, started: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            started: when the process started, on `clock`; None asks the system.
            clock: seconds that never go back.
        """
        self.dropped = 0
        self._clock = clock
        self._started = machine_info.started_at() if started is None else started
        self._frames = 0
        self._tracked = 0
        self._first_swap: float | None = None
        self._warm_at = 0.0
        self._last_at = 0.0
        self._latency = _Series()
        self._stages: dict[str, _Series] = {}
        self._warm: dict[str, int] = {}  # how often each ran until then

    def frame(self, latency_s: float, stages: Mapping[str, float], tracked: bool, swapped: bool) -> None:
        """Notes one frame that was just shown. Call it right after the flip.

        Args:
            latency_s: seconds from the source's hand-over to the return of the flip.
            stages: seconds by stage (track, matte, swap, compose, show, and paint, which is done beside the
                frames and told with the one that first shows it); a stage that did not run for this frame is
                left out, not 0.
            tracked: a face was found in it.
            swapped: it was shown with new hair.
        """
        now = self._clock()
        self._frames += 1
        self._tracked += bool(tracked)
        if swapped and self._first_swap is None:
            self._first_swap = now - self._started
        if self._frames <= WARM_UP:
            self._warm_at = now
        self._last_at = now
        self._latency.add(latency_s)
        for name, seconds in stages.items():
            series = self._stages.get(name)
            if series is None:
                series = self._stages[name] = _Series()
            series.add(seconds)
        if self._frames <= WARM_UP:
            self._warm = {name: series.count for name, series in self._stages.items()}

    def summary(self) -> dict[str, Any]:
        """The numbers so far. What has no value yet (no frame, no swap) is None.

        `frames`, `seconds`, `fps` and `stages_per_s`, how often each stage ran in a second, leave the
        first 30 frames out: they count from the moment the 30th was shown, so a run of 30 frames or
        fewer has 0 frames and no fps. Everything else is
        over all shown frames. `rss_mb` is in 10^6 bytes.
        """
        frames = max(self._frames - WARM_UP, 0)
        seconds = self._last_at - self._warm_at if frames else 0.0
        memory = machine_info.peak_memory()
        return {
            "frames": frames,
            "seconds": round(seconds, 4),
            "fps": round(frames / seconds, 3) if seconds > 0 else None,
            "latency_ms": {
                "p50": self._latency.percentile(50),
                "p95": self._latency.percentile(95),
                "max": round(self._latency.largest * 1e3, 3) if self._frames else None,
            },
            "stages_ms": {
                name: {"p50": series.percentile(50), "p95": series.percentile(95)}
                for name, series in self._stages.items()
            },
            "stages_per_s": {
                name: round((series.count - self._warm.get(name, 0)) / seconds, 2)
                for name, series in self._stages.items()
                if seconds > 0
            },
            "dropped": self.dropped,
            "tracked": round(self._tracked / self._frames, 4) if self._frames else None,
            "first_swap_s": None if self._first_swap is None else round(self._first_swap, 3),
            "rss_mb": None if memory is None else round(memory, 1),
        }

    def write(
        self,
        path: Path,
        *,
        engines: Mapping[str, Any],
        style: str,
        source: str,
        size: tuple[int, int],
    ) -> None:
        """Writes the report, whole or not at all.

        Args:
            path: the JSON file; missing folders are made.
            engines: by network: an Engine, or a mapping with backend, device, precision, reason.
            style, source: what was shown, for people.
            size: (width, height) of the frames, pixels; written as "1280x720".

        Raises:
            MirrorError: the file cannot be written.
        """
        content = self.summary() | {
            "engines": {network: _describe(engine) for network, engine in engines.items()},
            "style": style,
            "source": source,
            "size": f"{size[0]}x{size[1]}",
            "machine": machine_info.machine(),
            "versions": machine_info.versions(),
        }
        text = json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False)
        write_whole(path, text + "\n", f"--report {path}")


def _describe(engine: Any) -> dict[str, str]:
    if isinstance(engine, Mapping):
        return {key: str(engine[key]) for key in ("backend", "device", "precision", "reason")}
    return {
        "backend": str(engine.name),
        "device": str(engine.device),
        "precision": str(engine.precision),
        "reason": str(engine.reason),
    }


class _Series:
    """Seconds, one a frame: exact up to KEPT of them, then an even random sample (algorithm R)."""

    __slots__ = ("count", "largest", "_random", "_values")

    def __init__(self) -> None:
        self.count = 0
        self.largest = 0.0
        self._values = array("d")
        self._random = random.Random(0)

    def add(self, seconds: float) -> None:
        self.count += 1
        if seconds > self.largest:
            self.largest = seconds
        if self.count <= KEPT:
            self._values.append(seconds)
        else:
            place = self._random.randrange(self.count)
            if place < KEPT:
                self._values[place] = seconds

    def percentile(self, share: float) -> float | None:
        """Milliseconds, interpolated between neighbours; None without samples."""
        if not self._values:
            return None
        return round(float(np.percentile(np.frombuffer(self._values), share)) * 1e3, 3)
