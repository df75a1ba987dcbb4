"""What a kiosk says of kept pictures is true: where they lie, until when, and that they end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.kiosk.goodbye import KEPT_STAYS, STAYS
from mirror.app.kiosk.kept_pictures import DAY, EVERY, FOLDER, Kept
from mirror.app.kiosk.main_loop import Kiosk
from mirror.app.kiosk.scene import Scene
from mirror.app.kiosk.systemd_notify import Notifier
from mirror.app.kiosk.visit import Visit
from mirror.app.screen import View
from mirror.app.sharing.studio import Studio
from mirror.files.picture_saver import Pictures
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words, languages
from tests.kiosk_fakes import WHITE, FakeVisit, fake_scene, noted_lines

pytestmark = pytest.mark.usefixtures("unseen_video")

NOW = 1_790_000_000.0  # seconds since 1970


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Shelf:
    """A folder of kept pictures and a clock that is moved."""

    def __init__(self, folder: Path, days: int = 1) -> None:
        self.now, self.folder = NOW, folder
        self.kept = Kept(folder, days, clock=lambda: self.now)

    def put(self, name: str, age: float = 0.0) -> Path:
        """A picture of so many seconds of age, as it is on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        cv2.imwrite(str(path.with_suffix(".png")), np.full((90, 160, 3), 77, np.uint8))
        if path.suffix != ".png":
            path.with_suffix(".png").rename(path)
        os.utime(path, (self.now - age, self.now - age))
        return path

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "Hair Mirror" / FOLDER)


def test_a_picture_is_deleted_when_its_days_are_over_and_not_before(shelf: Shelf) -> None:
    shelf.put("2026-03-01 14.05.09.png")
    shelf.put("2026-03-01 14.05.09 (2).png", age=0.5 * DAY)
    shelf.now += 0.5 * DAY - 1
    assert shelf.kept.sweep() == 0
    shelf.now += 1
    assert shelf.kept.sweep() == 1 and shelf.names == {"2026-03-01 14.05.09.png"}
    shelf.now += 0.5 * DAY
    assert shelf.kept.sweep() == 1 and shelf.names == set()


def test_more_days_keep_it_longer(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, days=7)
    path = shelf.put("2026-03-01 14.05.09.png")
    shelf.now += 6.9 * DAY
    assert shelf.kept.sweep() == 0
    assert shelf.kept.until(path) == datetime.fromtimestamp(NOW + 7 * DAY)
    shelf.now += 0.2 * DAY
    assert shelf.kept.sweep() == 1


def test_only_what_the_kiosk_kept_is_deleted(shelf: Shelf, tmp_path: Path) -> None:
    mine = {"wedding.png", "2026-03-01.png", "2026-03-01 14.05.09.png.txt", "2026-03-01 14.05.09.jpg"}
    for name in mine:
        shelf.put(name, age=900 * DAY)
    above = tmp_path / "Hair Mirror" / "2026-03-01 14.05.09.png"
    above.write_bytes(b"taken at the window")
    os.utime(above, (NOW - 900 * DAY,) * 2)
    assert shelf.kept.sweep() == 0 and shelf.names == mine and above.exists()


def test_half_a_picture_that_a_kill_left_goes_after_a_minute(shelf: Shelf) -> None:
    shelf.put(".hair-mirror-0123456789ab.part", age=10)
    assert shelf.kept.sweep() == 0, "it may still be written"
    shelf.now += 60
    assert shelf.kept.sweep() == 1 and shelf.names == set()


def test_a_wrong_clock_keeps_nothing_for_ever(shelf: Shelf) -> None:
    shelf.put("2031-03-01 14.05.09.png", age=-5 * 365 * DAY)
    shelf.put("2026-03-01 14.05.09.png", age=-0.1 * DAY)
    assert shelf.kept.sweep() == 1 and shelf.names == {"2026-03-01 14.05.09.png"}


