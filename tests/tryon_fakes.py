"""A mirror with the whole interface of trying on, that writes down what it was told and dresses nobody."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.styles.history import Choice
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.pipeline.command_queue import Pending
from mirror.pipeline.shown_frame import Shown
from mirror.tracking.tracked_frame import Seen
from mirror.translation.message import Message

NAMES = ("bob", "pixie", "long waves", "curly bob", "afro", "buzz cut", "side part", "top knot", "shag",
         "mullet", "locs", "quiff")  # fmt: skip
TAGS = (("short", "straight"), ("short",), ("long", "wavy"), ("short", "curly"), ("curly",), ("shaved",),
        ("straight",), ("long",), ("wavy",), ("long",), ("curly", "long"), ("short", "red"))  # fmt: skip
THUMBNAILS = tuple(
    (name, np.full((40, 40, 3), (i * 20, 90, 255 - i * 20), np.uint8)) for i, name in enumerate(NAMES)
)
AXES = {"length": (-1.0, 1.0), "volume": (-1.0, 1.0), "fringe": (0.0, 0.0), "grey": (0.0, 1.0)}
CODE: Any = object()


class Styling:
    def __init__(self, told: list[Any]) -> None:
        self.told = told
        self.number: int | None = 0
        self.blend, self.dye_name = 1.0, "none"
        self.brows_follow = False
        self.takes_one_shade: Message | None = None
        self.photo = ""
        self.adjusted: dict[str, float] = {}
        self.first = False  # no look was worn before
        self.choice = Choice(CODE, NAMES[0], 0)
        self.filter, self.left, self.ways = ALL, None, (False, False)

    @property
    def name(self) -> str:
        return (self.photo or "random 1") if self.number is None else NAMES[self.number]

    worn = name

    def pick(self, number: int, now: float) -> None:
        self.told.append(("pick", number))
        self.number = number % len(NAMES)

    def step(self, by: int, now: float) -> None:
        self.pick((self.number or 0) + by, now)

    def step_group(self, by: int, now: float) -> None:
        self.told.append(("step_group", by))

    def draw(self, now: float) -> None:
        self.told.append(("draw",))
        self.number = None

    def back(self, now: float) -> bool:
        self.told.append(("back",))
        return not self.first

    def forward(self, now: float) -> bool:
        self.told.append(("forward",))
        return not self.first

    def narrow(self, wanted: StyleFilter) -> None:
        self.told.append(("narrow", wanted))
        self.filter, self.left = wanted, wanted.left(NAMES, TAGS)

    def choose_dye(self, name: str, now: float) -> None:
        self.told.append(("dye", name))
        self.dye_name = name

    def step_dye(self, by: int, now: float) -> None:
        self.told.append(("step_dye", by))

    def set_blend(self, amount: float) -> None:
        self.told.append(("blend", amount))
        self.blend = amount

    def adjust(self, axis: str, steps: float) -> None:
        self.told.append(("adjust", axis, steps))
        self.adjusted[axis] = steps

    def clear_adjustments(self) -> None:
        self.told.append(("clear",))
        self.adjusted.clear()


class TryingMirror:
    """Stands in for `mirror.pipeline.mirror.Mirror`; the attribute `refusal` makes it refuse what needs a
    face."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.told: list[Any] = []
        self.styling = Styling(self.told)
        self.grid: tuple[int, ...] = ()
        self.refusal: str | None = None
        self.own_thumbnails: dict[int, np.ndarray] = {}
        self.dressed = 0
        self.gate: threading.Event | None = None
        styles = tuple(
            SimpleNamespace(name=name, tags=tags, thumbnail=picture)
            for (name, picture), tags in zip(THUMBNAILS, TAGS, strict=True)
        )
        self.book = SimpleNamespace(styles=styles)
        engine = SimpleNamespace(name="none", device="", precision="", reason="")
        self.engines = {"matte": engine, "painter": engine}

    def _face(self, *told: Any) -> None:
        if self.refusal:
            raise MirrorError(self.refusal)
        self.told.append(told)

    def want_thumbnails(self, numbers: tuple[int, ...]) -> None:
        self.told.append(("thumbnails", numbers))

    def wear_own(self) -> None:
        self._face("own")

    def wear_photo(self, path: Path, now: float) -> None:
        self._face("photo", path)
        self.styling.number, self.styling.photo = None, path.stem

    def set_loss(self, amount: float | None) -> None:
        self._face("loss", amount)

    def loss_words(self, amount: float) -> str:
        return "Norwood III" if amount < 0 else "your present hair"

    loss_plan = LossPlan()
    loss_grafts: Any = None

    def set_loss_scale(self, scale: str) -> None:
        self._face("loss scale", scale)

    def set_loss_zone(self, zone: str, density: float) -> None:
        self._face("zone", zone, density)

    def draw_hairline(self, line: Any) -> None:
        self._face("hairline", line)

    def clear_loss_plan(self) -> None:
        self._face("clear plan")

    loss_shades: tuple[str, ...] = ()
    loss_shade: str | None = None

    def choose_loss_shade(self, name: str) -> None:
        self._face("loss shade", name)
        self.loss_shade = name

    def set_grid(self, numbers: tuple[int, ...]) -> None:
        self.told.append(("grid", numbers))
        self.grid = numbers

    def look(self, frame: Any) -> Seen:
        return Seen(frame)

    def dress(self, seen: Seen) -> Shown:
        if self.gate is not None:
            self.gate.wait(5)
        self.dressed += 1
        return Shown(seen.frame, seen.frame.image)

    def attend(self) -> None: ...

    def warm_up(self) -> None: ...

    def start_workers(self, *, awaited: bool = True) -> None: ...

    def close(self) -> None: ...


class Told:
    """Stands in for the live loop: commands wait until `work` is called."""

    def __init__(self, mirror: TryingMirror) -> None:
        self.mirror = mirror
        self.pending = Pending()
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.holding = False
        self.touring: Any = None

    def tell(self, command: Any, kind: str | None = None) -> None:
        self.pending.put(command, kind)

    def work(self, now: float) -> None:
        for command in self.pending.take():
            try:
                command(self.mirror, now)
            except MirrorError as error:
                self.said.put(str(error))
