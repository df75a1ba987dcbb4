"""Cells that are still to come are veiled, in windows of any size."""

from __future__ import annotations

import pygame
import pytest

from mirror.app.screen.coming import draw_coming


@pytest.mark.parametrize("side", [0, 1, 40, 400])
def test_what_comes_is_veiled_and_what_is_there_is_not(side: int) -> None:
    screen = pygame.Surface((900, 500))
    screen.fill((200, 200, 200))
    cells = [pygame.Rect(0, 0, side, side), pygame.Rect(450, 0, side, side)]
    draw_coming(screen, cells, [1, 7], 0.5)
    if side == 400:
        assert screen.get_at((5, 5))[0] == 200 > screen.get_at((455, 5))[0]
