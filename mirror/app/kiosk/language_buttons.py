"""Speak: the buttons that change the language, on attract and consent."""

from __future__ import annotations

from mirror.app.kiosk.buttons import Place
from mirror.translation.catalogue import Words, languages

_WIDTH, _HEIGHT, _GAP = 176, 62, 14  # units


def choice(across: float, down: float, words: Words) -> tuple[Place, ...]:
    """A row of the other languages at the lower edge of a screen of so many units."""
    others = [(code, name) for code, name in languages().items() if code != words.language]
    left = (across - len(others) * (_WIDTH + _GAP) + _GAP) / 2
    return tuple(
        (f"speak {code}", name, (left + at * (_WIDTH + _GAP), down - _HEIGHT - 26, _WIDTH, _HEIGHT))
        for at, (code, name) in enumerate(others)
    )


def chosen(name: str | None, words: Words) -> bool:
    """Speaks the language whose button was pressed; False where it was another one, or none."""
    if name is None or not name.startswith("speak "):
        return False
    words.choose(name.removeprefix("speak "))
    return True