def test_a_folder_that_is_not_there_or_cannot_be_read_is_no_error(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shelf.kept.sweep() == 0
    shelf.put("2026-03-01 14.05.09.png", age=2 * DAY)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        assert shelf.kept.sweep() == 0
    assert shelf.kept.sweep() == 1, "it is tried again"


def test_the_loop_deletes_at_start_up_and_while_nobody_is_there(shelf: Shelf) -> None:
    """The kiosk's own loop, idle in attract, on a clock that is put forward."""
    now = 50.0
    old, young = (shelf.put(f"2026-03-0{day} 14.05.09.png", age) for day, age in ((1, 2 * DAY), (2, 0.0)))
    scene: Any = SimpleNamespace(
        kept=shelf.kept, live=False, left=False, step=lambda _: None,
        machine=SimpleNamespace(name="attract", go=lambda *_: True),
        staff=SimpleNamespace(close=lambda: None),
    )  # fmt: skip
    window: Any = SimpleNamespace(actions=lambda: [], show=lambda _: None)
    visit: Any = SimpleNamespace(poll=lambda: None, display=None)
    kiosk = Kiosk(window, scene, visit, Notifier({}), clock=lambda: now, sleep=lambda _: None)
    kiosk.step()
    until(lambda: not old.exists() and not shelf.kept.busy)
    assert young.exists()
    shelf.now += DAY
    kiosk.step()
    assert young.exists() and not shelf.kept.busy, "not in every round"
    now += EVERY
    kiosk.step()
    until(lambda: not young.exists())


def test_the_loop_deletes_even_while_everything_else_fails(shelf: Shelf) -> None:
    old = shelf.put("2026-03-01 14.05.09.png", age=2 * DAY)

    def broken() -> None:
        raise RuntimeError("no camera, for ever")

    scene: Any = SimpleNamespace(
        kept=shelf.kept, machine=SimpleNamespace(name="failsafe", go=lambda *_: True),
        staff=SimpleNamespace(close=lambda: None),
    )  # fmt: skip
    Kiosk(
        SimpleNamespace(),
        scene,
        SimpleNamespace(poll=broken),
        Notifier({}),
        sleep=lambda _: None,  # type: ignore[arg-type]
    ).step()
    until(lambda: not old.exists())


def visited(shelf: Shelf, count: int, **settings: Any) -> tuple[Scene, FakeVisit]:
    """A scene in `try` of somebody who kept so many pictures."""
    scene, visit = fake_scene(**settings)
    scene.kept = shelf.kept
    for signal in ("touched", "agreed"):
        scene.machine.go(signal, 0.0)
    visit.show()
    visit.saved = tuple(shelf.put(f"2026-03-0{number + 1} 14.05.09.png") for number in range(count))
    return scene, visit


def draw(scene: Scene, view: View | None = None, now: float = 0.0) -> pygame.Surface:
    screen = pygame.Surface(scene.window.size, 0, 32)
    scene.draw(screen, view or View(image=WHITE), 1.0, now)
    return screen


def names(scene: Scene) -> set[str]:
    return set(scene.machine.state._buttons._buttons)  # type: ignore[attr-defined]


def press(scene: Scene, name: str, now: float = 0.0) -> None:
    button = scene.machine.state._buttons._buttons[name]  # type: ignore[attr-defined]
    scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), now)


def heard(scene: Scene, monkeypatch: pytest.MonkeyPatch, now: float = 0.0) -> str:
    """All that is said on the screen now."""
    with monkeypatch.context() as patched:
        lines = noted_lines(patched)
        draw(scene, now=now)
    return " ".join(words for words, _ in lines)


def test_each_kept_picture_can_be_looked_at_and_deleted(shelf: Shelf) -> None:
    scene, visit = visited(shelf, 2)
    draw(scene)
    assert "album" in names(scene)
    press(scene, "album")
    assert scene.machine.name == "album"
    draw(scene)
    until(lambda: not shelf.kept.busy)
    picture = pygame.surfarray.array3d(draw(scene))[400:880, 150:500]
    assert (np.median(picture, (0, 1)) == 77).all(), "the picture as it lies on the disk"
    assert names(scene) == {"earlier", "later", "delete_one", "delete_all", "back"}
    press(scene, "earlier")
    draw(scene)
    press(scene, "delete_one")
    until(lambda: shelf.names == {"2026-03-02 14.05.09.png"})
    until(lambda: len(scene.mine()) == 1)
    draw(scene)
    assert names(scene) == {"delete_one", "back"}
    press(scene, "delete_one")
    until(lambda: scene.mine() == [] and shelf.names == set())
    scene.step(0.1)
    assert scene.machine.name == "try"
    draw(scene)
    assert "album" not in names(scene)


def test_all_are_deleted_at_once(shelf: Shelf) -> None:
    scene, _ = visited(shelf, 3)
    draw(scene)
    press(scene, "album")
    draw(scene)
    press(scene, "delete_all")
    until(lambda: shelf.names == set() and scene.mine() == [])


def test_what_was_looked_at_is_wiped_from_memory(shelf: Shelf) -> None:
    scene, visit = visited(shelf, 1)
    draw(scene)
    press(scene, "album")
    draw(scene)
    until(lambda: shelf.kept.picture(visit.saved[0]) is not None)
    draw(scene)
    whole, small = shelf.kept.picture(visit.saved[0]), scene.machine.state._fitted  # type: ignore[attr-defined]
    assert whole is not None and whole.any() and small.any()
    press(scene, "back")
    assert scene.machine.name == "try" and not whole.any() and not small.any()


