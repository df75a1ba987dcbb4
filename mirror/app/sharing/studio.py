"""The studio: what the keys S, V and K make of the live picture. A pair, a clip, a card of the last looks.

Main thread only, but for `pictures`, which may be closed on any. What takes time is done elsewhere:
`mirror.pipeline.comparison_card` in the worker thread, `mirror.app.sharing.video_clip` and
`mirror.files.picture_saver` in threads of their own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from mirror.app.sharing.video_clip import SECONDS, Clip, stamp
from mirror.core.erase import blacken
from mirror.core.errors import MirrorError
from mirror.files.picture_saver import MOST, Pictures
from mirror.pipeline.absence import Absence
from mirror.pipeline.comparison_card import Card, Looks
from mirror.pipeline.live_loop import Live
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import SIMULATED
from mirror.settings.options import Settings
from mirror.translation.message import Message

if TYPE_CHECKING:
    from mirror.app.screen import Window, Wish
    from mirror.app.sharing.cards import Look

NO_FACE = Message("Nothing was saved: no face is in the picture. Try again when there is one.")


class Keeper(Protocol):
    """Whom a kiosk gives what its visitors take home, see `mirror.app.kiosk.keepsakes`."""

    def snapshot(self, look: Look, sheet: np.ndarray) -> Callable[[Path], None]:
        """Takes the parts of a picture over; `sheet` stays the studio's. What to call once it is saved."""

    def clip(self, film: np.ndarray, poster: np.ndarray) -> bool:
        """Takes a clip over, which is not saved then; False where it does not want it."""


