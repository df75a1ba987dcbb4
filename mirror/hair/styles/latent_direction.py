"""Axis: a direction of the style code with a name, such as "length", and how it is kept in a file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.hair.styles.code import LATENT

TENSOR, FIGURES = "axes", ("explained", "felt", "low", "high")


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction of the style code that changes one property of the hair.

    Attributes:
        direction: float32 (128,), the change of z a step: the property rises by one standard deviation
            over the training heads while the others stay, by linear regression.
        explained: share of the property's variance on held-out heads that the code explains (R squared),
            at most 1; NaN where there were no held-out heads.
        felt: standard deviations that the painted hair really changed a step, measured again on
            held-out heads; near 0 the networks do not follow this axis.
        low, high: steps down (at most 0) and up (at least 0) as far as the painted hair followed.
    """

    direction: np.ndarray
    explained: float
    felt: float
    low: float
    high: float


def pack_axes(axes: Mapping[str, Axis]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Axes as tensors and metadata of a safetensors file; both empty where there are no axes."""
    if not axes:
        return {}, {}
    directions = np.stack([axis.direction for axis in axes.values()]).astype(np.float32)
    said = [{"name": name} | {key: _number(axis, key) for key in FIGURES} for name, axis in axes.items()]
    return {TENSOR: directions}, {TENSOR: json.dumps(said)}


def read_axes(path: Path, arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> dict[str, Axis]:
    """The axes in what was read from `path`; none where it has none.

    Raises:
        MirrorError: they are damaged.
    """
    if TENSOR not in arrays and TENSOR not in metadata:
        return {}
    try:
        directions, entries = arrays[TENSOR].astype(np.float32), json.loads(metadata[TENSOR])
        axes = {
            entry["name"]: Axis(direction, *(_read_number(entry[key]) for key in FIGURES))
            for entry, direction in zip(entries, directions, strict=True)
        }
        # Of one name each; and where an axis leads must be known, though nobody need have judged it.
        sound = len(axes) == len(entries) and all(_is_sound(name, axis) for name, axis in axes.items())
    except (TypeError, ValueError, KeyError, RecursionError):
        sound = False
    if not sound:
        raise MirrorError(
            f"The axes of the style book {path} are damaged. Install again, or build them again: "
            "python -m train styles"
        )
    return axes


def _is_sound(name: object, axis: Axis) -> bool:
    known = isinstance(name, str) and axis.direction.shape == (LATENT,) and np.isfinite(axis.direction).all()
    return bool(known and math.isfinite(axis.felt) and -100 <= axis.low <= 0 <= axis.high <= 100)


def _number(axis: Axis, key: str) -> float | None:
    value = float(getattr(axis, key))
    return value if math.isfinite(value) else None  # JSON knows no NaN


def _read_number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
