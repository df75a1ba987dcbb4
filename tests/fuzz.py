"""Damaged files, hostile paths, odd options, signals and kills: the program says one line, or goes on.

python -m tests.fuzz --cases 2000               # as many cases, each in a child process, one at a time
python -m tests.fuzz --minutes 5                # as many as fit
python -m tests.fuzz --kinds pictures,films     # only some kinds
python -m tests.fuzz --seed 7 --only 123        # one case again

A case fails where the interpreter dies, a traceback is shown, a refusal is not one line, a decoder says
something of its own, or it takes more time or memory than allowed. Its folder is kept, and named.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mirror.core.errors import MirrorError
from tests.fuzz_case import Case
from tests.fuzz_kinds import KINDS, ROOT
from tests.program_run import own_lines

# Of the processor's time, so that a busy machine is no fault; what only waits may do so WAITS times as long.
SECONDS, WAITS, MEGABYTES = 60.0, 4, 1200
# Seconds within which a signal may meet Python and not yet the program, on a busy machine.
BEGINNING = 0.5
OUT, ERR = ".out", ".err"
# What decoders and libraries say of their own, which means nothing to the person.
CHATTER = re.compile(
    r"libpng|libjpeg|Corrupt JPEG|Premature end of JPEG|Invalid SOS|OpenCV|\[ ?WARN|^\[\w+ @ 0x"
    r"|TIFF(Read|Fetch)|terminate called|Exception ignored|warnings\.warn|Warning:|^W0000|^E0000|usage:"
)
# Warnings that come in good order before the one line of a refusal.
OURS = re.compile(
    r"No screen \(|.* is damaged or cut off: it ends after|(TensorRT|OpenVINO|ONNX Runtime) cannot run here: "
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one case: seconds, and megabytes (10^6) resident beyond what it starts with."""

    seconds: float = SECONDS
    megabytes: float = MEGABYTES


def load() -> None:
    """Imports what nearly every case needs, so that a child has it from the start; starts no thread."""
    os.environ.update(GLOG_minloglevel="2", TF_CPP_MIN_LOG_LEVEL="2")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)
    import calibrate  # noqa: F401
    import run_mirror  # noqa: F401
    import train.__main__
    import train.data.prepare_shards
    import train.export.export_runs  # noqa: F401


def do(case: Case, folder: Path, limits: Limits) -> str:
    """Does a case in a child process; "" where all is well, else what is not."""
    began, base = time.monotonic(), 0.0
    if case.spawn:
        with (folder / OUT).open("wb") as out, (folder / ERR).open("wb") as err:
            child = subprocess.Popen(
                case.spawn, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
            )  # fmt: skip
        number = child.pid
    else:
        gc.freeze()
        ready, go = os.pipe()
        number = os.fork()
        if not number:
            os.read(ready, 1)
            _child(case, folder)
        # Pages of files are not a forked child's before it looks at them, so its parent's size says nothing.
        base = _resident(number)
        os.write(go, b".")
        os.close(ready)
        os.close(go)
    hit, peak = case.hit, 0.0
    while True:
        ended, status, used = os.wait4(number, os.WNOHANG)
        if ended:
            break
        took = time.monotonic() - began
        peak, worked = max(peak, _resident(number) - base), _worked(number)
        if hit is not None and took >= hit[1]:
            os.kill(number, hit[0])
            hit = None
        if worked > limits.seconds or took > WAITS * limits.seconds or peak > limits.megabytes:
            os.kill(number, signal.SIGKILL)
            os.wait4(number, 0)
            if peak > limits.megabytes:
                return f"{peak:.0f} MB"
            return f"took more than {worked:.0f} s of work, {took:.0f} s in all"
        time.sleep(0.005 if took < 0.3 else 0.03)
    peak = max(peak, used.ru_maxrss * 1024 / 1e6 - base)
    if peak > limits.megabytes:
        return f"{peak:.0f} MB"
    return _judged(case, folder, status)