class Studio:
    """Makes pictures to keep.

    Args:
        live: whose worker paints the cards.
        settings: pictures, countdown.
        window: gets two panels.
        rate: pictures a second of the source.
        pictures, clock: for tests; the clock is the window's.

    Attributes:
        pictures: the folder, and what waits for it.
        keeper: who is given pictures and clips too; None: nobody.
    """

    def __init__(
        self,
        live: Live,
        settings: Settings,
        window: Window,
        rate: float,
        *,
        pictures: Pictures | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from mirror.app.screen.shutter import Shutter
        from mirror.app.screen.unsaved_pictures import Waiting

        self.pictures = pictures or Pictures(settings.pictures_folder)
        self._live, self._rate, self._clock, self._window = live, rate, clock, window
        self._countdown = settings.countdown
        self._shutter = Shutter(lambda: window.free, lambda: window.head)
        waiting = Waiting(lambda: (self.pictures.waiting, self.pictures.reason), lambda: window.free,
                          lambda: window.head, lambda: window.rail)  # fmt: skip
        window.panels += [waiting, self._shutter]
        self._looks = Looks()
        self._card: Card | None = None
        self._clip: Clip | None = None
        self._clip_mark = ""
        self._poster: np.ndarray | None = None
        self.keeper: Keeper | None = None
        self._seen: Shown | None = None
        self._absence = Absence()
        self._warned = False
        self._message: str | None = None

    @property
    def counting(self) -> bool:
        """Whether a countdown is on the screen."""
        return self._shutter.counting

    @property
    def warned(self) -> bool:
        """Whether the person was told that leaving now loses pictures."""
        return self._warned

    def obey(self, wish: Wish) -> bool:
        """Does what it is there for. False: the wish is for somebody else."""
        from mirror.app.screen import Action

        if wish in (Action.SNAPSHOT, Action.CLIP, Action.CARD):
            self._ask(wish)
        elif wish is Action.TRY_AGAIN:
            self.pictures.try_again()
        elif wish is Action.LET_GO:
            self.pictures.let_go()
        elif wish in (Action.QUIT, Action.LEAVE) and self.pictures.waiting and not self._warned:
            self._warned = True
            self._message = Message("Not everything is saved: Enter tries again, Esc leaves without it")
        else:
            return False
        return True

    def step(self, shown: Shown, image: np.ndarray, mirrored: bool) -> str | None:
        """Goes on with everything; call it once a picture, or more often.

        Args:
            shown: the newest picture.
            image: uint8 (H, W, 3) RGB, what the person sees of it: with new hair, or without.
            mirrored: whether they see it mirrored.

        Returns:
            A line for the person, or None.
        """
        from mirror.app.screen import Action

        now = self._clock()
        self._window.counting = self._shutter.counting
        if shown is not self._seen:
            self._absence.note(shown)
        wanted = self._shutter.due(now)
        if wanted is not None:
            self._message = None
            if not self._absence.present:
                self._message, wanted = NO_FACE, None
        if wanted is Action.SNAPSHOT:
            self._snapshot(shown, mirrored, now)
        elif wanted is Action.CARD:
            self._begin_card(shown, now)
        elif wanted is Action.CLIP:
            self._begin_clip(image, now)
        if shown is not self._seen:
            self._seen = shown
            self._looks.note(shown.worn, shown.frame.captured_at)
            if self._clip is not None:
                # The own hair is no illustration, whatever is worn.
                self._mark_clip(
                    self._clip, image, SIMULATED if image is shown.frame.image else shown.worn.mark
                )
                self._clip.add(image, shown.frame.captured_at, mirrored)
                if self.keeper is not None and self._poster is None:
                    self._poster = stamp(image, self._clip.mark, mirrored)
        self._go_on(mirrored, now)
        if not self.pictures.waiting:
            self._warned = False
        message, self._message = self._message or self.pictures.told(), None
        return message

    def forget(self) -> None:
        """Wipes everything of this person that is not saved yet, and ends what is being made."""
        self.end()
        self.pictures.forget()

    def end(self) -> None:
        """Ends what is being made and forgets what was worn. Of `pictures` nothing is lost by it."""
        self._shutter.cancel()
        if self._clip is not None:
            self._clip.forget()
        blacken(self._poster)
        self._card = self._clip = self._seen = self._poster = None
        self._absence = Absence()
        self._looks.forget()

    def close(self) -> None:
        """Finishes the clip, tries to save what waits, and says what is lost."""
        if self._clip is not None:
            self._keep_clip(self._clip, timeout=5.0)
        self.pictures.close()

    def _ask(self, wish: Wish) -> None:
        from mirror.app.screen import Action

        assert isinstance(wish, Action)
        if wish is Action.CLIP and self._clip is not None:
            self._clip.end()
        elif self.pictures.full:
            self._message = Message(
                "{count} pictures are waiting already. Free some room, or let one go with Delete.", count=MOST
            )
        elif wish is Action.CARD and self._card is not None:
            self._message = Message("The card before is still being painted.")
        elif self._shutter.wanted is wish:  # the same button again, as the same key
            self._shutter.cancel()
        elif not self._shutter.counting:
            self._shutter.begin(wish, self._clock(), self._countdown)

    def _snapshot(self, shown: Shown, mirrored: bool, now: float) -> None:
        from mirror.app.screen import side_by_side

        self._shutter.flash(now)
        before, after = (_turned(one, mirrored) for one in (shown.frame.image, shown.image))
        sheet = side_by_side(before, after, shown.worn.name, shown.worn.mark)
        saved = None
        if self.keeper is not None:
            from mirror.app.sharing.cards import Look
            from mirror.app.sharing.stylist_strip import StylistNote, lines_of

            head = shown.head_box
            if head is not None and mirrored:
                head = after.shape[1] - head[2], head[1], after.shape[1] - head[0], head[3]
            parts = (before, after) if mirrored else (before.copy(), after.copy())  # its own from now on
            note = StylistNote(lines_of(shown.worn), datetime.now())
            saved = self.keeper.snapshot(Look(*parts, head, shown.worn.name, shown.worn.mark, note), sheet)
        self._keep(sheet, saved=saved)

    def _begin_card(self, shown: Shown, now: float) -> None:
        if not Card.possible(shown):
            self._message = Message(
                "No face is looking this way, so there is nothing to compare. Press K again."
            )
            return
        looks = self._looks.chosen(shown.worn)
        if not looks:
            self._message = Message(
                "Nothing was worn so far, so there is nothing to compare. Choose a style first."
            )
            return
        self._shutter.flash(now)
        self._card = Card(shown, looks)

    def _begin_clip(self, image: np.ndarray, now: float) -> None:
        from mirror.app.screen.side_by_side import mark_of

        size, self._clip_mark = (image.shape[1], image.shape[0]), SIMULATED
        try:
            self._clip = Clip(size, self._rate, mark_of(size), now + SECONDS)
            self._seen = None  # the picture at hand is its first, so that no clip is empty
        except MirrorError as error:
            self._message = str(error)

    def _mark_clip(self, clip: Clip, image: np.ndarray, mark: str) -> None:
        from mirror.app.screen.side_by_side import mark_of

        if mark != self._clip_mark:
            clip.mark, self._clip_mark = mark_of((image.shape[1], image.shape[0]), mark), mark

    def _go_on(self, mirrored: bool, now: float) -> None:
        self._shutter.making, self._shutter.recording = "", False
        card, clip = self._card, self._clip
        if card is not None:
            count = len(card.looks)
            number = min(len(card.pictures) + 1, count)
            self._shutter.making = Message("Painting look {number} of {count}", number=number, count=count)
            if card.done:
                from mirror.app.screen.side_by_side import four_up

                self._card = None
                names, marks = ([getattr(one, said) for one in card.looks] for said in ("name", "mark"))
                self._keep(four_up([_turned(one, mirrored) for one in card.pictures], names, marks))
            elif not card.busy:
                card.busy = True
                self._live.tell(card.work)
        if clip is not None:
            left = clip.left(now)
            self._shutter.recording = left > 0
            if left:
                self._shutter.making = Message(
                    "Recording · {seconds} s left · V ends it", seconds=math.ceil(left)
                )
            else:
                clip.end()
                self._shutter.making = Message("Finishing the clip")
            if clip.done:
                self._keep_clip(clip, timeout=0.0)

    def _keep_clip(self, clip: Clip, timeout: float) -> None:
        self._clip = None
        film = clip.file(timeout)
        poster, self._poster = self._poster, None
        if film is not None:
            if self.keeper is None or poster is None or not self.keeper.clip(film, poster):
                self._keep(film, ".mp4")
        elif clip.problem:
            self._message = Message("The clip was not made: {reason}", reason=clip.problem)

    def _keep(
        self, content: np.ndarray, ending: str = ".png", saved: Callable[[Path], None] | None = None
    ) -> None:
        if not self.pictures.keep(content, ending=ending, saved=saved):
            self._message = Message(
                "{count} pictures are waiting already: this one was not kept.", count=MOST
            )


def _turned(image: np.ndarray, mirrored: bool) -> np.ndarray:
    return cv2.flip(image, 1) if mirrored else image
