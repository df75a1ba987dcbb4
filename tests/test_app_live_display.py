"""The display: what it asks, says and keeps in front of a window that a test stands in for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.app import live_display as display_module
from mirror.app import screen as s
from mirror.app.live_display import Display
from mirror.app.live_messages import ASKED
from mirror.app.live_view import NOBODY, NOBODY_IN_FILM
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.files.video_writer import VideoRecorder
from mirror.hair.styles.tour import Step, Tour
from mirror.pipeline.distance_check import CLOSER
from mirror.pipeline.run_report import Report
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.touring import Touring
from mirror.pipeline.worn_style import Worn
from mirror.settings.options import Settings
from mirror.sources.replayable_video import Encore
from mirror.sources.video import VideoSource
from mirror.translation.message import Message
from tests.test_app_try_on import Glass
from tests.tryon_fakes import Told, TryingMirror

LEFT_OUT = Message(
    "{style} is painted here, not grown strand by strand: it takes {shade} alone", style="bob", shade="copper"
)


class Room:
    """A display, the window it shows on, and a clock that the test moves."""

    def __init__(self, settings: Settings, source: Any, now: list[float]) -> None:
        self.live, self.glass, self.now = Told(TryingMirror()), Glass(), now
        self.display = Display(self.live, source, settings, self.glass, Report())  # type: ignore[arg-type]

    def look(self, *wishes: Any) -> s.View:
        """Wishes, and what is shown then."""
        self.glass.wishes = list(wishes)
        self.display._hear()
        self.display._draw()
        return self.glass.views[-1]

    def see(self, shown: Shown) -> s.View:
        self.display.last = shown
        return self.look()


@pytest.fixture
def open_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Room]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    now = [100.0]
    monkeypatch.setattr(
        display_module, "time", SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: now[0])
    )

    def open_one(source: Any = None) -> Room:
        source = source or SimpleNamespace(name="x", problem=None, reason="asked for", rate=30.0, live=True)
        room = Room(Settings(pictures=tmp_path, countdown=0.0), source, now)
        image = np.zeros((120, 160, 3), np.uint8)
        room.display.last = Shown(Frame(image, 0, 1.0), image)
        return room

    return open_one


def test_esc_asks_once_before_it_leaves(open_room: Callable[..., Room]) -> None:
    room = open_room()
    assert room.look(s.Action.LEAVE).message == "Press Esc again to leave"
    assert not room.display._leave
    room.now[0] += ASKED + 0.1
    assert room.look(s.Action.LEAVE).message == "Press Esc again to leave", "that was long ago"
    assert not room.display._leave
    room.now[0] += 1
    room.look(s.Action.LEAVE)
    assert room.display._leave


def test_a_closed_window_is_not_asked(open_room: Callable[..., Room]) -> None:
    room = open_room()
    room.look(s.Action.QUIT)
    assert room.display._leave


def test_esc_in_spite_of_a_warning_is_not_asked_again(open_room: Callable[..., Room]) -> None:
    room = open_room()
    assert room.display.studio is not None
    room.display.studio.pictures = SimpleNamespace(waiting=1, told=lambda: None)  # type: ignore[assignment]
    assert "Not everything is saved" in (room.look(s.Action.LEAVE).message or "")
    room.look(s.Action.LEAVE)
    assert room.display._leave


def test_a_film_that_has_ended_plays_again_when_it_is_asked(
    open_room: Callable[..., Room], tmp_path: Path
) -> None:
    with VideoRecorder(tmp_path / "film.mp4", (320, 240), 20) as recorder:
        recorder.write(np.zeros((240, 320, 3), np.uint8))
    source = Encore(lambda: VideoSource(tmp_path / "film.mp4", pace="max"), "max")
    room = open_room(source)
    assert not room.look().ended
    while not source.ended:
        source.read()
    assert room.look().ended
    assert not room.look(s.Action.PLAY_AGAIN).ended
    source.close()


def someone(at: float, image: np.ndarray, there: bool = True) -> Shown:
    frame = Frame(image, 0, at)
    return Shown(frame, image, Face(np.zeros((478, 3), np.float32)) if there else None)


@pytest.mark.parametrize(("live", "words"), [(True, NOBODY), (False, NOBODY_IN_FILM)])
def test_after_two_seconds_without_a_face_it_says_where_to_stand(
    open_room: Callable[..., Room], live: bool, words: str
) -> None:
    room = open_room(SimpleNamespace(name="x", problem=None, reason="asked for", rate=30.0, live=live))
    image = np.zeros((120, 160, 3), np.uint8)

    def view(at: float, there: bool) -> s.View:
        room.live.shown = SimpleNamespace(get=lambda timeout: someone(at, image, there))
        assert room.display.step()
        return room.glass.views[-1]

    assert view(50.0, True).nobody == ""
    assert view(51.9, False).nobody == "" and not view(51.9, False).outline
    shown = view(52.1, False)
    assert shown.nobody == words and shown.outline is live, "in a film nobody can stand anywhere"
    again = view(52.2, True)
    assert again.nobody == "" and not again.outline
    assert view(54.0, False).nobody == "", "counted from when they were seen last"


def test_before_a_camera_that_is_covered_nobody_is_told_where_to_stand(
    open_room: Callable[..., Room],
) -> None:
    source = SimpleNamespace(
        name="x", problem="The camera is covered", reason="asked for", rate=30.0, live=True
    )
    room = open_room(source)
    image = np.zeros((120, 160, 3), np.uint8)

    def view(at: float) -> s.View:
        room.live.shown = SimpleNamespace(get=lambda timeout: someone(at, image, False))
        assert room.display.step()
        return room.glass.views[-1]

    view(50.0)
    covered = view(53.0)
    assert covered.problem == source.problem and covered.nobody == "" and not covered.outline
    source.problem = None
    assert view(53.1).outline


def test_a_picture_that_stands_still_says_nothing_of_who_is_there(open_room: Callable[..., Room]) -> None:
    room = open_room()
    image = np.zeros((120, 160, 3), np.uint8)
    room.live.shown = SimpleNamespace(get=lambda timeout: someone(50.0, image, False))
    assert room.display.step()
    room.now[0] += 60
    assert room.look().nobody == ""


def test_somebody_too_far_away_is_told_for_as_long_as_it_is_so(open_room: Callable[..., Room]) -> None:
    room = open_room()
    image = np.zeros((120, 160, 3), np.uint8)
    assert room.see(Shown(Frame(image, 0, 1.0), image, advice=CLOSER)).problem == CLOSER
    assert room.see(Shown(Frame(image, 1, 2.0), image)).problem is None


def test_a_pattern_on_painted_hair_says_once_what_is_left_out(open_room: Callable[..., Room]) -> None:
    room = open_room()
    styling = room.live.mirror.styling
    assert room.look().message is None
    styling.choose_dye("ombre: copper + rose", 0.0)
    styling.takes_one_shade = LEFT_OUT
    assert room.look().message == LEFT_OUT, "rather than what was asked for"
    assert room.look().message is None


def test_a_shade_is_said_once_it_is_worn_and_never_in_a_tour(open_room: Callable[..., Room]) -> None:
    """Grown hair of another shade takes seconds to come: a line that ran ahead named what was not seen."""
    room = open_room()
    image = np.zeros((120, 160, 3), np.uint8)

    def worn(dye: str | None) -> str | None:
        return room.see(Shown(Frame(image, 0, 1.0), image, worn=Worn("bob", dye=dye))).message

    room.live.mirror.styling.choose_dye("copper", 0.0)
    assert worn("none") is None, "asked for, and not there yet"
    assert worn("copper") == "Hair colour: copper" and worn("copper") is None
    assert worn(None) is None, "nobody wears anything"
    assert worn("none") == "Hair colour: its own"
    room.live.touring = Touring(Tour((Step(0, Fraction(4), "copper"),)))
    assert worn("copper") is None and worn("none") is None, "a tour has words of its own"
    room.live.touring.pause()
    assert worn("none") is None and worn("copper") == "Hair colour: copper"


def test_without_a_window_it_is_in_the_log(
    open_room: Callable[..., Room], caplog: pytest.LogCaptureFixture
) -> None:
    room = open_room()
    room.display._window = None
    room.live.mirror.styling.takes_one_shade = LEFT_OUT
    for _ in range(3):
        room.display._draw()
    assert [one.getMessage() for one in caplog.records] == [f"{LEFT_OUT}."]
