"""How much of the live rate the open lab costs: the same run with its panel and without, in turns.

    python -m tests.lab_rate --rounds 5          # on a screen, or on a virtual display where there is none

Prints pictures a second of both, and of a slider that is dragged all the time, and how long the thread of
the window computes for each picture: other programs on the machine disturb that less.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time

from mirror.app.lab import add_lab
from mirror.app.lab.panel import LabPanel
from mirror.app.live_display import Display
from mirror.app.screen import Window, screen_available
from mirror.pipeline.live_loop import Live
from mirror.pipeline.run_report import Report
from mirror.settings.options import Settings
from mirror.sources import open_source
from tests.xvfb import VirtualDisplay

Figures = dict[str, list[float]]
BARE, OPEN, DRAGGED = KINDS = ("bare", "panel open", "slider dragged")


def measure(rounds: int, seconds: float) -> tuple[Figures, Figures]:
    settings = Settings(source="demo", style="bob", pace="max", every=math.inf)
    source = open_source("demo", pace="max")
    live = Live(source, settings, may_lose=False)
    rates: Figures = {kind: [] for kind in KINDS}
    spends: Figures = {kind: [] for kind in KINDS}
    with Window("Hair Mirror", (1280, 720)) as window:
        display = Display(live, source, settings, window, Report(started=time.monotonic()))
        lab = add_lab(window, live, display, settings, None)
        lab._turn("Components")
        live.start()
        try:
            play(live, display, lab, (rates, spends), rounds, seconds)
        finally:
            lab.close()
            live.stop()
    return rates, spends


def play(
    live: Live, display: Display, lab: LabPanel, figures: tuple[Figures, Figures], rounds: int, seconds: float
) -> None:
    (rates, spends), window = figures, display._window
    assert window is not None

    def show(until: float, drag: bool) -> int:
        count = 0
        while time.monotonic() < until:
            shown = live.shown.get(timeout=0.05)
            live.raise_failure()
            display._hear()
            display.last = shown or display.last
            if drag and lab.session is not None:
                lab.session.set_component(0, 2 * math.sin(time.monotonic()))
            display._draw()
            count += shown is not None
        return count

    while lab.session is None:
        show(time.monotonic() + 0.5, False)
    beside = window.beside
    for number in range(rounds):
        for kind in KINDS if number % 2 else KINDS[::-1]:
            window.panels = [] if kind == BARE else [lab]
            window.beside = 0 if kind == BARE else beside
            show(time.monotonic() + 1.0, kind == DRAGGED)  # the change itself is not counted
            began, spent = time.monotonic(), time.thread_time()
            count = show(began + seconds, kind == DRAGGED)
            rates[kind].append(count / (time.monotonic() - began))
            spends[kind].append(1000 * (time.thread_time() - spent) / max(count, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    virtual = None
    if not screen_available()[0]:
        virtual = VirtualDisplay(1600, 1000).start()
        os.environ.update(virtual.environment())
    try:
        rates, spends = measure(given.rounds, given.seconds)
    finally:
        if virtual is not None:
            virtual.stop()
    for kind, found in rates.items():
        middle = statistics.median(found)
        share = statistics.median(rate / base for rate, base in zip(found, rates[BARE], strict=True))
        each = " ".join(f"{rate:.1f}" for rate in found)
        print(
            f"{kind:16} {middle:5.1f} a second, {100 * share:.0f}% of bare in the same round, "
            f"{statistics.median(spends[kind]):.1f} ms of the window's thread a picture   ({each})"
        )


if __name__ == "__main__":
    main()
