"""What happens to a kiosk: visitors, and everything that can go wrong, on a clock that is put forward."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame

from mirror.app.kiosk.attract import IdleContent
from mirror.app.kiosk.keepsakes import Keepsakes
from mirror.app.kiosk.main_loop import Kiosk
from mirror.app.kiosk.scene import Scene
from mirror.app.kiosk.systemd_notify import Notifier
from mirror.app.kiosk.visit import Visit
from mirror.app.screen import Window
from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.sources.demo import DemoSource
from mirror.translation.catalogue import Words
from tests.full_disk import full_disk

SIZE, PIN = (640, 480), "2593"
FAULTS = ("camera gone", "camera breaks", "camera silent", "draw", "hear", "look", "dress", "leave",
          "disk full", "pin", "keys", "hang")  # fmt: skip
_BUTTONS = ("next", "previous", "colour", "surprise", "own", "picture", "loss", "loss", "styles")
_KEYS = (pygame.K_ESCAPE, pygame.K_F11, pygame.K_d, pygame.K_h, pygame.K_m, pygame.K_s, pygame.K_RIGHT,
         pygame.K_LEFT, pygame.K_r, pygame.K_c, pygame.K_SPACE, pygame.K_F4, pygame.K_q)  # fmt: skip


class Camera(DemoSource):
    """The demo, with a fault where the day has one."""

    def __init__(self, day: Day) -> None:
        if day.fault == "camera gone":
            day.happened("camera gone")
            raise MirrorError("camera 0 gives no picture")
        super().__init__(SIZE)
        self._day = day

    def read(self) -> Frame | None:
        if self._day.fault == "camera breaks" and self._next > 1:
            self._day.happened("camera breaks")
            raise OSError("the camera was pulled out")
        if self._day.fault == "camera silent" and self._next > 1:
            self._day.counts["camera silent"] += 1
            while not self._clock.closed and self._day.fault == "camera silent":
                time.sleep(0.01)
        return super().read()


class Day:
    """The kiosk, its clock, and what happens to it.

    Args:
        load: makes a mirror.
        pictures: folder for those that visitors ask for.
        keepsakes: makes what visitors take home; None: nothing.

    Attributes:
        counts: how often what happened.
        saved: pictures that visitors asked for and were told are kept.
        fault: that the present visitor meets.
    """

    def __init__(
        self,
        load: Callable[[], Any],
        pictures: Path,
        seed: int = 0,
        keepsakes: Callable[[Words], Keepsakes] | None = None,
    ) -> None:
        self.now, self.fault = 1000.0, ""
        self.counts: Counter[str] = Counter()
        self.saved = 0
        self._random = random.Random(seed)
        self._load = load
        settings = Settings(
            source="demo",
            style="bob",
            pictures=pictures,
            language="en",
            pin=kiosk_pin.make(PIN),
            countdown=0.0,
        )
        self.window = Window("kiosk", SIZE, clock=self.clock)
        words = Words(settings.language)
        self.visit = Visit(
            settings, self.window, lambda: Camera(self), self._loaded, clock=self.clock,
            keepsakes=keepsakes(words) if keepsakes is not None else None,
        )  # fmt: skip
        self.scene = Scene(self.window, self.visit, settings, IdleContent(), clock=self.clock, words=words)
        self.kiosk = Kiosk(
            self.window, self.scene, self.visit, Notifier({}), clock=self.clock, sleep=self._sleep
        )
        self.visit.prepare()
        self.until("attract")

    @property
    def state(self) -> str:
        return self.scene.machine.name

    def clock(self) -> float:
        return self.now

    def happened(self, fault: str) -> None:
        """A fault happens once to a visitor."""
        self.counts[fault] += 1
        self.fault = ""

    def visitor(self, fault: str = "") -> None:
        """One visitor, from the touch to the empty mirror."""
        self.fault = fault
        self.counts["visitors"] += 1
        self.touch((SIZE[0] // 2, SIZE[1] // 2))
        assert self.state == "consent", self.state
        answer = self._random.random()
        if not fault and answer < 0.1:
            self.press("no")
        elif not fault and answer < 0.2:
            self.pass_by(31)
        else:
            self.press("yes")
            self._try_on(fault)
        self.until("attract")
        self.fault = ""
        assert self.visit.last is None and self.visit.display is None
        assert not self.scene.left, "somebody left the kiosk"

    def _try_on(self, fault: str) -> None:
        self.until("try", "failsafe")
        seen = self.rounds(lambda: self.visit.last is not None and self.visit.last.face is not None)
        if not seen:
            return
        for _ in range(self._random.randint(1, 3)):
            self.press(self._random.choice(_BUTTONS))
            self.touch((self._random.randrange(SIZE[0]), SIZE[1] - 40))  # the strip
        if self._random.random() < 0.5:
            self.press("compare")
            if self._random.random() < 0.5:
                self.press("four")
            self.press("back")
        if fault in ("draw", "hear", "leave"):
            self._break(fault)
        elif fault == "disk full":
            self._fill_the_disk()
        elif fault == "pin":
            self._try_pins()
        elif fault == "keys":
            self._hammer()
        self.rounds(lambda: self.state != "try" or self.fault == "", 600)
        if self.state == "try" and self._random.random() < 0.3:
            self.pass_by(310)  # nobody touches it; the demo's face alone does not hold for ever
            self.counts["idle"] += 1
        elif self.state == "try":
            self.press("done")

    def press(self, name: str) -> None:
        """A finger on a button, where the state has it; what has faded comes back with the first touch."""
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(5, 300), rel=(1, 0), buttons=(0, 0, 0)))
        self.round()
        button = getattr(self.scene.machine.state, "_buttons", None)
        if button is None or name not in button._buttons:
            return
        self.touch(button._buttons[name].rect.center)

    def touch(self, at: tuple[int, int]) -> None:
        """A finger goes down and up. Where it meets the button for a picture it asks for one: a finger for
        the strip of styles may, too, for the buttons go where the head leaves room."""
        buttons = getattr(getattr(self.scene.machine.state, "_buttons", None), "_buttons", {})
        if "picture" in buttons and buttons["picture"].rect.collidepoint(at):
            self.saved += 1
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            pygame.event.post(pygame.event.Event(kind, button=1, pos=at))
            self.round()
        self.round()

    def key(self, key: int, mod: int = 0, unicode: str = "") -> None:
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            pygame.event.post(pygame.event.Event(kind, key=key, mod=mod, unicode=unicode, scancode=0))

    def round(self) -> None:
        """One round; a thirtieth of a second."""
        self.now += 1 / 30
        self.kiosk.step()

    def rounds(self, wanted: Callable[[], bool], most: int = 400) -> bool:
        """Rounds until something is so, or the mirror has left for another state than try."""
        for _ in range(most):
            if wanted():
                return True
            if self.state not in ("try", "compare"):
                return False
            self.round()
            if self.fault in ("camera silent", "hang"):
                self.now += 0.5
            if self.visit.display is None:
                time.sleep(0.01)  # the camera opens in a thread of its own, on the real clock
        return wanted()

    def until(self, *states: str) -> None:
        """Rounds until it is in one of the states, at most 60 seconds of the real clock."""
        deadline = time.monotonic() + 60
        while self.state not in states or (self.state == "attract" and self.visit.busy):
            assert time.monotonic() < deadline, f"stuck in {self.state}, wanted {states}"
            self.round()
            time.sleep(0.002)

    def pass_by(self, seconds: float) -> None:
        """Time in which nobody does anything."""
        until, state = self.now + seconds, self.state
        self.now = max(self.now, until - 12)
        while self.now < until and self.state == state:
            self.now += 1.0
            self.visit._fresh_at = self.now  # the camera ran all the while
            self.round()

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def _loaded(self) -> Any:
        mirror = self._load()
        for part in ("look", "dress"):
            setattr(mirror, part, self._breaking(part, getattr(mirror, part)))
        return mirror

    def _breaking(self, part: str, work: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def worked(frame: Any) -> Any:
            if self.fault == part:
                self.happened(part)
                raise RuntimeError(f"{part} broke")
            if self.fault == "hang" and part == "dress":
                self.happened("hang")
                time.sleep(12)
            return work(frame)

        return worked

    def _break(self, part: str) -> None:
        """The next call of a part of the state raises."""
        state = self.scene.machine.state
        self.happened(part)

        def broken(*_: Any) -> None:
            delattr(state, part)
            raise RuntimeError(f"{part} broke")

        setattr(state, part, broken)
        if part == "hear":
            self.touch((SIZE[0] // 2, SIZE[1] // 2))
        elif part == "leave":
            self.press("done")
        else:
            self.round()
        assert self.state in ("failsafe", "goodbye", "attract"), self.state

    def _fill_the_disk(self) -> None:
        """A picture that cannot be written waits, and is gone with the visitor."""
        display = self.visit.display
        assert display is not None and display.studio is not None
        pictures = display.studio.pictures
        with full_disk():
            self.press("picture")
            self.saved -= 1
            assert self.rounds(lambda: pictures.waiting > 0)
            self.press("done")
            self.until("goodbye")
            deadline = time.monotonic() + 30
            while self.visit.busy and time.monotonic() < deadline:
                self.round()
        assert pictures.waiting == 0 and not pictures._held
        self.happened("disk full")

    def _try_pins(self) -> None:
        staff = self.scene.staff

        def enter(digits: str) -> None:
            for digit in digits:
                self.key(ord(digit), unicode=digit)
            self.key(pygame.K_RETURN)
            self.round()

        self.key(pygame.K_p, pygame.KMOD_CTRL | pygame.KMOD_SHIFT)
        self.round()
        assert staff.page == "pad"
        for digits in ("0000", "1111", "", "99999999999999", "2581"):
            enter(digits)
        enter(PIN)
        assert staff.page == "pad", "locked after five wrong ones"
        for _ in range(3):  # a touch now and then, or it closes
            self.pass_by(20.5)
            self.key(pygame.K_BACKSPACE)
            self.round()
        enter(PIN)
        assert staff.page == "menu", "the right one after a minute"
        self.key(pygame.K_ESCAPE)
        self.round()
        assert staff.page == ""
        self.happened("pin")

    def _hammer(self) -> None:
        """Fifty keys a second for two seconds, and every way to close a window."""
        for _ in range(60):
            for _ in range(2):
                self.key(self._random.choice(_KEYS), self._random.choice([0, pygame.KMOD_ALT]))
            self.round()
        for kind in (pygame.QUIT, pygame.WINDOWCLOSE):
            pygame.event.post(pygame.event.Event(kind))
            self.round()
        assert not self.scene.left and not self.window.hud and not self.window.help
        self.happened("keys")
