"""Goodbye: everything of the visitor is wiped, and said to be only when it is; and what they kept is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.screen import View, Wish
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

STAYS = 4.0  # seconds after the wipe
KEPT_STAYS = 20.0  # the same where there is something to be read and to be chosen; a touch begins it anew
_WIDE, _TALL = 300.0, 84.0  # units, of the buttons


class Goodbye:
    """Thank you; wiped, but for what the visitor kept: where that is and until when."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("over")
        self._wiped_at: float | None = None
        self._here = False

    def enter(self, now: float) -> None:
        self._wiped_at = None
        # Who walked away leaves nothing on the screen for the next in the queue to look at. Whose visit the
        # stylist ends by tablet is still there, and chooses what becomes of their pictures.
        self._here = self._scene.machine.signal in ("done", "leave", "next")
        self._scene.marked.forget()
        self._scene.visit.end()

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        screen.fill(layout.GROUND)
        wide = min(across - 80, 1060)
        says = self._said()
        tall = layout.height_of(words("thanks"), layout.TITLE, wide, unit) + 48
        tall += sum(layout.height_of(said, layout.LARGE, wide, unit) + 20 for said in says)
        y = max(24, min(down / 2 - 190, down - _TALL - 24 - tall))  # the buttons lie below the last line
        spot = layout.line(screen, words("thanks"), layout.TITLE, (across / 2, y), layout.ACCENT)
        y = spot.bottom / unit + 24
        for said in says:
            spot = layout.line(screen, said, layout.LARGE, (across / 2, y), width=wide)
            y = spot.bottom / unit + 20
        self._buttons.lay(size, self._places(across, down, y + 24))
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        pressed = self._buttons.hear(event)
        if self._wiped_at is not None and event.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN):
            self._wiped_at = now
        if pressed == "delete_all":
            self._scene.delete(self._scene.items())
        return {"album": "look", "over": "over"}.get(pressed or "", True)

    def step(self, now: float) -> str | None:
        if self._scene.visit.busy:
            return None
        if self._wiped_at is None:
            self._wiped_at = now
        stays = KEPT_STAYS if self._scene.items() else STAYS
        return "over" if now - self._wiped_at >= stays else None

    def leave(self) -> None:
        pass

    def _said(self) -> list[str]:
        words, mine, kept = self._scene.words, self._scene.mine(), self._scene.kept
        if self._wiped_at is None:
            return [words("wiping")]
        linked = self._linked()
        if not mine:
            return [words("wiped_linked"), *linked] if linked else [words("wiped")]
        until = words.moment(max(kept.until(path) for path in mine))
        said = words.counted("wiped_but", len(mine))
        lies = words("kept_stuck" if kept.stuck else "kept_where", folder=kept.place, until=until)
        return [said, lies, *linked]

    def _linked(self) -> list[str]:
        """What of the visitor's can still be fetched by phone, and until when."""
        keepsakes = self._scene.visit.keepsakes
        if keepsakes is None or not keepsakes.links() or keepsakes.until is None:
            return []
        return [self._scene.words("linked", time=self._scene.words.digits(f"{keepsakes.until:%H:%M}"))]

    def _places(self, across: float, down: float, y: float) -> tuple[Place, ...]:
        if self._wiped_at is None or not self._here or not self._scene.items():
            return ()
        words, gap = self._scene.words, 16.0
        wide = min(_WIDE, (across - 48 - 2 * gap) / 3)
        left = (across - 3 * wide - 2 * gap) / 2
        names = (("album", "album"), ("delete_all", "delete_kept"), ("over", "keep"))
        return tuple(
            (name, words(key), (left + at * (wide + gap), min(y, down - _TALL - 24), wide, _TALL))
            for at, (name, key) in enumerate(names)
        )
