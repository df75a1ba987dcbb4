"""Figures person by person: their mean or pooled ratio, how sure it is, and how it differs by group."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

RESAMPLES = 2000


@dataclass
class Tally:
    """What was counted of each figure, by person.

    Example:
        >>> tally = Tally()
        >>> tally.add("psnr", "anna", 20.0)
        >>> tally.add("psnr", "ben", 30.0)
        >>> tally.value("psnr")
        25.0
        >>> tally.add("iou", "anna", 90, 100)  # of 100 pixels
        >>> tally.add("iou", "ben", 0, 10)
        >>> round(tally.value("iou"), 3)
        0.818
    """

    counted: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    largest: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def figures(self) -> list[str]:
        """Names of everything that was counted."""
        return [*self.counted, *self.largest]

    def add(self, figure: str, person: str, total: float, count: float = 1.0) -> None:
        """Adds a value of one person, or a sum and how many things it is of. Twice adds up."""
        people = self.counted.setdefault(figure, {})
        people[person] = people.get(person, np.zeros(2)) + (total, count)

    def most(self, figure: str, person: str, value: float) -> None:
        """Keeps the largest value of one person: for what no mean may hide."""
        people = self.largest.setdefault(figure, {})
        people[person] = max(value, people.get(person, value))

    def value(self, figure: str, among: set[str] | None = None) -> float | None:
        """Sum over sum, or the largest, of all people or of some; None where nothing was counted."""
        if figure in self.largest:
            people = self.largest[figure]
            return max((v for person, v in people.items() if among is None or person in among), default=None)
        rows = self._rows(figure, among)
        total = rows.sum(0)
        return float(total[0] / total[1]) if len(rows) and total[1] > 0 else None

    def interval(self, figure: str, seed: int = 0) -> tuple[float, float] | None:
        """The middle 95% of the value over people drawn with replacement (percentile bootstrap).

        None of fewer than 5 people, which says nothing, and of what is a largest value.
        """
        rows = self._rows(figure, None)
        if len(rows) < 5:
            return None
        drawn = np.random.default_rng(seed).integers(0, len(rows), (RESAMPLES, len(rows)))
        totals = rows[drawn].sum(1)
        values = totals[:, 0] / np.maximum(totals[:, 1], 1e-12)
        low, high = np.percentile(values[totals[:, 1] > 0], (2.5, 97.5))
        return float(low), float(high)

    def summary(self, figure: str) -> dict[str, float | int | None]:
        """Value, low, high and people, as they go into the JSON."""
        low, high = self.interval(figure) or (None, None)
        people = len(self.counted.get(figure) or self.largest.get(figure, {}))
        return {"value": self.value(figure), "low": low, "high": high, "people": people}

    def by_group(self, figure: str, groups: dict[str, str], better: str) -> dict | None:
        """A figure in each group of people.

        Args:
            groups: group by person; people without one are left out.
            better: "higher" or "lower".

        Returns:
            `values` by group, `worst` (the group's name) and `worst_share`: the worst group's figure over
            that of all. None where fewer than two groups were measured.
        """
        members: dict[str, set[str]] = {}
        for person, group in groups.items():
            members.setdefault(group, set()).add(person)
        values = {group: self.value(figure, people) for group, people in members.items()}
        known = {group: value for group, value in values.items() if value is not None}
        whole = self.value(figure)
        if len(known) < 2 or whole is None:
            return None
        worst = (min if better == "higher" else max)(known, key=lambda group: known[group])
        return {"values": values, "worst": worst, "worst_share": known[worst] / whole if whole else None}

    def _rows(self, figure: str, among: set[str] | None) -> np.ndarray:
        people = self.counted.get(figure, {})
        rows = [pair for person, pair in people.items() if among is None or person in among]
        return np.array(rows, np.float64).reshape(-1, 2)
