"""Clean output: the picture alone in a window of its own, and what that window hears."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pygame
import pytest

from mirror.app.screen.clean_output import CleanOutput
from mirror.core.frame import Frame
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION

SIZE = (640, 360)
LEFT, RIGHT = (200, 40, 40), (40, 40, 200)


@pytest.fixture
def output(unseen_video: None) -> Iterator[CleanOutput]:
    pygame.font.init()
    opened = CleanOutput("Hair Mirror", SIZE)
    yield opened
    opened.close()


def picture() -> np.ndarray:
    """Red on the left, blue on the right: tells which way round it is shown."""
    image = np.empty((SIZE[1], SIZE[0], 3), np.uint8)
    image[:, : SIZE[0] // 2], image[:, SIZE[0] // 2 :] = LEFT, RIGHT
    return image


def shown(caption: str = "") -> Shown:
    image = picture()
    return Shown(Frame(image, 0, 0.0), image, caption=caption)


def seen(output: CleanOutput) -> np.ndarray:
    """uint8 (H, W, 3) RGB: what is in the window."""
    window = output._window
    assert window is not None
    return pygame.surfarray.array3d(window.get_surface()).transpose(1, 0, 2)


def test_the_picture_alone_fills_it(output: CleanOutput) -> None:
    output.show(shown(), picture(), "", mirrored=False, now=0.0)
    assert output.size == SIZE and not output.filling
    assert np.array_equal(seen(output), picture())


def test_it_turns_round_what_the_mirror_turns_round(output: CleanOutput) -> None:
    output.show(shown(), picture(), "", mirrored=True, now=0.0)
    assert np.array_equal(seen(output), picture()[:, ::-1])


def test_a_tour_says_its_words_there_and_hair_loss_its_line(output: CleanOutput) -> None:
    output.show(shown("Autumn"), picture(), "", mirrored=False, now=0.0)
    output.show(shown("Autumn"), picture(), "", mirrored=False, now=2.0)
    changed = (seen(output) != picture()).any(-1)
    assert 0.01 < changed.mean() < 0.2 and not changed[: SIZE[1] // 2].any()
    output.show(shown(), picture(), ILLUSTRATION, mirrored=False, now=3.0)
    changed = (seen(output) != picture()).any(-1)
    assert changed[: SIZE[1] // 4].any() and not changed[SIZE[1] // 2 :].any()


def test_closed_by_itself_it_is_gone_and_asks_nothing_of_the_mirror(output: CleanOutput) -> None:
    assert output.hears(pygame.Event(pygame.WINDOWCLOSE, window=output._window))
    assert not output.open and output.size == (0, 0)
    output.show(shown(), picture(), "", mirrored=False, now=0.0)
    assert not output.hears(pygame.Event(pygame.WINDOWCLOSE, window=None))


def test_what_is_pointed_at_there_touches_no_control_and_keys_are_the_mirrors(output: CleanOutput) -> None:
    mine = output._window
    assert output.hears(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 10), button=1, window=mine))
    assert output.hears(pygame.Event(pygame.DROPFILE, file="a.png", window=mine))
    assert not output.hears(pygame.Event(pygame.KEYDOWN, key=pygame.K_RIGHT, window=mine))
    assert not output.hears(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 10), button=1, window=object()))
