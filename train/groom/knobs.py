"""Knobs: parameters of a groom that know their unit, their range and what they do.

A groom record is made of frozen dataclasses whose fields are knobs. What a knob knows is checked when a
record is made, printed by `python -m train groom list --parameters`, and followed by the draws of the data
set.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args, get_type_hints

from mirror.core.errors import MirrorError

Record = TypeVar("Record")


@dataclasses.dataclass(frozen=True, slots=True)
class Range:
    """What a knob may be.

    Attributes:
        low, high: inclusive, in `unit`.
        unit: "cm", "degrees", "share" (0 to 1), ...
        effect: what one sees when it is turned up.
    """

    low: float
    high: float
    unit: str
    effect: str


def knob(default: float | None, low: float, high: float, unit: str, effect: str) -> Any:
    """A number of a record: its default, its range, its unit and what it does."""
    return dataclasses.field(default=default, metadata={"range": Range(low, high, unit, effect)})


def knobs(low: float, high: float, unit: str, effect: str) -> Any:
    """Numbers of a record, none by default, each in the range."""
    return dataclasses.field(default=(), metadata={"range": Range(low, high, unit, effect)})


def ranges(record: type) -> Iterator[tuple[str, Range, Any]]:
    """(dotted name, range, default) of every knob of a record and of the records in it."""
    hints = get_type_hints(record)
    for field in dataclasses.fields(record):
        if "range" in field.metadata:
            yield field.name, field.metadata["range"], field.default
        for part in (hints[field.name], *get_args(hints[field.name])):
            if dataclasses.is_dataclass(part) and isinstance(part, type):
                yield from ((f"{field.name}.{name}", kind, value) for name, kind, value in ranges(part))


def build(record: type[Record], values: Mapping[str, Any], where: str) -> Record:
    """Makes a record from plain numbers, lists and mappings.

    Args:
        record: the frozen dataclass to make.
        values: by field name; mappings for the records in it, lists of mappings for tuples of records.
        where: said in errors, such as 'groom "bob"'.

    Raises:
        MirrorError: an unknown name (with the closest ones), a value of the wrong kind or out of its range.
    """
    hints = get_type_hints(record)
    fields = {field.name: field for field in dataclasses.fields(record)}  # type: ignore[arg-type]
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in fields:
            close = difflib.get_close_matches(name, fields, 3, 0.4) or sorted(fields)
            raise MirrorError(f"{where}: there is no parameter {name!r}. Known here: {', '.join(close)}.")
        made[name] = _value(fields[name], hints[name], value, f"{where}: {name}")
    return record(**made)


def _value(field: dataclasses.Field, hint: Any, value: Any, where: str) -> Any:
    records = [part for part in (hint, *get_args(hint)) if dataclasses.is_dataclass(part)]
    if "range" in field.metadata:
        kind = field.metadata["range"]
        if hint == tuple[float, ...] and isinstance(value, (list, tuple)):
            return tuple(_number(kind, float, one, f"{where}[{n}]") for n, one in enumerate(value))
        return _number(kind, hint, value, where)
    if records and isinstance(value, Mapping):
        return build(records[0], value, where)  # type: ignore[arg-type]
    if records and isinstance(value, (list, tuple)):
        return tuple(build(records[0], item, f"{where}[{n}]") for n, item in enumerate(value))  # type: ignore[arg-type]
    if hint is str and isinstance(value, str):
        return value
    if (
        hint == tuple[str, ...]
        and isinstance(value, (list, tuple))
        and all(isinstance(v, str) for v in value)
    ):
        return tuple(value)
    raise MirrorError(
        f"{where}: {value!r} is of the wrong kind; see `python -m train groom list --parameters`."
    )


def _number(kind: Range, hint: Any, value: Any, where: str) -> float | int | None:
    if value is None and type(None) in get_args(hint):
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MirrorError(
            f"{where} is {value!r}; expected a number of {kind.low:g} to {kind.high:g} {kind.unit}."
        )
    if not kind.low <= value <= kind.high:
        raise MirrorError(f"{where} is {value:g}; expected {kind.low:g} to {kind.high:g} {kind.unit}.")
    return int(value) if hint is int else float(value)
