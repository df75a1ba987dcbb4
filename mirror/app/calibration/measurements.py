"""What calibration measures: whether a camera can be used, and how fast each engine is here."""

from __future__ import annotations

import getpass
import re
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError
from mirror.settings.options import ENGINES
from mirror.translation.message import Message, Said

NETWORKS = ("matte", "painter")  # what runs for every frame
ROUNDS = 7  # engines take turns, so that a busy moment of the machine hits all alike
RUNS = 3  # of each network in a round
WATCH = 2.0  # seconds a camera is watched, after it has settled
SETTLE = 0.5  # seconds of pictures thrown away first: exposure and focus are still moving
PATIENCE = 6.0  # seconds without a picture before a camera is given up
BLACK = 8.0  # mean of 255 below which a picture is called black
FLAT = 1.5  # standard deviation of 255 below which it is one flat colour


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera that was tried: `problem` is None where it can be used.

    `size` is (width, height) as the camera gives it, `rate` frames a second as measured; 0 where there was
    no picture.
    """

    number: int
    name: str
    size: tuple[int, int]
    rate: float
    problem: str | None


@dataclass(frozen=True, slots=True)
class Timing:
    """One engine: milliseconds a run by network, one number a round; empty where it cannot run."""

    name: str
    device: str
    precision: str
    rounds: dict[str, list[float]]
    problem: str | None

    @property
    def total(self) -> float:
        """Milliseconds a frame: the medians of all networks together."""
        return sum(statistics.median(times) for times in self.rounds.values())


def try_camera(
    number: int,
    name: str,
    size: tuple[int, int],
    open_camera: Callable[[int, tuple[int, int]], Any],
    *,
    watch: float = WATCH,
    settle: float = SETTLE,
    patience: float = PATIENCE,
) -> Camera:
    """Watches a camera for a moment. A camera that is black, flat, frozen or mute gets a `problem`."""
    try:
        source = open_camera(number, size)
    except MirrorError as error:
        return Camera(number, name, (0, 0), 0.0, str(error))
    times: list[float] = []
    means: list[float] = []
    spreads: list[float] = []
    moved = False
    failure: MirrorError | None = None
    settled = time.monotonic() + settle
    ended = threading.Event()

    def read() -> None:
        nonlocal moved, failure
        last: np.ndarray | None = None
        try:
            while not ended.is_set() and (frame := source.read()) is not None:
                if frame.captured_at < settled:
                    continue
                picture = frame.image[::4, ::4]
                moved = moved or (last is not None and not np.array_equal(picture, last))
                last = picture.copy()
                means.append(float(picture.mean()))
                spreads.append(float(picture.std()))
                times.append(frame.captured_at)
                if times[-1] - times[0] >= watch:
                    break
        except MirrorError as error:
            failure = error
        ended.set()

    # A camera may never answer: it is read in a thread, and closing it lets a waiting read go.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    ended.wait(settle + watch + patience)
    # Asked before closing: afterwards the source has no reason to say anything.
    said = getattr(source, "problem", None)
    ended.set()
    source.close()
    reader.join(2.0)

    span = times[-1] - times[0] if len(times) > 1 else 0.0
    rate = (len(times) - 1) / span if span > 0 else 0.0
    if failure is not None:
        problem: str | None = str(failure)
    elif len(times) < 2 or span <= 0:
        problem = said or Message("it gives no pictures (another program may be using it)")
    else:
        problem = verdict(means, spreads, moved)
    return Camera(number, name, tuple(getattr(source, "native", source.size)), rate, problem)


def verdict(means: Sequence[float], spreads: Sequence[float], moved: bool) -> str | None:
    """What is wrong with pictures of these means and standard deviations (of 255); None: nothing.

    `moved`: at least one was unlike the one before it.
    """
    if statistics.median(means) < BLACK:
        return Message("its pictures are black (a closed shutter, or no right to use the camera)")
    if statistics.median(spreads) < FLAT:
        return Message("its pictures are one flat colour")
    if moved:
        return None
    return Message("its picture is frozen (a real camera's noise changes every picture)")


def time_engines(
    open_engine: Callable[[str, str], Any],
    names: Sequence[str] = ENGINES[1:],
    rounds: int = ROUNDS,
    progress: Callable[[str, float], None] = lambda what, share: None,
) -> list[Timing]:
    """Times every engine that can run, in turns; the others come back with their `problem`.

    `progress(what is being done, share done 0 to 1)` is called on the way; what it raises ends the timing.
    """
    random = np.random.default_rng(0)
    running: dict[str, dict[str, Any]] = {}
    problems: dict[str, str] = {}
    try:
        for number, name in enumerate(names):
            progress(Message("Opening {camera}", camera=Said(name)), 0.5 * number / len(names))
            opened = running[name] = {}
            try:
                for network in NETWORKS:
                    opened[network] = open_engine(network, name)
            except MirrorError as error:
                problems[name] = str(error)
                for engine in running.pop(name).values():
                    engine.close()
        work = {
            (name, network): {port: _filled(spec, random) for port, spec in engine.inputs.items()}
            for name, engines in running.items()
            for network, engine in engines.items()
        }
        times: dict[tuple[str, str], list[float]] = {pair: [] for pair in work}
        for turn in range(rounds + 1):  # the first is for warming up
            progress(Message("Timing them in turns"), 0.5 + 0.5 * turn / (rounds + 1))
            for (name, network), arrays in work.items():
                began = time.perf_counter()
                for _ in range(RUNS):
                    running[name][network].run(**arrays)
                if turn:
                    times[name, network].append((time.perf_counter() - began) / RUNS * 1e3)
        return [
            Timing(name, "", "", {}, problems[name])
            if name in problems
            else Timing(
                name,
                running[name][NETWORKS[0]].device,
                running[name][NETWORKS[0]].precision,
                {network: times[name, network] for network in NETWORKS},
                None,
            )
            for name in names
        ]
    finally:
        for engines in running.values():
            for engine in engines.values():
                engine.close()


def _filled(port: Any, random: np.random.Generator) -> np.ndarray:
    if np.issubdtype(np.dtype(port.dtype), np.floating):
        return random.random(port.shape).astype(port.dtype)
    return np.zeros(port.shape, port.dtype)


def without_person(text: str) -> str:
    """A message without paths and without the name of the person: for a report shown to others."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "<home>")
    text = re.sub(r"(?:<home>|\b[A-Za-z]:|(?<![\w>]))[\\/][^\s'\",;()]*[^\s'\",;().:]", "<path>", text)
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return text
    return re.sub(rf"\b{re.escape(user)}\b", "<user>", text)
