"""What the trying-on controls cost: the whole mirror in a window, with them closed and open, in turns.

    python -m tests.bench_panels --turns 20

Frames are 1280x720 pictures of the demo from memory, shown as fast as they are made, on a virtual display. In
one run they take turns every few frames, so that what else the machine does meets all of them. "closed": the
picture alone. "strip": the strip of styles and the round buttons. "open": strip, buttons, tray, split line
and search field at once. Prints frames a second, processor time of a drawing, and each turn against the
"closed" one beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict

import numpy as np

from mirror.app.live_display import Display
from mirror.pipeline import machine_info
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.run_report import Report
from mirror.settings.options import Settings
from mirror.sources import open_source
from tests.bench import Replay, WarmLive, spread
from tests.xvfb import VirtualDisplay

SIZE = (1280, 720)
KINDS = ("closed", "strip", "open")
TURN, SETTLE = 16, 4  # frames; the first of a turn are not counted: things open, fade and are laid out


class Turns:
    """Opens and closes the controls in turns, and times every drawing and the way from one to the next."""

    def __init__(self, display: Display) -> None:
        window, tools = display._window, display._tools
        assert window is not None and tools is not None
        self._window, self._tools, self._show = window, tools, window.show
        self._count, self._last = 0, 0.0
        self.drawn: dict[str, list[float]] = defaultdict(list)  # milliseconds of processor time
        self.gaps: dict[str, list[list[float]]] = defaultdict(list)  # seconds, a list a turn
        window.show = self._timed  # type: ignore[method-assign]

    def _timed(self, view: object) -> None:
        turn, place = divmod(self._count, TURN)
        kind = KINDS[turn % len(KINDS)]
        if place == 0:
            for part in (self._tools.tray, self._tools.split, self._tools.search):
                if part.open != (kind == "open"):
                    part.toggle()
            self.gaps[kind].append([])
        self._window.strip.wake(-1e9 if kind == "closed" else time.monotonic())
        began = time.thread_time()
        self._show(view)  # type: ignore[arg-type]
        spent, now = 1000 * (time.thread_time() - began), time.perf_counter()
        if place >= SETTLE:
            self.drawn[kind].append(spent)
            self.gaps[kind][-1].append(now - self._last)
        self._last = now
        self._count += 1

    def rates(self, kind: str) -> list[float]:
        """Frames a second of each whole turn; the first of all warms up."""
        return [len(gaps) / sum(gaps) for gaps in self.gaps[kind][1:] if len(gaps) == TURN - SETTLE]


def main() -> int:
    """Runs and prints what it gave."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=20, help="of each kind")
    args = parser.parse_args()
    reason = VirtualDisplay.missing()
    if reason:
        print(f"This needs a virtual display: {reason}.", file=sys.stderr)
        return 2
    source = open_source("demo", size=SIZE, pace="max")
    images: list[np.ndarray] = []
    while len(images) < 120 and (frame := source.read()) is not None:
        images.append(frame.image)
    source.close()
    frames = (args.turns + 1) * len(KINDS) * TURN
    mirror = Mirror(style="bob")
    mirror.warm_up()
    print("command:", " ".join(sys.argv))
    print("machine:", machine_info.machine())
    with VirtualDisplay(1600, 1000) as screen, tempfile.TemporaryDirectory() as folder:
        os.environ.update(screen.environment(), XDG_CONFIG_HOME=folder)
        os.environ.pop("SDL_VIDEODRIVER", None)
        screen.move(1, 1)
        from mirror.app.screen import Window

        settings, replay = Settings(pace="max", style="bob"), Replay((images * (frames // 100))[:frames])
        live = WarmLive(mirror, replay, settings)
        with Window("Hair Mirror", SIZE) as window:
            display = Display(live, replay, settings, window, Report())
            turns = Turns(display)
            try:
                display.run()
            finally:
                live.stop()
    mirror.close()
    for kind in KINDS:
        print(f"{kind:6} frames/s: {spread(turns.rates(kind))}")
        print(f"{kind:6} processor ms a drawing: {spread(turns.drawn[kind])}")
    for kind in KINDS[1:]:
        pairs = zip(turns.rates(kind), turns.rates("closed"), strict=False)
        print(f"{kind:6} against closed: {spread([a / b for a, b in pairs])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
