"""Sets the mirror up on this machine: camera, picture, engine, delay, a kiosk's PIN.

python calibrate.py             a window goes through it; writes the settings file that run_mirror.py reads
python calibrate.py --terminal  camera, picture size and engine, asked in the terminal; as without a screen
python calibrate.py --yes       the same without questions
python calibrate.py --report    prints what it measured, to paste elsewhere; writes nothing
"""

from __future__ import annotations

import os

if __name__ == "__main__":
    # Ctrl-C while the libraries load: `main` hears it from then on.
    import _signal  # `signal` itself takes long to load

    _signal.signal(_signal.SIGINT, lambda *_: os._exit(130))

import argparse
import dataclasses
import signal
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.app.calibration.camera_modes import SIZES, best_mode, shown, try_modes
from mirror.app.calibration.measurements import (
    ROUNDS,
    WATCH,
    Camera,
    Timing,
    time_engines,
    try_camera,
    without_person,
)
from mirror.app.setup.camera_name import spoken
from mirror.app.setup.write_results import known_delay, write
from mirror.core.errors import MirrorError
from mirror.files.partial_files import sweep
from mirror.files.writing import check_file
from mirror.pipeline import machine_info
from mirror.settings.command_line import OneLineParser
from mirror.settings.options import KEYS, Settings, path_flag
from mirror.settings.settings_file import default_path, load_settings

# What a report says of the settings: nothing that names a person, a place or a file, and no PIN.
REPORTED = ("dye", "every", "size", "rotate", "crop", "exposure", "white_balance", "fullscreen", "mirror",
            "pace", "engine")  # fmt: skip


def _list_cameras() -> list[tuple[int, str]]:
    from mirror.sources import list_cameras

    return list_cameras()


def _open_camera(number: int, size: tuple[int, int]) -> Any:
    from mirror.sources import open_source

    return open_source(str(number), size=size)


def _open_engine(network: str, choice: str) -> Any:
    from mirror.engines import open_engine

    return open_engine(network, choice)


def _open_tracker() -> Any:
    from mirror.tracking.mediapipe.choose import open_tracker

    return open_tracker(still=True)


def _screen() -> tuple[bool, str]:
    from mirror.app.screen import screen_available

    return screen_available()


@dataclass(frozen=True, slots=True)
class Parts:
    """What calibration works with; tests put their own in. Nothing heavy is loaded until called.

    Attributes:
        list_cameras: () -> [(number, name)].
        open_camera: (number, (width, height)) -> Source.
        open_engine: (network, engine's name) -> Engine; MirrorError where it cannot run.
        open_tracker: () -> FaceTracker of single pictures; MirrorError where it cannot run.
        ask: prints a question, returns the answer; EOFError where nobody answers.
        is_terminal: somebody can answer.
        screen: (a window can be shown, why or why not).
    """

    list_cameras: Callable[[], list[tuple[int, str]]] = _list_cameras
    open_camera: Callable[[int, tuple[int, int]], Any] = _open_camera
    open_engine: Callable[[str, str], Any] = _open_engine
    open_tracker: Callable[[], Any] = _open_tracker
    ask: Callable[[str], str] = input
    is_terminal: Callable[[], bool] = lambda: sys.stdin is not None and sys.stdin.isatty()
    screen: Callable[[], tuple[bool, str]] = _screen


def main(argv: Sequence[str] | None = None, parts: Parts | None = None) -> int:
    """Runs a calibration and returns the exit code: 0, 2 for what a person can put right, 130 for Ctrl-C."""
    parts = parts or Parts()
    try:
        flags = _flags(argv)
        if flags.report:
            return _report(flags, parts)
        if not flags.yes and not flags.terminal:
            available, reason = parts.screen()
            if available:
                return _in_window(flags, parts)
            print(f"No window can be shown ({reason}): going on in the terminal.")
        return _calibrate(flags, parts)
    except MirrorError as error:
        print(f"calibrate: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.")
        return 130


