"""The sealed file: a style pack as it lies on the disk, checked before anything in it is used.

    8 bytes   "HAIRPACK"
    4         format, big-endian as all numbers here
    32        Ed25519 public key of who signed it
    64        signature of: CONTEXT, the format, the public key, and the list
    4         bytes of the list
    ...       the list: JSON that says name, date, and of each part its kind, bytes and SHA-256
    ...       the parts, one after the other, to the last byte of the file

The signature covers the list and by its hashes everything. No part has a path, and nothing is compressed.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mirror.core.errors import MirrorError
from mirror.files.file_part import FilePart
from mirror.files.format_version import UPDATE, is_newer
from mirror.files.partial_files import replace_whole
from mirror.files.reading import open_ordinary
from mirror.files.signature import KEY, SIGNATURE, is_signed_by, key_text, public_of, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SUFFIX = ".hairpack"
FORMAT = 1
MAGIC = b"HAIRPACK"
CONTEXT = b"Hair Mirror style pack\0"  # a signature of anything else means nothing here
HEAD = struct.Struct(f">8sI{KEY}s{SIGNATURE}sI")
PACK_BYTES = 256 << 20  # some 300 styles as they ship
LIST_BYTES = 256 << 10
LONGEST_NAME = 40  # characters of a pack's name
# The kinds of parts: how many there may be, and how large each.
KINDS = {"style": (200, 32 << 20), "portrait": (1200, 1 << 20), "chart": (1, 1 << 20), "logo": (1, 1 << 20)}
AGAIN = "Get it anew from who made it."
_COPIED = 1 << 20  # bytes that are hashed at once


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pack.

    Attributes:
        kind: of `KINDS`. data: where it lies.
        name: of the style that a portrait shows; "" of other kinds.
        replaces: whether a style may take the place of the mirror's own of its name.
    """

    kind: str
    data: FilePart
    name: str = ""
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A pack whose signature is right, and whose parts are whole.

    Attributes:
        name: of who made it, as people read it. made: the day, as 2026-11-25.
        key: public, 32 bytes. parts: in order.
    """

    path: Path
    name: str
    made: str
    key: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A part that is to be written; see `Part`."""

    kind: str
    data: bytes
    name: str = ""
    replaces: bool = False


def write_sealed(
    path: Path, secret: Ed25519PrivateKey, name: str, made: str, contents: Sequence[Content]
) -> int:
    """Signs and writes a pack, whole or not at all; returns how many bytes.

    Raises:
        OSError: it cannot be written.
    """
    parts = []
    for one in contents:
        said: dict[str, Any] = {"kind": one.kind, "bytes": len(one.data), "sha256": _sha256(one.data)}
        said |= {"name": one.name} if one.name else {}
        parts.append(said | ({"replaces": True} if one.replaces else {}))
    listed = json.dumps({"name": name, "made": made, "parts": parts}, ensure_ascii=False).encode()
    key = public_of(secret)
    head = HEAD.pack(MAGIC, FORMAT, key, sign(secret, _signed(FORMAT, key, listed)), len(listed))
    data = b"".join((head, listed, *(one.data for one in contents)))
    replace_whole(path, data)
    return len(data)


def open_sealed(path: Path, trusted: Collection[bytes] | None) -> Sealed:
    """Checks a pack: sizes first, then who signed it, then the signature, then every byte.

    Args:
        trusted: public keys of 32 bytes, one of which must have signed it; None: whoever did, to look at it.

    Raises:
        MirrorError: one line with the pack, what is wrong, and what to do.
    """
    try:
        with open_ordinary(path, PACK_BYTES) as file:
            return _checked(path, file, os.fstat(file.fileno()).st_size, trusted)
    except FileNotFoundError:
        raise MirrorError(f"There is no style pack {path}. Give the path of a {SUFFIX} file.") from None
    except OSError as error:
        raise MirrorError(f"The style pack {path} cannot be read ({error.strerror}). {AGAIN}") from None


