"""Layers on disk: half floats, as small as they get without a loss that anybody sees.

A `.layers` file is a zip of `.npy` arrays (numpy's npz), without pickle. Only the box that holds hair is
kept, half floats are rounded to the digits that noise leaves them, and the differences of neighbours are
compressed, byte plane by byte plane.
"""

from __future__ import annotations

import errno
import os
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError
from train.groom.renderer import Layers

# Bits of a half float's ten-bit mantissa that are kept. Seven are steps of 0.8% of linear light at most, half
# a grey level of 255; depth and what is a quotient keep all of theirs.
_KEPT = {"front": 7, "whole": 7, "lights": 7, "behind_lights": 7, "portrait": 7, "tangent": 6, "shadow": 7,
         "shadow_lights": 7, "depth": 10}  # fmt: skip
_FIGURES = ("seconds", "megabytes")


def save_layers(layers: Layers, path: Path) -> None:
    """Writes a file that `load_layers` reads; whole or not at all.

    Raises:
        MirrorError: the disk is full, the folder cannot be written.
    """
    arrays: dict[str, np.ndarray] = {}
    for name, array in _arrays(layers):
        arrays.update(_packed(name, array, _KEPT.get(name.split("/")[0])))
    arrays["figures"] = np.array([getattr(layers, one) for one in _FIGURES])
    for name, value in layers.core_seconds.items():
        arrays[f"core_seconds/{name}"] = np.array(value)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MirrorError(
                f"{path}: the disk is full. Free some and start again: what is finished is kept."
            ) from None
        raise MirrorError(f"{path} cannot be written ({error.strerror}). Choose another folder.") from None


def load_layers(path: Path) -> Layers:
    """Reads what `save_layers` wrote.

    Raises:
        MirrorError: no such file, or not one of layers.
    """
    found: dict[str, Any] = {}
    try:
        with np.load(path, allow_pickle=False) as data:
            for name in (one.removesuffix("/box") for one in data.files if one.endswith("/box")):
                array = _unpacked(name, data)
                first, *rest = name.split("/")
                if not rest:
                    found[first] = array
                elif first == "shadow_lights":
                    found.setdefault(first, {})[rest[0]] = (array[..., :3], array[..., 3:])
                else:
                    found.setdefault(first, {})[rest[0]] = array
            found.update(zip(_FIGURES, data["figures"].tolist(), strict=True))
            found["core_seconds"] = {
                one.split("/")[1]: float(data[one]) for one in data.files if one.startswith("core_seconds/")
            }
            found.setdefault("lights", {})
            return Layers(**found)
    except FileNotFoundError:
        raise MirrorError(f"{path} is not there. Render it with: python -m train groom render") from None
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise MirrorError(
            f"{path} is not a whole file of layers ({error}). Delete it and render it again."
        ) from None


def _arrays(layers: Layers) -> list[tuple[str, np.ndarray]]:
    found: list[tuple[str, np.ndarray]] = []
    for field in fields(layers):
        value = getattr(layers, field.name)
        if isinstance(value, np.ndarray):
            found.append((field.name, value))
        elif field.name == "shadow_lights":
            found += [(f"shadow_lights/{name}", np.concatenate(pair, -1)) for name, pair in value.items()]
        elif field.name in ("lights", "behind_lights"):
            found += [(f"{field.name}/{name}", one) for name, one in value.items()]
    return found


def _packed(name: str, array: np.ndarray, kept: int | None) -> dict[str, np.ndarray]:
    """A picture (H, W[, C]) as byte planes of the box where it is not what its corner is."""
    corner = array[0, 0]
    rows, columns = ((array != corner).reshape(*array.shape[:2], -1).any(-1).any(axis) for axis in (1, 0))
    top, bottom = _span(rows)
    left, right = _span(columns)
    channels = array.shape[2] if array.ndim == 3 else 1
    inside = array[top:bottom, left:right].reshape(bottom - top, right - left, channels)
    words = _rounded(inside, kept) if kept else inside.astype(np.int32).astype(np.uint16)
    # Differences between neighbours in the row, as whole numbers that wrap.
    words[:, 1:] -= words[:, :-1].copy()
    planes = np.stack([words >> 8, words & 255]).astype(np.uint8).transpose(0, 3, 1, 2)
    box = np.array([top, bottom, left, right, *array.shape[:2], array.ndim], np.int32)
    return {f"{name}/box": box, f"{name}/corner": np.atleast_1d(corner), f"{name}/planes": planes}


def _unpacked(name: str, data: Any) -> np.ndarray:
    top, bottom, left, right, height, width, dimensions = (int(one) for one in data[f"{name}/box"])
    corner, planes = data[f"{name}/corner"], data[f"{name}/planes"]
    high, low = planes.transpose(0, 2, 3, 1).astype(np.uint16)
    words = np.cumsum((high << 8) + low, axis=1, dtype=np.uint16)
    array = np.empty((height, width, planes.shape[1]), corner.dtype)
    array[:] = corner
    whole = corner.dtype.kind == "i"
    array[top:bottom, left:right] = words.view(np.int16) if whole else words.view(np.float16)
    return array if dimensions == 3 else array[..., 0]


def _rounded(values: np.ndarray, kept: int) -> np.ndarray:
    """Bits of the nearest half floats with that many bits of mantissa, uint16."""
    bits = np.clip(values, -6e4, 6e4).astype(np.float16).view(np.uint16).astype(np.uint32)
    drop = 10 - kept
    if drop:
        # To even, or a picture would get brighter each time it is stored.
        bits = bits + (1 << (drop - 1)) - 1 + ((bits >> drop) & 1)
    return (bits >> drop << drop).astype(np.uint16)


def _span(used: np.ndarray) -> tuple[int, int]:
    where = np.flatnonzero(used)
    return (int(where[0]), int(where[-1]) + 1) if len(where) else (0, 0)
