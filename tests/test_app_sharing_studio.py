"""The studio: S, V and K from the key to the file, on a clock that the test moves."""

from __future__ import annotations

import errno
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pygame
import pytest

from mirror.app.screen import Action, four_up, side_by_side
from mirror.app.sharing.studio import NO_FACE, Studio
from mirror.app.sharing.video_clip import SECONDS
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.files import picture_saver as pictures_module
from mirror.files.picture_saver import MOST, Pictures, write_new
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION, SIMULATED, Worn
from mirror.settings.options import Settings

SIZE = (160, 120)


def look(name: str = "bob", hair_loss: bool = False) -> Worn:
    return Worn(name, hair_loss, code=object())  # type: ignore[arg-type]


class Worker:
    """Stands in for the mirror and the live loop: does at once what it is told, unless it is held."""

    def __init__(self) -> None:
        self.mirror = self
        self.held: list[Callable[[Any, float], None]] | None = None

    def tell(self, command: Callable[[Any, float], None]) -> None:
        if self.held is None:
            command(self, 0.0)
        else:
            self.held.append(command)

    def card(self, shown: Shown, looks: list[Worn]) -> Iterator[np.ndarray | None]:
        yield None
        for number in range(len(looks)):
            yield None
            yield np.full_like(shown.image, 60 + number)


class Room:
    """A studio with a clock, a window's panels, and a disk that can be full."""

    def __init__(self, folder: Path, countdown: float = 3.0) -> None:
        self.now, self.full, self.panels, self.worker = 100.0, False, [], Worker()
        self.worn = look()
        self.folder, self.count = folder, 0
        settings = Settings(countdown=countdown, pictures=folder)
        window: Any = self
        live: Any = self.worker
        keeper = Pictures(folder, write=self.write)
        self.studio = Studio(live, settings, window, 30.0, pictures=keeper, clock=lambda: self.now)

    def write(self, folder: Path, stem: str, ending: str, data: np.ndarray) -> Path:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_new(folder, stem, ending, data)

    def press(self, key: int) -> None:
        """A key as the window hears it: panels first, the last one on top."""
        event = pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0, mod=0)
        for panel in reversed(self.panels):
            heard = panel.hear(event, self.now)
            if heard is not None:
                assert heard is True or self.studio.obey(heard)
                return
        names = {pygame.K_s: Action.SNAPSHOT, pygame.K_v: Action.CLIP, pygame.K_k: Action.CARD}
        assert self.studio.obey(names[key])

    def look(self, seconds: float = 0.0, *, face: bool = True, mirrored: bool = True) -> str | None:
        """Time passes, and the next picture is there; gives what the person is told."""
        self.now += seconds
        self.count += 1
        image = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        image[:, : SIZE[0] // 2] = 150
        after = image.copy()
        after[:40] = self.count % 256
        frame = Frame(image, self.count, self.now)
        there = Face(np.zeros((478, 3), np.float32), 1.0), None, HeadTransform(80.0, 60.0, 50.0, 0.0), 1.0
        self.shown = Shown(frame, after, *there, worn=self.worn) if face else Shown(frame, image)
        return self.studio.step(self.shown, self.shown.image, mirrored)

    def until(self, wanted: Callable[[], bool]) -> list[str]:
        """Goes on until something is so; gives what was said."""
        said, deadline = [], time.monotonic() + 20
        while not wanted():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)
            said.append(self.studio.step(self.shown, self.shown.image, True) or "")
        return [line for line in said if line]

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*")) if self.folder.exists() else []


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "pictures")
    yield room
    room.studio.forget()
    room.studio.close()


def test_a_pair_is_taken_when_the_countdown_is_over_and_not_before(room: Room) -> None:
    room.look()
    room.press(pygame.K_s)
    for _ in range(5):
        room.look(0.5)
    assert not room.studio.pictures.full and room.files == []
    room.look(0.5)
    taken = room.shown
    said = room.until(lambda: bool(room.files) and room.files[0].suffix == ".png")
    said += room.until(lambda: room.studio.pictures.waiting == 0)
    room.look(10.0)
    room.look(10.0)
    (file,) = room.files
    pair = side_by_side(taken.frame.image[:, ::-1], taken.image[:, ::-1], "bob")
    assert np.array_equal(cv2.imread(str(file))[..., ::-1], pair), "as the mirror shows it, at full size"


def test_where_it_was_saved_is_said(room: Room) -> None:
    room.look()
    room.press(pygame.K_s)
    room.look(3.0)
    deadline = time.monotonic() + 20
    while not (said := room.look()):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert said == f"Saved to {room.files[0]}"


