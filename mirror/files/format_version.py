"""Formats: a file that a newer version of the program wrote needs an update, not another try."""

from __future__ import annotations

UPDATE = "A newer version wrote it: update this program (git pull, then pip install -r requirements.txt)."


def is_newer(found: object, ours: int | str) -> bool:
    """Whether a format or version number that a file gives is above ours; False where it is no number.

    Example:
        >>> is_newer("3", 2), is_newer(2, 2), is_newer(None, 2), is_newer("new", "2")
        (True, False, False, False)
    """
    if isinstance(found, bool) or not isinstance(found, int | str):
        return False
    text = str(found) if isinstance(found, str) or abs(found) < 10**9 else ""
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > int(ours)
