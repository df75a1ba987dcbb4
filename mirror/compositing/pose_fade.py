"""How strongly the new hair shows: it fades in with a face, and out where a head is turned too far.

The networks were trained on faces within about 25 degrees of yaw and 20 of pitch, and the bulge of
`mirror.core.pose_warp` knows no ears and no back of the head. Beyond what can be believed the person sees
their own hair. Half of each would be a ghost, so nobody sees that for longer than it takes to get there:
where the pose is half believed the hair goes, a little nearer to the camera it comes back, both eased in
time.

A face that is not found keeps its hair for a moment: mostly it is there, and only the tracker missed it.
"""

from __future__ import annotations

import math

from mirror.core.face import Face
from mirror.tracking.temporal_smoothing import FORGET_SECONDS
from mirror.translation.message import Message

FADE_SECONDS = 0.3
# Degrees: up to the first the hair holds, at the second it is gone.
YAW = (32.0, 50.0)
# Nodding is measured against the mesh's own forehead and chin: people who look at the camera have -6.6 in the
# median of 4,100 portraits, so 20 degrees down from there is -26.6.
NOSE_UP = (24.0, 40.0)
# Hair that only goes is followed further up: no network paints any. Two people at 37 degrees wear each stage
# as others do at 20; nobody further up was looked at.
BARE_UP = (38.0, 52.0)
NOSE_DOWN = (-30.0, -46.0)
# Head space is turned along with the head: what ends here is the tracker's surety, not the hair's.
ROLL = (45.0, 60.0)
# Shares of belief: where it falls below the first the hair goes, above the second it comes back; between, two
# to four degrees, trembling changes nothing.
GOES, COMES = 0.4, 0.65
TURN_SECONDS = 0.3  # which either takes
# What is told to whoever has been turned too far for so long: who speaks to somebody beside them is left in
# peace.
TOWARDS, AFTER_SECONDS = Message("Look towards the mirror"), 2.0
# For so long a face that is missed keeps its hair as it was; from then on that goes, and is gone when the
# face is taken for another's (`FORGET_SECONDS`). Trackers that lose a face find it again within a few frames;
# after a quarter of a second more often somebody has left.
HOLD_SECONDS = 0.25


def believable(pose: tuple[float, float, float], nose_up: tuple[float, float] = NOSE_UP) -> float:
    """How much of the new hair is believed on a head in this pose, 0 to 1.

    Args:
        pose: yaw, pitch and roll in degrees, see `mirror.core.face.Face.pose`.
        nose_up: degrees of looking up at which it holds and is gone: `NOSE_UP`, or `BARE_UP`.

    Example:
        >>> believable((30.0, -20.0, 20.0)), believable((60.0, 0.0, 0.0))
        (1.0, 0.0)
    """
    yaw, pitch, roll = pose
    return (
        _slope(abs(yaw), *YAW)
        * _slope(pitch, *nose_up)
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
        self._off_since: float | None = None
        self._way = 0.0
        self._time = -math.inf
        self._shown = 0.0  # what was said when the face was seen last
        self._back: tuple[float, float] | None = None  # what was said when it was missed, and when

    @property
    def advice(self) -> str:
        """What the person is told: `TOWARDS`, or "" where the pose is believed or was a moment ago."""
        away = self._off_since is not None and self._time - self._off_since >= AFTER_SECONDS
        return TOWARDS if away else ""

    def strength(
        self, face: Face, seconds: float, time: float, nose_up: tuple[float, float] = NOSE_UP
    ) -> float:
        """How strongly the new hair shows in this frame, 0 to 1.

        Args:
            face: as followed.
            seconds: for how long it has been there.
            time: `frame.captured_at`, seconds.
            nose_up: see `believable`.
        """
        belief, step = believable(face.pose, nose_up), time - self._time
        self._time = time
        if self._on is None or not 0 < step <= FORGET_SECONDS:
            self._on = belief >= (GOES + COMES) / 2
            self._way = float(self._on)
            self._back = None
        else:
            self._on = belief >= (GOES if self._on else COMES)
            part = step / TURN_SECONDS
            self._way = min(max(self._way + (part if self._on else -part), 0.0), 1.0)
        self._off_since = None if self._on else time if self._off_since is None else self._off_since
        self._shown = faded_in(seconds) * _eased(self._way)
        if self._back is not None:
            # It goes on from where it was: what came while nobody saw the face comes by and by.
            said, when = self._back
            risen = said + max(time - when, 0.0) / FADE_SECONDS
            self._back = (risen, time) if risen < self._shown else None
            self._shown = min(self._shown, risen)
        return self._shown

    def waits(self, time: float) -> bool:
        """Whether a face that is missed at `time` may still be taken for the same when it comes back."""
        return self._on is not None and 0 <= time - self._time <= FORGET_SECONDS

    def missed(self, time: float) -> float:
        """How strongly the hair still shows in a frame in which the face was not found, 0 to 1.

        Args:
            time: `frame.captured_at`, seconds.
        """
        if not self.waits(time):
            return 0.0
        gap = time - self._time
        left = (FORGET_SECONDS - gap) / (FORGET_SECONDS - HOLD_SECONDS)
        said = self._shown * _eased(min(left, 1.0))
        self._back = said, time
        return said


def faded_in(seconds: float) -> float:
    """How strongly the new hair shows on a face that has been there for so long, 0 to 1."""
    # The first frame with a face already shows a trace of the new hair: the person sees it coming.
    return min(1.0, seconds / FADE_SECONDS + 0.05)


def _slope(angle: float, hold: float, gone: float) -> float:
    """1 up to `hold`, 0 from `gone` on, smooth between."""
    return _eased(min(max((gone - angle) / (gone - hold), 0.0), 1.0))


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)
