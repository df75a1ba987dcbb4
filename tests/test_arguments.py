"""No function takes more than seven arguments: what belongs together is handed on as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MOST = 7


def too_many(path: Path) -> Iterator[str]:
    """The functions of a file with more arguments, keyword-only and starred ones too, `self` left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            given = node.args
            named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            count = len([name for name in named if name not in ("self", "cls")])
            if count + bool(given.vararg) + bool(given.kwarg) > MOST:
                yield getattr(node, "name", "lambda")


def test_no_function_takes_more_than_seven() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for package in ("mirror", "train")
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in too_many(path)
    ]
    assert not found, "hand on one small dataclass"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(a, b, c, d, e, f, g): ...", []),
        ("def f(a, b, c, d, e, f, g, h): ...", ["f"]),
        ("def f(a, /, b, c, *, d, e, f, g, h=1): ...", ["f"]),
        ("class A:\n    def f(self, a, b, c, d, e, f, g): ...", []),
        ("class A:\n    async def f(self, a, b, c, d, e, f, *g, **h): ...", ["f"]),
        ("f = lambda a, b, c, d, e, f, g, h: 0", ["lambda"]),
    ],
)
def test_what_counts_as_an_argument(text: str, found: list[str], tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text(text)
    assert list(too_many(tmp_path / "some.py")) == found
