"""One visitor of a kiosk, in a process of its own: what is left of them in its memory is for others to look.

    python -m tests.kiosk_visitor SEED FOLDER goodbye|failsafe

The demo, with a patch of noise beside the face that follows from SEED. Says "shown" when the visitor has seen
themselves, bald, in four styles, kept a picture in FOLDER and seen its link; waits for a line; leaves, or the
worker breaks; says "wiped" when the kiosk is back in attract; waits for a line.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pygame

SIZE = (960, 540)
PATCH = 32  # pixels
CORNER = (610, 150)  # left, top: on the wall right of the face, in the square of the head


def patch(seed: int) -> np.ndarray:
    """uint8 (32, 32, 3) RGB: what nothing else in a memory looks like."""
    return np.random.default_rng(seed).integers(1, 255, (PATCH, PATCH, 3), dtype=np.uint8)


def main(seed: int, folder: Path, way: str) -> None:
    from mirror.app.kiosk import freed_memory
    from mirror.app.kiosk import visit as visit_module
    from mirror.app.kiosk.attract import IdleContent
    from mirror.app.kiosk.keepsakes import Keepsakes
    from mirror.app.kiosk.main_loop import Kiosk
    from mirror.app.kiosk.scene import Scene
    from mirror.app.kiosk.systemd_notify import Notifier
    from mirror.app.kiosk.visit import Visit
    from mirror.app.screen import Window
    from mirror.app.sharing.web.process import Server
    from mirror.pipeline.mirror import Mirror
    from mirror.settings.options import Settings
    from mirror.settings.tables import Share
    from mirror.sources.demo import DemoSource
    from mirror.translation.catalogue import Words

    class Marked(DemoSource):
        def image(self, index: int) -> np.ndarray:
            out = super().image(index)
            left, top = CORNER
            out[top : top + PATCH, left : left + PATCH] = patch(seed)
            return out

    if os.environ.get("KIOSK_UNSHREDDED") is None:
        freed_memory.shred_freed()
    visit_module.SILENT = 200.0  # a machine that has much to do is no lost camera
    settings = Settings(source="demo", style="bob", pictures=folder, language="en", countdown=0.5)
    window = Window("kiosk", SIZE)
    server, words = Server(Share(network="127.0.0.1", port=0)), Words("en")
    server.start()
    keepsakes = Keepsakes(Share(network="127.0.0.1"), words, server, paper=True)
    visit = Visit(settings, window, lambda: Marked(SIZE), lambda: Mirror("bob"), keepsakes=keepsakes)
    scene = Scene(window, visit, settings, IdleContent(), words=words)
    kiosk = Kiosk(window, scene, visit, Notifier({}))
    visit.prepare()

    def until(wanted: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 240  # a busy machine loads networks slowly
        while not wanted():
            assert time.monotonic() < deadline, scene.machine.name
            kiosk.step()

    def press(name: str) -> None:
        state = scene.machine.state
        # Buttons that have faded come back with the first touch.
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(5, 300), rel=(1, 0), buttons=(0, 0, 0)))
        kiosk.step()
        press_at(state._buttons._buttons[name].rect.center)  # type: ignore[attr-defined]

    def press_at(at: tuple[int, int]) -> None:
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            pygame.event.post(pygame.event.Event(kind, button=1, pos=at))
            kiosk.step()
        for _ in range(2):
            kiosk.step()

    until(lambda: not visit.busy)
    scene.machine.go("touched", time.monotonic())
    until(lambda: scene.machine.name == "consent")
    kiosk.step()
    press("yes")
    until(lambda: visit.last is not None and visit.last.swapped)
    shown = visit.display
    assert shown is not None
    until(lambda: shown.shown_count > 12)
    press("picture")
    until(lambda: bool(scene.mine()))
    for _ in range(2):
        kiosk.step()
    assert any(folder.glob("kiosk/*.png"))
    # With the code that fetches it beside it.
    until(lambda: scene.machine.name == "album" and len(keepsakes.links()) == 1)
    until(lambda: scene.machine.name == "album" and scene.kept.picture(visit.saved[0]) is not None)
    kiosk.step()
    press("back")
    until(lambda: scene.machine.name == "try")

    def pictures(count: int) -> None:
        seen = shown.shown_count
        until(lambda: shown.shown_count >= seen + count)

    press("loss")
    pictures(3)
    slider = scene.machine.state._loss._slider  # type: ignore[attr-defined]

    def thinned() -> bool:
        return shown._live.mirror is not None and (shown._live.mirror.loss or 0.0) < -0.3

    # On a busy machine it is still coming when it is touched first, or has faded: then that only brings it.
    while not thinned():
        press_at((slider.rect.left + slider.rect.width // 4, slider.rect.centery))
        pictures(2)
    pictures(3)
    press("styles")
    press("compare")
    until(lambda: scene.machine.name == "compare")
    pictures(2)
    press("four")
    pictures(8)
    assert shown.last is not None and shown.last.mosaic
    press_at(scene.machine.state._four._cells[2][0].center)  # type: ignore[attr-defined]
    for _ in range(4):
        kiosk.step()
    assert scene.machine.name == "try", scene.machine.name
    print("shown", flush=True)
    sys.stdin.readline()
    if way == "goodbye":
        press("done")
    else:
        assert visit._live is not None
        visit._live.tell(lambda mirror, now: mirror.no_such_thing)  # type: ignore[attr-defined]
    until(lambda: scene.machine.name == way and not visit.busy)
    until(lambda: scene.machine.name == "attract")
    print("wiped", flush=True)
    sys.stdin.readline()
    visit.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