@pytest.mark.parametrize("key", [pygame.K_s, pygame.K_v, pygame.K_k])
@pytest.mark.parametrize("cancel", ["Escape", "the same key"])
def test_a_countdown_can_be_cancelled(room: Room, key: int, cancel: str) -> None:
    room.look()
    room.press(key)
    room.look(1.0)
    room.press(pygame.K_ESCAPE if cancel == "Escape" else key)
    for _ in range(6):
        room.look(1.0)
    assert room.files == [] and room.studio._clip is None and room.studio._card is None
    room.press(key)
    room.look(3.0)
    assert room.studio._clip or room.studio._card or room.until(lambda: bool(room.files)) is not None


def test_a_card_of_what_was_worn(room: Room) -> None:
    for name in "abc":
        room.worn = look(name, hair_loss=name == "b")
        for _ in range(3):
            room.look(0.5)
    room.worn = look("only passed")
    room.look()
    room.worn = look("c")
    room.press(pygame.K_k)
    room.look(3.0)
    room.worker.held = []
    room.look()
    room.look()
    assert len([1 for command in room.worker.held if command.__name__ == "work"]) == 1, "one piece at a time"
    for command in room.worker.held:
        command(room.worker, 0.0)
    room.worker.held = None
    while not room.files:
        room.look()
        time.sleep(0.005)
    room.until(lambda: [file.suffix for file in room.files] == [".png"])
    card = cv2.imread(str(room.files[0]))[..., ::-1]
    plain = [np.full((SIZE[1], SIZE[0], 3), 60 + number, np.uint8) for number in range(3)]
    assert np.array_equal(card, four_up(plain, list("cba"), [SIMULATED, ILLUSTRATION, SIMULATED]))


def test_no_card_without_a_face(room: Room) -> None:
    room.look()
    room.press(pygame.K_k)
    room.look(2.9)
    assert "No face" in (room.look(0.1, face=False) or "")
    assert room.studio._card is None


@pytest.mark.parametrize("key", [pygame.K_s, pygame.K_v, pygame.K_k])
def test_without_anybody_nothing_is_saved_and_it_says_why(room: Room, key: int) -> None:
    room.look(face=False)
    room.press(key)
    assert room.look(3.0, face=False) == NO_FACE
    assert not room.files and room.studio._clip is None and room.studio._card is None
    room.look(1.0)
    room.press(key)
    room.look(2.0, face=False)
    assert room.look(1.0, face=False) == NO_FACE, "who was there has gone"
    assert not room.files and room.studio._clip is None and room.studio._card is None


def test_a_face_that_is_missed_for_a_moment_does_not_cost_the_picture(room: Room) -> None:
    room.look()
    room.press(pygame.K_s)
    room.look(2.8)
    assert room.look(0.3, face=False) is None
    room.until(lambda: bool(room.files))


def test_a_clip_of_six_seconds(room: Room) -> None:
    room.look()
    room.press(pygame.K_v)
    room.look(3.0)
    shutter: Any = room.panels[1]
    assert shutter.recording and shutter.making == f"Recording · {SECONDS:.0f} s left · V ends it"
    for _ in range(30):
        room.look(0.25)
        time.sleep(0.01)  # the encoder has a thread, but not all of a busy machine
    room.until(lambda: [file.suffix for file in room.files] == [".mp4"])
    assert not shutter.recording
    with av.open(str(room.files[0])) as film:
        frames = [(float(f.time), f.to_ndarray(format="rgb24")) for f in film.decode(video=0)]
    assert frames[-1][0] == pytest.approx(SECONDS, abs=0.3)
    for _, image in frames:
        assert image.shape == (SIZE[1], SIZE[0], 3)
        assert abs(int(image[60, 150, 0]) - 150) < 12 and abs(int(image[60, 10, 0]) - 90) < 12, "mirrored"
        assert image[100:, 10:80].min() < 70, "the mark on every picture"


def test_v_again_ends_a_clip_early(room: Room) -> None:
    room.look()
    room.press(pygame.K_v)
    room.look(3.0)
    for _ in range(4):
        room.look(0.25)
    room.press(pygame.K_v)
    room.until(lambda: [file.suffix for file in room.files] == [".mp4"])
    with av.open(io.BytesIO(room.files[0].read_bytes())) as film:
        assert float(list(film.decode(video=0))[-1].time) < 1.5


