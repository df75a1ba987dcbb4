"""Look text: hair of the latent space as a line that can be sent in a message and pasted elsewhere.

    hair1.AAECAw…

The line holds the coordinates of z along the prior's components, in steps of a sixteenth of a standard
deviation, and how much of the strands is worn: no picture, nothing of a person. It means something only to a
mirror with the same prior, which its checksum is taken of as well.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import numpy as np

from mirror.app.lab.latent_point import Look
from mirror.app.lab.principal_components import Components
from mirror.core.errors import MirrorError
from mirror.translation.message import Message

PREFIX = "hair1."
STEP = 1 / 16  # standard deviations: half of it is a change that nobody sees
_CHECK = 4  # bytes
# What a mail program may have put between: blanks and line ends.
_BETWEEN = re.compile(r"\s+")
LONGEST = 4096  # characters looked at


def text_of(look: Look, components: Components) -> str:
    """A look as a line of about 190 characters.

    Example:
        >>> text_of(Look.mean(components), components)[:6]  # doctest: +SKIP
        'hair1.'
    """
    steps = np.clip(components.coordinates(look.z) / STEP, -127, 127)
    body = np.append(steps.round(), round(127 * min(max(look.strands, 0.0), 1.0))).astype(np.int8).tobytes()
    line = base64.urlsafe_b64encode(body + _check(body, components)).decode().rstrip("=")
    return PREFIX + line


def look_of(line: str, components: Components) -> Look:
    """The look that a line tells.

    Raises:
        MirrorError: it is no such line, a piece is missing, or it comes from a mirror with other networks.
    """
    found = _BETWEEN.sub("", line[:LONGEST])
    if not found.startswith(PREFIX):
        raise MirrorError(f"This is no hair as text. Paste a line that begins with {PREFIX}")
    code = found.removeprefix(PREFIX)
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise MirrorError("This hair cannot be read: letters are wrong. Copy the whole line again.") from None
    body, check = data[:-_CHECK], data[-_CHECK:]
    if len(body) != len(components) + 1:
        raise MirrorError("This hair cannot be read: a piece is missing. Copy the whole line again.")
    if check != _check(body, components):
        raise MirrorError(
            "This hair is damaged, or of a mirror with other networks. Copy the whole line again, from a "
            "mirror of this version."
        )
    steps = np.frombuffer(body, np.int8).astype(np.float64)
    z = components.code(steps[:-1] * STEP)
    return Look(z, Message("hair from a text"), strands=min(max(float(steps[-1]) / 127, 0.0), 1.0))


def _check(body: bytes, components: Components) -> bytes:
    prior = components.deviations.astype(np.float32).tobytes()
    return zlib.crc32(body, zlib.crc32(prior)).to_bytes(_CHECK, "big")
