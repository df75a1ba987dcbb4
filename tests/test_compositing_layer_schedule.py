"""When a slow layer is made anew: as often as the head moves, waited for where it is too old."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from mirror.compositing.layer_schedule import EVERY, RESTING, LayerSchedule, Taken
from mirror.core.frame import Frame
from mirror.core.head_space import EYE_DISTANCE, HeadTransform
from mirror.core.workers import Workers
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen
from tests.train_tiny import some_face

IMAGE = np.full((240, 320, 3), 90, np.uint8)
NOTHING = np.zeros((256, 256), np.float32)
MATTES = Mattes(NOTHING, NOTHING, NOTHING)
EYES = 200 * EYE_DISTANCE  # pixels between the eyes


def seen(at: float, right: float = 0.0, yaw: float = 0.0) -> Seen:
    """A head `right` eye distances to the right of where it was."""
    face, transform = some_face(yaw=yaw), HeadTransform(160.0 + right * EYES, 118.0, 200.0, 0.0)
    return Seen(Frame(IMAGE, 0, at), face, transform)


def begun(schedule: LayerSchedule[str], one: Seen, made: str = "made") -> None:
    schedule.begin(Taken.of(one, MATTES), lambda: made)


def due(schedule: LayerSchedule[str], one: Seen, changed: bool = False, restless: bool = False) -> bool:
    return schedule.due(one, changed=changed, restless=restless)


def test_at_rest_it_is_made_seldom_and_oftener_while_something_moves() -> None:
    schedule: LayerSchedule[str] = LayerSchedule(Workers())
    assert due(schedule, seen(0.0)) and schedule.late(seen(0.0))
    begun(schedule, seen(0.0))
    assert schedule.newest is not None and schedule.newest[1] == "made"
    soon, later = EVERY + 0.01, RESTING + 0.01
    assert not due(schedule, seen(soon)) and due(schedule, seen(later))
    assert due(schedule, seen(soon, right=0.03)) and not due(schedule, seen(soon - 0.05, right=0.03))
    assert due(schedule, seen(soon), restless=True) and not due(schedule, seen(0.05), restless=True)
    assert due(schedule, seen(0.01), changed=True), "another style at once"
    assert due(schedule, seen(0.01, right=0.08)), "as fast as the worker can while a head moves fast"
    assert not schedule.due(seen(soon, right=0.03), changed=False, restless=False, crowd=2)


@pytest.mark.parametrize("gone", [{"right": 0.2}, {"yaw": 10.0}])
def test_a_head_that_moved_far_does_not_wear_what_is_old(gone: dict[str, float]) -> None:
    schedule: LayerSchedule[str] = LayerSchedule(Workers())
    begun(schedule, seen(0.0))
    assert not schedule.late(seen(0.3)) and schedule.late(seen(0.3, **gone)) and schedule.late(seen(2.0))


def test_what_lies_beneath_hair_is_made_no_oftener_for_a_head_that_moves_and_waits_for_no_nod() -> None:
    schedule: LayerSchedule[str] = LayerSchedule(Workers())
    begun(schedule, seen(0.0))
    fast = seen(0.01, right=0.08)
    assert schedule.due(fast, changed=False, restless=False)
    assert not schedule.due(fast, changed=False, restless=False, eager=False)
    taken = Taken.of(seen(0.0), MATTES)
    yaw, pitch, roll = taken.pose
    for pose, matters in (((yaw, pitch + 10, roll), False), ((yaw + 10, pitch, roll), True)):
        assert taken.far(taken.transform, pose) and taken.far(taken.transform, pose, nods=False) == matters
    assert schedule.late(seen(0.01, yaw=10.0), eager=False)


def test_one_is_made_at_a_time_and_what_breaks_is_said_here() -> None:
    workers = Workers()
    workers.start()
    schedule: LayerSchedule[str] = LayerSchedule(workers)
    free = threading.Event()

    def slowly() -> str:
        free.wait(10)
        return "slow"

    schedule.begin(Taken.of(seen(0.0), MATTES), slowly)
    assert schedule.newest is None and not due(schedule, seen(5.0), changed=True)
    free.set()
    schedule.settle()
    assert schedule.newest is not None and schedule.newest[1] == "slow"
    schedule.begin(Taken.of(seen(1.0), MATTES), lambda: str(1 / 0))
    with pytest.raises(ZeroDivisionError):
        schedule.settle()
    begun(schedule, seen(2.0))
    schedule.reset()
    assert schedule.newest is None
    workers.close()
