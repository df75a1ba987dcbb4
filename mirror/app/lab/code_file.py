"""Code file: a hairstyle's code kept in a file, without any picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from mirror.app.lab.named_look import NOTHING, NamedLook
from mirror.core.errors import MirrorError
from mirror.core.face_lighting import LIGHT_SIZE
from mirror.core.head_space import FACE_SHAPE_SIZE, VERSION
from mirror.files.picture_saver import write_new
from mirror.files.reading import check_ordinary
from mirror.hair.style_file import SHADE
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, StyleCode
from mirror.hair.styles.dye import Dye

# Of the first format are files that hold the numbers alone, without names of a style and a dye.
KIND, FORMAT, READ = "hair code", "2", ("1", "2")
ENDING = ".safetensors"
_HAIR_LOSS = "hair loss"  # named in the file where its pictures are to be marked
_SHADE, _NAMED = "shade", "look"  # the code's own dye, and what goes by names
_SHADE_PARTS = SHADE | {"amount": (0, 1)}
LARGEST = 1 << 20  # bytes; a code takes a sixth of that


@dataclass(frozen=True, slots=True)
class _Part:
    """The shape of one array, and between what its values lie."""

    shape: tuple[int, ...]
    low: float
    high: float


# Several times as far as any style of the shipped book goes: what is beyond is no hair.
_PARTS = {
    "z": _Part((LATENT,), -40, 40),
    "detail": _Part(DETAIL_SHAPE, -100, 100),
    "coarse": _Part((COARSE_SIDE, COARSE_SIDE), 0, 1),
    "shape": _Part((FACE_SHAPE_SIZE,), -8, 8),
    "tint": _Part((3,), 0, 8),
    "light": _Part((LIGHT_SIZE,), -40, 40),
}


def save_code(
    code: StyleCode, name: str, folder: Path, named: NamedLook = NOTHING, *, when: datetime | None = None
) -> Path:
    """Writes a code into `folder` (made if missing) under the date and time. Never overwrites.

    Args:
        named: the style of the book that it is, if it is one, and the dye that it is worn in.

    Returns:
        The file, for example ".../Hair Mirror/hair 2026-03-01 14.05.09.safetensors".

    Raises:
        MirrorError: it cannot be written. Nothing half written stays behind.
    """
    arrays = {part: np.ascontiguousarray(getattr(code, part), np.float32) for part in _PARTS}
    said = {"kind": KIND, "format": FORMAT, "headspace": VERSION, "name": name}
    said |= {_HAIR_LOSS: "yes"} if code.hair_loss else {}
    said |= {_SHADE: _told(code.dye)} if code.dye is not None else {}
    data = save(arrays, said | {_NAMED: named.packed()})
    stem = f"hair {when or datetime.now():%Y-%m-%d %H.%M.%S}"
    try:
        return write_new(folder, stem, ENDING, np.frombuffer(data, np.uint8))
    except OSError as error:
        raise MirrorError(
            f"The code could not be saved in {folder}: {error.strerror or error}. "
            "Free some space there or let this user write to it."
        ) from None


def load_code(path: Path) -> tuple[StyleCode, str, NamedLook]:
    """Reads a code, its name and what goes by names; nothing of the file is believed before it is checked.

    Raises:
        MirrorError: missing, too large, damaged, no hair code, or values that no hair has.
    """
    try:
        check_ordinary(path, LARGEST)
        with safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {part: file.get_tensor(part) for part in _PARTS if part in set(file.keys())}
    except (OSError, SafetensorError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged or of another kind"
        raise MirrorError(f"{path.name} cannot be read: {reason}. Choose a file saved by the lab.") from None
    if metadata.get("kind") != KIND or metadata.get("format") not in READ:
        raise MirrorError(f"{path.name} holds no hair code. Choose a file saved by the lab.")
    if metadata.get("headspace") != VERSION:
        raise MirrorError(f"{path.name} is of another version of the mirror. Save its hair again.")
    wrong = [part for part, wanted in _PARTS.items() if not _fits(arrays.get(part), wanted)]
    if wrong:
        raise MirrorError(
            f"{path.name} is no sound hair code ({', '.join(wrong)}). Choose a file saved by the lab."
        )
    name = " ".join(metadata.get("name", "").split())
    code = StyleCode(**arrays, hair_loss=_HAIR_LOSS in metadata)
    try:
        named = NamedLook.read(metadata.get(_NAMED, "{}"))
        code = code.dyed(_shade_of(metadata[_SHADE])) if _SHADE in metadata else code
    except (ValueError, TypeError, RecursionError):
        raise MirrorError(
            f"{path.name} is no sound hair code (names). Choose a file saved by the lab."
        ) from None
    return code, name[:60] if name.isprintable() and name else path.stem, named


def list_codes(folder: Path) -> list[Path]:
    """The codes in a folder, the newest first; none where there is no folder."""
    try:
        found = [(path.stat().st_mtime, path) for path in folder.glob(f"*{ENDING}") if path.is_file()]
    except OSError:
        return []
    return [path for _, path in sorted(found, key=lambda item: (-item[0], item[1].name))]


def _told(shade: Dye) -> str:
    """A shade as a line: of hair that is no longer grown, what it is painted in."""
    return json.dumps([shade.name, *(getattr(shade, part) for part in _SHADE_PARTS)])


def _shade_of(line: str) -> Dye:
    """Raises ValueError: it is no shade."""
    name, *numbers = list(json.loads(line[:200]))
    if not isinstance(name, str) or len(numbers) != len(_SHADE_PARTS):
        raise ValueError("no shade")
    for number, (low, high) in zip(numbers, _SHADE_PARTS.values(), strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
            raise ValueError("no number of a shade")
    return Dye(name, *map(float, numbers))


def _fits(array: np.ndarray | None, wanted: _Part) -> bool:
    if array is None or array.shape != wanted.shape or array.dtype != np.float32:
        return False
    return bool(np.isfinite(array).all() and array.min() >= wanted.low and array.max() <= wanted.high)
