"""A kiosk's scene without a window, a camera or networks: for its states, drawn on plain surfaces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.kiosk.attract import IdleContent
from mirror.app.kiosk.keepsakes import Keepsakes
from mirror.app.kiosk.scene import Scene
from mirror.app.screen.style_strip import Strip
from mirror.app.touch import layout
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.pipeline.shown_frame import Shown
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words


class FakeServer:
    """Stands in for the web server's process: notes what it is told, tells what a test puts in `events`."""

    origin, problem = "http://192.168.4.1:8765", ""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.closed = False

    def tell(self, message: dict[str, Any], *carried: bytearray) -> bool:
        self.told.append(message | {"carried": [bytes(part) for part in carried]})
        return True

    def tend(self) -> list[dict[str, Any]]:
        events, self.events = self.events, []
        return events

    def close(self) -> None:
        self.closed = True


WHITE = np.full((360, 640, 3), 255, np.uint8)


class FakeVisit:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.wishes: list[Any] = []
        self.busy = False
        self.display: Any = None
        self.last: Shown | None = None
        self.saved: tuple[Path, ...] = ()
        self.engines = {"painter": "openvino, f32"}
        self.keepsakes: Any = None

    def prepare(self) -> None:
        self.told.append("prepare")

    def begin(self) -> None:
        self.told.append("begin")
        if self.keepsakes is not None:
            self.keepsakes.begin()

    def wish(self, wish: Any) -> None:
        self.wishes.append(wish)

    def end(self) -> None:
        self.told.append("end")
        if self.keepsakes is not None:
            self.keepsakes.end()
        self.display = self.last = None

    def show(self, image: np.ndarray = WHITE) -> None:
        """The camera is open and somebody is in the picture."""
        self.last = Shown(Frame(image, 0, 0.0), image, Face(np.zeros((478, 3), np.float32)))
        self.display = SimpleNamespace(studio=None)


def fake_scene(size: tuple[int, int] = (1280, 720), **settings: Any) -> tuple[Scene, FakeVisit]:
    """A scene in attract at second 0, its style book three grey tiles."""
    visit = FakeVisit()
    window = SimpleNamespace(
        size=size,
        panels=[],
        bare=False,
        hud=False,
        mirrored=True,
        restore=lambda: None,
        strip=Strip(),
        where=pygame.Rect(0, 0, *size),
        head=None,
        glass=None,
    )
    tiles = tuple((f"Style {n}", np.full((64, 64, 3), 60 * n, np.uint8)) for n in range(3))
    rows = (("Source", "camera 0 (a camera with a long name)"), ("PIN", "set"))
    given = Settings(**{"language": "en", **settings})
    words, paper = Words(given.language), given.print.printer is not None
    if given.share.network is not None or paper:
        server: Any = FakeServer() if given.share.network is not None else None
        visit.keepsakes = Keepsakes(given.share, words, server, paper=paper)
    scene = Scene(window, visit, given, IdleContent(tiles), rows, clock=lambda: 0.0, words=words)  # type: ignore[arg-type]
    return scene, visit


def noted_lines(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, pygame.Rect]]:
    """Every line that the kiosk draws from now on, and where it stands, pixels."""
    spots: list[tuple[str, pygame.Rect]] = []

    def noting(real: Callable[..., pygame.Rect]) -> Callable[..., pygame.Rect]:
        def noted(surface: pygame.Surface, words: str, *given: Any, **more: Any) -> pygame.Rect:
            spots.append((words, real(surface, words, *given, **more)))
            return spots[-1][1]

        return noted

    for name in ("line", "backed_line"):
        monkeypatch.setattr(layout, name, noting(getattr(layout, name)))
    return spots
