"""What waits for the worker: the newest of each kind, however fast a person asks."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

import mirror.pipeline.live_loop
from mirror.app.try_on import TryOn
from mirror.core.errors import MirrorError
from mirror.pipeline.command_queue import Pending, Steps
from mirror.pipeline.live_loop import Live
from mirror.settings.options import Settings
from tests.live_fakes import Numbers
from tests.tryon_fakes import NAMES, TryingMirror


def done(pending: Pending) -> list[Any]:
    seen: list[Any] = []
    for command in pending.take():
        command(seen, 0.0)  # type: ignore[arg-type]
    return seen


def say(word: str) -> Any:
    return lambda seen, now: seen.append(word)


def steps(by: int) -> Steps:
    return Steps(lambda seen, by, now: seen.append(by), by)  # type: ignore[attr-defined]


def test_the_newest_of_a_kind_wins_and_comes_last() -> None:
    pending = Pending()
    pending.put(say("blend 1"), "blend")
    pending.put(say("dye"), "dye")
    pending.put(say("once"))
    pending.put(say("blend 2"), "blend")
    pending.put(say("once more"))
    assert len(pending) == 4
    assert done(pending) == ["dye", "once", "blend 2", "once more"]
    assert done(pending) == []


def test_steps_add_up_upon_what_was_asked_before_them() -> None:
    pending = Pending()
    for by in (1, 1, -1, 1):
        pending.put(steps(by), "style")
    assert done(pending) == [2]
    pending.put(say("pick"), "style")
    for _ in range(3):
        pending.put(steps(1), "style")
    assert done(pending) == ["pick", 3]
    pending.put(steps(1), "style")
    pending.put(steps(-1), "style")
    assert done(pending) == [], "there and back again is nothing to do"
    pending.put(steps(1), "style")
    pending.put(say("pick"), "style")
    assert done(pending) == ["pick"]


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(mirror.pipeline.live_loop, "Mirror", TryingMirror)
    live = Live(Numbers(10**6, rate=200), Settings(), may_lose=True)
    live.start()
    assert live.shown.get(timeout=10) is not None
    yield live
    live.stop()


def until(wanted: Any) -> None:
    deadline = time.monotonic() + 10
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_a_minute_of_fifty_keys_a_second_leaves_a_slow_worker_nothing_to_catch_up_on(live: Any) -> None:
    worker: TryingMirror = live.mirror
    tryon = TryOn(live)
    from mirror.app import screen as s

    worker.gate = threading.Event()  # the worker is slower than any person: it stands still
    until(lambda: len(live._pending) == 0)
    worker.told.clear()
    time.sleep(0.05)  # it has taken what it takes, and waits in a picture
    longest = 0
    for press in range(3000):
        wish = (s.Action.NEXT, s.Blend(press / 3000), s.Action.DYE, s.Adjust("length", press / 3000))[
            press % 4
        ]
        tryon.obey(wish)
        longest = max(longest, len(live._pending))
    assert longest <= 4, "one waiting command of each kind"
    before = worker.dressed
    worker.gate.set()
    worker.gate = None
    until(lambda: worker.dressed >= before + 3 and len(live._pending) == 0)
    told = list(worker.told)
    assert len(told) <= 16, "a few commands, not 3000"
    assert ("pick", 750) in told or worker.styling.number == 750 % len(NAMES), "no press was forgotten"
    assert worker.styling.adjusted["length"] == pytest.approx(2999 / 3000)
    assert sum(by for name, *rest in told if name == "step_dye" for by in rest) == 750


def test_what_a_command_cannot_do_is_said_and_the_worker_lives_on(live: Any) -> None:
    def refuse(mirror: Any, now: float) -> None:
        raise MirrorError("There is no face in me.jpg.")

    live.tell(refuse)
    until(lambda: not live.said.empty())
    assert live.said.get() == "There is no face in me.jpg."
    dressed = live.mirror.dressed
    until(lambda: live.mirror.dressed > dressed)
    live.raise_failure()


def test_the_photograph_of_the_settings_is_worn_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror.pipeline.live_loop, "Mirror", TryingMirror)
    settings = Settings(style="random", style_from=Path("idol.jpg"), every=0.01)
    live = Live(Numbers(40, rate=100), settings, may_lose=False)
    live.start()
    while live.shown.get(timeout=10) is not None:
        pass
    live.raise_failure()
    assert live.mirror is not None
    told = live.mirror.told  # type: ignore[attr-defined]
    assert told[0] == ("photo", Path("idol.jpg")) and ("draw",) not in told, (
        "and no random style takes it off"
    )
    live.stop()


def test_a_photograph_that_will_not_do_ends_the_run_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refusing(*_: Any, **__: Any) -> TryingMirror:
        made = TryingMirror()
        made.refusal = "There is no face in that photograph."
        return made

    monkeypatch.setattr(mirror.pipeline.live_loop, "Mirror", refusing)
    live = Live(Numbers(40, rate=100), Settings(style_from=Path("wall.jpg")), may_lose=False)
    live.start()
    while live.shown.get(timeout=10) is not None:
        pass
    with pytest.raises(MirrorError, match="no face in that photograph"):
        live.raise_failure()
    live.stop()
