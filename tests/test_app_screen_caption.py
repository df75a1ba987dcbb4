"""The caption of a tour: read from afar, off face and hair, and on pictures that leave the window."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from mirror.app.screen.caption import Caption

ROOM = pygame.Rect(0, 0, 1280, 720)


@pytest.fixture(autouse=True)
def fonts() -> None:
    pygame.font.init()


def test_it_lies_within_its_room_and_off_a_head() -> None:
    for head in (None, pygame.Rect(480, 120, 320, 600), pygame.Rect(40, 200, 420, 520)):
        caption = Caption()
        for now in np.arange(0, 3, 0.1):
            laid = caption.lay("Autumn in Lisbon", ROOM, head, float(now))
        assert laid is not None and ROOM.contains(laid.where)
        assert head is None or not laid.where.colliderect(head)


def test_it_comes_calmly_and_goes_at_once() -> None:
    caption = Caption()
    first, later = (caption.lay("Autumn", ROOM, None, now) for now in (5.0, 6.0))
    assert first is not None and later is not None and first.share == 0 and later.share == 1
    assert caption.lay("", ROOM, None, 6.1) is None


def test_long_words_are_told_whole_on_small_pictures() -> None:
    for size in ((320, 240), (640, 360), (1920, 1080), (1080, 1920)):
        room = pygame.Rect(0, 0, *size)
        laid = Caption().lay("A year of hair " * 7, room, None, 0.0)
        assert laid is not None and room.contains(laid.where)


def test_on_a_picture_it_is_a_copy_that_carries_it() -> None:
    caption, picture = Caption(), np.full((720, 1280, 3), 90, np.uint8)
    caption.lay("Autumn", ROOM, None, 0.0)
    laid = caption.lay("Autumn", ROOM, None, 2.0)
    assert laid is not None
    out = caption.stamp(picture, laid)
    assert (picture == 90).all()
    changed = np.abs(out.astype(int) - 90).max(2) > 0
    rows, columns = np.nonzero(changed)
    assert laid.where.left <= columns.min() and columns.max() < laid.where.right
    assert laid.where.top <= rows.min() and rows.max() < laid.where.bottom
    assert out[changed].max() > 200, "light words"
