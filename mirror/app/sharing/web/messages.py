"""Messages between the mirror and its web server: a line of JSON and, after it, bytes that it may carry.

The pipes are unbuffered (`io.RawIOBase`): a buffer would keep the end of the last picture.
"""

from __future__ import annotations

import json
import struct
from io import RawIOBase
from typing import IO, Any

_HEAD = struct.Struct(">II")  # bytes of JSON, bytes carried
MOST = 64 << 20  # bytes of one message: a clip is some 10 MB

Message = dict[str, Any]


def write(pipe: IO[bytes] | RawIOBase, message: Message, *carried: bytes | bytearray | memoryview) -> None:
    """Writes a message, and the bytes it carries one after the other.

    Raises:
        OSError: the other side is gone.
    """
    said = json.dumps(message, separators=(",", ":")).encode()
    for part in (_HEAD.pack(len(said), sum(map(len, carried))), said, *carried):
        rest = memoryview(part)
        while rest:
            rest = rest[pipe.write(rest) :]


def read(pipe: IO[bytes] | RawIOBase) -> tuple[Message, bytearray] | None:
    """The next message and what it carries; None where the other side is gone, or speaks nonsense."""
    head = _exactly(pipe, _HEAD.size)
    if head is None:
        return None
    lengths = _HEAD.unpack(head)
    if sum(lengths) > MOST:
        return None
    said, carried = _exactly(pipe, lengths[0]), _exactly(pipe, lengths[1])
    if said is None or carried is None:
        return None
    try:
        message = json.loads(said)
    except ValueError:
        return None
    return (message, carried) if isinstance(message, dict) else None


def _exactly(pipe: IO[bytes] | RawIOBase, count: int) -> bytearray | None:
    """So many bytes, read straight to where they stay: no copies of a picture lie about."""
    found = bytearray(count)
    view, at = memoryview(found), 0
    while at < count:
        got = pipe.readinto(view[at:])  # type: ignore[union-attr]
        if not got:
            return None
        at += got
    return found
