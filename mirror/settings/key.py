"""Key: what one setting may hold, and the checks that several settings share.

A check takes a value as TOML gives it, returns the value of the dataclass, and raises ValueError where it
does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: what it may hold.

    Attributes:
        check: a value as TOML gives it -> the dataclass's value; ValueError if it does not fit.
        expected: what fits, as the end of the sentence "Give ...".
        example: a value for the commented line of a file where there is no default.
        about: the comment above it in a file.
    """

    check: Callable[[Any], Any]
    expected: str
    example: str | int | tuple[str, ...]
    about: str


def text(value: Any) -> str:
    """Any text that is not blank; a whole number is taken as it is written."""
    # `camera = 0` and `style = 3` mean what they say.
    if type(value) is int and value >= 0:
        return str(value)
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError
    return value


def path(value: Any) -> Path:
    """A path; "~" is this person's folder."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError
    try:
        return Path(value).expanduser()
    except RuntimeError:  # "~nobody/x"
        raise ValueError from None


def switch(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError
    return value


def listed(check: Callable[[Any], Any], most: int) -> Callable[[Any], tuple[Any, ...]]:
    """A check for a list of up to so many values that another check takes."""

    def check_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError
        return tuple(check(one) for one in value)

    return check_all


def whole(low: int, high: int) -> Callable[[Any], int]:
    """A check for a whole number from `low` to `high`."""

    def check(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    return check
