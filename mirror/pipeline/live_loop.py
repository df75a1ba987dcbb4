"""The live loop: capture, work and display in threads of their own, one picture in each hand-over.

    source --(slot)--> look --(slot)--> dress --(slot)--> display

The work has two threads: one looks where the head is in the next picture while the other dresses this
one. The display is the main thread, because a window belongs to it. At pace "source" the newest
picture wins in every slot; at pace "max" the giver waits and nothing is lost. Pictures are shown in
order.
"""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace

from mirror.core.easing import slow
from mirror.core.erase import blacken
from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.hair.styles.selection import is_random
from mirror.pipeline.command_queue import Command, Pending
from mirror.pipeline.film_clock import FilmClock
from mirror.pipeline.handover import Slot
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.touring import Touring
from mirror.settings.options import Settings
from mirror.sources import Source
from mirror.sources.photograph import PhotographSource
from mirror.tracking.tracked_frame import Seen
from mirror.translation.message import Message

log = logging.getLogger("mirror")


class Live:
    """The capture thread and the two work threads of one run; the display takes from `shown`.

    Args:
        source: already open.
        settings: style, every, engine, pace, face_model.
        may_lose: pictures that come too late may be lost on the way to the display.
        mirror: one that is loaded already and has forgotten whom it saw; None loads one.
        touring: puts on styles at their time; None: there is no tour.

    Attributes:
        shown: slot of pictures for the display.
        mirror: None until everything is loaded.
        loading: (what is being loaded, share done 0 to 1).
        said: lines for the person, of commands that could not be done.
        holding: whether a style stays on however long, though styles are drawn at random.
        touring: as given.
    """

    def __init__(
        self,
        source: Source,
        settings: Settings,
        *,
        may_lose: bool,
        mirror: Mirror | None = None,
        touring: Touring | None = None,
    ) -> None:
        self._source, self._settings, self._may_lose = source, settings, may_lose
        self._given, self.touring = mirror, touring
        self.shown: Slot[Shown] = Slot()
        self.mirror: Mirror | None = None
        self.loading: tuple[str, float] = (Message("the program"), 0.0)
        self._frames: Slot[Frame] = Slot()
        self._seen: Slot[Seen] = Slot()
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._pending = Pending()
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.holding = False
        # What a tour has in it is to be the film's, whose pictures come as slowly as they are made.
        self._film = None if may_lose or touring is None else FilmClock(source.rate)
        self._failure: BaseException | None = None
        self._kept = False  # the mirror outlives this loop
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in (("capture", self._capture), ("look", self._look), ("dress", self._dress))
        ]

    @property
    def dropped(self) -> int:
        """Frames lost in the hand-overs."""
        return self._frames.lost + self._seen.lost + self.shown.lost

    def start(self) -> None:
        """Starts the threads; the networks load in the one that dresses."""
        for thread in self._threads:
            thread.start()

    def tell(self, command: Command, kind: str | None = None) -> None:
        """Has `command(mirror, time of the frame)` called before the next frame is dressed.

        Of commands of one `kind` only the newest is, see `mirror.pipeline.command_queue`. What a command
        raises as a MirrorError is `said`.
        """
        self._pending.put(command, kind)

    def raise_failure(self) -> None:
        """Raises, in the caller's thread, what ended one of the threads."""
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ends the threads and gives the source and the networks back. May be repeated."""
        self._stop.set()
        self._ready.set()
        self._close_slots()
        self._source.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)
        if self.mirror is not None and not any(thread.is_alive() for thread in self._threads):
            self._close_mirror()

    def forget(self) -> Mirror | None:
        """Ends the loop and wipes everything of the person who was in its pictures.

        Returns:
            The mirror, which has forgotten too, for the next loop; None where it was not loaded, or broke:
            then it was closed, and the next loop loads another.
        """
        mirror, self._kept = self.mirror or self._given, True
        self.stop()
        for slot in (self._frames, self._seen, self.shown):
            blacken(slot.get(timeout=0))
        self._pending.take()
        failure, self._failure = self._failure, None
        self.mirror = self._given = None
        if failure is not None:
            failure.__traceback__ = None
        if mirror is None or any(thread.is_alive() for thread in self._threads[1:]):
            return None  # one that hangs in a network is left behind, it cannot be closed
        try:
            mirror.forget()
            if failure is not None and not isinstance(failure, MirrorError):
                raise MirrorError("the mirror broke")
        except Exception as error:  # whatever an engine raises: it is not to be used again
            log.warning("The networks are loaded anew: %s", error)
            mirror.close()
            return None
        return mirror

    def _load(self) -> Mirror:
        if self._given is not None:
            self._given.hair_motion = self._settings.hair_motion
            self._given.brows_follow = self._settings.brows_follow
            self._given.warm_up()
            return self._given
        mirror = Mirror(
            self._settings.style,
            engine=self._settings.engine,
            face_model=self._settings.face_model,
            progress=self._progress,
            dye=self._settings.dye,
        )
        mirror.hair_motion = self._settings.hair_motion
        mirror.brows_follow = self._settings.brows_follow
        if self._settings.style_from is not None:
            self._progress(Message("the photograph's hair"), 0.9)
            mirror.wear_photo(self._settings.style_from, 0.0)
        mirror.warm_up()
        return mirror

    def _close_mirror(self) -> None:
        if self.mirror is not None and not self._kept:
            self.mirror.close()
            self.mirror = None

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # handed to the main thread, which says it to the person
            # The traceback holds on to the pictures that were at hand.
            for frame, _ in traceback.walk_tb(error.__traceback__):
                blacken(*(one for one in frame.f_locals.values() if isinstance(one, Frame | Seen | Shown)))
            if not self._stop.is_set():
                self._failure = error
            self._ready.set()
            self._close_slots()

    def _close_slots(self) -> None:
        for slot in (self._frames, self._seen, self.shown):
            slot.close()

    def _capture(self) -> None:
        # A file that began to play while the networks load would be half over when they are ready.
        self._ready.wait()
        while not self._stop.is_set():
            frame = self._source.read()
            if frame is None:
                break
            frame = frame if self._film is None else self._film.told(frame)
            self._frames.put(frame, wait=not self._may_lose)
        self._frames.close()

    def _look(self) -> None:
        self._ready.wait()
        while self.mirror is not None and (frame := self._frames.get()) is not None:
            seen = self.mirror.look(frame)
            self._seen.put(seen, wait=not self._may_lose)
        self._seen.close()

    def _dress(self) -> None:
        drawing = is_random(self._settings.style) and self.touring is None
        mirror = self._load()
        self._refuse_faceless(mirror)
        self._progress(Message("everything"), 1.0)
        mirror.start_workers(awaited=not self._may_lose)
        self.mirror = mirror
        self._ready.set()
        worn, since = None, 0.0
        while (seen := self._seen.get()) is not None:
            now = seen.frame.captured_at
            for command in self._pending.take():
                try:
                    command(mirror, now)
                except MirrorError as error:
                    self.said.put(str(error))
            self._tour(mirror, seen.frame)
            if self._settings.headless and self.touring is not None and self.touring.over:
                break  # nobody is there to choose anything else
            styling = mirror.styling
            stays = self.holding or styling.choice is not worn or now - since < self._settings.every
            if drawing and styling.choice.drawn and not stays:
                styling.draw(now, slow(self._settings.every))
            if styling.choice is not worn or self.holding:
                worn, since = styling.choice, now
            shown = mirror.dress(seen)
            if self.touring is not None and (caption := self.touring.caption):
                shown = replace(shown, caption=caption)
            shown = shown if self._film is None else self._film.given_back(shown)
            self.shown.put(shown, wait=not self._may_lose)
            mirror.attend()
        self.shown.close()

    def _tour(self, mirror: Mirror, frame: Frame) -> None:
        """What a tour has due is put on."""
        if self.touring is None:
            return
        try:
            self.touring.tick(mirror, frame.captured_at)
        except MirrorError as error:  # the file of a grown style was taken away meanwhile
            self.said.put(str(error))

    def _refuse_faceless(self, mirror: Mirror) -> None:
        if not isinstance(self._source, PhotographSource):
            return
        frame = self._source.read()
        if frame is not None and mirror.find_face(frame.image) is None:
            raise MirrorError(
                f"There is no face in the {self._source.name}. "
                "Give a picture of one person who looks at the camera."
            )
        if frame is not None:
            mirror.apply(frame.image)  # nobody can step closer in it: what cannot be done is said now

    def _progress(self, what: str, share: float) -> None:
        if self._stop.is_set():
            raise MirrorError("The mirror was closed while it was loading.")
        self.loading = (Message("Loading {part}", part=what), share)
        log.debug("loading %s", what)
