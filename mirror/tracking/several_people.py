"""Company: the other people before the mirror, up to three, each with a tracker in a window of their own.

The follower looks round about once a second and says who else is there. Whoever moves as people do is tracked
from then on in every picture; a face on a poster is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.tracking.face_follower import faces_of, same_face
from mirror.tracking.face_track import Sighting
from mirror.tracking.liveness import Life
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from mirror.tracking.region_of_interest import Window
from mirror.tracking.tracked_frame import Seen

MOST = 3
# Who was not seen for so long has gone.
GONE_SECONDS = 0.6


@dataclass(slots=True)
class _Guest:
    """One more person, and where to look for them."""

    place: int
    window: Window
    face: Face
    seen_at: float
    sighting: Sighting = field(default_factory=Sighting)
    life: Life = field(default_factory=Life)


class Company:
    """Follows the others.

    Args:
        model: `face_landmarker.task`, where the installed MediaPipe carries no model.
        most: how many, 0 to 3.
    """

    def __init__(self, model: Path | None = None, most: int = MOST) -> None:
        self._model, self._most = model, most
        self._trackers: dict[int, FaceTracker] = {}
        self._guests: list[_Guest] = []

    @property
    def lively(self) -> list[Face]:
        """The faces of those who are certainly people."""
        return [guest.face for guest in self._guests if guest.life.alive]

    def follow(self, frame: Frame, first: Face | None, others: Sequence[Face]) -> tuple[Seen, ...]:
        """The others in a frame, as the mirror looks at heads; those who are no people are left out.

        Args:
            first: who is followed already.
            others: faces seen somewhere in the frame lately.
        """
        now, image = frame.captured_at, frame.image
        for guest in list(self._guests):
            found = faces_of(self._trackers[guest.place], guest.window.cut(image))
            if found:
                guest.face, guest.seen_at = guest.window.lift(found[0]), now
                guest.window = guest.window.after(guest.face)
                guest.life.note(guest.face, now)
            taken = first is not None and same_face(guest.face, first)
            twice = any(same_face(guest.face, other.face) for other in self._guests if other is not guest)
            if taken or twice or not 0 <= now - guest.seen_at <= GONE_SECONDS:
                self._guests.remove(guest)
        for face in others:
            known = [guest.face for guest in self._guests] + ([first] if first is not None else [])
            if len(self._guests) < self._most and not any(same_face(face, other) for other in known):
                self._greet(face, now)
        return tuple(self._seen(frame, guest, first) for guest in self._guests if guest.life.alive)

    def beside(self, face: Face | None, first: Face | None = None) -> tuple[HeadTransform, ...]:
        """Where the heads of everybody but one are, `first` too if it is told."""
        faces = [guest.face for guest in self._guests] + ([first] if first is not None else [])
        return tuple(
            HeadTransform.from_face(other) for other in faces if face is None or not same_face(other, face)
        )

    def close(self) -> None:
        """Gives the trackers back and forgets everybody."""
        for tracker in self._trackers.values():
            tracker.close()
        self._trackers, self._guests = {}, []

    def _greet(self, face: Face, now: float) -> None:
        place = min(set(range(1, self._most + 1)) - {guest.place for guest in self._guests})
        if place not in self._trackers:
            self._trackers[place] = open_tracker(faces=1, model=self._model)
        self._guests.append(_Guest(place, Window.around(face), face, now))

    def _seen(self, frame: Frame, guest: _Guest, first: Face | None) -> Seen:
        sighting = guest.sighting
        if guest.seen_at < frame.captured_at:
            sighting.miss(frame.captured_at)
            return Seen(frame, since=sighting.since, place=guest.place)
        face, transform = sighting.see(guest.face, frame, pixels=False)
        beside = self.beside(guest.face, first)
        return Seen(frame, face, transform, sighting.since, place=guest.place, beside=beside)
