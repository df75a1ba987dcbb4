"""The generator of strange cases: it can be repeated, and it sees what it is there to see."""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from tests import fuzz
from tests.fuzz_case import Case
from tests.fuzz_files import damaged, films, pictures
from tests.fuzz_kinds import KINDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its cases are children made by fork")


def refused() -> int:
    raise MirrorError("This file is damaged. Give another.")


def two_lines() -> int:
    print("libpng error: bad adaptive filter value\na hint", file=sys.stderr)
    return refused()


def hungry() -> int:
    kept = bytearray(400_000_000)
    kept[::4096] = bytes(len(kept[::4096]))
    time.sleep(10)  # ended before
    return len(kept) * 0


def told_as_recorded() -> int:
    print("Recorded: film.mp4")
    return refused()


def dead() -> int:
    faulthandler.disable()  # pytest's own
    return len(ctypes.string_at(0))


def fault() -> int:
    return 1 // 0


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (refused, ""),
        (lambda: 0, ""),
        (two_lines, "chatter: libpng"),
        (lambda: print("a hint", file=sys.stderr) or refused(), "in place of one"),
        (told_as_recorded, "told as recorded"),
        (fault, "a traceback: ZeroDivisionError"),
        (lambda: 3, "exit code 3"),
        (dead, "died of SIGSEGV"),
        (lambda: time.sleep(60) or 0, "took more than 0 s of work, 2 s in all"),
        (hungry, "MB"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)  # fmt: skip
def test_it_sees_what_goes_wrong(act: Callable[[], int], said: str, tmp_path: Path) -> None:
    seconds = 0.5 if said.startswith("took") else 60
    found = fuzz.do(Case(act, "a test"), tmp_path, fuzz.Limits(seconds, 300))
    assert said in found and bool(said) == bool(found), found


def test_it_sees_memory_that_a_child_takes_beside_a_large_parent(tmp_path: Path) -> None:
    with open(sys.executable, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        touched = sum(mapped[at] for at in range(0, len(mapped), mmap.PAGESIZE))  # pages of a file
        large = np.ones(40_000_000)  # and of its own
        found = fuzz.do(Case(hungry, "a test"), tmp_path, fuzz.Limits(60, 300))
        assert "MB" in found and touched and large[0]


def test_it_looks_at_what_is_left(tmp_path: Path) -> None:
    def changed(folder: Path) -> None:
        assert not (folder / "left").exists(), "something is left"

    case = Case(lambda: Path("left").touch() or 0, "a test", changed)
    assert fuzz.do(case, tmp_path, fuzz.Limits(60)).startswith("something is left")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_case(kind: str, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        case = KINDS[kind][0](random.Random(f"4/{kind}"), folder)
        kept = [p for p in folder.iterdir() if p.is_file() and p.stat().st_size < 1 << 24]
        files = {p.name: p.read_bytes().replace(os.fsencode(folder), b"") for p in kept}
        made.append((case.said.replace(str(folder), ""), files, case.hit))
    assert made[0] == made[1]


def test_every_kind_of_file_is_damaged_in_many_ways() -> None:
    rng, whole = random.Random(1), pictures()["baseline.jpg"]
    assert len({damaged(rng, whole, [b"other"]) for _ in range(100)}) > 70
    assert len(pictures()) >= 25 and len(films()) >= 7


def test_a_few_cases_go_well(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--kinds", "settings,codes,pictures", "--cases", "6", "--seed", "11"]
    assert fuzz.main(flags) == 0, capsys.readouterr().out
    assert "6 cases of seed 11, 0 failed" in capsys.readouterr().out
