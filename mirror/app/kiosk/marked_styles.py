"""Marked: the favourites of one visit. They are in memory alone, and forgotten with the visitor."""

from __future__ import annotations


class Marked:
    """Which styles a visitor has marked.

    Attributes:
        numbers: of the styles, in the order of the book.
        only: whether nothing else is to be chosen from.

    Example:
        >>> marked = Marked()
        >>> marked.toggle(7), marked.toggle(3), marked.numbers
        (True, True, (3, 7))
        >>> marked.filter(), marked.among((1, 2, 3))
        (True, (3,))
    """

    def __init__(self) -> None:
        self.numbers: tuple[int, ...] = ()
        self.only = False

    def toggle(self, number: int) -> bool:
        """Marks a style, or takes its mark away; whether it is marked now."""
        marked = number not in self.numbers
        others = [one for one in self.numbers if one != number]
        self.numbers = tuple(sorted([*others, number] if marked else others))
        self.only = self.only and bool(self.numbers)
        return marked

    def filter(self) -> bool:
        """Only these, or all; whether it is only these now."""
        self.only = not self.only and bool(self.numbers)
        return self.only

    def among(self, left: tuple[int, ...] | None) -> tuple[int, ...] | None:
        """What there is to choose from, in order, of what a filter leaves; None: all.

        Where no favourite is in the filter all of them are there: marks were set one by one.
        """
        if not self.only:
            return left
        both = self.numbers if left is None else tuple(one for one in self.numbers if one in left)
        return both or self.numbers

    def forget(self) -> None:
        """Another visitor."""
        self.numbers, self.only = (), False
