"""What is reached from where: every array, number and word, by a walk that knows nothing of wiping."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import types
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any

import numpy as np

# Not walked: what the interpreter shares among all, and what only libraries see into.
_ATOMS = (
    type,
    types.ModuleType,
    types.CodeType,
    types.FrameType,
    types.BuiltinFunctionType,
    threading.Thread,
    logging.Logger,
    np.random.Generator,
)
_WORTH = (str, bytes, int, float, complex, bool, np.generic)


def reached(*roots: Any) -> list[Any]:
    """Every object that is reached from some, each once; of functions what they hold themselves."""
    waiting, met = list(roots), dict[int, Any]()
    while waiting:
        one = waiting.pop()
        if id(one) in met or isinstance(one, _ATOMS):
            continue
        met[id(one)] = one
        waiting += _held(one)
    return list(met.values())


def _held(one: Any) -> list[Any]:
    if isinstance(one, types.FunctionType):
        return [*(one.__closure__ or ()), one.__defaults__, one.__kwdefaults__]
    if isinstance(one, np.ndarray):
        return [one.base]
    if isinstance(one, _lru_cache_wrapper):
        return []  # what it keeps cannot be seen; `cache_info` tells how much
    return [inner for inner in gc.get_referents(one) if not isinstance(inner, _ATOMS)]


def arrays(*roots: Any) -> list[np.ndarray]:
    """The arrays among them."""
    return [one for one in reached(*roots) if isinstance(one, np.ndarray)]


def worth(*roots: Any) -> dict[Any, int]:
    """How often each content is among them: of arrays their bytes, of numbers and words themselves."""
    found: dict[Any, int] = {}
    for one in reached(*roots):
        if isinstance(one, np.ndarray):
            key: Any = one.shape, one.dtype.str, hash(one.tobytes())
        elif isinstance(one, _WORTH):
            key = type(one).__name__, one
        else:
            continue
        found[key] = found.get(key, 0) + 1
    return found


def module_globals(package: str) -> Iterator[tuple[str, Any]]:
    """Every global of the modules of a package that were imported, as ("module.name", value)."""
    for name, module in sorted(sys.modules.items()):
        if module is not None and (name == package or name.startswith(f"{package}.")):
            for key, value in list(vars(module).items()):
                if not key.startswith("__"):
                    yield f"{name}.{key}", value
