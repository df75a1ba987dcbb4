"""A day of the kiosk: visitor after visitor, and all that can go wrong, on a clock that is put forward.

    python -m tests.kiosk_day --visitors 200

The window is real (Xvfb), so are live loop, networks and wipe (the demo in place of a camera). Prints how
much the memory grew and what lies on the disk that nobody saved. --stand-in leaves the networks out.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from mirror.app.kiosk.main_loop import start_log
from tests.kiosk_life import FAULTS, Day
from tests.xvfb import VirtualDisplay


def resident() -> float:
    """Memory of this process that is in use, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def unsaved(folder: Path, saved: int) -> list[Path]:
    """The files below a folder that nobody saved: not the log, and not the pictures that were asked for."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("kiosk.log")]
    asked = [path for path in files if path.parent.name == "kiosk"]
    return [path for path in files if path not in asked] + asked[saved:]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kiosk_day", description=__doc__)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--every", type=int, default=3, help="every so manieth visitor meets a fault")
    parser.add_argument("--stand-in", action="store_true", help="without the networks")
    chosen = parser.parse_args()
    reason = VirtualDisplay.missing()
    if reason:
        print(f"python -m tests.kiosk_day: {reason}", file=sys.stderr)
        return 2
    # All that a program may write to is in one folder, to look through at the end.
    with tempfile.TemporaryDirectory(prefix="kiosk-day") as name, VirtualDisplay(1280, 800) as display:
        scratch = Path(name)
        os.environ.update(display.environment())
        for key in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            os.environ[key] = str(scratch / key.lower())
            (scratch / key.lower()).mkdir()
        tempfile.tempdir = None
        os.chdir(scratch)
        return spend(chosen.visitors, scratch, chosen.every, chosen.stand_in)


def spend(visitors: int, scratch: Path, every: int, stand_in: bool) -> int:
    """The day, and what is printed of it; 0 where memory is flat and nothing was left behind."""
    from mirror.app.kiosk import freed_memory
    from mirror.pipeline.mirror import Mirror
    from tests.live_fakes import forgetful

    freed_memory.shred_freed()
    start_log()
    day = Day(forgetful if stand_in else lambda: Mirror("bob"), scratch / "pictures")
    # Caches that libraries wrote before anybody came.
    before = set(scratch.rglob("*"))
    began, sizes = time.monotonic(), []
    for number in range(visitors):
        # Threads that hang keep their networks for as long, so only one does.
        fault = FAULTS[number // every % len(FAULTS)] if number % every == every - 1 else ""
        day.visitor("" if fault == "hang" and day.counts["hang"] else fault)
        sizes.append(resident())
        if os.environ.get("KIOSK_DAY_EACH"):
            print(f"{number + 1:5} {fault:15} {sizes[-1]:.0f} MB", flush=True)
        if (number + 1) % 20 == 0 or number + 1 == visitors:
            print(
                f"{number + 1:5} visitors, {sizes[-1]:.0f} MB, {time.monotonic() - began:.0f} s", flush=True
            )
    day.visit.close()
    day.window.close()
    # The first twenty warm it up; then medians, for a fault shows for a moment.
    settled = sizes[min(20, len(sizes) // 2) :]
    early, late = statistics.median(settled[:20]), statistics.median(settled[-20:])
    growth = late - early
    left = [path for path in unsaved(scratch, day.saved) if path not in before]
    print(f"faults: {dict(day.counts)}")
    print(f"memory: {early:.0f} to {late:.0f} MB ({growth:+.1f}), at most {max(settled):.0f} MB")
    print(
        f"pictures asked for: {day.saved}; on disk that nobody saved: {[str(p) for p in left] or 'nothing'}"
    )
    return 0 if growth < 20 and not left else 1


if __name__ == "__main__":
    sys.exit(main())
