"""Messages: lines for the person, written in English where they arise, that can be said in any language.

A message is its English words, so that a log or a terminal prints it as it is; it also remembers what it was
made of. A test reads every message out of the source and holds each language to exactly those.
"""

from __future__ import annotations

from typing import Any


class Message(str):
    """English words with what they name put in.

    Args:
        template: the words; a literal, so that the tests find it. "{name}" is replaced by the value of that
            name: a number (with a format, as in "{rate:.1f}"), a name, or another message.

    Attributes:
        template, values: as given.

    Example:
        >>> told = Message("Saved to {path}", path="x.png")
        >>> told, told.template, str(told) is told
        ('Saved to x.png', 'Saved to {path}', True)
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Message:
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made

    def naming(self, **values: Any) -> Message:
        """The same message about something else."""
        return Message(self.template, **{**self.values, **values})

    def __str__(self) -> str:
        """Itself: an error that is made of it gives it back whole."""
        return self

    def __reduce__(self) -> Any:
        return _made_again, (self.template, self.values)


class Said(str):
    """Words that are in the person's language already, or have none: a name, a path, a key, a number."""


def counted(one: str, many: str, count: int, **values: Any) -> Message:
    """A message about a number of things, in English one of two; `many` is what it is looked up by.

    Example:
        >>> counted("1 favourite", "{count} favourites", 1), counted("1 favourite", "{count} favourites", 3)
        ('1 favourite', '3 favourites')
    """
    made = Message(many, count=count, **values)
    if count == 1:
        made = str.__new__(Message, one.format(count=count, **values))
        made.template, made.values = many, {"count": count, **values}
    return made


def joined(between: str, *parts: str) -> Message:
    """Several messages as one, with something between them that is the same in every language.

    Example:
        >>> joined("\\n", Message("Now"), "bob")
        'Now\\nbob'
    """
    made = str.__new__(Message, between.join(parts))
    made.template, made.values = between, {"parts": parts}
    return made


def _made_again(template: str, values: dict[str, Any]) -> Message:
    return Message(template, **values)
