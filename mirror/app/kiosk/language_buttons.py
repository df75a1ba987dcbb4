"""Speak: the buttons that change the language, on attract and consent."""

from __future__ import annotations

from mirror.app.kiosk.buttons import Place
from mirror.translation.catalogue import Words, languages

_WIDTH, _HEIGHT, _GAP = 176, 62, 14  # units


def width_of(words: Words) -> float:
    """Units that the row of the other languages is wide."""
    return (len(languages()) - (words.language in languages())) * (_WIDTH + _GAP) - _GAP


def choice(across: float, down: float, words: Words, left: float | None = None) -> tuple[Place, ...]:
    """A row of the other languages at the bottom of a screen, units; from `left` on, or amid."""
    others = [(code, name) for code, name in languages().items() if code != words.language]
    if left is None:
        left = (across - width_of(words)) / 2
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
