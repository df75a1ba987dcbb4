"""Every message that stands in the source, read out of it as `xgettext` does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import ROOT


@dataclass(frozen=True)
class Literal:
    """One message: its words, those about one thing, where it stands, and the names of its values."""

    words: str
    one: str
    where: str


@cache
def messages() -> tuple[Literal, ...]:
    """All of them.

    Raises:
        AssertionError: one is no literal, so that no table can hold it.
    """
    return tuple(found for path in sources() for found in _of(path))


def sources() -> list[Path]:
    """The modules that may say something."""
    own = ROOT / "mirror" / "translation" / "message.py"
    return [path for path in sorted((ROOT / "mirror").rglob("*.py")) if path != own]


def _of(path: Path) -> Iterator[Literal]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        called = getattr(getattr(node, "func", None), "id", None)
        if called not in ("Message", "counted") or not isinstance(node, ast.Call):
            continue
        where = f"{path.relative_to(ROOT)}:{node.lineno}"
        words = node.args[: 1 if called == "Message" else 2]
        assert all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in words), (
            f"{where}: a message must be a literal, or no language can have it"
        )
        said = [one.value for one in words if isinstance(one, ast.Constant)]
        yield Literal(str(said[-1]), str(said[0]), where)