def test_goodbye_says_what_is_kept_where_and_until_when(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (0, 1, 2):
        for language in languages():
            scene, visit = visited(shelf, count, language=language)
            scene.machine.go("done", 1.0)
            visit.display = visit.last = None
            scene.step(1.0)
            said, words = heard(scene, monkeypatch, 1.0), Words(language)
            until_when = words.moment(datetime.fromtimestamp(NOW + DAY))
            assert (words("wiped") in said) == (count == 0)
            assert (until_when in said and "Hair Mirror/kiosk" in said) == (count > 0)
            assert names(scene) == ({"album", "delete_all", "over"} if count else set())
            scene.step(1.0 + STAYS)
            assert scene.machine.name == ("goodbye" if count else "attract")
            scene.step(1.0 + KEPT_STAYS)
            assert scene.machine.name == "attract"


def test_deleting_at_the_goodbye_makes_it_say_that_nothing_is_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, visit = visited(shelf, 2)
    scene.machine.go("done", 1.0)
    visit.display = visit.last = None
    scene.step(1.0)
    draw(scene, now=1.0)
    press(scene, "album", 2.0)
    assert scene.machine.name == "album"
    draw(scene, now=2.0)
    press(scene, "back", 3.0)
    assert scene.machine.name == "goodbye" and visit.told.count("end") == 2, "wiped once more"
    scene.step(3.0)
    draw(scene, now=3.0)
    press(scene, "delete_all", 3.0)
    until(lambda: scene.mine() == [])
    assert shelf.names == set() and scene.words("wiped") in heard(scene, monkeypatch, 3.5)


def test_a_picture_that_cannot_be_deleted_is_said_to_be_there(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, visit = visited(shelf, 1)
    scene.machine.go("done", 1.0)
    visit.display = visit.last = None
    scene.step(1.0)
    draw(scene, now=1.0)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        press(scene, "delete_all", 1.0)
        until(lambda: not shelf.kept.busy)
    said = heard(scene, monkeypatch, 1.5)
    assert "could not be deleted" in said and scene.words("wiped") not in said and len(scene.mine()) == 1


def test_who_walked_away_leaves_nothing_for_the_next_to_look_at(shelf: Shelf) -> None:
    scene, visit = visited(shelf, 1)
    scene.machine.go("idle", 1.0)
    visit.display = visit.last = None
    scene.step(1.0)
    draw(scene, now=1.0)
    assert scene.machine.name == "goodbye" and names(scene) == set()


def test_an_album_that_nobody_touches_ends_in_the_goodbye(shelf: Shelf) -> None:
    scene, _ = visited(shelf, 1, idle=30.0)
    draw(scene)
    press(scene, "album")
    scene.step(29.0)
    assert scene.machine.name == "album"
    scene.step(31.0)
    assert scene.machine.name == "goodbye"


@pytest.mark.parametrize(("days", "english"), [(1, "1 day "), (3, "3 days ")])
def test_consent_says_what_is_kept_where_and_how_long(
    days: int, english: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, _ = fake_scene(pictures=tmp_path / "Salon", keep_days=days)
    scene.machine.go("touched", 0.0)
    said = heard(scene, monkeypatch)
    assert english in said and "Salon/kiosk" in said and "everything else" in said


def test_the_next_visitor_knows_nothing_of_the_last_ones_pictures(shelf: Shelf) -> None:
    scene, visit = visited(shelf, 1)
    scene.machine.go("done", 1.0)
    scene.step(1.0)
    scene.machine.go("over", 2.0)
    assert scene.kept._gone == set() and scene.kept._until == {}


def test_the_studio_is_ended_on_its_own_thread_and_pictures_still_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a goodbye does to the studio: nothing but the keeper, which has locks, is touched by others."""
    threads: dict[str, threading.Thread] = {}
    for name in ("end", "close", "forget"):
        real = getattr(Studio, name)

        def noted(self: Studio, name: str = name, real: Callable[[Studio], None] = real) -> None:
            threads[name] = threading.current_thread()
            real(self)

        monkeypatch.setattr(Studio, name, noted)
    live: Any = SimpleNamespace(tell=lambda *_: None, mirror=None)
    window: Any = SimpleNamespace(panels=[], covered=0, forget=lambda: None)
    studio = Studio(live, Settings(), window, 30.0, pictures=Pictures(tmp_path / FOLDER))
    visit = Visit(Settings(pictures=tmp_path), window, lambda: None, lambda: None)  # type: ignore[arg-type]
    visit.display = SimpleNamespace(studio=studio, forget=lambda: None)  # type: ignore[assignment]
    visit._pictures = studio.pictures
    assert studio.pictures.keep(np.zeros((90, 160, 3), np.uint8))
    visit.end()
    until(lambda: not visit.busy)
    assert threads == {"end": threading.main_thread()}
    assert [path.parent.name for path in visit.saved] == [FOLDER] and visit.saved[0].exists()
