"""Reader: reads the hair of pictures in a thread of its own, so that the live picture never waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.app.lab.dataset import Pictures
from mirror.core.errors import MirrorError
from mirror.core.head_space import FACE_SHAPE_SIZE, HeadTransform
from mirror.hair.styles.code import LATENT, StyleCode
from mirror.pipeline.mirror import Mirror
from mirror.translation.message import Message, Said

LONGEST = 1280  # pixels that a picture is reduced to
# While it reads on by itself it rests so many times as long as it worked: the cores are the live picture's.
REST = 2.0
UNREAD, READ, FACELESS = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The hair of one picture.

    Attributes:
        code: its style code; None where there is no face.
        picture: uint8 (S, S, 3) RGB, the head as it is; the whole picture where there is no face.
        painted: the same part with its own code painted on its own head; None where nobody asked.
        problem: one line, where it could not be read; "".
    """

    code: StyleCode | None
    picture: np.ndarray | None
    painted: np.ndarray | None = None
    problem: str = ""


class Reader:
    """Reads single pictures on request, and otherwise the codes of a whole data set, once.

    Only numbers are kept of the data set, in memory: a code z and a face shape each.

    Args:
        make: makes the mirror that reads, in the reader's thread, when first needed.
        pictures: the data set, or None.

    Attributes:
        states: uint8 (N,), of each picture UNREAD, READ or FACELESS.
        codes: float32 (N, 128); shapes: float32 (N, 75): of those that are READ.
        problem: why it reads no more, one line; "".
    """

    def __init__(self, make: Callable[[], Mirror], pictures: Pictures | None = None) -> None:
        count = len(pictures) if pictures is not None else 0
        self._make, self._pictures = make, pictures
        self.states = np.zeros(count, np.uint8)
        self.codes = np.zeros((count, LATENT), np.float32)
        self.shapes = np.zeros((count, FACE_SHAPE_SIZE), np.float32)
        self.problem = self._ended = ""
        self._asked: dict[str, np.ndarray | int] = {}
        self._done: dict[str, tuple[np.ndarray | int, Reading]] = {}
        self._wake = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        if count:
            self._start()

    @property
    def done(self) -> int:
        """How many pictures of the data set were read."""
        return int(np.count_nonzero(self.states))

    def ask(self, what: str, subject: np.ndarray | int) -> None:
        """Has a picture, uint8 (H, W, 3) RGB, or one of the data set by number read soon.

        A picture by number is painted too. The newest question of a name wins.
        """
        with self._wake:
            if self._ended:
                self.problem = self._ended
                return
            self._asked[what] = subject
            self._done.pop(what, None)
            self._wake.notify()
        self._start()

    def take(self, what: str) -> Reading | None:
        """The answer to the newest question of that name, once; None: not yet, or nobody asked."""
        with self._wake:
            answer = self._done.pop(what, None)
        return answer[1] if answer else None

    def close(self) -> None:
        """Ends the thread. May be called twice."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="lab reader", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        mirror = None
        try:
            mirror = self._make()
            while self._step(mirror):
                pass
        except MirrorError as error:
            self.problem = self._ended = str(error)
        except Exception as error:  # said to the person: the live picture goes on without the reader
            self.problem = self._ended = Message("Pictures are read no more: {error}", error=Said(error))
        finally:
            if mirror is not None:
                mirror.close()

    def _step(self, mirror: Mirror) -> bool:
        """Reads one picture; False when it is closed."""
        with self._wake:
            left = np.flatnonzero(self.states == UNREAD)
            while not self._closed and not self._asked and not left.size:
                self._wake.wait()
            if self._closed:
                return False
            what = next(iter(self._asked), None)
            subject = self._asked.get(what) if what is not None else None
        if what is None or subject is None:
            began = time.perf_counter()
            self._note(int(left[0]), self._read_number(mirror, int(left[0]), paint=False))
            with self._wake:
                if not self._asked and not self._closed:
                    self._wake.wait(REST * (time.perf_counter() - began))
            return not self._closed
        if isinstance(subject, int):
            reading = self._read_number(mirror, subject, paint=True)
            self._note(subject, reading)
        else:
            reading = read_head(mirror, subject, paint=False)
        with self._wake:
            if self._asked.get(what) is subject:  # otherwise a newer question came
                del self._asked[what]
                self._done[what] = subject, reading
        return True

    def _read_number(self, mirror: Mirror, number: int, *, paint: bool) -> Reading:
        assert self._pictures is not None
        try:
            return read_head(mirror, self._pictures.read(number), paint=paint)
        except MirrorError as error:
            return Reading(None, None, problem=str(error))

    def _note(self, number: int, reading: Reading) -> None:
        if reading.code is not None:
            self.codes[number], self.shapes[number] = reading.code.z, reading.code.shape
        self.states[number] = READ if reading.code is not None else FACELESS


def read_head(mirror: Mirror, image: np.ndarray, *, paint: bool) -> Reading:
    """The hair of the largest face of a picture, uint8 (H, W, 3) RGB.

    Raises:
        MirrorError: the picture is too small.
    """
    scale = LONGEST / max(image.shape[:2])
    if scale < 1:
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    face = mirror.find_face(image)
    code = mirror.encode(image) if face is not None else None
    if face is None or code is None:
        return Reading(None, image, problem=Message("There is no face in this picture."))
    height, width = image.shape[:2]
    left, top, right, bottom = HeadTransform.from_face(face).frame_rectangle(width, height)
    painted = None
    if paint:
        mirror.styling.wear(code, "its own")
        painted = mirror.apply(image)[top:bottom, left:right].copy()
    return Reading(code, image[top:bottom, left:right].copy(), painted)
