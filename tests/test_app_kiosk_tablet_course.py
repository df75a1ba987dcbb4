"""A year of hair by the stylist's tablet: the scale is chosen, a course asked for, seen and put away."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from mirror.app.screen import (
    ChooseScale,
    CloseCourse,
    ShowCourse,
    ShowLoss,
    Trying,
)
from mirror.app.screen.view import CourseSeen
from mirror.hair.loss.loss_plan import LossPlan
from tests.test_app_kiosk_tablet import Salon, salon

pytestmark = pytest.mark.usefixtures("unseen_video")

__all__ = ["salon"]


def seen_course(salon: Salon, done: bool = True) -> dict[str, Any]:
    """What the view has while a year of hair is shown."""
    strip = np.full((600, 1800, 3), 40, np.uint8)
    strip[:, 900:] = 200
    return {
        "trying": Trying(loss=-0.5),
        "course": CourseSeen(strip if done else None),
        "mark": "illustration",
    }


def test_the_scale_is_chosen_and_told(salon: Salon) -> None:
    assert salon.state["scale"] == "Norwood"
    salon.ask("scale", "Ludwig")
    assert salon.visit.wishes == [ChooseScale("Ludwig")]
    for wrong in ("ludwig", None, 1, ["Ludwig"]):
        salon.ask("scale", wrong)
    assert len(salon.visit.wishes) == 1
    salon.round(trying=Trying(loss=0.0, plan=LossPlan(scale="Ludwig")))
    assert salon.state["scale"] == "Ludwig"


def test_a_year_of_hair_is_asked_for_once_there_is_a_stage_and_seen_on_the_tablet(salon: Salon) -> None:
    salon.ask("course", True)
    assert ShowCourse() not in salon.visit.wishes, "of which hair is not said yet"
    salon.round(trying=Trying(loss=-0.5))
    salon.scene.machine.go("compare", salon.now)
    known = salon.state["visit"]
    salon.tablet.hear({"is": "command", "do": "course", "value": True, "visit": known})
    salon.tablet.act(salon.scene, salon.now)
    assert salon.visit.wishes[-1] == ShowCourse() and salon.scene.machine.name == "try"
    salon.tablet.hear({"is": "want"})
    salon.round(**seen_course(salon))
    assert salon.state["course"] is True
    sent = cv2.imdecode(np.frombuffer(salon.told("picture")[-1]["carried"][0], np.uint8), 0)
    assert sent.shape == (427, 1280), "large enough for its words"
    assert (sent[:, 10] < 60).all() and (sent[:, -10] > 180).all(), "not turned round, nothing stamped on it"
    salon.tablet.hear({"is": "want"})
    count = len(salon.told("picture"))
    salon.round(**seen_course(salon))
    assert len(salon.told("picture")) == count, "it does not move: now and then is enough"
    salon.tablet.hear({"is": "command", "do": "course", "value": False, "visit": known})
    salon.tablet.act(salon.scene, salon.now)
    assert salon.visit.wishes[-1] == CloseCourse()


def test_what_is_asked_while_a_year_is_shown_puts_it_away(salon: Salon) -> None:
    salon.round(**seen_course(salon))
    salon.tablet.hear({"is": "command", "do": "loss", "value": 0.5, "visit": salon.state["visit"]})
    salon.tablet.act(salon.scene, salon.now)
    assert salon.visit.wishes[-2:] == [CloseCourse(), ShowLoss(0.5)]
