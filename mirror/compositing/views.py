"""Views: which key views are shown at a yaw, and how strongly each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FADE = 3.0  # degrees over which one view passes over into the next
PLAY = 0.5  # degrees that the head may turn back before the fade does: heads at the border tremble


class ViewChoice:
    """Which of several views is shown, picture after picture."""

    def __init__(self) -> None:
        self._at: float | None = None

    def reset(self) -> None:
        """Another head."""
        self._at = None

    def choose(self, yaws: Sequence[float], yaw: float) -> list[tuple[int, float]]:
        """The views to be mixed, nearest first, with shares that add up to 1.

        Args:
            yaws: of the views, degrees, rising.
            yaw: of the head.
        """
        # What is followed lags behind by the play, as a gear with some does.
        self._at = yaw if self._at is None else float(np.clip(self._at, yaw - PLAY, yaw + PLAY))
        for number in range(len(yaws) - 1):
            border = (yaws[number] + yaws[number + 1]) / 2
            share = (self._at - border) / FADE + 0.5
            if share < 1:
                share = max(share, 0.0)
                pair = [(number, 1 - share), (number + 1, share)]
                return sorted((one for one in pair if one[1] > 0), key=lambda one: -one[1])
        return [(len(yaws) - 1, 1.0)]


def by_distance(yaws: Sequence[float], yaw: float) -> list[int]:
    """The numbers of all views, the nearest to a yaw first."""
    return sorted(range(len(yaws)), key=lambda number: abs(yaws[number] - yaw))
