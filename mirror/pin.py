"""The kiosk's PIN: kept as a salted hash, never as the digits themselves.

Four digits are soon tried out by whoever can read the settings file, salt or not: scrypt makes each try
cost some 50 ms and 16 MB. The PIN keeps visitors of a kiosk away from its settings, not a burglar.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re

from mirror.errors import MirrorError

FEWEST, MOST = 4, 12  # digits
# log2 of scrypt's n, its r and p: 16 MB, some 50 ms.
_COST, _BLOCK, _LANES = 14, 8, 1
_SALT, _HASH = 16, 32  # bytes
_STORED = re.compile(r"scrypt\$(1[0-7])\$8\$1\$([0-9a-f]{32})\$([0-9a-f]{64})", re.ASCII)


def problem(pin: str) -> str | None:
    """What is wrong with a new PIN, one sentence for people; None where it can be used.

    Example:
        >>> problem("12")
        'A PIN has 4 to 12 digits.'
    """
    # Only 0 to 9: a digit of another script could not be typed on the kiosk's keypad.
    return None if re.fullmatch(f"[0-9]{{{FEWEST},{MOST}}}", pin) else "A PIN has 4 to 12 digits."


def make(pin: str) -> str:
    """The text that is stored for a PIN; another one each time, because the salt is random.

    Args:
        pin: 4 to 12 digits.

    Returns:
        One line of ASCII without spaces or quotes: "scrypt$14$8$1$SALT$HASH".

    Raises:
        MirrorError: it is no PIN.

    Example:
        >>> matches("2580", make("2580"))
        True
    """
    wrong = problem(pin)
    if wrong:
        raise MirrorError(f"{wrong} Give another one, for example with: python calibrate.py")
    salt = os.urandom(_SALT)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${_hash(pin, salt, _COST).hex()}"


def matches(pin: str, stored: str) -> bool:
    """Whether a PIN, as somebody typed it, is the one that was stored. Takes as long for every answer.

    Args:
        pin: any text.
        stored: what `make` returned.

    Raises:
        MirrorError: `stored` is nothing that `make` returns.
    """
    found = _STORED.fullmatch(stored)
    if found is None:
        raise MirrorError("The stored PIN is damaged. Set a new one with: python calibrate.py")
    kept = bytes.fromhex(found[3])
    return hmac.compare_digest(_hash(pin, bytes.fromhex(found[2]), int(found[1])), kept)


def is_stored(text: str) -> bool:
    """Whether a text is what `make` returns."""
    return _STORED.fullmatch(text) is not None


def _hash(pin: str, salt: bytes, cost: int) -> bytes:
    # A lone surrogate, which a keyboard may send, is no UTF-8: it must be a wrong PIN, not a crash.
    typed = pin.encode("utf-8", "surrogatepass")
    # OpenSSL allows 32 MB unless it is told: 128 * r * n bytes and a little.
    return hashlib.scrypt(
        typed, salt=salt, n=1 << cost, r=_BLOCK, p=_LANES, maxmem=(256 * _BLOCK) << cost, dklen=_HASH
    )
