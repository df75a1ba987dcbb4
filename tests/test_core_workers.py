"""Workers: in the caller's own thread until they are started, one thing at a time from then on."""

from __future__ import annotations

import threading

import pytest

from mirror.core.workers import Pending, Workers


def test_until_they_are_started_all_is_done_at_once_and_here() -> None:
    workers, here = Workers(), threading.current_thread()
    done = workers.paint.submit(threading.current_thread)
    assert done.done() and done.result() is here
    broken = workers.paint.submit(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        broken.result()


def test_started_they_work_beside_the_caller_one_thing_after_the_other() -> None:
    workers = Workers()
    workers.start()
    workers.start()
    free, seen = threading.Event(), []
    first = workers.paint.submit(lambda: (free.wait(10), seen.append(threading.current_thread())))
    second = workers.paint.submit(lambda: seen.append(threading.current_thread()))
    assert workers.fold.submit(threading.current_thread).result() is not threading.current_thread()
    assert not first.done() and not second.done()
    free.set()
    workers.close()
    assert second.done() and seen[0] is seen[1] is not threading.current_thread()
    assert workers.paint.submit(threading.current_thread).result() is threading.current_thread()


def test_what_is_pending_is_taken_once_with_what_it_was_of() -> None:
    workers, pending = Workers(), Pending[str, int]()
    assert pending.take() is None and not pending.busy
    pending.wait()
    pending.begin("sum", workers.paint.submit(sum, (1, 2)))
    assert pending.busy and pending.take() == ("sum", 3)
    assert not pending.busy and pending.take() is None
    pending.begin("broken", workers.paint.submit(int, "x"))
    pending.wait()
    with pytest.raises(ValueError, match="x"):
        pending.take()
    assert not pending.busy, "what broke is not waited for again"
