"""Plural: which of a text's forms fits a number; the rules of the Unicode CLDR, for whole numbers."""

from __future__ import annotations

from collections.abc import Callable


def _one(count: int) -> str:
    return "one" if count == 1 else "other"


def _french(count: int) -> str:
    return "one" if count in (0, 1) else "other"


def _arabic(count: int) -> str:
    if count <= 2:
        return ("zero", "one", "two")[count]
    rest = count % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _japanese(count: int) -> str:
    return "other"


_RULES: dict[str, tuple[Callable[[int], str], tuple[str, ...]]] = {
    "ar": (_arabic, ("zero", "one", "two", "few", "many", "other")),
    "fr": (_french, ("one", "other")),
    "ja": (_japanese, ("other",)),
}
_USUAL = (_one, ("one", "other"))  # English, German, Spanish, Italian, Turkish and most others in Europe


def category(language: str, count: int) -> str:
    """The form that fits a number of 0 or more: "zero", "one", "two", "few", "many" or "other".

    Example:
        >>> category("fr", 0), category("de", 0), category("ar", 11), category("ja", 1)
        ('one', 'other', 'many', 'other')
    """
    return _RULES.get(language, _USUAL)[0](count)


def categories(language: str) -> tuple[str, ...]:
    """All forms that a language has."""
    return _RULES.get(language, _USUAL)[1]