def _flags(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = OneLineParser(
        prog="calibrate.py",
        description="Sets the mirror up in a window: camera, picture, light, engine, delay, a kiosk's PIN. "
        "Writes the settings file that run_mirror.py reads. Sends nothing anywhere.",
        allow_abbrev=False,
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing, take what works best")
    parser.add_argument("--terminal", action="store_true", help="ask in the terminal, not in a window")
    parser.add_argument("--report", action="store_true",
                        help="print machine and times, with nothing personal; write nothing")  # fmt: skip
    parser.add_argument("--settings", metavar="FILE", help="settings file to write")
    return parser.parse_args(argv)


def _path(flags: argparse.Namespace) -> Path:
    path = default_path()
    if flags.settings is not None:
        path = path_flag("--settings", flags.settings, "the path of the settings file to write")
    sweep([path.parent])
    return path


def _in_window(flags: argparse.Namespace, parts: Parts) -> int:
    from mirror.app.setup.main_loop import run

    path = _path(flags)
    written = run(parts, path)
    print(f"Wrote {path}" if written else "Closed. Nothing was written.")
    return 0


def _report(flags: argparse.Namespace, parts: Parts) -> int:
    print("Hair Mirror calibration report")
    for title, values in (("machine", machine_info.machine()), ("versions", machine_info.versions())):
        print(f"{title}:")
        for name, value in values.items():
            print(f"  {name}: {value}")
    # Only how many: a camera's name often holds its owner's.
    listed = parts.list_cameras()
    print(f"cameras: {len(listed)}")
    for place, (number, name) in enumerate(listed, 1):
        for mode in try_modes(number, name, parts.open_camera):
            rate = f"{mode.rate:.1f} frames a second"
            # A camera's own words may hold its name.
            said = rate if mode.problem is None else "cannot be used"
            print(f"  camera {place}, {shown(mode.size)}: {said}")
    print("engines:")
    _print_timings(time_engines(parts.open_engine), clean=without_person)
    path = _path(flags)
    print(f"delay from screen to camera: {known_delay(path)}")
    print("settings:")
    try:
        settings = load_settings(path) if os.path.lexists(path) else Settings()
    except MirrorError:
        print("  cannot be read")
        return 0
    for name in REPORTED:
        value = getattr(settings, name)
        print(f"  {name}: {','.join(map(str, value)) if isinstance(value, tuple) else value}")
    print(f"  pin: {'set' if settings.pin else 'none'}")
    return 0


def _calibrate(flags: argparse.Namespace, parts: Parts) -> int:
    path = _path(flags)
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
    kept = write(new, path)
    if kept is not None:
        print(f"Your settings until now are kept in {kept}")
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
    print(f"Camera: {chosen.number} ({chosen.name}); trying its picture sizes", flush=True)
    name = spoken((chosen.number, chosen.name), listed)
    new = dataclasses.replace(old, camera=name)
    if old.camera is None or old.camera.strip().lower() != name.strip().lower():
        # What was chosen for another camera means nothing for this one.
        new = dataclasses.replace(new, rotate=0, crop=None, exposure=None, white_balance=None)
    modes = try_modes(chosen.number, chosen.name, parts.open_camera, [*SIZES, size])
    for mode in modes:
        print(f"  {shown(mode.size)}: {mode.problem or f'{mode.rate:.1f} frames a second'}")
    best = best_mode([mode for mode in modes if _may_be_kept(mode.size)])
    if best is None:  # no size, or none that a settings file may hold: leave it to the camera
        return new
    print(f"Picture: {best[1]}")
    if new.crop is not None and best[0].size != old.size:
        print("The crop was made for another picture size: it is taken away.")
        new = dataclasses.replace(new, crop=None)
    return dataclasses.replace(new, size=best[0].size)


def _may_be_kept(size: tuple[int, int]) -> bool:
    try:
        KEYS["size"].check(shown(size))
    except ValueError:
        return False
    return True


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
    signal.signal(signal.SIGINT, signal.default_int_handler)
    raise SystemExit(main())
