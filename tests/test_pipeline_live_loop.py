"""The live loop: what comes in goes out in order, late pictures are lost or waited for, failures are said."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.files.video_writer import VideoRecorder
from mirror.pipeline import live_loop as module
from mirror.pipeline.live_loop import Live
from mirror.pipeline.shown_frame import Shown
from mirror.settings.options import Settings
from mirror.sources import open_source
from mirror.sources.video import VideoSource
from tests.live_fakes import Dresser, Numbers


@pytest.fixture
def dresser(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Dresser]]:
    class Fresh(Dresser):
        made: list[Dresser] = []

    monkeypatch.setattr(module, "Mirror", Fresh)
    yield Fresh
    alive = [thread.name for thread in threading.enumerate() if thread.name in ("capture", "look", "dress")]
    assert not alive, "the threads of a loop outlived it"


def start(source: Any, settings: Settings | None = None, *, may_lose: bool = False) -> Live:
    live = Live(source, settings or Settings(style="bob"), may_lose=may_lose)
    live.start()
    return live


def take(live: Live, pause: float = 0.0, most: int = 10**9) -> list[Shown]:
    """What is shown until the end, in the main thread."""
    shown: list[Shown] = []
    deadline = time.monotonic() + 20
    while len(shown) < most and (one := live.shown.get(timeout=10)) is not None:
        shown.append(one)
        time.sleep(pause)
        assert time.monotonic() < deadline
    return shown


def numbers(shown: list[Shown]) -> list[int]:
    return [one.frame.index for one in shown]


def until(wanted: Any) -> None:
    deadline = time.monotonic() + 10
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_where_nothing_may_be_lost_all_come_out_in_order(dresser: type[Dresser]) -> None:
    live = start(Numbers(120))
    shown = take(live, pause=0.0005)
    live.raise_failure()
    assert numbers(shown) == list(range(120)) and live.dropped == 0
    assert live.shown.finished
    live.stop()
    assert dresser.made[0].closed == 1 and live.mirror is None


def test_a_slow_dresser_loses_frames_and_counts_them(dresser: type[Dresser]) -> None:
    dresser.seconds = 0.02
    live = start(Numbers(100, rate=500), may_lose=True)
    shown = take(live)
    live.stop()
    found = numbers(shown)
    assert found == sorted(set(found)) and 2 < len(found) < 60
    assert len(found) + live.dropped == 100
    delays = [one.frame.index for one in shown]
    assert delays[-1] == 99, "the newest wins: the last picture is never the lost one"


def test_a_slow_display_loses_frames_and_counts_them(dresser: type[Dresser]) -> None:
    live = start(Numbers(60, rate=500), may_lose=True)
    shown = take(live, pause=0.02)
    live.stop()
    assert numbers(shown) == sorted(set(numbers(shown))) and len(shown) < 40
    assert len(shown) + live.dropped == 60


def test_a_video_comes_out_whole(dresser: type[Dresser], tmp_path: Path) -> None:
    path = tmp_path / "numbered.mp4"
    with VideoRecorder(path, (64, 48), 30) as recorder:
        for level in range(40, 240, 8):
            recorder.write(np.full((48, 64, 3), level, np.uint8))
    live = start(VideoSource(path, pace="max"))
    shown = take(live)
    live.stop()
    assert numbers(shown) == list(range(25)) and live.dropped == 0
    levels = np.array([one.image.mean() for one in shown])
    assert np.abs(levels - np.arange(40, 240, 8)).max() < 4, "each picture is the one of its number"


@pytest.mark.parametrize("part", ["look", "dress"])
def test_what_breaks_in_a_worker_is_raised_in_the_main_thread(dresser: type[Dresser], part: str) -> None:
    dresser.broken = part
    live = start(Numbers(10**6))
    shown = take(live)
    assert numbers(shown) == list(range(len(shown))) and len(shown) <= 3
    with pytest.raises(ValueError, match=f"{part} broke"):
        live.raise_failure()
    live.stop()


def test_a_source_that_breaks_is_raised_in_the_main_thread(dresser: type[Dresser]) -> None:
    live = start(Numbers(100, fails_at=5))
    take(live)
    with pytest.raises(MirrorError, match="the source broke"):
        live.raise_failure()
    live.stop()


def test_what_breaks_while_loading_is_raised_in_the_main_thread(dresser: type[Dresser]) -> None:
    dresser.broken = "load"
    source = Numbers(10)
    live = start(source)
    assert take(live) == []
    with pytest.raises(MirrorError, match="the weights are damaged"):
        live.raise_failure()
    live.stop()
    assert source.closed.is_set()


def test_stopped_while_loading_it_ends_without_complaint(dresser: type[Dresser]) -> None:
    dresser.loading = threading.Event()
    source = Numbers(10)
    live = start(source)
    until(lambda: live.loading[1] > 0)
    assert live.loading[0] == "Loading part 0.2" and live.mirror is None
    stopper = threading.Thread(target=live.stop)
    stopper.start()
    until(source.closed.is_set)
    dresser.loading.set()
    stopper.join(5)
    assert not stopper.is_alive()
    live.raise_failure()
    assert live.loading[1] < 0.6, "it did not load on to the end"


def test_stopped_in_the_middle_every_wait_ends(dresser: type[Dresser]) -> None:
    for may_lose in (False, True):
        live = start(Numbers(10**6, rate=0 if not may_lose else 300), may_lose=may_lose)
        assert len(take(live, most=3)) == 3
        began = time.monotonic()
        live.stop()
        live.stop()
        assert time.monotonic() - began < 4
        live.raise_failure()


def test_stopped_before_it_was_started(dresser: type[Dresser]) -> None:
    live = Live(Numbers(3), Settings(style="bob"), may_lose=False)  # type: ignore[arg-type]
    live.stop()


def test_nothing_is_read_before_everything_is_loaded(dresser: type[Dresser]) -> None:
    """A film would be half over by the time the first picture is dressed."""
    dresser.loading = threading.Event()
    source = Numbers(5)
    live = start(source)
    until(lambda: live.loading[1] > 0)
    time.sleep(0.05)
    assert source._next == 0
    dresser.loading.set()
    assert numbers(take(live)) == [0, 1, 2, 3, 4]
    live.stop()


def test_commands_reach_the_mirror_between_two_frames(dresser: type[Dresser]) -> None:
    live = start(Numbers(10**6))
    take(live, most=2)
    heard: list[tuple[object, float, str]] = []
    live.tell(lambda mirror, now: heard.append((mirror, now, threading.current_thread().name)))
    take(live, most=5)
    assert len(heard) == 1 and heard[0][0] is live.mirror and heard[0][2] == "dress"
    assert abs(heard[0][1] - time.monotonic()) < 5
    live.stop()


def test_random_styles_change_every_so_often(dresser: type[Dresser]) -> None:
    began = time.monotonic()
    live = start(Numbers(80, rate=200), Settings(style="Random", every=0.1))
    take(live)
    live.stop()
    drawn = dresser.made[0].styling.drawn[1:]
    assert 2 <= len(drawn) <= (time.monotonic() - began) / 0.1
    assert dresser.made[0].styling.faded[-1] == pytest.approx(0.1 / 3), "slow, for so short a time"
    assert np.diff(drawn).min() >= 0.1


def test_a_style_picked_by_hand_stays_and_a_drawn_one_has_its_full_time(dresser: type[Dresser]) -> None:
    live = start(Numbers(10**6, rate=200), Settings(style="random", every=0.25))
    take(live, most=2)

    live.tell(lambda mirror, now: mirror.styling.pick(3, now))
    live.shown.get(timeout=10)
    styling = dresser.made[0].styling
    until(lambda: styling.number == 3)
    count = len(styling.drawn)
    began = time.monotonic()
    until(lambda: live.shown.get(timeout=10) and time.monotonic() - began > 0.6)
    assert len(styling.drawn) == count and styling.number == 3
    live.tell(lambda mirror, now: mirror.styling.draw(now))
    until(lambda: live.shown.get(timeout=10) and len(styling.drawn) > count + 1)
    live.stop()
    assert styling.drawn[count + 1] - styling.drawn[count] >= 0.25, "not drawn again at once"


def test_hair_that_is_only_named_like_a_drawn_one_stays(dresser: type[Dresser]) -> None:
    """A photograph may be called random.jpg: what counts is where the hair came from."""
    live = start(Numbers(10**6, rate=200), Settings(style="random", every=0.1))
    live.tell(lambda mirror, now: mirror.styling.wear(object(), "random 7", now))
    until(lambda: live.shown.get(timeout=10) and dresser.made[0].styling.name == "random 7")
    count, began = len(dresser.made[0].styling.drawn), time.monotonic()
    until(lambda: live.shown.get(timeout=10) and time.monotonic() - began > 0.4)
    assert len(dresser.made[0].styling.drawn) == count
    live.stop()


def test_a_named_style_never_changes_by_itself(dresser: type[Dresser]) -> None:
    live = start(Numbers(30, rate=300), Settings(style="bob", every=0.01))
    take(live)
    assert dresser.made[0].styling.drawn == []
    live.stop()


def test_a_photograph_without_a_face_is_refused_and_one_with_a_face_goes_on(
    dresser: type[Dresser], tmp_path: Path
) -> None:
    wall, someone = tmp_path / "wall.png", tmp_path / "someone.png"
    cv2.imwrite(str(wall), np.full((80, 80, 3), 90, np.uint8))
    cv2.imwrite(str(someone), np.random.default_rng(1).integers(0, 255, (80, 80, 3), dtype=np.uint8))
    live = start(open_source(str(wall), pace="max"))
    assert take(live) == []
    with pytest.raises(MirrorError, match=r"no face in the photograph wall\.png"):
        live.raise_failure()
    live.stop()
    far = tmp_path / "far.png"
    cv2.imwrite(str(far), np.random.default_rng(1).integers(100, 120, (80, 80, 3), dtype=np.uint8))
    live = start(open_source(str(far), pace="max"))
    assert take(live) == []
    with pytest.raises(MirrorError, match="too small"):
        live.raise_failure()
    live.stop()
    live = start(open_source(str(someone), pace="max"))
    assert len(take(live, most=3)) == 3
    live.stop()
    live.raise_failure()