def test_a_full_disk_keeps_it_all_and_enter_saves_it(room: Room) -> None:
    room.full = True
    room.look()
    room.press(pygame.K_s)
    room.look(3.0)
    room.until(lambda: room.studio.pictures.waiting == 1)
    room.full = False
    room.press(pygame.K_RETURN)
    room.until(lambda: len(room.files) == 1 and room.studio.pictures.waiting == 0)


def test_beyond_so_many_waiting_ones_none_is_taken_and_that_is_said(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures_module, "RETRY_SECONDS", 60.0)
    room.full = True
    room.look()
    for _ in range(MOST):
        room.press(pygame.K_s)
        room.look(3.0)
    room.until(lambda: room.studio.pictures.waiting == MOST)
    room.press(pygame.K_s)
    assert f"{MOST} pictures are waiting already" in (room.look() or "")
    assert not room.studio._shutter.counting
    room.press(pygame.K_DELETE)
    assert room.studio.pictures.waiting == MOST - 1


def test_the_same_button_again_cancels_the_countdown(room: Room) -> None:
    room.look()
    for wish in (Action.SNAPSHOT, Action.CLIP, Action.CARD):
        room.studio.obey(wish)
        assert room.studio.counting
        room.studio.obey(wish)
        assert not room.studio.counting
    room.studio.obey(Action.SNAPSHOT)
    room.studio.obey(Action.CARD)
    assert room.studio._shutter.wanted is Action.SNAPSHOT, "another button waits"


def test_leaving_with_waiting_pictures_is_asked_once(room: Room) -> None:
    room.look()
    assert not room.studio.obey(Action.QUIT), "nothing waits: leave"
    room.full = True
    room.press(pygame.K_s)
    room.look(3.0)
    room.until(lambda: room.studio.pictures.waiting == 1)
    assert room.studio.obey(Action.QUIT), "not yet"
    assert "Not everything is saved" in (room.look() or "")
    assert not room.studio.obey(Action.QUIT), "the second time it is meant"
    assert room.studio.pictures.close() == 1


def test_leaving_amid_a_clip_keeps_it(room: Room) -> None:
    room.look()
    room.press(pygame.K_v)
    room.look(3.0)
    room.studio.close()
    assert [file.suffix for file in room.files] == [".mp4"]


def test_forgetting_leaves_nothing(room: Room) -> None:
    room.full = True
    room.look()
    room.press(pygame.K_s)
    room.look(3.0)
    room.until(lambda: room.studio.pictures.waiting == 1)
    room.press(pygame.K_v)
    room.look(3.0)
    clip = room.studio._clip
    assert clip is not None
    room.press(pygame.K_k)
    room.studio.forget()
    assert room.studio.pictures.waiting == 0 and room.studio._clip is None
    clip._thread.join(20)
    assert not any(clip._file.getvalue())
    room.full = False
    for _ in range(5):
        room.look(1.0)
    assert room.files == [] and room.studio._card is None


def test_a_pair_is_named_and_marked_as_the_picture_it_was_taken_of(room: Room) -> None:
    for worn in (look("bob"), look("Norwood IV", hair_loss=True), look("afro")):
        room.worn = worn
        room.look()
        room.press(pygame.K_s)
        room.look(3.0)
        taken, room.worn = room.shown, look("another")  # what comes meanwhile is not on it
        room.until(lambda: [file.suffix for file in room.files] == [".png"])
        words = (worn.name, ILLUSTRATION if worn.hair_loss else SIMULATED)
        pair = side_by_side(taken.frame.image[:, ::-1], taken.image[:, ::-1], *words)
        assert np.array_equal(cv2.imread(str(room.files[0]))[..., ::-1], pair)
        room.files[0].unlink()


def test_a_clip_takes_the_mark_of_each_of_its_pictures(room: Room) -> None:
    marks: list[tuple[int, ...]] = []
    room.look()
    room.press(pygame.K_v)
    room.look(3.0)
    clip = room.studio._clip
    assert clip is not None
    clip.add = lambda *_: marks.append(clip.mark.shape)  # type: ignore[method-assign]
    for hair_loss in (False, True, False):
        room.worn = look(hair_loss=hair_loss)
        room.look(0.1)
    assert marks[0] == marks[2] and np.prod(marks[1]) > 1.5 * np.prod(marks[0])


def test_nothing_worn_means_no_card(room: Room) -> None:
    room.worn = Worn()
    room.look()
    room.press(pygame.K_k)
    assert "Nothing was worn" in (room.look(3.0) or "") and room.studio._card is None


def test_other_wishes_are_for_others(room: Room) -> None:
    assert not room.studio.obey(Action.NEXT) and not room.studio.obey(Action.HUD)
