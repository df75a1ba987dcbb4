"""run_mirror.py before cameras that are not there, and that have bad days.

HAIR_MIRROR_WORLD=FOLDER python -m tests.bad_days --settings FILE

What a camera does is told by `World.set`, from this process or from another, while it runs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

NAME = "Salon camera"
USUAL: dict[str, Any] = {"at": 0, "busy": False, "kind": "good", "size": [640, 360], "rate": 25.0}


class World:
    """One camera. Its state lies in a file, so that a test can change it under a running mirror.

    at: its number, or None while it is unplugged. busy: another program has it. kind: "good", "black",
    "frozen" or "hung". size: (width, height) that it gives, whatever it is asked for. rate: a second.
    """

    def __init__(self, folder: Path, holder: Callable[[int], str] = lambda number: "") -> None:
        self.file = Path(folder) / "camera.json"
        self.holder = holder
        self.held: Device | None = None
        if not self.file.exists():
            self.set()

    def set(self, **changes: Any) -> None:
        state = {**USUAL, **(self.state if self.file.exists() else {}), **changes}
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(state))
        os.replace(part, self.file)

    @property
    def state(self) -> dict[str, Any]:
        return json.loads(self.file.read_text())

    def cameras(self) -> list[tuple[int, str]]:
        at = self.state["at"]
        return [] if at is None else [(at, NAME)]

    def open(self, number: int) -> Device | None:
        if self.state["at"] != number or self.state["busy"] or self.held is not None:
            return None
        self.held = Device(self, number)
        return self.held

    @property
    def devices(self) -> Any:
        """Its camera, for `open_source`."""
        from mirror.sources import Devices

        return Devices(self.cameras, self.open, self.holder)

    def source(self, spec: str | None, **options: Any) -> Any:
        """`open_source` over this world."""
        from mirror.sources import open_source

        return open_source(spec, **{"devices": self.devices, **options})


class Device:
    """Stands in for cv2.VideoCapture."""

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number = world, number
        self.due = time.monotonic()
        self.count = 0

    def isOpened(self) -> bool:
        return self.world.state["at"] == self.number

    def read(self) -> tuple[bool, np.ndarray | None]:
        state = self.world.state
        self.due = max(self.due + 1 / state["rate"], time.monotonic())
        time.sleep(max(0.0, self.due - time.monotonic()))
        while state["kind"] == "hung":
            time.sleep(0.02)
            state = self.world.state
        if state["at"] != self.number or state["busy"]:
            return False, None
        width, height = state["size"]
        if state["kind"] == "black":
            return True, np.zeros((height, width, 3), np.uint8)
        if state["kind"] != "frozen":
            self.count += 1
        return True, pictures((width, height), self.count)

    def get(self, propId: int) -> float:
        return 30.0 if propId == cv2.CAP_PROP_FPS else 0.0

    def set(self, propId: int, value: float) -> bool:
        return False

    def release(self) -> None:
        if self.world.held is self:
            self.world.held = None


@lru_cache(4)
def _demo(size: tuple[int, int]) -> Any:
    from mirror.sources.demo import DemoSource

    return DemoSource(size, pace="max")


def pictures(size: tuple[int, int], index: int) -> np.ndarray:
    """BGR uint8 (H, W, 3)."""
    return _demo(size).image(index)[..., ::-1]


def main() -> int:
    import mirror.sources
    import run_mirror

    world = World(Path(os.environ["HAIR_MIRROR_WORLD"]))
    mirror.sources.open_source = partial(mirror.sources.open_source, devices=world.devices)
    return run_mirror.main()


if __name__ == "__main__":
    sys.exit(main())
