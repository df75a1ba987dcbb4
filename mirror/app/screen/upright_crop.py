"""Framing: which part of a picture fills the screen; on an upright one head and shoulders, by the face.

    framing = Framing()
    part = framing.part((1280, 720), face, (1080, 1920), now)    # every picture

A screen that lies shows as much as fills it, and all of a picture of which that would cut too much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mirror.core.face import Face

# What head and shoulders need, in heights of the face (forehead to chin): an afro is 2.2 of them wide; above
# the forehead hair takes up to 0.9, and 1.4 below the chin show the shoulders.
WIDE, TALL = 2.4, 3.3
# The middle of the face lies at this share of the part's height: what is below is covered by the strip.
LEVEL = 0.42
# A screen that lies is filled where at least this share of the picture is seen: a camera of 4 to 3 on a
# screen of 16 to 9 (0.75), not an upright photograph, which would lose its hair.
KEPT = 0.7
# No part is lower than this share of the lowest that the screen's proportions allow: a camera's 720 rows are
# enlarged 2.7 times on a screen of 1920 already.
LEAST = 0.7
# The face may be off its place by these shares of the part, and the part off its size, before it follows.
SLACK, SLACK_SIZE = 0.07, 0.12
GLIDE = 0.3  # seconds: two of them do six tenths of the way, four nine tenths
EDGE = 0.04  # of the part's width: whoever moves faster than it glides comes no nearer to its border
PATIENCE = 2.0  # seconds without a face before the part goes back to the middle of the picture
_FALL = 0.25  # seconds: the longest step that is followed; after a longer pause it does not leap


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture, in its pixels, fractions too: edges, not pixel centres.

    Example:
        >>> Part.whole((1280, 720))
        Part(left=0.0, top=0.0, width=1280.0, height=720.0)
    """

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def whole(cls, picture: tuple[int, int]) -> Part:
        """All of a picture of (width, height)."""
        return cls(0.0, 0.0, float(picture[0]), float(picture[1]))


def fills(picture: tuple[int, int], screen: tuple[int, int], filled: bool = False) -> bool:
    """Whether a screen, (width, height) in pixels, is filled with a part of a picture.

    Args:
        filled: a picture wider than the screen is cut at its sides, however much that is.

    Example:
        >>> fills((1280, 720), (1080, 1920)), fills((1280, 720), (800, 600)), fills((720, 1280), (1080, 1920))
        (True, True, False)
    """
    wider, higher = picture[0] * screen[1], picture[1] * screen[0]
    if max(wider, higher) <= 1.02 * min(wider, higher):
        return False  # alike but for a rounding: then whole, or one column would be cut off
    upright = screen[1] > screen[0]
    return ((upright or filled) and wider > higher) or min(wider, higher) >= KEPT * max(wider, higher)


def portrait_part(
    picture: tuple[int, int], face: Face | None, screen: tuple[int, int], filled: bool = False
) -> Part:
    """The part of a picture that a screen shows best, for this one picture; `Framing` moves it slowly.

    Args:
        picture, screen: (width, height), pixels.
        face: in the picture's pixels; None: the middle of the picture.
        filled: as of `fills`.

    Returns:
        A part inside the picture: of the screen's proportions where `fills`, else all of it.

    Example:
        >>> portrait_part((1280, 720), None, (1080, 1920))
        Part(left=437.5, top=0.0, width=405.0, height=720.0)
    """
    if not fills(picture, screen, filled):
        return Part.whole(picture)
    middle = picture[0] / 2, picture[1] * LEVEL
    tall = float(picture[1])
    if face is not None:
        left, top, right, bottom = face.box
        middle = (left + right) / 2, (top + bottom) / 2
        if screen[1] > screen[0]:
            tall = max(TALL, WIDE * screen[1] / screen[0]) * face.height
    return _about(middle, tall, picture, screen)


