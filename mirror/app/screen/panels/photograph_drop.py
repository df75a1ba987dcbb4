"""Drop: a photograph let go over the window; its hair is worn."""

from __future__ import annotations

from pathlib import Path

import pygame

from mirror.app.screen.keys import Wish
from mirror.app.screen.view import View
from mirror.app.screen.wishes import Say, WearPhoto
from mirror.translation.message import Message


class Drop:
    """Hears what is dropped. Of several files the first is taken."""

    def __init__(self) -> None:
        self._files: list[str] = []

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if event.type == pygame.DROPBEGIN:
            self._files = []
        elif event.type == pygame.DROPFILE:
            self._files.append(event.file)
            return True
        elif event.type == pygame.DROPTEXT:
            return Say(Message("That is no file. Save the photograph first, then drop the file here."))
        elif event.type == pygame.DROPCOMPLETE and self._files:
            first, others = self._files[0], len(self._files) - 1
            self._files = []
            return WearPhoto(Path(first), others)
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """Nothing. As `mirror.app.screen.panel.Panel.draw`."""
