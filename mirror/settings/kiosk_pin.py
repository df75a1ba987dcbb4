"""The kiosk's PIN: kept as a salted hash, never as the digits themselves.

Four digits are soon tried out by whoever can read the settings file, salt or not: scrypt makes each try
cost some 50 ms and 16 MB. The PIN keeps visitors of a kiosk away from its settings, not a burglar.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re

from mirror.core.errors import MirrorError
from mirror.translation.message import Message

FEWEST, MOST = 4, 12  # digits
# What no rule of `_is_common` catches of the PINs that are chosen most often (DataGenetics, "PIN analysis",
# 2012; Amitay, "Most common iPhone passcodes", 2011), and other ways over the keypad.
_FAVOURITES = frozenset(
    ["0007", "1004", "1245", "1379", "1478", "2580", "0852", "3690", "0963", "7410", "0741", "5683", "123654",
     "147258", "147852", "159357", "159753", "258456", "456123", "520520", "789123", "789456", "5201314"]
)  # fmt: skip
_YEARS = range(1900, 2100)
# log2 of scrypt's n, its r and p: 16 MB, some 50 ms.
_COST, _BLOCK, _LANES = 14, 8, 1
_SALT, _HASH = 16, 32  # bytes
_STORED = re.compile(r"scrypt\$(1[0-7])\$8\$1\$([0-9a-f]{32})\$([0-9a-f]{64})", re.ASCII)


def problem(pin: str) -> str | None:
    """What is wrong with a new PIN, one sentence for people; None where it can be used.

    Example:
        >>> problem("12")
        'A PIN has 4 to 12 digits.'
        >>> problem("1234")
        'That is a PIN that many people try first.'
    """
    # Only 0 to 9: a digit of another script could not be typed on the kiosk's keypad.
    if not re.fullmatch(f"[0-9]{{{FEWEST},{MOST}}}", pin):
        return Message("A PIN has {least} to {most} digits.", least=FEWEST, most=MOST)
    return Message("That is a PIN that many people try first.") if _is_common(pin) else None


def make(pin: str) -> str:
    """The text that is stored for a PIN; another one each time, because the salt is random.

    Args:
        pin: 4 to 12 digits, none of the common ones.

    Returns:
        One line of ASCII without spaces or quotes: "scrypt$14$8$1$SALT$HASH".

    Raises:
        MirrorError: it is no PIN, or a common one.

    Example:
        >>> matches("2593", make("2593"))
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


def _is_common(pin: str) -> bool:
    """Whether a PIN is among the first that anybody tries."""
    digits = [int(digit) for digit in pin]
    steps = {(after - before) % 10 for before, after in zip(digits, digits[1:], strict=False)}
    counted = len(steps) == 1  # 1111, 1234, 9876, 2468, 7890
    repeated = any(pin == pin[:part] * (len(pin) // part) for part in range(2, len(pin) // 2 + 1))  # 1212
    paired = len(pin) % 2 == 0 and pin[::2] == pin[1::2]  # 1122, 112233
    turned = pin == pin[::-1]  # 1221, 123321
    year = len(pin) == 4 and int(pin) in _YEARS
    return counted or repeated or paired or turned or year or pin in _FAVOURITES


def _hash(pin: str, salt: bytes, cost: int) -> bytes:
    # A lone surrogate, which a keyboard may send, is no UTF-8: it must be a wrong PIN, not a crash.
    typed = pin.encode("utf-8", "surrogatepass")
    # OpenSSL allows 32 MB unless it is told: 128 * r * n bytes and a little.
    return hashlib.scrypt(
        typed, salt=salt, n=1 << cost, r=_BLOCK, p=_LANES, maxmem=(256 * _BLOCK) << cost, dklen=_HASH
    )
