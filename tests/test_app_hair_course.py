"""A year with treatment and without: painted on one moment, shown, kept as a page, and wiped."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.hair_course import HairCourse
from mirror.app.screen import CloseCourse, KeepPage, Say, ShowCourse, View
from mirror.app.screen.panels.course_view import CourseView
from mirror.app.screen.view import CourseSeen
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.loss.scalp_zones import ZONES
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.translation.catalogue import Words
from tests.test_hair_loss import leave, shown


class Desk:
    """A course with a worker that works at once, and a folder in memory."""

    def __init__(self, mirror: Any) -> None:
        self.kept: list[tuple[np.ndarray, str]] = []
        self.full = False
        self.room = (576, 460), 14
        live: Any = SimpleNamespace(mirror=mirror, tell=lambda command: command(mirror, 0.0))
        pictures: Any = SimpleNamespace(keep=self.keep)
        self.course = HairCourse(live, pictures, SimpleNamespace(words=Words("en")), lambda: self.room)

    def keep(self, content: np.ndarray, ending: str) -> bool:
        if not self.full:
            self.kept.append((content, ending))
        return not self.full

    def run(self, mirrored: bool = True) -> list[str]:
        told = [self.course.step(mirrored) for _ in range(400)]
        return [line for line in told if line]


@pytest.fixture
def bald(mirror: Mirror, portrait: np.ndarray) -> Any:
    """Somebody who planned a full front."""
    leave(mirror, portrait)
    mirror.set_loss(-1.0)
    head = shown(mirror, portrait).image
    mirror.set_loss(0.0)
    leave(mirror, portrait)
    shown(mirror, head, 2)
    mirror._stream.dresser.loss._present = 7.0
    mirror.set_loss_zone(ZONES[0], 1.0)
    mirror.set_loss_zone(ZONES[2], 1.0)
    yield shown(mirror, head, 14)
    mirror.clear_loss_plan()
    mirror.set_loss(None)


def test_a_year_is_painted_shown_kept_and_wiped(mirror: Mirror, bald: Shown, unseen_video: None) -> None:
    pygame.font.init()
    desk = Desk(mirror)
    assert desk.course.seen is None and not desk.course.obey(Say("x"), bald)
    assert desk.course.obey(ShowCourse(), bald) and desk.course.open
    seen = desk.course.seen
    assert seen is not None and seen.strip is None and seen.count == 9
    assert desk.run() == []
    seen = desk.course.seen
    assert seen is not None and seen.strip is not None and seen.done == 9
    assert seen.strip.shape[1] == 576, "as wide as it is shown"
    visit = desk.course._visit
    assert visit is not None

    def grown(number: int) -> float:
        """How much of a picture of the treated row is other than today."""
        moment = visit.course.treated[number].astype(int)
        return float((np.abs(moment - visit.course.today).max(2) > 24).mean())

    assert not visit.course.alike and not visit.course.shown
    early, late = grown(0), grown(3)
    assert late > 0.003 and early < 0.5 * late, "nothing much at three months, most at twelve"
    assert (visit.course.today == bald.frame.image[:, ::-1]).all(), "as the person sees it"
    desk.course.obey(KeepPage(), bald)
    ((page, ending),) = desk.kept
    assert ending == ".pdf" and page[:5].tobytes() == b"%PDF-"
    desk.full = True
    desk.course.obey(KeepPage(), bald)
    assert "not kept" in desk.run()[0]
    strip, today = seen.strip, visit.course.today
    desk.course.obey(CloseCourse(), bald)
    assert desk.course.seen is None and not strip.any() and not today.any()
    assert bald.frame.image.any(), "the camera's picture is others', too"


def test_the_whole_head_with_its_hair_is_in_each_picture(
    mirror: Mirror, portrait: np.ndarray, unseen_video: None
) -> None:
    from mirror.app.sharing.course_strip import head_part

    pygame.font.init()
    room = np.full((700, 1100, 3), portrait[2, 2], np.uint8)
    room[188:, 300:812] = portrait
    hair = mirror.matte(room)
    assert hair is not None
    leave(mirror, room)
    mirror.set_loss(0.0)
    try:
        # Of a picture on which nothing is laid only the face is known.
        moment = replace(shown(mirror, room, 14), laid=None)
        desk = Desk(mirror)
        desk.course.obey(ShowCourse(), moment)
        desk.run(mirrored=False)
        visit = desk.course._visit
        assert visit is not None and moment.face is not None
        x, y, wide, tall = head_part(visit.course)
        rows, columns = np.nonzero(hair > 0.5)
        chin = moment.face.landmarks[:, 1].max()
        above = rows < chin
        assert y < rows.min() - 4 and y + tall > chin, "from above the hair to the chin"
        assert x < columns[above].min() and x + wide > columns[above].max(), "from side to side"
        face = np.ptp(moment.face.landmarks[:, 1])
        assert tall < 2.2 * face, "and no more of the room than it needs"
        desk.course.forget()
    finally:
        mirror.set_loss(None)


def test_each_month_differs_from_the_one_before_where_hair_is_thin(
    mirror: Mirror, portrait: np.ndarray, unseen_video: None
) -> None:
    """More than a camera's noise does, and in the order in which it usually goes."""
    pygame.font.init()
    noise = 2.5  # levels of 255, where hair is thin; a webcam's is about 1
    leave(mirror, portrait)
    mirror.set_loss(0.0)
    shown(mirror, portrait, 4)
    try:
        mirror.set_loss(-0.4)
        moment = shown(mirror, portrait, 14)
        desk = Desk(mirror)
        desk.course.obey(ShowCourse(), moment)
        desk.run(mirrored=False)
        visit = desk.course._visit
        assert visit is not None and visit.course.shown and not visit.course.alike
        own = portrait.astype(int)
        assert np.abs(visit.course.today - own).max(2).mean() > 1, "it begins with what is shown"
        rows = [[one.astype(int) for one in row] for row in visit.course.rows]
        for row in rows:
            for before, after in zip(row, row[1:], strict=False):
                step = np.abs(after - before).max(2)
                assert step[step > 0].size and np.sort(step, axis=None)[-2000:].mean() > noise
        # How far each is from the own hair, all of which is there at the end.
        alone, treated = ([float(np.abs(one - own).mean()) for one in row] for row in rows)
        assert alone == sorted(alone), "without treatment more and more is lost"
        assert treated[1] > treated[0], "with one some is shed first"
        assert treated[1:] == sorted(treated[1:], reverse=True), "and it grows from the third month on"
        assert treated[-1] < 0.4 * treated[0]
        desk.course.forget()
    finally:
        mirror.set_loss(None)


