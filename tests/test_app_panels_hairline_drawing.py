"""Drawing a hairline: a finger, the keys and two buttons, on a head that moves meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.screen import DrawHairline, Say, Trying, View
from mirror.app.screen.design import ACCENT
from mirror.app.screen.live_picture import Laid
from mirror.app.screen.panels.hairline_drawing import Drawing, told_of
from mirror.app.screen.upright_crop import Part
from mirror.core.face import FACE_OVAL, LEFT_EYE, RIGHT_EYE, Face
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import LossPlan
from mirror.translation.catalogue import Words

SIZE = (640, 480)
PICTURE = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)


def face(x: float = 320.0, yaw: float = 0.0) -> Face:
    """A face as wide as 160 pixels, turned about the upright axis."""
    points = np.zeros((478, 3))
    points[list(RIGHT_EYE), 0], points[list(LEFT_EYE), 0] = (-54, -22), (54, 22)
    around = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    points[list(FACE_OVAL), 0], points[list(FACE_OVAL), 1] = 80 * np.sin(around), 15 - 105 * np.cos(around)
    turn = np.radians(yaw)
    points[:, 0], points[:, 2] = points[:, 0] * np.cos(turn), points[:, 0] * np.sin(turn)
    return Face((points + (x, 260.0, 0.0)).astype(np.float32))


class Glass:
    """A picture that fills a window, mirrored."""

    mirrored = True

    def __init__(self) -> None:
        self.laid = Laid(pygame.Rect(0, 0, *SIZE), Part(0.0, 0.0, float(SIZE[0]), float(SIZE[1])), True)

    @property
    def where(self) -> pygame.Rect:
        return self.laid.where


class Desk:
    """A drawing over a picture, and what was drawn."""

    def __init__(self) -> None:
        self.panel = Drawing(Glass())
        self.panel.toggle()
        self.screen = pygame.Surface(SIZE)
        self.view = View(PICTURE, before=PICTURE, face=face(), trying=Trying(loss=0.0))
        self.draw()

    def draw(self) -> None:
        self.screen.fill((60, 60, 60))
        self.panel.draw(self.screen, self.view, 0.7, 0.0)

    def hear(self, kind: int, **values: Any) -> Any:
        return self.panel.hear(pygame.event.Event(kind, **values), 0.0)

    def drag(self, *points: tuple[int, int]) -> Any:
        self.hear(pygame.MOUSEBUTTONDOWN, button=1, pos=points[0])
        for point in points[1:]:
            self.hear(pygame.MOUSEMOTION, pos=point, rel=(1, 0), buttons=(1, 0, 0))
        return self.hear(pygame.MOUSEBUTTONUP, button=1, pos=points[-1])

    def line_at(self) -> np.ndarray:
        """Pixels of the line: (N, 2), x and y; above the words alone."""
        seen = pygame.surfarray.array3d(self.screen)[:, :260].astype(int)
        return np.argwhere((np.abs(seen - ACCENT) <= 2).all(-1))


@pytest.fixture
def desk(unseen_video: None) -> Desk:
    return Desk()


def test_a_line_that_is_drawn_goes_with_the_head(desk: Desk) -> None:
    wish = desk.drag(*((x, 150) for x in range(260, 381, 10)))
    assert isinstance(wish, DrawHairline) and wish.line is not None
    desk.view = replace(desk.view, trying=replace(desk.view.trying, plan=LossPlan(line=wish.line)))
    desk.draw()
    ahead = desk.line_at()
    assert abs(ahead[:, 0].mean() - 320) < 4 and abs(ahead[:, 1].mean() - 150) < 5
    desk.view = replace(desk.view, face=face(x=380.0))  # in the mirror that is to the left
    desk.draw()
    assert abs(desk.line_at()[:, 0].mean() - 260) < 4
    desk.view = replace(desk.view, face=face(yaw=30.0))
    desk.draw()
    turned = desk.line_at()
    # The forehead lies behind the eyes: as these turn to the picture's right it goes to the left.
    assert np.ptp(turned[:, 0]) > 40 and turned[:, 0].mean() > 330
    desk.view = replace(desk.view, face=None)
    desk.draw()
    assert not len(desk.line_at()), "nobody is there to wear it"


def test_a_head_may_move_while_a_finger_draws(desk: Desk) -> None:
    still = desk.drag(*((x, 150) for x in range(260, 381, 10)))
    desk.hear(pygame.MOUSEBUTTONDOWN, button=1, pos=(260, 150))
    for step in range(1, 13):
        desk.view = replace(desk.view, face=face(x=320.0 - 5 * step))
        desk.draw()
        desk.hear(pygame.MOUSEMOTION, pos=(260 + 15 * step, 150), rel=(1, 0), buttons=(1, 0, 0))
    moved = desk.hear(pygame.MOUSEBUTTONUP, button=1, pos=(440, 150))
    assert np.allclose(still.line.places(), moved.line.places(), atol=0.5)


def test_a_touch_is_no_line_and_is_told(desk: Desk) -> None:
    assert isinstance(desk.drag((300, 150)), Say)
    desk.view = replace(desk.view, face=None)
    desk.draw()
    assert isinstance(desk.drag((260, 150), (380, 150)), Say), "nor is one over nobody"


def test_keys_and_buttons_do_it_too(desk: Desk) -> None:
    first = desk.hear(pygame.KEYDOWN, key=pygame.K_UP, mod=0)
    assert first.line == DrawnHairline.usual().raised(1.0)
    desk.view = replace(desk.view, trying=replace(desk.view.trying, plan=LossPlan(line=first.line)))
    desk.draw()
    assert np.allclose(desk.hear(pygame.KEYDOWN, key=pygame.K_DOWN, mod=0).line.places(),
                       DrawnHairline.usual().places())  # fmt: skip
    desk.hear(pygame.KEYDOWN, key=pygame.K_TAB, mod=0)
    desk.draw()
    assert desk.hear(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0) == DrawHairline(None)
    done = desk.panel._buttons["done"]
    assert desk.hear(pygame.MOUSEBUTTONDOWN, button=1, pos=done.center) is True and not desk.panel.open
    assert desk.hear(pygame.KEYDOWN, key=pygame.K_UP, mod=0) is None, "closed it hears nothing"


@pytest.mark.parametrize("code", ["en", "de", "ar", "ja"])
def test_what_is_said_of_a_line_names_its_density_and_its_interval(code: str) -> None:
    words = Words(code)
    assert words.said(told_of(Trying())) != words.said(
        told_of(Trying(plan=LossPlan(line=DrawnHairline.usual())))
    )
    count = GraftCount.of(40.0)
    assert count is not None
    told = words.said(told_of(Trying(plan=LossPlan(line=DrawnHairline.usual()), grafts=count)))
    for number in (40, count.likely, count.low, count.high, 15, 25):
        assert words.number(number) in told


def test_who_is_done_is_back_where_the_line_was_begun() -> None:
    pygame.font.init()
    desk, back = Desk(), []
    desk.panel = Drawing(Glass(), lambda: back.append(True))
    desk.panel.toggle()
    desk.draw()
    spot = desk.panel._buttons["done"].center
    desk.panel.hear(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=spot), 0.0)
    assert not desk.panel.open and back == [True]
    desk.panel.toggle()
    desk.panel.toggle()
    assert back == [True], "put away as for the next person, nothing opens"