def _child(case: Case, folder: Path) -> None:
    code = 70
    try:
        with (folder / OUT).open("wb") as out, (folder / ERR).open("wb") as err:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        sys.stdout = open(1, "w", closefd=False, errors="backslashreplace")  # noqa: SIM115
        sys.stderr = open(2, "w", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115
        os.chdir(folder)
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_PICTURES_DIR"):
            os.environ[name] = str(folder / ".home")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        import run_mirror

        run_mirror.start_log()
        code = case.act()
    except MirrorError as error:
        print(f"fuzz: {' '.join(str(error).splitlines())}", file=sys.stderr)
        code = 2
    except SystemExit as error:  # --help and --version
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _resident(number: int) -> float:
    try:
        pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _worked(number: int) -> float:
    """Seconds of the processor's time that a process has had."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _python_was_beginning(after: float, status: int, lines: list[str]) -> bool:
    """Whether a signal met Python before it had read a line of ours, which it says in its own way."""
    if any(line.startswith("Fatal Python error: init") for line in lines):
        return True
    silent = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1 and lines == ["KeyboardInterrupt"]
    return silent and after < BEGINNING


def _judged(case: Case, folder: Path, status: int) -> str:
    told = (folder / OUT).read_text(errors="replace")
    lines = own_lines((folder / ERR).read_text(errors="replace"))
    if case.hit is not None and _python_was_beginning(case.hit[1], status, lines):
        return ""
    if any("Traceback" in text for text in (told, *lines)):
        return "a traceback: " + next((line for line in reversed(lines) if line.strip()), "")
    if chatter := next((line for line in lines if CHATTER.search(line)), None):
        return f"chatter: {chatter[:200]}"
    if os.WIFSIGNALED(status):
        died = os.WTERMSIG(status)
        # Before the program can hear a signal, the system ends it, as it should.
        if case.hit is None or died not in (case.hit[0], signal.SIGKILL):
            return f"died of {signal.Signals(died).name}"
    else:
        code = os.WEXITSTATUS(status)
        if code not in (0, 2):
            return f"exit code {code}"
        if code == 2 and len([line for line in lines if not OURS.match(line)]) != 1:
            return f"{len(lines)} lines in place of one: {lines[:3]}"
        if code == 2 and "Recorded" in told:
            return "told as recorded, though it failed"
    try:
        case.after(folder)
    except AssertionError as error:
        return str(error) or "what is left is not as it should be"
    except Exception as error:
        return f"what is left cannot be looked at: {error!r}"
    return ""


def main(argv: list[str] | None = None) -> int:
    """Runs cases; 0 where all went well, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=10**9)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--only", type=int, help="this case alone")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of work, of a case")
    parser.add_argument(
        "--megabytes", type=float, default=MEGABYTES, help="of a case, resident, beyond what it starts with"
    )
    parser.add_argument("--keep", type=Path, help="folder for what failed; default: a new one")
    args = parser.parse_args(argv)
    if sys.platform != "linux":
        parser.error(
            "only Linux forks children at little cost, and says at any time how much memory they hold"
        )
    if args.cases == 10**9 and args.minutes is None and args.only is None:
        args.cases = 100
    names = [name for name in args.kinds.split(",") if name in KINDS]
    load()
    began, done, failed = time.monotonic(), Counter[str](), Counter[str]()
    limits, spent = Limits(args.seconds, args.megabytes), dict.fromkeys(names, 0.0)
    numbers = [args.only] if args.only is not None else range(args.first, args.first + args.cases)
    for number in numbers:
        if args.minutes is not None and time.monotonic() - began > 60 * args.minutes:
            break
        rng = random.Random(f"{args.seed}/{number}")
        kind = rng.choices(names, [KINDS[name][1] for name in names])[0]
        folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{number}-"))
        case = KINDS[kind][0](rng, folder)
        start = time.monotonic()
        wrong = do(case, folder, limits)
        done[kind] += 1
        spent[kind] += time.monotonic() - start
        if wrong:
            failed[kind] += 1
            args.keep = args.keep or Path(tempfile.mkdtemp(prefix="fuzz-failed-"))
            place = args.keep / f"{kind}-{args.seed}-{number}"
            args.keep.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(place, ignore_errors=True)
            folder.rename(place)
            print(f"case {number} ({kind}, {case.said}): {wrong}\n  kept in {place}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        if sum(done.values()) % 100 == 0:
            print(f"{sum(done.values())} cases in {time.monotonic() - began:.0f} s", flush=True)
    for kind in done:
        print(f"{kind}: {done[kind]} cases, {failed[kind]} failed, {spent[kind]:.0f} s")
    print(f"{sum(done.values())} cases of seed {args.seed}, {sum(failed.values())} failed, "
          f"{time.monotonic() - began:.0f} s")  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
