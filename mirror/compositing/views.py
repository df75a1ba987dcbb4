"""Views: which key view is shown at a yaw, and how one passes over into the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Two views of one head do not quite lie on each other at its outline, so that hair mixed of both has a ghost
# beside it: one passes over into the next within so many seconds, and no head is shown two for longer.
SECONDS = 0.2
PLAY = 1.5  # degrees beyond the border between two views before the next is taken: heads there tremble


class ViewChoice:
    """Which of several views is shown, picture after picture."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another head."""
        self._shown: int | None = None
        self._left: int | None = None  # which passes over into it
        self._since = 0.0

    def choose(self, yaws: Sequence[float], yaw: float, now: float) -> list[tuple[int, float]]:
        """The views to be mixed, the stronger first, with shares that add up to 1.

        Args:
            yaws: of the views, degrees, rising.
            yaw: of the head.
            now: seconds.
        """
        if self._shown is None or self._shown >= len(yaws):
            self._shown, self._left = by_distance(yaws, yaw)[0], None
        share = 1.0 if self._left is None else float(np.clip((now - self._since) / SECONDS, 0, 1))
        nearest = by_distance(yaws, yaw)[0]
        nearer = abs(yaws[self._shown] - yaw) - abs(yaws[nearest] - yaw)
        # The border is twice as near as the next view is nearer.
        if nearest != self._shown and nearer > 2 * PLAY:
            # Of a change that is under way the stronger passes over.
            self._left = self._shown if share >= 0.5 or self._left is None else self._left
            self._shown, self._since, share = nearest, now, 0.0
        if self._left is None or share >= 1 or self._left >= len(yaws):
            self._left = None
            return [(self._shown, 1.0)]
        pair = [(self._shown, share), (self._left, 1 - share)]
        return sorted((one for one in pair if one[1] > 0), key=lambda one: -one[1])


def by_distance(yaws: Sequence[float], yaw: float) -> list[int]:
    """The numbers of all views, the nearest to a yaw first."""
    return sorted(range(len(yaws)), key=lambda number: abs(yaws[number] - yaw))