def test_where_nothing_is_missing_the_strip_says_so(
    mirror: Mirror, portrait: np.ndarray, unseen_video: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirror.app.sharing import course_strip

    pygame.font.init()
    said: list[str] = []
    real = course_strip.text
    monkeypatch.setattr(
        course_strip, "text", lambda words, *rest: said.append(str(words)) or real(words, *rest)
    )
    leave(mirror, portrait)
    mirror.set_loss(0.0)
    try:
        desk = Desk(mirror)
        desk.course.obey(ShowCourse(), shown(mirror, portrait, 14))
        desk.run()
        assert desk.course.seen is not None
        visit = desk.course._visit
        assert visit is not None and visit.course.alike and course_strip.NOTHING in said
        for row in visit.course.rows:
            assert all((one == visit.course.today).mean() > 0.99 for one in row)
        desk.course.forget()
    finally:
        mirror.set_loss(None)


class Unsure:
    """A mirror that does not know which colour would grow."""

    loss_plan, loss_grafts, loss_unknown = LossPlan(), None, True

    def loss_words(self, amount: float) -> str:
        return "your hair today"

    def head_extent(self, shown: Shown) -> tuple[float, float, float, float]:
        return 4.0, 4.0, 40.0, 40.0

    def card(self, shown: Shown, looks: Any) -> Any:
        for _ in looks:
            yield shown.frame.image.copy()


def test_without_a_face_or_a_colour_it_says_so() -> None:
    desk, frame = Desk(Unsure()), Frame(np.full((48, 64, 3), 90, np.uint8), 0, 0.0)
    for nobody in (None, Shown(frame, frame.image)):
        desk.course.obey(ShowCourse(), nobody)
        assert "Look at the mirror" in desk.run()[0] and not desk.course.open
    face = Face(np.random.default_rng(0).uniform(10, 40, (478, 3)).astype(np.float32))
    there = Shown(frame, frame.image, face, transform=HeadTransform.from_face(face), strength=1.0)
    desk.course.obey(ShowCourse(), there)
    assert desk.course.open
    assert "which colour" in desk.run()[0] and not desk.course.open
    desk.course.obey(KeepPage(), there)
    assert not desk.kept, "there is nothing to keep"


def test_the_view_shows_it_hears_alone_and_closes(unseen_video: None) -> None:
    pygame.font.init()
    panel, screen = CourseView(), pygame.Surface((640, 480))
    picture = np.full((480, 640, 3), 90, np.uint8)

    def hear(kind: int, **values: Any) -> Any:
        return panel.hear(pygame.event.Event(kind, **values), 0.0)

    panel.draw(screen, View(picture), 0.6, 0.0)
    assert not panel.open and hear(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0) is None
    panel.draw(screen, View(picture, course=CourseSeen(done=2, count=9)), 0.6, 0.0)
    assert panel.open and isinstance(hear(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0), CloseCourse)
    assert hear(pygame.MOUSEBUTTONDOWN, button=1, pos=(320, 200)) is True
    strip = np.full((300, 576, 3), (10, 200, 30), np.uint8)
    panel.draw(screen, View(picture, course=CourseSeen(strip, 9, 9)), 0.6, 0.0)
    assert tuple(screen.get_at((320, 200)))[:3] == (10, 200, 30)
    spots = dict(panel._buttons)
    assert all(screen.get_rect().contains(spot) for spot in spots.values())
    assert isinstance(hear(pygame.MOUSEBUTTONDOWN, button=1, pos=spots["keep"].center), KeepPage)
    panel.draw(screen, View(picture), 0.6, 0.0)
    panel.draw(screen, View(picture, course=CourseSeen(strip, 9, 9)), 0.6, 0.0)
    assert isinstance(hear(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0), KeepPage), "Enter at once"
    hear(pygame.KEYDOWN, key=pygame.K_TAB, mod=0)
    assert isinstance(hear(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0), CloseCourse)
    assert isinstance(hear(pygame.MOUSEBUTTONDOWN, button=1, pos=spots["close"].center), CloseCourse)
    assert hear(pygame.KEYDOWN, key=pygame.K_r, mod=0) is True, "no other key is meant"
    assert hear(pygame.QUIT) is None
    panel.draw(screen, View(picture), 0.6, 0.0)