def _checked(path: Path, file: BinaryIO, size: int, trusted: Collection[bytes] | None) -> Sealed:
    head = file.read(HEAD.size)
    if not head.startswith(MAGIC):
        raise MirrorError(f"{path} is no style pack. Give one that python -m mirror.app.packs made.")
    if len(head) < HEAD.size:
        raise _cut(path)
    _, form, key, signature, length = HEAD.unpack(head)
    if form != FORMAT:
        advice = UPDATE if is_newer(form, FORMAT) else AGAIN
        raise MirrorError(
            f"The style pack {path} is of format {form}; this program reads format {FORMAT}. {advice}"
        )
    if length > LIST_BYTES:
        raise MirrorError(f"The style pack {path} is not as it should be (its list is too long). {AGAIN}")
    if length > size - HEAD.size:
        raise _cut(path)
    if not any(signature) or not any(key):
        raise MirrorError(
            f"The style pack {path} is not signed. Ask its maker to sign it: python -m mirror.app.packs make"
        )
    if trusted is not None and key not in trusted:
        raise MirrorError(
            f"The style pack {path} is signed with {key_text(key)}, which this mirror does not trust. "
            'Ask who made it for their key; if it is this one, write it into trust = ["..."] below [packs] '
            "in the settings file."
        )
    listed = file.read(length)
    if not is_signed_by(key, signature, _signed(form, key, listed)):
        raise MirrorError(
            f"The style pack {path} was changed after it was signed: its signature does not fit. {AGAIN}"
        )
    return _sealed(path, file, size, key, listed)


def _sealed(path: Path, file: BinaryIO, size: int, key: bytes, listed: bytes) -> Sealed:
    try:
        told = json.loads(listed)
        name, made = _word(told["name"], LONGEST_NAME), _word(told["made"], 10)
        entries = told["parts"]
        if not isinstance(entries, list) or len(entries) > sum(most for most, _ in KINDS.values()):
            raise ValueError("number of parts")
        parts, at = [], HEAD.size + len(listed)
        for entry in entries:
            part = _part(path, at, entry)
            parts.append(part)
            at += part.data.size
        for kind, (most, _) in KINDS.items():
            if sum(part.kind == kind for part in parts) > most:
                raise ValueError(f"more than {most} of {kind}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MirrorError(
            f"The list of the style pack {path} is not as it should be ({error!s:.60}). {AGAIN}"
        ) from None
    if at > size:
        raise _cut(path)
    if at < size:
        raise MirrorError(f"The style pack {path} has {size - at} bytes more than it says. {AGAIN}")
    for number, part in enumerate(parts, 1):
        if _hash_of(file, part.data.size) != part.data.sha256:
            raise MirrorError(
                f"The style pack {path} is damaged: part {number} ({part.kind}) is not what was "
                f"signed. {AGAIN}"
            )
    return Sealed(path, name, made, key, tuple(parts))


def _part(path: Path, at: int, entry: dict[str, Any]) -> Part:
    kind, size, digest = str(entry["kind"]), entry["bytes"], entry["sha256"]
    if kind not in KINDS:
        raise ValueError(f"a part of kind {kind[:20]}")
    if type(size) is not int or not 0 < size <= KINDS[kind][1]:
        raise ValueError(f"bytes of a {kind}")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError("SHA-256")
    name = _word(entry["name"], 200) if kind == "portrait" else ""
    return Part(kind, FilePart(path, at, size, digest), name, entry.get("replaces", False) is True)


def _word(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most or not value.isprintable():
        raise ValueError("a word")
    return value


def _cut(path: Path) -> MirrorError:
    return MirrorError(f"The style pack {path} is cut short: some of it is missing. {AGAIN}")


def _signed(form: int, key: bytes, listed: bytes) -> bytes:
    return CONTEXT + struct.pack(">I", form) + key + listed


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash_of(file: BinaryIO, size: int) -> str:
    """Of the next bytes of a file, bit by bit."""
    digest = hashlib.sha256()
    while size > 0 and (data := file.read(min(size, _COPIED))):
        digest.update(data)
        size -= len(data)
    return digest.hexdigest()
