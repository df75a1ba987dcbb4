"""The threads of all libraries fit the cores there are, and slow work stands back."""

from __future__ import annotations

import os
import sys
import threading

import cv2
import pytest

from mirror.core.thread_plan import ThreadPlan, follow, thread_plan
from mirror.core.workers import Workers


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 8, 64])
def test_the_plan_leaves_two_cores_to_the_picture_and_nobody_none(cores: int) -> None:
    plan = ThreadPlan.of(cores)
    assert 1 <= plan.network <= 4 and 1 <= plan.opencv <= 4
    assert plan.network <= max(cores - 2, 1)
    assert str(plan).startswith(f"{cores} cores")


def test_opencv_keeps_to_it() -> None:
    before = cv2.getNumThreads()
    try:
        follow(ThreadPlan(8, 3, 1))
        assert cv2.getNumThreads() == 3
    finally:
        cv2.setNumThreads(before)
    assert thread_plan().cores >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="niceness of threads is Linux's")
def test_workers_stand_back_behind_who_waits_for_a_picture() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    workers = Workers()
    assert workers.paint.submit(niceness).result() == niceness(), "in the caller's own thread"
    workers.start()
    found = [worker.submit(niceness).result() for worker in (workers.paint, workers.fold)]
    workers.close()
    assert all(one == min(niceness() + 5, 19) for one in found)
