"""The slot between two threads: the newest wins, or the giver waits; nothing hangs when it closes."""

from __future__ import annotations

import threading
import time

from mirror.pipeline.handover import Slot


def in_thread(work) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_the_newest_wins_and_the_lost_are_counted() -> None:
    slot: Slot[int] = Slot()
    assert [slot.put(number) for number in range(4)] == [0, 1, 1, 1]
    assert slot.get() == 3 and slot.lost == 3
    assert slot.get(timeout=0) is None
    assert slot.put(9) == 0 and slot.get() == 9


def test_a_giver_who_waits_loses_nothing_and_keeps_the_order() -> None:
    slot: Slot[int] = Slot()

    def give() -> None:
        for number in range(200):
            slot.put(number, wait=True)
        slot.close()

    giver = in_thread(give)
    taken = []
    while (number := slot.get(timeout=5)) is not None:
        taken.append(number)
        if number % 50 == 0:
            time.sleep(0.002)
    giver.join(5)
    assert taken == list(range(200)) and slot.lost == 0 and not giver.is_alive()


def test_with_a_hasty_giver_order_holds_and_each_is_taken_or_lost() -> None:
    slot: Slot[int] = Slot()

    def give() -> None:
        for number in range(3000):
            slot.put(number)
        slot.close()

    giver = in_thread(give)
    taken = []
    while (number := slot.get(timeout=5)) is not None:
        taken.append(number)
    giver.join(5)
    assert taken == sorted(taken) and taken[-1] == 2999
    assert len(taken) + slot.lost == 3000


def test_get_waits_no_longer_than_asked() -> None:
    slot: Slot[int] = Slot()
    began = time.monotonic()
    assert slot.get(timeout=0.05) is None
    assert 0.04 < time.monotonic() - began < 2


def test_get_wakes_for_what_comes() -> None:
    slot: Slot[str] = Slot()
    taken: list[str | None] = []
    taker = in_thread(lambda: taken.append(slot.get()))
    time.sleep(0.02)
    slot.put("picture")
    taker.join(5)
    assert taken == ["picture"]


def test_closing_wakes_whoever_waits_and_leaves_the_last_to_be_taken() -> None:
    empty: Slot[int] = Slot()
    taken: list[int | None] = []
    taker = in_thread(lambda: taken.append(empty.get()))
    full: Slot[int] = Slot()
    full.put(1)
    giver = in_thread(lambda: full.put(2, wait=True))
    time.sleep(0.02)
    assert taker.is_alive() and giver.is_alive()
    empty.close()
    full.close()
    taker.join(5)
    giver.join(5)
    assert not taker.is_alive() and not giver.is_alive() and taken == [None]
    assert not full.finished and full.get() == 1
    assert full.finished and full.get() is None and empty.finished
    assert full.put(3) == 0 and full.get() is None, "after closing nothing comes in, and nothing counts"
    assert full.lost == 0
