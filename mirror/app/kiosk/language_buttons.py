"""Speak: the buttons that change the language, each named in its own."""

from __future__ import annotations

from mirror.app.touch.buttons import Place
from mirror.translation.catalogue import Words, languages

_WIDTH, _HEIGHT, _GAP, _BELOW = 150, 58, 10, 20  # units


def choice(across: float, down: float, words: Words) -> tuple[Place, ...]:
    """The other languages, each by its own name, at the lower edge of a screen of so many units."""
    others = [(code, name) for code, name in languages().items() if code != words.language]
    columns = _columns(across)
    rows = [others[first : first + columns] for first in range(0, len(others), columns)]
    top = down - high_of(across)
    places = []
    for number, row in enumerate(rows):
        left = (across - len(row) * (_WIDTH + _GAP) + _GAP) / 2
        for at, (code, name) in enumerate(row):
            spot = (left + at * (_WIDTH + _GAP), top + number * (_HEIGHT + _GAP), _WIDTH, _HEIGHT)
            places.append((f"speak {code}", name, spot))
    return tuple(places)


def every(across: float, down: float) -> tuple[Place, ...]:
    """All languages, large, in the middle of the screen."""
    named = list(languages().items())
    columns = 2
    wide, tall, gap = min(420.0, (across - 72) / columns), 84.0, 16.0
    rows = -(-len(named) // columns)
    left, top = (across - columns * (wide + gap) + gap) / 2, (down - rows * (tall + gap) + gap) / 2
    return tuple(
        (
            f"speak {code}",
            name,
            (left + at % columns * (wide + gap), top + at // columns * (tall + gap), wide, tall),
        )
        for at, (code, name) in enumerate(named)
    )


def high_of(across: float) -> float:
    """How high they are on a screen so many units wide, with what is below them: units."""
    rows = -(-(len(languages()) - 1) // _columns(across))
    return rows * (_HEIGHT + _GAP) - _GAP + _BELOW


def _columns(across: float) -> int:
    most = max(1, int((across - 32 + _GAP) // (_WIDTH + _GAP)))
    count = len(languages()) - 1
    return -(-count // -(-count // most))  # rows of nearly one length


def chosen(name: str | None, words: Words) -> bool:
    """Speaks the language whose button was pressed; False where it was another one, or none."""
    if name is None or not name.startswith("speak "):
        return False
    words.choose(name.removeprefix("speak "))
    return True
