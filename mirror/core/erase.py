"""Wipe: pictures and whatever was measured on them are overwritten before they are dropped.

Freed memory keeps what it held until somebody else is given it. What the mirror remembers of a person is
therefore set to 0 first, and where a kiosk runs even what nobody holds any more
(`mirror.app.kiosk.freed_memory`).
"""

from __future__ import annotations

import dataclasses
import weakref
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

# What is made in these holds no pictures: a network that ran on nothing, a tracker that was closed.
_SHARED_ROOMS = ("mirror.engines", "mirror.tracking.mediapipe")
# Arrays that are the same whoever stands there, by identity, as long as somebody holds them.
_everybodys: weakref.WeakValueDictionary[int, np.ndarray] = weakref.WeakValueDictionary()


def everybodys(*things: Any) -> None:
    """Says of every array that is reached from here that it is nobody's own: `blacken` leaves it as it is.

    Example:
        >>> style = np.ones(3)
        >>> everybodys({"bob": style})
        >>> blacken(style)
        >>> int(style.sum())
        3
    """
    for array in _arrays(things):
        whole = _whole(array)
        _everybodys[id(whole)] = whole


def blacken(*things: Any) -> None:
    """Sets every array to 0 that is reached from here: in arrays, lists, dataclasses, objects of the mirror.

    What is everybody's stays as it is: the styles of the book and what networks hold. Arrays that cannot be
    written to are left out.

    Example:
        >>> picture = np.full((2, 2, 3), 9, np.uint8)
        >>> blacken([picture, None])
        >>> int(picture.max())
        0
    """
    for array in _arrays(things):
        _fill(array)


def _arrays(things: tuple[Any, ...]) -> Iterator[np.ndarray]:
    """Every array that is reached from some things."""
    waiting: list[Any] = list(things)
    met: dict[int, Any] = {}  # kept, so that no other object gets the place of one in memory
    while waiting:
        thing = waiting.pop()
        if thing is None or id(thing) in met or type(thing).__module__.startswith(_SHARED_ROOMS):
            continue
        met[id(thing)] = thing
        if isinstance(thing, np.ndarray):
            yield thing
        elif isinstance(thing, Mapping):
            waiting += thing.values()
        elif isinstance(thing, list | tuple | set | frozenset | deque):
            waiting += thing
        elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            waiting += [getattr(thing, field.name) for field in dataclasses.fields(thing)]
            waiting += getattr(thing, "__dict__", {}).values()  # what was made when it was first asked for
        elif _is_ours(thing):
            waiting += vars(thing).values()


def _is_ours(thing: Any) -> bool:
    return type(thing).__module__.startswith("mirror.") and hasattr(thing, "__dict__")


def _whole(array: np.ndarray) -> np.ndarray:
    """What an array is a view of: it shows a part, and the whole is what must go."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _fill(array: np.ndarray) -> None:
    array = _whole(array)
    if array.dtype.hasobject or id(array) in _everybodys:
        return
    if not array.flags.writeable:
        try:
            array.flags.writeable = True
        except ValueError:  # it is somebody else's memory
            return
    array.fill(0)
