"""Stream: everything that the mirror comes to know of those who stand before it, in one object.

What a person leaves in here goes with it: to forget them, the whole of it is overwritten and another is made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from mirror.compositing.over import Canvas
from mirror.core.face import Face
from mirror.core.frame import Frame, check_frame
from mirror.core.workers import Workers
from mirror.engines import Engine
from mirror.hair.styles.selection import Styling
from mirror.pipeline.other_people import Guests
from mirror.pipeline.own_thumbnails import OwnThumbnails
from mirror.pipeline.person import Dresser, Room
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.style_grid import Grid
from mirror.pipeline.worn_style import Worn
from mirror.removal.background_plate import Plate
from mirror.segmentation.instance_separation import in_front_last
from mirror.tracking.face_follower import Follower, faces_by_size
from mirror.tracking.face_track import Sighting
from mirror.tracking.liveness import Life
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from mirror.tracking.several_people import Company
from mirror.tracking.tracked_frame import Seen

OWN_HAIR = "your own hair"


class Stream:
    """One stream of pictures, from the first to whenever all of it is forgotten.

    Args:
        engines: the networks `matte`, `painter` and `body`.
        styling: what is worn in it.
        encoder: opens the network `encoder` when it is first needed.
        workers: who paints.
        face_model: `face_landmarker.task`, where the installed MediaPipe needs one.

    Attributes:
        styling: as given.
        plate: the remembered wall; dresser: of the person who is followed.
        own_thumbnails: of the person who is followed.
        grid: styles that are shown at once; None: one is worn.
        wants_own: whether the person's own hair is to be put on with the next picture of them.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        styling: Styling,
        encoder: Callable[[], Engine],
        workers: Workers,
        face_model: Path | None,
    ) -> None:
        self.styling = styling
        self.plate = Plate()
        self._room = Room(engines, styling, self.plate, encoder, workers)
        self.dresser = self.new_dresser()
        self.grid: Grid | None = None
        self.own_thumbnails = OwnThumbnails(styling, workers, self.dresser.swap, self.plate)
        self.wants_own = False
        self._dressed_at: float | None = None  # the picture that was dressed last, if it had a face
        self._face_model = face_model
        self._follower: Follower | None = None
        self._single: FaceTracker | None = None
        self._sighting = Sighting()
        self._life = Life()
        self._company = Company(face_model)
        self._canvas = Canvas()
        self._guests = Guests(self.new_dresser)

    def new_dresser(self) -> Dresser:
        """A dresser for one more person."""
        return Dresser(self._room)

    def open(self) -> Follower:
        """The follower of the stream, its trackers opened."""
        if self._follower is None:
            self._follower = Follower(self._face_model)
        return self._follower

    def faces(self, image: np.ndarray) -> list[Face]:
        """The two largest faces of one picture, uint8 (H, W, 3) RGB, that is no part of the stream."""
        if self._single is None:
            self._single = open_tracker(still=True, faces=2, model=self._face_model)
        return faces_by_size(self._single, image)

    def look(self, frame: Frame) -> Seen:
        """See `mirror.pipeline.mirror.Mirror.look`."""
        check_frame(frame)
        clock = time.perf_counter()
        stages: dict[str, float] = {}
        face = self._person(self.open().follow(frame), frame)
        if face is None:
            return self._miss(frame, stages, clock)
        face, transform = self._sighting.see(face, frame)
        others = self._company.follow(frame, face, self.open().others)
        beside = self._company.beside(face)
        _lap(stages, "track", clock)
        return Seen(frame, face, transform, self._sighting.since, stages, others=others, beside=beside)

    def dress(self, seen: Seen) -> Shown:
        """See `mirror.pipeline.mirror.Mirror.dress`."""
        frame, stages, dresser = seen.frame, dict(seen.stages), self.dresser
        self.own_thumbnails.note(frame.captured_at)
        dresser.remembers = bool(self.own_thumbnails.wanted)
        self._dressed_at = frame.captured_at if seen.face is not None else None
        if seen.face is None:
            self.plate.learn(frame.image, frame.captured_at)
            if not dresser.waits(frame.captured_at):
                dresser.forget()
                self._another()
        elif dresser.meet(seen.since):
            self._another()
        if self.wants_own and seen.face is not None:
            self.wants_own = False
            self.styling.wear(dresser.own_code(seen), OWN_HAIR, frame.captured_at)
        clock = time.perf_counter()
        if self.grid is not None:
            strength = dresser.strength(seen)
            image = self.grid.show(seen, dresser, strength)
            if seen.face is not None:
                _lap(stages, "swap", clock)
            worn = Worn() if dresser.where is None else self._grid_worn(self.grid)
            return Shown(
                frame, image, seen.face, None, dresser.where, strength, stages, worn, dresser.advice,
                coming=self.grid.coming,
            )  # fmt: skip
        others = seen.others if dresser.loss.amount is None else ()
        mine = dresser.dress(seen, stages, 1 + len(others))
        clock = time.perf_counter()
        heads = [] if mine is None else [mine]
        heads += self._guests.dress(others)
        if not heads:
            return Shown(frame, frame.image, stages=stages)
        image = frame.image.copy()
        for number in in_front_last([one.transform for one in heads]):
            heads[number].lay(image, frame.image, self._canvas)
        _lap(stages, "compose", clock)
        worn = dresser.worn(frame.captured_at)
        one, advice = heads[0], dresser.advice
        return Shown(frame, image, seen.face, one, one.transform, one.strength, stages, worn, advice)

    def attend(self) -> None:
        """See `mirror.pipeline.mirror.Mirror.attend`."""
        self.dresser.attend()
        if self._dressed_at is not None and (self.own_thumbnails.wanted or self.own_thumbnails.made):
            now, dresser = self._dressed_at, self.dresser
            spares = self.grid is None and dresser.spares(now)
            self.own_thumbnails.step((lambda: dresser.moment(now)) if spares else None, now)
        self._guests.attend()

    def settle(self) -> None:
        """Waits until nothing of those who are there is being worked on."""
        self.own_thumbnails.settle()
        if self.grid is not None:
            self.grid.settle()
        for dresser in (self.dresser, *self._guests.dressers):
            dresser.settle()

    def close(self) -> None:
        """Gives the trackers back; those that are needed again are opened anew."""
        self.settle()
        for tracker in (self._follower, self._single, self._company):
            if tracker is not None:
                tracker.close()
        self._follower = self._single = None

    def _miss(self, frame: Frame, stages: dict[str, float], clock: float) -> Seen:
        """A frame in which the person was not found."""
        self._sighting.miss(frame.captured_at)
        first = self._sighting.face
        if first is None:
            self._life = Life()
        others = self._company.follow(frame, first, [])
        _lap(stages, "track", clock)
        return Seen(frame, since=self._sighting.since, stages=stages, others=others)

    def _person(self, face: Face | None, frame: Frame) -> Face | None:
        """The followed face, or, where that is only a picture, somebody who moves."""
        if face is None:
            return None
        self._life.note(face, frame.captured_at)
        if self._life.alive is False and self._company.lively:
            person = max(self._company.lively, key=lambda other: other.height)
            self._life = Life()
            return self.open().pass_by(face, person, frame.image) or face
        return face

    def _grid_worn(self, grid: Grid) -> Worn:
        """What the picture of a grid shows."""
        book = self.styling.book
        styles = [book[number % len(book)] for number in grid.numbers]
        hair_loss = any(style.code.hair_loss for style in styles)
        return Worn(" / ".join(style.name for style in styles), hair_loss)

    def _another(self) -> None:
        """Nobody is there any more, or another person."""
        if self.grid is not None:
            self.grid.reset()
        self.own_thumbnails.reset()
        self.wants_own = False


def _lap(stages: dict[str, float], name: str, since: float) -> None:
    stages[name] = time.perf_counter() - since
