"""The pages of the set-up, gone through by keys without a window; cameras and engines are not there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import pygame
import pytest

from mirror.app.calibration.measurements import try_camera
from mirror.app.screen.keys import Action
from mirror.app.setup import camera_watch as watch
from mirror.app.setup.cameras import CamerasPage
from mirror.app.setup.delay import DelayPage
from mirror.app.setup.engines import EnginesPage
from mirror.app.setup.first_style import FirstStylePage
from mirror.app.setup.kiosk import KioskPage
from mirror.app.setup.language import LanguagePage
from mirror.app.setup.lights import LightsPage
from mirror.app.setup.main_loop import PAGES, _notice
from mirror.app.setup.modes import ModesPage
from mirror.app.setup.picture import PicturePage
from mirror.app.setup.salon import TIMES, SalonPage
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.app.setup.summary import SummaryPage
from mirror.app.setup.wizard import Wizard
from mirror.core.errors import MirrorError
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.settings.settings_file import load_settings, save_settings
from mirror.sources.exposure_lock import exposure
from tests.setup_world import World

AREA = pygame.Rect(40, 144, 1200, 464)


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(try_camera, "__kwdefaults__", {"watch": 0.2, "settle": 0.05, "patience": 1.0})
    monkeypatch.setattr("mirror.app.setup.modes.SIZES", ((640, 480), (1280, 720)))
    monkeypatch.setattr(watch, "SPAN", 0.3)
    monkeypatch.setattr(watch, "SETTLE", 0.05)


class Person:
    """Goes through the set-up by keys."""

    def __init__(self, world: World, path: Path, old: Settings | None = None) -> None:
        self.world, self.desk = world, Desk(world.parts(), old or Settings(), path)
        self.wizard = Wizard([page(self.desk) for page in PAGES])

    @property
    def page(self) -> Page:
        return self.wizard.page

    def key(self, *keys: int) -> object:
        heard: object = None
        for key in keys:
            heard = self.wizard.hear(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0), 0.0)
        return heard

    def control(self, key: str) -> Control:
        return next(control for control in self.page.controls(AREA, 1.0) if control.key == key)

    def press(self, key: str) -> None:
        # As a person would: a camera still looked at becomes a button a moment later.
        self.until(lambda: self.control(key).enabled)
        self.control(key).press()

    def until(self, seen: Callable[[], object], seconds: float = 15.0) -> None:
        end = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < end, f"waited in vain; {self.page.hint}"
            self.page.controls(AREA, 1.0)
            time.sleep(0.01)

    def next(self, page: type[Page]) -> None:
        """Goes on as soon as that is possible, and arrives at a page."""
        self.until(lambda: self.page.ready)
        self.key(pygame.K_RETURN)
        assert isinstance(self.page, page)

    def pin(self) -> None:
        """From the last page about the camera to the PIN."""
        for page in (FirstStylePage, SalonPage, KioskPage):
            self.next(page)


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def begin(*kinds: str, old: Settings | None = None, rate: float = 40.0) -> Person:
        world = World(tmp_path, list(kinds), rate=rate)
        people.append(Person(world, tmp_path / "settings.toml", old))
        people[-1].next(CamerasPage)
        return people[-1]

    yield begin
    for person in people:
        person.wizard.close()
        person.desk.close()
        assert all(not lock.locked() for lock in person.desk.locks.values()), "a camera was not given back"


def test_from_the_first_page_to_the_last_by_enter_alone(start):
    person = start("good")
    for page in (ModesPage, PicturePage, LightsPage, EnginesPage, DelayPage, FirstStylePage, SalonPage,
                 KioskPage, SummaryPage):  # fmt: skip
        person.next(page)
    assert not person.desk.path.exists(), "written before anybody agreed"
    person.key(pygame.K_RETURN)
    size = person.desk.settings.size
    assert size in ((1280, 720), (640, 480)), "measured: on a slow machine the smaller one"
    assert person.desk.written and load_settings(person.desk.path) == Settings(
        camera="Salon camera", size=size, engine="openvino"
    )
    assert person.key(pygame.K_RETURN) is Action.QUIT and person.wizard.done


def test_cameras_that_are_no_use_say_why_and_cannot_be_chosen(start):
    person = start("black", "flat", "frozen", "busy", "good")
    page = person.page
    assert isinstance(page, CamerasPage)
    person.until(lambda: page.ready and all(watch.sure for watch in page._watches.values()))
    told = {camera[1]: watch.problem for camera, watch in page._watches.items()}
    assert "black" in told["Lid is shut"] and "flat" in told["Virtual camera"]
    assert "frozen" in told["Hung up"] and "in use" in told["In a call"] and told["Salon camera"] is None
    usable = {c.words for c in page.controls(AREA, 1.0) if c.enabled and c.kind == "card"}
    assert usable == {"Salon camera"} and person.desk.camera == (4, "Salon camera")


def test_the_calibrated_camera_is_proposed_and_keeps_its_picture(start):
    old = Settings(camera="Plain camera", size=(1280, 720), rotate=90, crop=(0, 0, 640, 480), exposure=99.0)
    person = start("good", "plain", old=old)
    person.until(lambda: person.desk.camera == (1, "Plain camera") and person.page.ready)
    assert person.desk.settings.crop == (0, 0, 640, 480)
    person.press("camera 0")
    settings = person.desk.settings
    assert (settings.camera, settings.rotate, settings.crop, settings.exposure) == (
        "Salon camera",
        0,
        None,
        None,
    )
    person.press("camera 1")
    assert person.desk.settings.rotate == 90


def test_a_camera_unplugged_and_plugged_in_again(start, tmp_path):
    person = start("good")
    person.until(lambda: person.page.ready and person.desk.camera)
    (tmp_path / "unplug 0").touch()
    person.until(lambda: person.desk.camera is None and not person.control("camera 0").enabled)
    person.press("again")
    assert "demo" in person.page.hint
    (tmp_path / "unplug 0").unlink()
    person.press("again")
    person.until(lambda: person.desk.camera == (0, "Salon camera"))


def test_a_camera_unplugged_before_its_sizes_are_tried(start, tmp_path):
    person = start("good")
    person.until(lambda: person.page.ready)
    (tmp_path / "unplug 0").touch()
    person.key(pygame.K_RETURN)
    person.until(lambda: "no picture" in person.page.hint)
    assert not person.page.ready
    person.key(pygame.K_ESCAPE)
    assert isinstance(person.page, CamerasPage) and "demo" in person.page.hint


def test_a_camera_unplugged_while_one_looks_through_it(start, tmp_path):
    person = start("good")
    person.next(ModesPage), person.next(PicturePage)
    person.until(lambda: person.desk.watch.picture is not None)
    (tmp_path / "unplug 0").touch()
    person.until(lambda: "vanished" in person.page.hint)
    (tmp_path / "unplug 0").unlink()
    wide, high = person.desk.settings.size  # as it was measured
    person.until(lambda: f"{wide}x{high}" in person.page.hint)


def test_without_a_camera_only_the_engines_and_the_pin(start):
    person = start(old=Settings(camera="Old", style="bob"))
    person.next(EnginesPage)
    person.pin()
    person.next(SummaryPage)
    assert ("Camera", "Old, as before") in person.page.rows()
    person.key(pygame.K_RETURN)
    assert load_settings(person.desk.path) == Settings(camera="Old", style="bob", engine="openvino")


def test_turned_mirrored_and_cut(start):
    person = start("good")
    person.next(ModesPage)
    person.next(PicturePage)
    person.press("turn 90")
    person.press("Not mirrored")
    assert not person.control("wider").enabled and not person.control("move Higher").enabled
    for _ in range(3):
        person.press("closer")
    # What is proposed is measured: on a slow machine a smaller size than 1280x720.
    wide, high = person.desk.settings.size
    assert person.desk.settings.crop[2:] == (wide // 2, high // 2)
    person.press("move Higher")  # what is up after a quarter turn is left for the camera
    left, top = person.desk.settings.crop[:2]
    assert left < wide // 4 and top == high // 4
    person.page._where = pygame.Rect(0, 0, high // 2, wide // 2)
    for kind, at in ((pygame.MOUSEBUTTONDOWN, (100, 100)), (pygame.MOUSEMOTION, (100, 5000)),
                     (pygame.MOUSEBUTTONUP, (100, 5000))):  # fmt: skip
        assert person.page.hear(pygame.event.Event(kind, pos=at, button=1, rel=(0, 1)))
    edge = (wide // 2, high // 4, wide // 2, high // 2)
    assert person.desk.settings.crop == edge, "dragged down to the edge, and no further"
    for _ in range(3):
        person.press("wider")
    assert person.desk.settings.crop is None and person.desk.settings.rotate == 90


def test_exposure_is_held_made_brighter_and_given_back(start):
    person = start("good")
    person.next(ModesPage), person.next(PicturePage), person.next(LightsPage)
    person.until(lambda: person.control("exposure").enabled)
    person.press("exposure")
    person.until(lambda: person.desk.settings.exposure == 250)
    device = person.world.devices[-1]
    assert device.stands[exposure().auto] == exposure().by_hand
    person.press("Brighter")
    person.until(lambda: person.desk.settings.exposure == device.stands[cv2.CAP_PROP_EXPOSURE] > 250)
    person.until(lambda: not person.page._waiting)
    person.press("white_balance")
    person.until(lambda: person.page._said.get("white_balance", "").startswith("This camera cannot"))
    assert person.desk.settings.white_balance is None
    person.next(EnginesPage)
    assert person.desk.settings.exposure > 250, "the mirror holds it from now on"
    person.until(lambda: device.stands[exposure().auto] == exposure().alone)
    person.key(pygame.K_ESCAPE)
    person.until(lambda: person.world.devices[-1].stands[exposure().auto] == exposure().by_hand)
    person.until(lambda: person.page._restored and not person.page._waiting)
    person.press("exposure")
    assert person.desk.settings.exposure is None


def test_no_engine_at_all(start):
    person = start()

    def refuse(network: str, choice: str) -> None:
        raise MirrorError("not installed.")

    person.desk.parts = replace(person.world.parts(), open_engine=refuse)
    person.next(EnginesPage)
    person.until(lambda: "No engine can run" in person.page.hint)
    assert not person.page.ready


def test_the_pin_is_typed_twice_and_only_its_hash_is_kept(start):
    person = start()
    person.next(EnginesPage)
    person.pin()
    page = person.page

    def type_in(digits: str) -> None:
        person.key(*map(ord, digits), pygame.K_RETURN)

    type_in("123")
    assert "4 to 12" in page._said and person.desk.settings.pin is None
    type_in("1234")
    assert "try first" in page._said and page.ready and page._first is None
    type_in("2593")
    assert not page.ready, "half a PIN"
    type_in("2591")
    assert "another one" in page._said and person.desk.settings.pin is None and page.ready
    type_in("2593")
    type_in("2593")
    assert kiosk_pin.matches("2593", person.desk.settings.pin) and page.ready
    person.press("key 9")
    person.key(pygame.K_BACKSPACE)
    person.next(SummaryPage)
    assert ("PIN", "set") in person.page.rows()
    person.key(pygame.K_RETURN)
    kept = person.desk.path.read_text()
    assert os.name != "posix" or person.desk.path.stat().st_mode & 0o077 == 0, "others can read the hash"
    assert "2593" not in kept.replace(load_settings(person.desk.path).pin, "")
    person.key(pygame.K_ESCAPE)
    person.press("remove")
    assert person.desk.settings.pin is None


@pytest.mark.parametrize(("sees", "frames"), [(True, 20.0), (True, 30.0), (False, 30.0)])
def test_the_delay_is_measured_or_it_is_said_that_the_flash_never_came_back(tmp_path, sees, frames):
    desk = Desk(World(tmp_path, []).parts(), Settings(), tmp_path / "settings.toml")
    page = DelayPage(desk)
    # A camera of the test's own clock, that sees the page's flash 0.13 s later.
    began = time.monotonic()
    samples = [(began, 60.0)]
    desk.watch = SimpleNamespace(samples=samples, sure=True, problem=None, picture=None, tell=print)
    next(control for control in page.controls(AREA, 1.0) if control.key == "measure").press()
    lit: list[tuple[float, bool]] = []
    for step in range(3000):
        now = began + step / 250
        if page.flash is None:
            break
        lit.append((now, page.flash == (255, 255, 255)))
        page.shown(now)
        if step % round(250 / frames) == 0:
            white = next((white for at, white in reversed(lit) if at <= now - 0.13), False)
            samples.append((now, 60.0 + 40 * (white and sees) + 0.1 * (step % 3)))
    assert page.flash is None, "it never ended"
    if sees:
        assert desk.delay is not None and 0 <= desk.delay.median - 130 < 1000 / frames
        assert desk.delay.seen == 6
    else:
        assert desk.delay is None and "never came back" in page._said


def test_a_key_ends_the_flashing(tmp_path):
    desk = Desk(World(tmp_path, []).parts(), Settings(), tmp_path / "settings.toml")
    page = DelayPage(desk)
    page._start()
    assert page.flash is not None
    assert page.hear(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0)) and page.flash is None


def test_a_file_that_cannot_be_written_is_said_and_one_can_try_again(start, tmp_path):
    person = start()
    person.desk.path = tmp_path / "in the way" / "settings.toml"
    (tmp_path / "in the way").write_text("a file")
    person.next(EnginesPage), person.pin(), person.next(SummaryPage)
    person.key(pygame.K_RETURN)
    assert "cannot be written" in person.page._said and not person.desk.written
    (tmp_path / "in the way").unlink()
    person.key(pygame.K_RETURN)
    assert person.desk.written and person.desk.path.exists()


def test_the_file_before_is_kept(start):
    person = start(old=Settings(style="bob"))
    save_settings(person.desk.old, person.desk.path)
    before = person.desk.path.read_text()
    person.next(EnginesPage), person.pin(), person.next(SummaryPage)
    person.key(pygame.K_RETURN)
    assert person.desk.path.with_name("settings.toml.bak").read_text() == before


def test_damaged_settings_can_be_replaced_and_unwritable_ones_not(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("styl = 1\n")
    title, error, about, may_go_on = _notice(path, "line 1: styl")
    assert may_go_on and "damaged" in title and "settings.toml.bak" in about
    (tmp_path / "file").write_text("x")
    assert not _notice(tmp_path / "file" / "settings.toml", "no")[3]


@pytest.mark.parametrize("event", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_a_window_closed_half_way_writes_nothing(start, event):
    person = start("good")
    person.next(ModesPage)
    assert person.wizard.hear(pygame.event.Event(event), 0.0) is Action.QUIT
    assert not person.wizard.done and not person.desk.path.exists()


def test_escape_goes_back_and_leaves_from_the_first_page(start):
    person = start("good")
    person.next(ModesPage)
    assert person.key(pygame.K_ESCAPE) is True and isinstance(person.page, CamerasPage)
    assert person.key(pygame.K_ESCAPE) is True and isinstance(person.page, LanguagePage)
    assert person.key(pygame.K_ESCAPE) is Action.QUIT and not person.wizard.done


def test_tab_and_arrows_reach_every_button(start):
    person = start("good", "plain")
    person.next(ModesPage), person.next(PicturePage)
    person.press("closer")
    wanted = {c.key for c in person.page.controls(AREA, 1.0) if c.enabled} | {"back", "next"}
    reached = set()
    for _ in range(len(wanted)):
        person.key(pygame.K_TAB)
        reached.add(person.wizard._focus)
    assert reached == wanted
    for _ in range(40):  # by arrows alone, from wherever one is
        for arrow in (pygame.K_UP, pygame.K_LEFT, pygame.K_DOWN, pygame.K_RIGHT, pygame.K_DOWN):
            person.key(arrow)
    assert person.wizard._focus == "next"


def test_the_language_changes_at_once_and_text_and_speech_are_switched(start, monkeypatch):
    monkeypatch.setattr("mirror.app.setup.language.found", lambda: "a program")
    person = start()
    person.key(pygame.K_ESCAPE)
    assert isinstance(person.page, LanguagePage) and person.desk.settings.language == "auto"
    for key in ("speak tr", "large_text", "speak"):
        person.press(key)
    settings = person.desk.settings
    assert person.desk.words.language == settings.language == "tr" and person.control("speak tr").chosen
    assert settings.large_text and settings.speak
    person.press("speak")
    assert not person.desk.settings.speak


def test_names_are_not_spoken_where_nothing_can_speak(start, monkeypatch):
    monkeypatch.setattr("mirror.app.setup.language.found", lambda: None)
    person = start()
    person.key(pygame.K_ESCAPE)
    assert not person.control("speak").enabled


def test_the_first_style_is_one_of_the_book_or_another_every_few_seconds(start):
    person = start(old=Settings(style="3"))
    person.next(EnginesPage), person.next(FirstStylePage)
    book = person.page._book
    assert person.page._chosen == 2 and not person.control("before").enabled
    person.press("more")
    person.control("more")
    first = min(person.page._cards)
    person.press(f"style {first}")
    assert first > 0 and person.desk.settings.style == book.styles[first].name
    while person.control("more").enabled:
        person.press("more")
    assert max(person.page._cards) == len(book.styles) - 1, "all of them can be chosen"
    person.press("random")
    assert person.desk.settings.style == "random" and person.page._chosen is None


@pytest.mark.usefixtures("unseen_video")
def test_a_salon_says_its_name_when_all_is_wiped_and_whether_it_shares(start, monkeypatch):
    monkeypatch.setattr("mirror.app.setup.salon.own_network", lambda: "192.168.4.0/24")
    monkeypatch.setattr("mirror.app.setup.salon.find_spec", lambda name: name)
    person = start(old=Settings(idle=75.0))
    person.next(EnginesPage), person.next(FirstStylePage), person.next(SalonPage)

    def type_in(letters: str) -> None:
        person.wizard.hear(pygame.event.Event(pygame.TEXTINPUT, text=letters), 0.0)

    type_in("before the field was pressed")
    person.press("name")
    for letters in (" ", "Salon", " ", "Çiçek", "猫", "ก"):
        type_in(letters)
    assert "ก" in person.page._lacking, "the typeface has no Thai: it would be seen as a box"
    person.key(pygame.K_BACKSPACE, pygame.K_SPACE)
    assert person.desk.settings.share.name == "Salon Çiçek"
    type_in("x" * 100)
    assert len(person.desk.settings.share.name) == 63
    person.key(pygame.K_RETURN)
    assert isinstance(person.page, SalonPage) and not person.page._typing, "Enter ends the typing first"

    person.press("shorter")
    assert person.desk.settings.idle == 60
    for _ in TIMES:
        if person.control("longer").enabled:
            person.press("longer")
    assert person.desk.settings.idle == TIMES[-1]

    assert person.desk.settings.share.network is None, "off until somebody asks for it"
    person.press("share")
    assert person.desk.settings.share.network == "192.168.4.0/24"
    person.next(KioskPage)
    person.next(SummaryPage)
    assert "192.168.4.0/24" in dict(person.page.rows())["Salon"]
    person.key(pygame.K_RETURN)
    assert load_settings(person.desk.path).share == person.desk.settings.share
    person.key(pygame.K_ESCAPE, pygame.K_ESCAPE)
    person.press("share")
    assert person.desk.settings.share.network is None


@pytest.mark.parametrize(("network", "packages"), [(None, True), ("192.168.4.0/24", False)])
def test_nothing_is_shared_without_a_network_or_a_server(start, monkeypatch, network, packages):
    monkeypatch.setattr("mirror.app.setup.salon.own_network", lambda: network)
    monkeypatch.setattr("mirror.app.setup.salon.find_spec", lambda name: packages or None)
    person = start()
    person.next(EnginesPage), person.next(FirstStylePage), person.next(SalonPage)
    assert not person.control("share").enabled
    assert ("requirements-share.txt" in person.page._shared()) == (not packages)


def test_the_light_on_the_face_is_told(start):
    person = start("good")
    person.next(ModesPage), person.next(PicturePage), person.next(LightsPage)
    person.until(lambda: person.page._face is not None and person.page._face.said[0] != "wait")
    assert "light" in person.page._face.said[1] or "dark" in person.page._face.said[1]

    def refuse() -> None:
        raise MirrorError("There is no face model.")

    person.key(pygame.K_ESCAPE)
    person.desk.parts = replace(person.world.parts(), open_tracker=refuse)
    person.next(LightsPage)
    person.until(lambda: person.page._face is not None and person.page._face.said[0] == "warning")
    assert person.page._face.said[1] == "There is no face model."