class Framing:
    """The part of the pictures that is shown, as it moves after the face. Times are seconds of one clock.

    Example:
        >>> framing = Framing()
        >>> framing.part((1280, 720), None, (540, 960), now=0.0).width
        405.0
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begins anew, as for the next person."""
        self._of: tuple[tuple[int, int], tuple[int, int]] | None = None
        self._aim = self._at = self._speed = (0.0, 0.0, 0.0)  # middle and height of the part
        self._now = 0.0
        self._faced_at = -math.inf

    def part(
        self,
        picture: tuple[int, int],
        face: Face | None,
        screen: tuple[int, int],
        now: float,
        filled: bool = False,
    ) -> Part:
        """The part to show at `now`. Arguments and result as of `portrait_part`.

        On a screen that becomes higher or lower it keeps its scale at first, and glides to the best one.
        """
        if not fills(picture, screen, filled):
            self.forget()
            return Part.whole(picture)
        resized = self._of is not None and self._of[0] == picture and self._of[1] != screen
        fresh = (self._of != (picture, screen) and not resized) or (
            face is not None and self._faced_at == -math.inf
        )
        if resized and self._of is not None:
            x, y, tall = self._at
            longer = tall * (screen[1] / self._of[1][1] - 1)
            self._of, self._at = (picture, screen), (x, y + longer / 2, tall + longer)
        if face is not None:
            self._faced_at = now
        if fresh or resized or face is not None or now - self._faced_at > PATIENCE:
            best = portrait_part(picture, face, screen, filled)
            aim = (best.left + best.width / 2, best.top + best.height / 2, best.height)
            self._follow(aim, screen, fresh or resized)
        if fresh:
            self._of, self._at, self._speed, self._now = (picture, screen), self._aim, (0.0, 0.0, 0.0), now
        self._glide(now)
        if face is not None:
            self._keep_in(face, screen)
        x, y, tall = self._at
        return _about((x, y + (LEVEL - 0.5) * tall), tall, picture, screen)

    def _keep_in(self, face: Face, screen: tuple[int, int]) -> None:
        """A face that moves fast takes the part along before it leaves it."""
        x, y, tall = self._at
        left, _, right, _ = face.box
        most = (0.5 - EDGE) * tall * screen[0] / screen[1]
        if right - left < 2 * most:
            self._at = min(max(x, right - most), left + most), y, tall

    def _follow(self, best: tuple[float, float, float], screen: tuple[int, int], fresh: bool) -> None:
        """Aims anew once the best is further off than the slack."""
        tall = self._aim[2]
        slack = (SLACK * tall * screen[0] / screen[1], SLACK * tall, SLACK_SIZE * tall)
        off = any(abs(a - b) > most for a, b, most in zip(best, self._aim, slack, strict=True))
        if fresh or off:
            self._aim = best

    def _glide(self, now: float) -> None:
        """Towards the aim as a damped spring does that never swings past it: it starts and ends softly."""
        step = min(max(now - self._now, 0.0), _FALL)
        self._now = now
        fade = math.exp(-step / GLIDE)
        at, speed = [], []
        for here, there, fast in zip(self._at, self._aim, self._speed, strict=True):
            away = here - there
            push = fast + away / GLIDE
            at.append(there + (away + push * step) * fade)
            speed.append((fast - push * step / GLIDE) * fade)
        self._at, self._speed = (at[0], at[1], at[2]), (speed[0], speed[1], speed[2])


def _about(
    middle: tuple[float, float], tall: float, picture: tuple[int, int], screen: tuple[int, int]
) -> Part:
    """The part of the screen's proportions with a point on its level, moved into the picture."""
    most = min(float(picture[1]), picture[0] * screen[1] / screen[0])
    tall = min(max(tall, LEAST * most), most)
    wide = tall * screen[0] / screen[1]
    left = min(max(middle[0] - wide / 2, 0.0), max(picture[0] - wide, 0.0))
    top = min(max(middle[1] - LEVEL * tall, 0.0), max(picture[1] - tall, 0.0))
    return Part(left, top, wide, tall)
