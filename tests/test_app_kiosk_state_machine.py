"""The kiosk's states: what follows what, that time moves them, that nothing keeps the machine in one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pygame
import pytest

from mirror.app.kiosk.failsafe import CALM, PAUSES
from mirror.app.kiosk.goodbye import STAYS
from mirror.app.kiosk.idle_timer import FACE_HOLDS, Idle
from mirror.app.kiosk.scene import Scene
from mirror.app.kiosk.state_machine import FAILED, LASTING, LIVE, START, TRANSITIONS, Machine
from mirror.app.kiosk.visit import Visit
from mirror.app.screen import Action, View
from mirror.app.touch.pin_lock import LOCKED, TRIES, Lock
from mirror.core.frame import Frame
from mirror.pipeline.live_loop import Live
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from tests.kiosk_fakes import FakeVisit, fake_scene
from tests.live_fakes import Numbers, forgetful

NAMES = {name for name, _ in TRANSITIONS} | set(TRANSITIONS.values()) | {"failsafe"}


class Plain:
    """A state that notes what is done to it, and raises where it is told to."""

    def __init__(self, *broken: str) -> None:
        self.broken, self.done = broken, []

    def __getattr__(self, name: str) -> Any:
        def called(*_: Any) -> None:
            self.done.append(name)
            if name in self.broken:
                raise RuntimeError(name)

        return called


pytestmark = pytest.mark.usefixtures("unseen_video")


def key(key: int, mod: int = 0, unicode: str = "") -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode, scancode=0)


def touch(kind: int, at: tuple[int, int]) -> pygame.event.Event:
    return pygame.event.Event(kind, button=1, pos=at)


def drawn(scene: Scene, now: float, size: tuple[int, int] = (1280, 720)) -> pygame.Surface:
    screen = pygame.Surface(size, 0, 32)
    scene.draw(screen, View(), 1.0, now)
    return screen


def tried(scene: Scene, visit: FakeVisit, now: float = 0.0) -> None:
    """Goes on to `try` with somebody in the picture."""
    for signal in ("touched", "agreed"):
        assert scene.machine.go(signal, now)
    visit.show()


def test_every_state_leads_back_to_attract() -> None:
    for name in NAMES - {"failsafe"}:
        seen, now = {name}, {name}
        while now:
            now = {to for (at, _), to in TRANSITIONS.items() if at in now} - seen
            seen |= now
        assert START in seen, name
    assert TRANSITIONS["failsafe", "well"] == START
    assert set(LASTING) | set(LIVE) <= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("part", ["enter", "leave"])
def test_a_state_that_breaks_is_left_all_the_same(name: str, part: str) -> None:
    states = {each: Plain(*([part] if each == name else [])) for each in NAMES}
    machine = Machine(states)  # type: ignore[arg-type]
    machine.start(0.0)
    for signal in (
        "touched",
        "agreed",
        "compare",
        "back",
        "done",
        "over",
        FAILED,
        "well",
        "touched",
        "refused",
    ):
        machine.go(signal, 0.0)
        if machine.name == "failsafe":
            machine.go("well", 0.0)
    machine.go(FAILED, 0.0)
    assert machine.name == "failsafe"
    machine.go("well", 0.0)
    assert machine.name == (START if name != START or part != "enter" else "failsafe")


def test_a_signal_that_means_nothing_is_ignored() -> None:
    machine = Machine({name: Plain() for name in NAMES})  # type: ignore[misc]
    machine.start(0.0)
    assert not machine.go("agreed", 0.0) and machine.name == START


def test_nobody_answers_and_consent_goes_back_after_30_seconds() -> None:
    scene, visit = fake_scene()
    scene.machine.go("touched", 10.0)
    scene.step(39.9)
    assert scene.machine.name == "consent"
    scene.step(40.0)
    assert scene.machine.name == "attract" and visit.told == []


def test_nobody_begins_while_the_networks_load() -> None:
    scene, visit = fake_scene()
    visit.busy = True
    drawn(scene, 0.0)
    up = touch(pygame.MOUSEBUTTONUP, (640, 360))
    assert scene.hear(up, 0.0) is True and scene.machine.name == "attract"
    visit.busy = False
    scene.hear(up, 0.0)
    assert scene.machine.name == "consent"


def test_the_camera_opens_only_after_yes_and_stays_on_while_comparing() -> None:
    scene, visit = fake_scene()
    scene.machine.go("touched", 0.0)
    assert visit.told == []
    scene.machine.go("agreed", 0.0)
    assert visit.told == ["begin"]
    visit.show()
    scene.machine.go("compare", 1.0)
    scene.machine.go("back", 2.0)
    assert visit.told == ["begin"]


def test_goodbye_says_wiped_only_when_it_is() -> None:
    scene, visit = fake_scene()
    tried(scene, visit)
    scene.machine.go("done", 1.0)
    assert visit.told[-1] == "end"
    visit.busy = True
    scene.step(100.0)
    assert scene.machine.state._wiped_at is None  # type: ignore[attr-defined]
    visit.busy = False
    scene.step(101.0)
    scene.step(101.0 + STAYS)
    assert scene.machine.name == "attract"


def test_idle_counts_touches_and_faces_but_no_face_holds_for_ever() -> None:
    idle = Idle(60.0)
    idle.begin(0.0)
    assert idle.countdown(49.0) is None and idle.countdown(50.5) == 10 and idle.left(60.0) <= 0
    for second in range(60 * FACE_HOLDS):
        idle.seen(float(second))
        assert idle.left(float(second)) > 0
    assert idle.left(60.0 * FACE_HOLDS) <= 0
    idle.touched(400.0)
    assert idle.left(400.0) == 60.0 and idle.countdown(400.0) is None
    assert Idle(10.0).countdown(4.0) is None, "at most half of the whole"


def test_nobody_is_left_and_everything_is_wiped() -> None:
    for live in LIVE:
        scene, visit = fake_scene()
        tried(scene, visit)
        visit.saved = (Path("kept.png"),)
        if live != "try":
            scene.machine.go({"compare": "compare", "album": "look"}[live], 0.0)
        scene.step(59.0)
        assert scene.machine.name == live
        scene.step(60.0)
        assert scene.machine.name == "goodbye" and visit.told[-1] == "end"


def test_failsafe_waits_longer_each_time_and_begins_anew_when_all_was_well() -> None:
    scene, visit = fake_scene()
    now, waits = 0.0, []
    for _ in range(6):
        scene.machine.go(FAILED, now)
        began = now
        while visit.told[-1] != "prepare":
            now += 0.25
            scene.step(now)
            assert scene.machine.name == "failsafe"
        waits.append(now - began)
    assert waits == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    scene.step(now)
    assert scene.machine.name == "attract"
    now += CALM + 1
    scene.machine.go(FAILED, now)
    scene.step(now + PAUSES[0])
    assert visit.told[-1] == "prepare"


@pytest.mark.parametrize(
    "code", [pygame.K_ESCAPE, pygame.K_F11, pygame.K_d, pygame.K_s, pygame.K_m, pygame.K_h, pygame.K_F4]
)
def test_keys_that_leave_change_or_show_files_are_dead(code: int) -> None:
    scene, visit = fake_scene(pin=kiosk_pin.make("2593"))
    for stage in ("attract", "consent", "try", "compare", "goodbye", "failsafe"):
        scene.machine.name = stage
        drawn(scene, 0.0)
        assert scene.hear(key(code, pygame.KMOD_ALT), 0.0) is True
        assert scene.machine.name == stage
    for closing in (pygame.QUIT, pygame.WINDOWCLOSE):
        assert scene.hear(pygame.event.Event(closing), 0.0) is True
    assert not scene.left


def test_without_a_pin_anybody_may_leave() -> None:
    for event in (key(pygame.K_ESCAPE), pygame.event.Event(pygame.WINDOWCLOSE)):
        scene, _ = fake_scene()
        scene.hear(event, 0.0)
        assert scene.left


def test_the_strip_is_reached_only_in_try() -> None:
    scene, visit = fake_scene()
    down = touch(pygame.MOUSEBUTTONDOWN, (640, 690))
    assert scene.hear(down, 0.0) is True
    scene.machine.go("touched", 0.0)
    drawn(scene, 0.0)
    assert scene.hear(down, 0.0) is True
    scene.machine.go("agreed", 0.0)
    visit.show()
    drawn(scene, 0.0)
    assert scene.hear(down, 0.0) is None, "for the window's strip"
    assert scene.hear(key(pygame.K_RIGHT), 0.0) is Action.NEXT
    scene.machine.go("compare", 0.0)
    drawn(scene, 0.0)
    assert scene.hear(down, 0.0) is True


def test_own_hair_is_shown_while_a_finger_holds_the_button() -> None:
    scene, visit = fake_scene()
    tried(scene, visit)
    screen = pygame.Surface((1280, 720), 0, 32)
    assert visit.last is not None
    scene.draw(screen, View(image=visit.last.image), 1.0, 600.0)
    dx, dy = 0, 4  # the shift at 600 s is known: see `look.shift`
    from mirror.app.touch.layout import shift

    dx, dy = shift(600.0)
    x, y = scene.machine.state._buttons._buttons["own"].rect.center  # type: ignore[attr-defined]
    assert scene.hear(touch(pygame.MOUSEBUTTONDOWN, (x + dx, y + dy)), 600.0) is Action.ORIGINAL_ON
    assert scene.hear(touch(pygame.MOUSEBUTTONUP, (5, 600)), 600.5) is Action.ORIGINAL_OFF


def test_a_long_press_in_the_corner_opens_the_pad_and_a_short_one_does_not() -> None:
    scene, _ = fake_scene(pin=kiosk_pin.make("2593"))
    scene.hear(touch(pygame.MOUSEBUTTONDOWN, (40, 40)), 0.0)
    scene.step(2.9)
    scene.hear(touch(pygame.MOUSEBUTTONUP, (40, 40)), 2.9)
    scene.step(5.0)
    assert scene.staff.page == ""
    scene.machine.name = "attract"
    scene.hear(touch(pygame.MOUSEBUTTONDOWN, (40, 40)), 10.0)
    scene.step(13.0)
    assert scene.staff.page == "pad"
    scene.step(13.0 + 31.0)
    assert scene.staff.page == "", "nobody touches it"


def type_in(scene: Scene, digits: str, now: float) -> None:
    for digit in digits:
        scene.hear(key(ord(digit), unicode=digit), now)
    scene.hear(key(pygame.K_RETURN), now)


def test_the_right_pin_opens_the_menu_and_the_menu_leaves() -> None:
    scene, _ = fake_scene(pin=kiosk_pin.make("2593"))
    scene.hear(key(pygame.K_p, pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT), 0.0)
    type_in(scene, "1234", 0.0)
    assert scene.staff.page == "pad" and not scene.left
    type_in(scene, "2593", 0.0)
    assert scene.staff.page == "menu"
    drawn(scene, 0.0)
    scene.staff._do("leave", 0.0)
    assert scene.left


def test_five_wrong_pins_lock_for_a_minute() -> None:
    lock = Lock(kiosk_pin.make("2593"))
    for number in range(TRIES):
        assert lock.wait(0.0) == 0, number
        assert not lock.try_pin("1111", 0.0)
    assert lock.wait(1.0) == LOCKED - 1 and not lock.try_pin("2593", LOCKED - 0.1)
    assert lock.try_pin("2593", LOCKED)


def test_hair_never_changes_by_itself_while_somebody_looks() -> None:
    """The kiosk's own visit, live loop and all, with a style drawn at random: nothing comes for an hour."""
    mirror, now = forgetful(), 0.0

    class Slow(Numbers):
        """A picture each second of the frames' clock; an hour of them."""

        def read(self) -> Frame | None:
            nonlocal now
            frame = super().read()
            now += 10.0
            return None if frame is None else Frame(frame.image, frame.index, now)

    window: Any = SimpleNamespace(panels=[], bare=True, covered=0, hud=False, forget=lambda: None)
    settings = Settings(style="random", every=6.0, source="demo")
    visit = Visit(settings, window, lambda: Slow(360), lambda: mirror)  # type: ignore[arg-type,return-value]
    mirror.styling.draw(0.0)
    live = Live(Slow(360), visit._settings, may_lose=False, mirror=mirror)  # type: ignore[arg-type]
    live.start()
    seen = 0
    while live.shown.get(timeout=20) is not None:
        seen += 1
    live.stop()
    assert seen == 360 and now >= 3600.0 and len(mirror.styling.drawn) == 1, "the one that was there at first"
