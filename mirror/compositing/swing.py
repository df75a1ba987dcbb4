"""Swing: hair that hangs below the chin, or stands high above the head, follows the head as on springs.

A small grid of masses in the picture, each drawn to its place on the head and, row by row, to where the mass
nearer to the scalp has gone (mass-spring chains of Rosenblum et al. 1991, but for a whole layer). A
head that is still has hair that is still: nothing moves by itself.
"""

from __future__ import annotations

import numpy as np

# Where the masses sit, cm from between the eyes (left, back, up): three columns; four rows of hanging hair
# from the chin on, two of hair above the crown.
_COLUMNS = (-8.0, 0.0, 8.0)
_HANGING, _STANDING = (-11.0, -18.0, -26.0, -36.0), (13.0, 20.0)
_DEEP = 8.0
MASSES = np.array([[[x, _DEEP, up] for x in _COLUMNS] for up in (*_HANGING, *_STANDING)])
_DOWN, _UP = slice(0, len(_HANGING)), slice(len(_HANGING), len(MASSES))
# How often a row of straight hair swings, Hz, as pendulums of such lengths do or a little faster, for hair
# holds on to itself, by eye; and the damping ratio of a swing: with 0.3 tips wandered 3 pixels about a head
# that was still, for its pose is never told exactly, with this 1.8 (eyes 25 pixels apart).
_HERTZ = np.array([3.0, 2.2, 1.7, 1.4, 4.5, 3.5])
_DAMPED = 0.55
# By kind of hair: how much stiffer it is.
_STIFFER = {"straight": 1.0, "wavy": 1.1, "curly": 1.3, "coily": 1.6}
# So much of the way that a mass has gone the next one goes along, before it swings itself.
_ALONG = 0.8
# How far a mass may go from its place, in eye distances, by row: the first ones hang at the head.
_FURTHEST = np.array([0.03, 0.12, 0.22, 0.3, 0.03, 0.08])
_STEP = 1 / 120  # seconds: steps so short are stable at any rate of pictures
_LOST = 0.5  # seconds without a picture, or eye distances that a head jumped in one, times four: anew


def stiffness(tags: tuple[str, ...]) -> float:
    """How stiff hair of these tags is, straight hair is 1.

    Example:
        >>> stiffness(("short", "coily", "black"))
        1.6
    """
    return max((_STIFFER[tag] for tag in tags if tag in _STIFFER), default=1.0)


class Swing:
    """Of one head.

    Args:
        amount: 0 (it does not swing) to 1; more is more than it would.
    """

    def __init__(self, amount: float = 1.0) -> None:
        self.amount = amount
        self.reset()

    def reset(self) -> None:
        """Another head: its hair hangs still."""
        self._at: float | None = None
        self._anchors = np.zeros((*MASSES.shape[:2], 2))
        self._off = np.zeros_like(self._anchors)
        self._speed = np.zeros_like(self._anchors)

    def look(self, anchors: np.ndarray, eyes: float, now: float, stiff: float = 1.0) -> np.ndarray:
        """Where the masses are, once a picture; asked again for the same picture it says the same.

        Args:
            anchors: float (rows, columns, 2): frame pixels of `MASSES` on the head.
            eyes: pixels between the eyes.
            now: seconds of the picture.
            stiff: see `stiffness`.

        Returns:
            float64 (rows, columns, 2): frame pixels from its anchor to each mass.
        """
        if self.amount <= 0:
            return np.zeros_like(self._off)
        if self._at is None or not 0 <= now - self._at <= _LOST:
            self.reset()
        elif now > self._at:
            moved = anchors - self._anchors
            if np.abs(moved).max() > 4 * _LOST * eyes:
                self.reset()
            else:
                self._advance(moved, now - self._at, stiff)
                most = (_FURTHEST * eyes)[:, None, None]
                length = np.hypot(self._off[..., :1], self._off[..., 1:])
                self._off *= np.minimum(1, most / np.maximum(length, 1e-9))
        self._anchors, self._at = anchors.copy(), now
        return self._off * self.amount

    def _advance(self, moved: np.ndarray, seconds: float, stiff: float) -> None:
        """Lets the masses go on while their anchors move by `moved`; semi-implicit Euler."""
        steps = max(1, int(np.ceil(seconds / _STEP)))
        short, part = seconds / steps, moved / steps
        omega = (2 * np.pi * _HERTZ * stiff)[:, None, None]
        for _ in range(steps):
            # The head goes on, and what it carries stays where it was.
            self._off -= part
            pull = np.zeros_like(self._off)
            for rows in (_DOWN, _UP):
                pull[rows][1:] = _ALONG * self._off[rows][:-1]
            # Speeds are those in the picture; what slows a swing is the hair beside, that goes with the head.
            slower = self._speed - part / short
            self._speed += short * (omega**2 * (pull - self._off) - 2 * _DAMPED * omega * slower)
            self._off += short * self._speed


def shares_of(places: np.ndarray) -> np.ndarray:
    """How far places on the head go with each mass, float64 (N, masses): linearly in between.

    Args:
        places: float (N, 2): cm from between the eyes, left and up, as the head is seen.
    """
    across = np.clip((places[:, 0] - _COLUMNS[0]) / (_COLUMNS[1] - _COLUMNS[0]), 0, len(_COLUMNS) - 1)
    column = np.minimum(across.astype(int), len(_COLUMNS) - 2)
    aside = across - column
    out, here = np.zeros((len(places), *MASSES.shape[:2])), np.arange(len(places))
    for rows, heights in ((_DOWN, _HANGING), (_UP, _STANDING)):
        sign = np.sign(heights[-1] - heights[0])
        # Nearer to the scalp than the first row it hangs at the head.
        marks = np.array([heights[0] - sign * 4.0, *heights]) * sign
        row = np.interp(places[:, 1] * sign, marks, np.arange(len(marks)))
        above = np.minimum(row.astype(int), len(marks) - 2)
        down = row - above
        chain = np.zeros((len(places), len(marks), len(_COLUMNS)))
        for i, along in ((0, 1 - down), (1, down)):
            for j, beside in ((0, 1 - aside), (1, aside)):
                chain[here, above + i, column + j] = along * beside
        out[:, rows] = chain[:, 1:]
    return out.reshape(len(places), -1)
