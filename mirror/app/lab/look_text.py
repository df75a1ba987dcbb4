"""Look text: a look as a line that can be sent in a message and pasted elsewhere.

    hair2.AAECAw…

The line holds how far the look is from the style of the book that it began at, or from the prior's mean,
along the prior's components, in steps of a sixteenth of a standard deviation; how much of the strands is
worn; and by name that style, how it is changed, and the dye. No picture, nothing of a person. It means
something only to a mirror with the same prior, which its checksum is taken of as well. Lines of the first
kind, `hair1.`, hold coordinates and strands alone; they are still read.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import replace

import numpy as np

from mirror.app.lab.latent_point import Look
from mirror.app.lab.named_look import NamedLook
from mirror.app.lab.principal_components import Components
from mirror.core.errors import MirrorError
from mirror.hair.styles.book import StyleBook
from mirror.translation.message import Message

PREFIX, FIRST = "hair2.", "hair1."
STEP = 1 / 16  # standard deviations: half of it is a change that nobody sees
_CHECK = 4  # bytes
# What a mail program may have put between: blanks and line ends.
_BETWEEN = re.compile(r"\s+")
LONGEST = 4096  # characters looked at
_FROM_TEXT = Message("hair from a text")
_MISSING = Message("This hair cannot be read: a piece is missing. Copy the whole line again.")


def text_of(look: Look, components: Components, book: StyleBook, dye: str) -> str:
    """A look as a line of 40 to 300 characters.

    Args:
        book: that `look.style` is a number of.
        dye: that it is worn in, by name; "none": its own colours.

    Example:
        >>> text_of(Look.mean(components), components, book, "none")[:6]  # doctest: +SKIP
        'hair2.'
    """
    named = NamedLook(dye=dye, steps=look.steps)
    begins = components.mean
    if look.style is not None and look.anchor is not None:
        named = replace(named, style=book.names[look.style], adjusted=look.adjusted)
        begins = look.anchor.z
    away = components.coordinates(look.z) - components.coordinates(begins)
    steps = np.clip(away / STEP, -127, 127).round().astype(np.int8)
    steps = steps if steps.any() else steps[:0]
    strands = round(127 * min(max(look.strands, 0.0), 1.0))
    body = bytes((strands, len(steps))) + steps.tobytes() + named.packed().encode()
    line = base64.urlsafe_b64encode(body + _check(body, components)).decode().rstrip("=")
    return PREFIX + line


def look_of(line: str, components: Components, book: StyleBook) -> Look:
    """The look that a line tells, its dye with it.

    Raises:
        MirrorError: it is no such line, a piece is missing, it comes from a mirror with other networks, or it
            names a style or a shade that is not there.
    """
    found = _BETWEEN.sub("", line[:LONGEST])
    prefix = next((one for one in (PREFIX, FIRST) if found.startswith(one)), None)
    if prefix is None:
        raise MirrorError(
            Message("This is no hair as text. Paste a line that begins with {prefix}", prefix=PREFIX)
        )
    code = found.removeprefix(prefix)
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise MirrorError(
            Message("This hair cannot be read: letters are wrong. Copy the whole line again.")
        ) from None
    body, check = data[:-_CHECK], data[-_CHECK:]
    if prefix == FIRST and len(body) != len(components) + 1:
        raise MirrorError(_MISSING)
    if check != _check(body, components):
        raise MirrorError(
            Message(
                "This hair is damaged, or of a mirror with other networks. Copy the whole line again, from a "
                "mirror of this version."
            )
        )
    if prefix == FIRST:
        steps = np.frombuffer(body, np.int8)
        return _moved(Look.mean(components), steps[:-1], int(steps[-1]), components)
    return _named(body, components, book)


def _named(body: bytes, components: Components, book: StyleBook) -> Look:
    if len(body) < 2 or body[1] not in (0, len(components)) or len(body) < 2 + body[1]:
        raise MirrorError(_MISSING)
    steps = np.frombuffer(body[2 : 2 + body[1]], np.int8)
    try:
        named = NamedLook.read(body[2 + body[1] :].decode())
    except ValueError:
        raise MirrorError(_MISSING) from None
    named.check_dye()
    begins = Look.mean(components)
    if named.style:
        number, code = named.found(book)
        begins = replace(Look.at(code, named.style, number), adjusted=dict(named.adjusted))
    steps_of = {axis: value for axis, value in named.steps.items() if axis in book.axes}
    return replace(_moved(begins, steps, body[0], components), steps=steps_of, dye=named.dye or None)


def _moved(begins: Look, steps: np.ndarray, strands: int, components: Components) -> Look:
    """A look so many steps from another along each component; none: it is that very look, if all strands are
    worn."""
    share = min(max(strands / 127, 0.0), 1.0)
    if not len(steps):
        named = begins.anchor is not None and share == 1
        return replace(begins, strands=share, name=begins.name if named else _FROM_TEXT)
    z = components.code(components.coordinates(begins.z) + steps.astype(np.float64) * STEP)
    return replace(begins, z=z, strands=share, name=_FROM_TEXT)


def _check(body: bytes, components: Components) -> bytes:
    prior = components.deviations.astype(np.float32).tobytes()
    return zlib.crc32(body, zlib.crc32(prior)).to_bytes(_CHECK, "big")
