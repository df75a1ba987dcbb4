"""Groups: how the styles of a book are put in order, by what their tags say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from mirror.translation.message import Message

# In the order in which they are shown. Of a style's groups the last counts: braids are braids, however long.
GROUPS: dict[str, frozenset[str]] = {
    "short": frozenset({"short", "pixie", "shaved"}),
    "medium": frozenset({"bob", "chin", "lob", "shoulder"}),
    "long": frozenset({"long"}),
    "up": frozenset({"up", "bun"}),
    "braids": frozenset({"braids", "cornrows", "locs", "twists"}),
    "colours": frozenset({"dye"}),
    "more": frozenset(),  # what a salon's own tags do not tell
    "loss": frozenset({"bald", "hair loss"}),
}
# What a person reads.
SAID = {
    "short": Message("Short"), "medium": Message("Medium"), "long": Message("Long"), "up": Message("Up"),
    "braids": Message("Braids & locs"), "colours": Message("Colours"), "more": Message("More"),
    "loss": Message("Hair loss"),
}  # fmt: skip
# Within its group such a style comes last: there is the least hair.
LEAST = {"short": "shaved", "loss": "bald"}


def group_of(tags: Collection[str]) -> str:
    """The group of a style with such tags.

    Example:
        >>> group_of(("long", "braids", "black")), group_of(("unheard of",))
        ('braids', 'more')
    """
    return next((name for name in reversed(GROUPS) if not GROUPS[name].isdisjoint(tags)), "more")


def place_of(tags: Collection[str]) -> tuple[int, bool]:
    """What styles are sorted by; those of one place stay as they were."""
    group = group_of(tags)
    return list(GROUPS).index(group), LEAST.get(group) in tags


def firsts(tags: Sequence[Collection[str]], among: Sequence[int] | None = None) -> dict[str, int]:
    """The number of the first style of every group that there is, in order.

    Args:
        tags: of every style, in the order of `place_of`.
        among: numbers of the styles that count, in order; None: all.
    """
    numbers = range(len(tags)) if among is None else among
    numbered = groupby(((number, tags[number]) for number in numbers), key=lambda style: group_of(style[1]))
    return {name: next(styles)[0] for name, styles in numbered}
