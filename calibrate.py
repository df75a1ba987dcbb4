"""Sets the mirror up on this machine: which camera works, which engine is fastest.

python calibrate.py            measures, asks, writes the settings file that run_mirror.py reads
python calibrate.py --yes      the same without questions
python calibrate.py --report   prints what it measured, to paste elsewhere; writes nothing
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror import machine
from mirror.calibration import ROUNDS, WATCH, Camera, Timing, time_engines, try_camera, without_person
from mirror.cli import OneLineParser
from mirror.errors import MirrorError
from mirror.output import check_file
from mirror.settings import KEYS, Settings
from mirror.settings_file import default_path, load_settings, save_settings


def _list_cameras() -> list[tuple[int, str]]:
    from mirror.sources import list_cameras

    return list_cameras()


def _open_camera(number: int, size: tuple[int, int]) -> Any:
    from mirror.sources import open_source

    return open_source(str(number), size=size)


def _open_engine(network: str, choice: str) -> Any:
    from mirror.engine import open_engine

    return open_engine(network, choice)


@dataclass(frozen=True, slots=True)
class Parts:
    """What calibration works with; tests put their own in. Nothing heavy is loaded until called.

    Attributes:
        list_cameras: () -> [(number, name)].
        open_camera: (number, (width, height)) -> Source.
        open_engine: (network, engine's name) -> Engine; MirrorError where it cannot run.
        ask: prints a question, returns the answer; EOFError where nobody answers.
        is_terminal: somebody can answer.
    """

    list_cameras: Callable[[], list[tuple[int, str]]] = _list_cameras
    open_camera: Callable[[int, tuple[int, int]], Any] = _open_camera
    open_engine: Callable[[str, str], Any] = _open_engine
    ask: Callable[[str], str] = input
    is_terminal: Callable[[], bool] = lambda: sys.stdin is not None and sys.stdin.isatty()


def main(argv: Sequence[str] | None = None, parts: Parts | None = None) -> int:
    """Runs a calibration and returns the exit code: 0, 2 for what a person can put right, 130 for Ctrl-C."""
    parts = parts or Parts()
    try:
        flags = _flags(argv)
        return _report(parts) if flags.report else _calibrate(flags, parts)
    except MirrorError as error:
        print(f"calibrate: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.")
        return 130


def _flags(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = OneLineParser(
        prog="calibrate.py",
        description="Finds out which camera works and which engine is fastest here, and writes the "
        "settings file that run_mirror.py reads. Sends nothing anywhere.",
        allow_abbrev=False,
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing, take what works best")
    parser.add_argument("--report", action="store_true",
                        help="print machine and times, with nothing personal; write nothing")  # fmt: skip
    parser.add_argument("--settings", metavar="FILE", type=Path, help="settings file to write")
    return parser.parse_args(argv)


def _report(parts: Parts) -> int:
    print("Hair Mirror calibration report")
    for title, values in (("machine", machine.machine()), ("versions", machine.versions())):
        print(f"{title}:")
        for name, value in values.items():
            print(f"  {name}: {value}")
    # Only how many: a camera's name often holds its owner's.
    print(f"cameras: {len(parts.list_cameras())}")
    print("engines:")
    _print_timings(time_engines(parts.open_engine), clean=without_person)
    return 0


def _calibrate(flags: argparse.Namespace, parts: Parts) -> int:
    path: Path = flags.settings.expanduser() if flags.settings else default_path()
    old = load_settings(path) if os.path.lexists(path) else Settings()
    check_file(path, f"The settings file {path}")
    quiet = flags.yes
    if not quiet and not parts.is_terminal():
        print("Nobody can answer here (the input is not a terminal): going on as with --yes.")
        quiet = True

    new = _with_camera(old, parts, quiet)
    print(f"Timing the engines ({ROUNDS} rounds in turns; median, lowest to highest round):")
    timings = time_engines(parts.open_engine)
    _print_timings(timings)
    working = [timing for timing in timings if timing.problem is None]
    if not working:
        raise MirrorError("No engine can run here, for the reasons above. Install the requirements again.")
    fastest = min(working, key=lambda timing: timing.total)
    print(f"Fastest: {fastest.name}, {fastest.total:.1f} ms a frame for both networks.")
    new = dataclasses.replace(new, engine=fastest.name)

    if not quiet and not _agrees(parts, f"Write this to {path}? [Y/n] "):
        print("Nothing was written.")
        return 0
    if os.path.exists(path):
        kept = path.with_name(path.name + ".bak")
        try:
            shutil.copyfile(path, kept)
        except OSError as error:
            raise MirrorError(f"{kept} cannot be written ({error.strerror}). Nothing was changed.") from None
        print(f"Your settings until now are kept in {kept}")
    save_settings(new, path)
    print(f"Wrote {path}")
    return 0


def _with_camera(old: Settings, parts: Parts, quiet: bool) -> Settings:
    listed = parts.list_cameras()
    size = old.size or (1280, 720)
    usable: list[Camera] = []
    for number, name in listed:
        print(f"Camera {number} ({name}): watching it for {WATCH:.0f} s", flush=True)
        camera = try_camera(number, name, size, parts.open_camera)
        if camera.problem is None:
            usable.append(camera)
            width, height = camera.size
            print(f"  [{len(usable)}] {width}x{height}, {camera.rate:.1f} frames a second")
        else:
            print(f"  cannot be used: {camera.problem}")
    if not usable:
        found = "none of them can be used" if listed else "no camera was found"
        kept = f" The one in your settings ({old.camera}) stays." if old.camera else ""
        print(f"Camera: {found}; without one the mirror shows its demo.{kept}")
        return old
    chosen = usable[0]
    if len(usable) > 1 and not quiet:
        chosen = usable[_pick(parts, len(usable)) - 1]
    # A name survives replugging, where it is the only one of its kind and not itself a number.
    same = [name for _, name in listed if name.strip().lower() == chosen.name.strip().lower()]
    named = len(same) == 1 and chosen.name.strip() and not chosen.name.isdecimal()
    print(f"Camera: {chosen.number} ({chosen.name})")
    try:
        KEYS["size"].check("{}x{}".format(*chosen.size))
    except ValueError:  # a size that no settings file may hold: leave it to the camera
        return dataclasses.replace(old, camera=chosen.name if named else str(chosen.number))
    return dataclasses.replace(old, camera=chosen.name if named else str(chosen.number), size=chosen.size)


def _print_timings(timings: list[Timing], clean: Callable[[str], str] = str) -> None:
    for timing in timings:
        if timing.problem is not None:
            print(f"  {timing.name}: cannot run here: {clean(timing.problem)}")
            continue
        pieces = [
            f"{network} {statistics.median(times):.2f} ms ({min(times):.2f} to {max(times):.2f})"
            for network, times in timing.rounds.items()
        ]
        print(f"  {timing.name}: {', '.join(pieces)}; {timing.precision} on {clean(timing.device)}")


def _pick(parts: Parts, count: int) -> int:
    while True:
        try:
            answer = parts.ask(f"Which camera, 1 to {count}? [1] ").strip() or "1"
        except EOFError:
            return 1
        if answer.isdecimal() and 1 <= int(answer) <= count:
            return int(answer)
        print(f"Give a number from 1 to {count}, or only Enter for 1.")


def _agrees(parts: Parts, question: str) -> bool:
    while True:
        try:
            answer = parts.ask(question).strip().lower()
        except EOFError:
            return False
        if answer in ("", "y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        print("Answer y or n, or only Enter for yes.")


if __name__ == "__main__":
    raise SystemExit(main())
