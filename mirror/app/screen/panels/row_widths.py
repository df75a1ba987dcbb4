"""Row widths: how wide buttons are that share a row, by the room that their words need."""

from __future__ import annotations

from collections.abc import Sequence


def share_row(needs: Sequence[float], room: float) -> list[float]:
    """Widths, in the unit of `needs` and `room`, that fill the row: alike, where that does for the longest
    words; else each has what its words need, and an equal share of what is left, or lacking.

    Example:
        >>> share_row([10, 20], 60), share_row([10, 40], 60)
        ([30.0, 30.0], [15.0, 45.0])
    """
    even, spare = room / len(needs), (room - sum(needs)) / len(needs)
    return [even if max(needs) <= even else one + spare for one in needs]
