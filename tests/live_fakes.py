"""Stand-ins for the live loop's parts: a mirror that dresses nobody, a source of numbered pictures."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.styles.history import Choice
from mirror.hair.styles.style_filter import ALL
from mirror.pipeline.shown_frame import Shown
from mirror.tracking.tracked_frame import Seen

CODE: Any = object()


class Styling:
    def __init__(self) -> None:
        self.name, self.number = "bob", 0
        self.worn, self.dye_name = "bob", "none"
        self.brows_follow = False
        self.takes_one_shade = None
        self.filter, self.left, self.ways = ALL, None, (False, False)
        self.blend, self.adjusted = 1.0, dict[str, float]()
        self.drawn: list[float] = []
        self.choice = Choice(CODE, "bob", 0)
        self.faded: list[float] = []  # seconds of each cross-fade

    def draw(self, now: float, seconds: float = 0.35) -> None:
        self.drawn.append(now)
        self.faded.append(seconds)
        self.choice = Choice(CODE, "bob", 0, drawn=True)

    def pick(self, number: int, now: float) -> None:
        self.number, self.choice = number, Choice(CODE, "bob", number)

    def wear(self, code: Any, name: str, now: float) -> None:
        self.name, self.number, self.choice = name, None, Choice(code, name)  # type: ignore[assignment]

    def step(self, by: int, now: float) -> None:
        self.number = (self.number or 0) + by

    def settled(self, now: float | None = None) -> None:
        return None

    def step_dye(self, by: int, now: float) -> None:
        pass


class Dresser:
    """Stands in for the mirror: takes its time, and dresses nobody."""

    seconds = 0.0
    broken: str | None = None
    loading: threading.Event | None = None
    made: list[Dresser]

    def __init__(self, style: str, *, progress: Any, **_: Any) -> None:
        self.styling = Styling()
        self.own_thumbnails: dict[int, np.ndarray] = {}
        self.closed = 0
        type(self).made.append(self)
        if style.lower() == "random":
            self.styling.draw(0.0)
        for share in (0.2, 0.4, 0.6):
            progress(f"part {share}", share)
            if self.loading is not None:
                self.loading.wait(5)
        if self.broken == "load":
            raise MirrorError("the weights are damaged")

    def warm_up(self) -> None:
        pass

    def start_workers(self, *, awaited: bool = True) -> None:
        pass

    def look(self, frame: Frame) -> Seen:
        if self.broken == "look" and frame.index == 3:
            raise ValueError("look broke")
        return Seen(frame)

    def dress(self, seen: Seen) -> Shown:
        if self.broken == "dress" and seen.frame.index == 3:
            raise ValueError("dress broke")
        time.sleep(self.seconds)
        return Shown(seen.frame, seen.frame.image)

    def attend(self) -> None:
        pass

    def want_thumbnails(self, numbers: tuple[int, ...]) -> None:
        pass

    def find_face(self, image: np.ndarray) -> object | None:
        return None if image.std() < 1 else object()

    def apply(self, image: np.ndarray) -> np.ndarray:
        if image.std() < 30:
            raise MirrorError("The face in this picture is too small.")
        return image

    def close(self) -> None:
        self.closed += 1


class Numbers:
    """A source of numbered pictures, `rate` a second; ends after `count`."""

    name, reason, size, rate, live, dropped, problem = "numbers", "a test", (4, 4), 30.0, False, 0, None

    def __init__(self, count: int, rate: float = 0.0, fails_at: int = -1) -> None:
        self._count, self._pause, self._fails_at = count, 1 / rate if rate else 0.0, fails_at
        self._next = 0
        self.closed = threading.Event()

    def read(self) -> Frame | None:
        if self._next == self._fails_at:
            raise MirrorError("the source broke")
        if self._next >= self._count or self.closed.wait(self._pause):
            return None
        self._next += 1
        return Frame(np.zeros((4, 4, 3), np.uint8), self._next - 1, time.monotonic())

    def close(self) -> None:
        self.closed.set()


def forgetful() -> Dresser:
    """A mirror that dresses nobody and can forget them, for a kiosk."""

    class Forgetful(Dresser):
        made: list[Dresser] = []
        engines: dict[str, Any] = {}
        loss: float | None = None
        loss_shades: tuple[str, ...] = ()
        loss_shade: str | None = None
        loss_plan = LossPlan()
        loss_grafts: Any = None
        grid: tuple[int, ...] = ()

        def __init__(self) -> None:
            super().__init__("bob", progress=lambda *_: None)
            self.book = type("Book", (), {"styles": ()})

        def dress(self, seen: Seen) -> Shown:
            face = Face(np.zeros((478, 3), np.float32))
            return Shown(seen.frame, seen.frame.image.copy(), face)

        def set_loss(self, amount: float | None) -> None:
            self.loss = amount

        def loss_words(self, amount: float) -> str:
            return "bald"

        def set_grid(self, numbers: tuple[int, ...]) -> None:
            self.grid = numbers

        def forget(self) -> None:
            self.styling, self.loss, self.grid = Styling(), None, ()

    return Forgetful()
