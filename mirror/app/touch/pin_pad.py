"""PIN pad: twelve large keys and a way out, by touch and on a keyboard."""

from __future__ import annotations

import pygame

from mirror.app.touch.buttons import Place
from mirror.translation.catalogue import Words

WIDE, TALL = 480.0, 468.0  # units, of all keys
MOST = 12  # digits
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "0", "ok")
_ACROSS, _DOWN, _KEY, _HIGH, _APART = 164.0, 92.0, 152.0, 80.0, 20.0  # units


def pad_places(words: Words, left: float, top: float) -> tuple[Place, ...]:
    """Where the keys lie, by name: digits, "delete", "ok" and, below them, "cancel"; units."""
    names = {"delete": words("delete"), "ok": words("ok")}
    keys = tuple(
        (name, names.get(name, name), (left + at % 3 * _ACROSS, top + at // 3 * _DOWN, _KEY, _HIGH))
        for at, name in enumerate(_KEYS)
    )
    return (*keys, ("cancel", words("cancel"), (left, top + 4 * _DOWN + _APART, WIDE, _HIGH)))


def pad_key(event: pygame.event.Event) -> str | None:
    """The key of the pad that one of the keyboard stands for; None: none.

    Example:
        >>> pad_key(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_KP7, unicode="7"))
        '7'
    """
    if event.type != pygame.KEYDOWN:
        return None
    if event.key == pygame.K_ESCAPE:
        return "cancel"
    if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
        return "ok"
    if event.key == pygame.K_BACKSPACE:
        return "delete"
    digit = getattr(event, "unicode", "")
    return digit if len(digit) == 1 and digit in "0123456789" else None


def typed_on(typed: str, key: str) -> str:
    """What is typed after a digit, or "delete"."""
    return typed[:-1] if key == "delete" else (typed + key)[:MOST] if key.isdigit() else typed
