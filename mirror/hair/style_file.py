"""The file of a grown style: one safetensors file, checked before anything in it is used."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from mirror.core.erase import everybodys
from mirror.core.errors import MirrorError
from mirror.files.format_version import UPDATE, is_newer
from mirror.files.reading import read_ordinary
from mirror.files.webp_header import webp_size as webp_size
from mirror.hair.key_view import (
    CELL,
    GROUPS,
    LANDMARKS,
    PICTURES,
    SKIN,
    STRANDS,
    GrownStyle,
    KeyView,
    Listing,
    Look,
    ViewCamera,
)
from mirror.hair.styles.book import THUMBNAIL
from mirror.hair.styles.dye import Dye

FORMAT = 2
SUFFIX = ".hair"
# A style of 12 views at twice the side would take some 5 MB; what is larger was not written by us.
STYLE_BYTES = 32 << 20
MOST_VIEWS = 32
SIDES = (64, 2560)  # pixels of a picture
TEXT = 200  # characters of a name or word
MOST_LOOKS = 64
# Of the thumbnail of a look, WebP: some 6 KB where it would take 49 KB.
_QUALITY = 90
# What the numbers of a shade lie within; see `mirror.hair.styles.dye.Dye`.
SHADE = {"light": (0, 100), "a": (-128, 128), "b": (-128, 128), "spread": (0, 60), "gloss": (0, 1)}
Part = TypeVar("Part")
AGAIN = "Write it again with: python -m train groom book"


def write_style(style: GrownStyle, path: Path) -> int:
    """Writes a style, whole or not at all; returns how many bytes.

    Raises:
        OSError: it cannot be written.
    """
    blobs, views, at = [], [], 0
    for view in style.views:
        places = {}
        for name in (*PICTURES, *(one for one in STRANDS if one in view.pictures)):
            blob = view.pictures[name]
            places[name] = [at, at + len(blob)]
            blobs.append(blob)
            at += len(blob)
        camera = view.camera
        views.append(
            {
                "yaw": view.yaw, "pitch": view.pitch, "pictures": places, "peaks": view.peaks,
                "camera": {
                    "rotation": camera.rotation.tolist(), "translation": camera.translation.tolist(),
                    "focal": camera.focal, "centre": list(camera.centre),
                },
            }
        )  # fmt: skip
    looks = []
    for look in style.listing.looks:
        _, coded = cv2.imencode(".webp", look.thumbnail[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
        blobs.append(coded.tobytes())
        place, at = [at, at + len(blobs[-1])], at + len(blobs[-1])
        shade = {"name": look.shade.name} | {name: getattr(look.shade, name) for name in SHADE}
        looks.append(
            {"name": look.name, "tags": list(look.tags), "stand_in": look.stand_in, "shade": shade,
             "thumbnail": place}
        )  # fmt: skip
    arrays = {
        "landmarks": style.landmarks.astype(np.float32),
        "depth": np.stack([view.depth for view in style.views]).astype(np.float16),
        "shading": np.stack([view.shading for view in style.views]).astype(np.float32),
        "pictures": np.frombuffer(b"".join(blobs), np.uint8),
        "thumbnail": style.listing.thumbnail,
    }
    record = {
        "name": style.name, "group": style.group, "words": list(style.words),
        "colours": list(style.colours), "size": list(style.size), "albedo": style.albedo, "views": views,
        "listing": {
            "name": style.listing.name, "tags": list(style.listing.tags), "stand_in": style.listing.stand_in,
            "keeps_colour": style.listing.keeps_colour, "looks": looks,
        },
    }  # fmt: skip
    said = json.dumps(record)
    metadata = {"format": str(FORMAT), "style": said, "sha256": _digest(arrays, said)}
    data = save({name: np.ascontiguousarray(one) for name, one in arrays.items()}, metadata)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return len(data)


def read_style(path: Path) -> GrownStyle:
    """Reads a style that `write_style` wrote.

    Raises:
        MirrorError: missing, too large, damaged, of another format, or not what it says of itself.
    """
    style = _told(path, _style)
    everybodys(style)
    return style


def style_of(data: bytes, where: str, again: str) -> GrownStyle:
    """The style that the bytes of such a file are.

    Args:
        where: what to call it in an error. again: how the person gets a whole one, a sentence.

    Raises:
        MirrorError: as `read_style`.
    """
    style = _parsed(data, where, again, _style)
    everybodys(style)
    return style


def read_listing(path: Path) -> Listing:
    """What the style book is told of a style; the file is checked whole, its pictures are not decoded.

    Raises:
        MirrorError: as `read_style`.
    """
    listing = _told(path, lambda told, arrays: _listing(told["listing"], arrays))
    everybodys(listing)
    return listing


def _told(path: Path, part: Callable[[dict[str, Any], dict[str, np.ndarray]], Part]) -> Part:
    """A part of what a file holds, once it is known to be whole."""
    where = f"The grown style {path}"
    try:
        data = read_ordinary(path, STYLE_BYTES)
    except FileNotFoundError:
        raise MirrorError(f"{where} is missing. {AGAIN}") from None
    except OSError as error:
        raise MirrorError(f"{where} cannot be read ({error.strerror}). {AGAIN}") from None
    return _parsed(data, where, AGAIN, part)


def _parsed(
    data: bytes, where: str, again: str, part: Callable[[dict[str, Any], dict[str, np.ndarray]], Part]
) -> Part:
    try:
        metadata, arrays = _metadata(data), load(data)
    except (SafetensorError, ValueError, KeyError, RecursionError):
        raise MirrorError(f"{where} cannot be read (it is no whole safetensors file). {again}") from None
    if metadata.get("format") != str(FORMAT):
        advice = UPDATE if is_newer(metadata.get("format"), FORMAT) else again
        raise MirrorError(
            f"{where} is of format {metadata.get('format')!s:.20}; this program reads "
            f"format {FORMAT}. {advice}"
        )
    said = str(metadata.get("style", ""))
    if _digest(arrays, said) != metadata.get("sha256"):
        raise MirrorError(f"{where} is damaged: its SHA-256 is not the one it names. {again}")
    try:
        return part(json.loads(said), arrays)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MirrorError(f"{where} is not as it should be ({error!s:.80}). {again}") from None


def _metadata(data: bytes) -> dict[str, Any]:
    size = int.from_bytes(data[:8], "little")
    told = json.loads(data[8 : 8 + size]) if 0 < size <= len(data) - 8 else {}
    metadata = told.get("__metadata__", {}) if isinstance(told, dict) else {}
    if not isinstance(metadata, dict):
        raise ValueError
    return metadata


def _digest(arrays: dict[str, np.ndarray], said: str) -> str:
    digest = hashlib.sha256(said.encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _style(told: dict[str, Any], arrays: dict[str, np.ndarray]) -> GrownStyle:
    """Of what a file says; ValueError, KeyError or TypeError where it does not fit."""
    width, height = (int(one) for one in told["size"])
    _expect(all(SIDES[0] <= one <= SIDES[1] and one % CELL == 0 for one in (width, height)), "size")
    views = told["views"]
    _expect(isinstance(views, list) and 1 <= len(views) <= MOST_VIEWS, "number of views")
    wanted = {
        "landmarks": (LANDMARKS, 3), "depth": (len(views), height // CELL, width // CELL),
        "shading": (len(views), len(SKIN), len(GROUPS)),
    }  # fmt: skip
    for name, shape in wanted.items():
        one = arrays[name]
        _expect(one.shape == shape and one.dtype.kind == "f" and bool(np.isfinite(one).all()), name)
    _expect(bool((arrays["depth"] > 1).all()), "depth")
    data = arrays["pictures"]
    _expect(data.dtype == np.uint8 and data.ndim == 1, "pictures")
    blob = data.tobytes()
    found = [
        _view(one, blob, (width, height), arrays["depth"][i], arrays["shading"][i])
        for i, one in enumerate(views)
    ]
    return GrownStyle(
        _text(told["name"]), _text(told["group"]), _texts(told["words"]), _texts(told["colours"]),
        (width, height), _number(told["albedo"], 1e-3, 1), arrays["landmarks"].astype(np.float32),
        tuple(sorted(found, key=lambda view: view.yaw)), _listing(told["listing"], arrays),
    )  # fmt: skip


def _listing(told: dict[str, Any], arrays: dict[str, np.ndarray]) -> Listing:
    thumbnail = arrays["thumbnail"]
    _expect(thumbnail.shape == (THUMBNAIL, THUMBNAIL, 3) and thumbnail.dtype == np.uint8, "thumbnail")
    _expect(isinstance(told["keeps_colour"], bool), "keeps_colour")
    looks = told.get("looks", [])  # files that were written before looks have none
    _expect(isinstance(looks, list) and len(looks) <= MOST_LOOKS, "number of looks")
    blob = arrays["pictures"].tobytes() if looks else b""
    return Listing(
        _text(told["name"]), _texts(told["tags"]), _text(told["stand_in"]), thumbnail, told["keeps_colour"],
        tuple(_look(look, blob) for look in looks),
    )  # fmt: skip


def _look(told: dict[str, Any], blob: bytes) -> Look:
    start, stop = (int(one) for one in told["thumbnail"])
    _expect(0 <= start < stop <= len(blob), "place of a thumbnail")
    _expect(webp_size(blob[start:stop]) == (THUMBNAIL, THUMBNAIL), "thumbnail of a look")
    thumbnail = cv2.imdecode(np.frombuffer(blob[start:stop], np.uint8), cv2.IMREAD_COLOR)
    _expect(thumbnail is not None and thumbnail.shape == (THUMBNAIL, THUMBNAIL, 3), "thumbnail of a look")
    shade = Dye(
        _text(told["shade"]["name"]),
        **{name: _number(told["shade"][name], *within) for name, within in SHADE.items()},
    )
    return Look(
        _text(told["name"]), _texts(told["tags"]), _text(told["stand_in"]), thumbnail[..., ::-1].copy(), shade
    )  # fmt: skip


def _view(
    told: dict[str, Any], blob: bytes, size: tuple[int, int], depth: np.ndarray, shading: np.ndarray
) -> KeyView:
    pictures, twice = {}, (2 * size[0], 2 * size[1])
    for name in (*PICTURES, *(STRANDS if STRANDS[0] in told["pictures"] else ())):
        start, stop = (int(one) for one in told["pictures"][name])
        _expect(0 <= start < stop <= len(blob), f"place of {name}")
        pictures[name] = blob[start:stop]
        _expect(webp_size(pictures[name]) == (twice if name in STRANDS else size), f"size of {name}")
    lit = [name for name in PICTURES if name.split("/")[-1] in GROUPS]
    camera = told["camera"]
    rotation, translation = np.array(camera["rotation"], np.float64), np.array(camera["translation"])
    _expect(rotation.shape == (3, 3) and np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-3), "camera")
    _expect(translation.shape == (3,) and bool(np.isfinite(translation).all()), "camera")
    x, y = (_number(one, -1e4, 1e4) for one in camera["centre"])
    return KeyView(
        _number(told["yaw"], -90, 90), _number(told["pitch"], -60, 60),
        ViewCamera(rotation, translation.astype(np.float64), _number(camera["focal"], 1, 1e5), (x, y)),
        pictures, {name: _number(told["peaks"][name], 0, 1e4) for name in lit},
        depth.astype(np.float32), shading.astype(np.float32),
    )  # fmt: skip


def _expect(fits: bool, what: str) -> None:
    if not fits:
        raise ValueError(f"{what} does not fit")


def _number(value: Any, low: float, high: float) -> float:
    _expect(isinstance(value, int | float) and math.isfinite(value) and low <= value <= high, "a number")
    return float(value)


def _text(value: Any) -> str:
    _expect(isinstance(value, str) and 0 < len(value) <= TEXT and value.isprintable(), "a word")
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    _expect(isinstance(value, list) and len(value) <= TEXT, "words")
    return tuple(_text(one) for one in value)
