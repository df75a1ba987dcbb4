"""One strange case: what is to be done, and what must be true after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Case:
    """One case, ready to be done in a child process whose working folder is `folder`.

    Attributes:
        act: returns the exit code; MirrorError is told as the programs do.
        said: the case in words.
        after: raises AssertionError where something is wrong with what is left in the folder.
        hit: (signal, seconds after the start), where it is interrupted.
        spawn: a command line, where it has to be a program of its own.
    """

    act: Callable[[], int]
    said: str
    after: Callable[[Path], None] = lambda folder: None
    hit: tuple[int, float] | None = None
    spawn: list[str] = field(default_factory=list)


def program(*flags: str) -> Callable[[], int]:
    def act() -> int:
        import run_mirror

        return run_mirror.main(list(flags))

    return act


def kept(name: str, data: bytes) -> Callable[[Path], None]:
    def look(folder: Path) -> None:
        assert (folder / name).read_bytes() == data, f"{name} was changed"

    return look
