"""Wipe: pictures and whatever was measured on them are overwritten before they are dropped.

Freed memory keeps what it held until somebody else is given it. What the mirror remembers of a person is
therefore set to 0 first, and where a kiosk runs even what nobody holds any more (`mirror.kiosk.memory`).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

# What is made in these belongs to everybody: networks, styles and their book, dyes, and the usual light.
_SHARED_ROOMS = ("mirror.engine", "mirror.trackers", "mirror.style", "mirror.dye", "mirror.light")


def blacken(*things: Any) -> None:
    """Sets every array to 0 that is reached from here: in arrays, lists, dataclasses, objects of the mirror.

    What styles, dyes and networks hold stays as it is, but for the residual of somebody's hair. Arrays that
    cannot be written to are left out.

    Example:
        >>> picture = np.full((2, 2, 3), 9, np.uint8)
        >>> blacken([picture, None])
        >>> int(picture.max())
        0
    """
    waiting: list[Any] = list(things)
    met: list[Any] = []  # kept, so that no other object gets the place of one in memory
    while waiting:
        thing = waiting.pop()
        if thing is None or any(thing is one for one in met):
            continue
        if _is_shared(thing):
            # A style is everybody's, but what was seen of a person's hair is not.
            waiting.append(getattr(thing, "residual", None))
            continue
        if isinstance(thing, np.ndarray):
            _fill(thing)
        elif isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, list | tuple | set | frozenset):
            waiting += thing
        elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            met.append(thing)
            waiting += [getattr(thing, field.name) for field in dataclasses.fields(thing)]
        elif _is_ours(thing):
            met.append(thing)
            waiting += vars(thing).values()


def _is_shared(thing: Any) -> bool:
    return type(thing).__module__.startswith(_SHARED_ROOMS)


def _is_ours(thing: Any) -> bool:
    return type(thing).__module__.startswith("mirror.") and hasattr(thing, "__dict__")


def _fill(array: np.ndarray) -> None:
    # A view shows a part; the whole is what must go.
    while isinstance(array.base, np.ndarray):
        array = array.base
    if array.dtype.hasobject:
        return
    if not array.flags.writeable:
        try:
            array.flags.writeable = True
        except ValueError:  # it is somebody else's memory
            return
    array.fill(0)
