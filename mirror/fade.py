"""How strongly the new hair shows: it fades in with a face, and out where a head is turned too far.

The networks were trained on faces within about 25 degrees of yaw and 20 of pitch, and the bulge of
`mirror.turn` knows no ears and no back of the head. Beyond what can be believed the person sees their own
hair. Half of each would be a ghost, so nobody sees that for longer than it takes to get there: where the pose
is half believed the hair goes, a little nearer to the camera it comes back, both eased in time.
"""

from __future__ import annotations

import math

from mirror.face import Face

FADE_SECONDS = 0.3
# Degrees: up to the first the hair holds, at the second it is gone.
YAW = (32.0, 50.0)
# Nodding is measured against the mesh's own forehead and chin: people who look at the camera have -6.6 in the
# median of 4,100 portraits, so 20 degrees down from there is -26.6.
NOSE_UP = (24.0, 40.0)
NOSE_DOWN = (-30.0, -46.0)
# Head space is turned along with the head: what ends here is the tracker's surety, not the hair's.
ROLL = (45.0, 60.0)
# Shares of belief: where it falls below the first the hair goes, above the second it comes back; between, two
# to four degrees, trembling changes nothing.
GOES, COMES = 0.4, 0.65
TURN_SECONDS = 0.3  # which either takes
# After so long without a word the next pose is taken as it is.
FORGET_SECONDS = 0.5


def believable(pose: tuple[float, float, float]) -> float:
    """How much of the new hair is believed on a head in this pose, 0 to 1.

    Args:
        pose: yaw, pitch and roll in degrees, see `mirror.face.Face.pose`.

    Example:
        >>> believable((30.0, -20.0, 20.0)), believable((60.0, 0.0, 0.0))
        (1.0, 0.0)
    """
    yaw, pitch, roll = pose
    return (
        _slope(abs(yaw), *YAW)
        * _slope(pitch, *NOSE_UP)
        * _slope(-pitch, -NOSE_DOWN[0], -NOSE_DOWN[1])
        * _slope(abs(roll), *ROLL)
    )


class Fade:
    """The strength of the new hair over a stream.

    Example:
        >>> fade = Fade()
        >>> # strength = fade.strength(face, seen_for, frame.captured_at)
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the head: the next pose is taken as it is."""
        self._on: bool | None = None
        self._way = 0.0
        self._time = -math.inf

    def strength(self, face: Face, seconds: float, time: float) -> float:
        """How strongly the new hair shows in this frame, 0 to 1.

        Args:
            face: as followed.
            seconds: for how long it has been there.
            time: `frame.captured_at`, seconds.
        """
        belief, step = believable(face.pose), time - self._time
        self._time = time
        if self._on is None or not 0 < step <= FORGET_SECONDS:
            self._on = belief >= (GOES + COMES) / 2
            self._way = float(self._on)
        else:
            self._on = belief >= (GOES if self._on else COMES)
            part = step / TURN_SECONDS
            self._way = min(max(self._way + (part if self._on else -part), 0.0), 1.0)
        return faded_in(seconds) * self._way * self._way * (3 - 2 * self._way)


def faded_in(seconds: float) -> float:
    """How strongly the new hair shows on a face that has been there for so long, 0 to 1."""
    # The first frame with a face already shows a trace of the new hair: the person sees it coming.
    return min(1.0, seconds / FADE_SECONDS + 0.05)


def _slope(angle: float, hold: float, gone: float) -> float:
    """1 up to `hold`, 0 from `gone` on, smooth between."""
    share = min(max((gone - angle) / (gone - hold), 0.0), 1.0)
    return share * share * (3 - 2 * share)
