"""Imports point one way: a package knows only those before it, and no two modules need each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each may import those before it. `mirror` itself is the door for others: it imports nothing until asked.
MIRROR = (
    "core",
    "translation",
    "files",
    "settings",
    "sources",
    "tracking",
    "engines",
    "segmentation",
    "removal",
    "hair",
    "compositing",
    "pipeline",
    "app",
)
# From pictures and networks over training to what is judged, exported and told; `__main__` reads the command.
TRAIN = (
    "pictures",
    "nets",
    "groom",
    "data",
    "metrics",
    "losses",
    "loop",
    "inference",
    "recipes",
    "evaluation",
    "export",
    "stylebook",
    "report",
    "baselines",
    "plan",
    "commands",
    "__main__",
)
PACKAGES = {"mirror": MIRROR, "train": TRAIN}


def modules(root: Path, package: str = "mirror") -> dict[str, Path]:
    """The modules of a package, by their dotted names; packages in it too, without the outermost."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found.pop(package, None)
    return found


def imports(path: Path, known: dict[str, Path], types: bool) -> Iterator[str]:
    """What a module imports of the known ones, anywhere in it; `types`: for type checkers alone, too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for statement in block.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in for_types and not types:
            continue
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from [name for name in (whole, node.module or "") if name in known][:1]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def upward(root: Path, package: str = "mirror") -> list[str]:
    """Imports of a package that comes later, those for type checkers too."""
    known = modules(root, package)
    rank = {name: PACKAGES[package].index(name.split(".")[1]) for name in known}
    return [
        f"{name} imports {other}"
        for name, path in known.items()
        for other in imports(path, known, types=True)
        if rank[other] > rank[name]
    ]


def circle(root: Path, package: str = "mirror") -> list[str]:
    """Modules that need each other when they run, in a ring; none where there is no ring."""
    known = modules(root, package)
    needs = {name: set(imports(path, known, types=False)) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def parts_circle(root: Path) -> list[str]:
    """Parts of `mirror.app` (packages, and modules beside them) that need each other, for types too."""
    known = modules(root)
    parts = {name: ".".join(name.split(".")[:3]) for name in known if name.startswith("mirror.app.")}
    needs: dict[str, set[str]] = {part: set() for part in parts.values()}
    for name, part in parts.items():
        others = imports(known[name], known, types=True)
        needs[part] |= {parts[other] for other in others if other in parts} - {part}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_place(package: str) -> None:
    assert {name.split(".")[1] for name in modules(ROOT, package)} == set(PACKAGES[package])


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_a_later_one(package: str) -> None:
    assert upward(ROOT, package) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_need_each_other(package: str) -> None:
    assert circle(ROOT, package) == []


def test_no_parts_of_the_program_need_each_other() -> None:
    assert parts_circle(ROOT) == []


def test_the_live_path_never_imports_torch() -> None:
    known = modules(ROOT)
    for path in known.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {"torch", "train", "tests"} & {name.split(".")[0] for name in names}, path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    files = {
        "core/frame.py": "",
        "hair/dye.py": "from mirror.core import frame\n",
        "app/cli.py": "import mirror.hair.dye\n",
    }
    for name, text in files.items():
        path = tmp_path / "mirror" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "text", ["from mirror.app import cli\n", "def late():\n    from mirror.app.cli import main\n"]
)
def test_an_upward_import_is_found(house: Path, text: str) -> None:
    assert upward(house) == [] and circle(house) == []
    (house / "mirror/core/frame.py").write_text(text)
    assert upward(house) == ["mirror.core.frame imports mirror.app.cli"]
    assert set(circle(house)) == {"mirror.core.frame", "mirror.hair.dye", "mirror.app.cli"}


def test_two_parts_that_need_each_other_are_found_though_no_two_modules_do(house: Path) -> None:
    for name, text in {"kiosk/sheet.py": "", "kiosk/visit.py": "import mirror.app.show\n"}.items():
        path = house / "mirror/app" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (house / "mirror/app/show.py").write_text("")
    assert parts_circle(house) == []
    (house / "mirror/app/show.py").write_text("def late():\n    import mirror.app.kiosk.sheet\n")
    assert circle(house) == [] and set(parts_circle(house)) == {"mirror.app.kiosk", "mirror.app.show"}


def test_types_may_be_named_within_a_package(house: Path) -> None:
    named = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mirror.{} import {}\n"
    (house / "mirror/hair/code.py").write_text("import mirror.hair.dye\n")
    (house / "mirror/hair/dye.py").write_text(named.format("hair.code", "Code"))
    assert upward(house) == [] and circle(house) == []
    (house / "mirror/core/frame.py").write_text(named.format("hair.code", "Code"))
    assert upward(house) == ["mirror.core.frame imports mirror.hair.code"] and circle(house) == []
