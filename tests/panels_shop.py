"""The trying-on controls in a real window on a virtual display, with real keys and a real mouse.

Fixtures of the tests of panels: `display`, `open_shop` and `shop`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pygame
import pytest

from mirror.app import screen as s
from mirror.app.screen import Trying, View, Window
from mirror.app.screen.panels import Tools
from tests.tryon_fakes import AXES, NAMES, TAGS, THUMBNAILS
from tests.xvfb import VirtualDisplay

BEFORE, AFTER = 40, 140  # grey levels of the picture without and with other hair


class Shop:
    """A window with the controls, and what a mirror would answer to them."""

    def __init__(self, display: VirtualDisplay, folder: Path, size: tuple[int, int]) -> None:
        self.display, self.now = display, 0.0
        self.wishes: list[Any] = []
        self.number = 0
        self.trying = Trying(axes=AXES)
        self.ended = False
        self.head: tuple[float, float, float, float] | None = None
        self.window = Window("Hair Mirror", size, clock=lambda: self.now)
        self.tools = Tools(self.window, folder / "favourites.txt")
        self.before = np.full((size[1], size[0], 3), BEFORE, np.uint8)
        self.after = np.full((size[1], size[0], 3), AFTER, np.uint8)
        display.move(1, 1)
        self.run()

    def run(self, frames: int = 12) -> None:
        for _ in range(frames):
            self.now += 1 / 30
            self.window.show(
                View(self.after, NAMES[self.number], self.number, THUMBNAILS, before=self.before, tags=TAGS,
                     trying=self.trying, ended=self.ended, head=self.head)
            )  # fmt: skip
            for wish in self.window.actions():
                self.wishes.append(wish)
                self.obey(wish)
            time.sleep(0.002)

    def obey(self, wish: Any) -> None:
        match wish:
            case s.PickStyle(number):
                self.number, self.trying = number, replace(self.trying, grid=())
            case s.ShowGrid(numbers):
                self.trying = replace(self.trying, grid=numbers)
            case s.Narrow(wanted):
                self.trying = replace(self.trying, filter=wanted, left=wanted.left(NAMES, TAGS))
            case s.Blend(amount):
                self.trying = replace(self.trying, blend=amount)
            case s.ChooseDye(name):
                self.trying = replace(self.trying, dye=name)
            case s.Adjust(axis, steps):
                self.trying = replace(self.trying, steps={**self.trying.steps, axis: steps})
            case s.ShowLoss(amount):
                self.trying = replace(
                    self.trying, loss=amount, loss_words="" if amount is None else "Norwood V"
                )

    def until(self, wanted: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not wanted():
            assert time.monotonic() < deadline, f"waited in vain; heard {self.wishes}"
            self.run(1)
        self.run(4)

    def press(self, key: str, wanted: Callable[[], bool]) -> None:
        self.display.keys(key)
        self.until(wanted)

    def at(self, spot: pygame.Rect | tuple[int, int]) -> tuple[int, int]:
        x, y = spot.center if isinstance(spot, pygame.Rect) else spot
        left, top = self.window._window.position
        return left + x, top + y

    def click(self, spot: pygame.Rect | tuple[int, int], wanted: Callable[[], bool]) -> None:
        self.display.click(*self.at(spot))
        self.until(wanted)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.display._xdotool("mousemove", *map(str, self.at(start)), "mousedown", "1")
        self.run(3)
        for share in (0.3, 0.6, 1.0):
            x, y = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            self.display.move(*self.at((x, y)))
            self.run(3)
        self.run(4)
        self.display._xdotool("mouseup", "1")
        self.run(6)

    def shot(self, name: str = "") -> np.ndarray:
        (x, y), (width, height) = self.window._window.position, self.window.size
        shot = self.display.screenshot()[y : y + height, x : x + width]
        folder = os.environ.get("HAIR_MIRROR_ARTEFACTS")
        if folder and name:
            cv2.imwrite(str(Path(folder) / f"{name}.png"), shot[..., ::-1])
        return shot


@pytest.fixture(scope="module")
def display() -> Iterator[VirtualDisplay]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(1400, 900) as running:
        yield running


@pytest.fixture
def open_shop(
    display: VirtualDisplay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Shop]]:
    for name, value in display.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    shops: list[Shop] = []

    def open_one(size: tuple[int, int] = (1280, 720)) -> Shop:
        shops.append(Shop(display, tmp_path, size))
        return shops[-1]

    yield open_one
    for shop in shops:
        shop.window.close()


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()
