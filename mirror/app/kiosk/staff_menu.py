"""Staff: a corner that is held for three seconds, a PIN, and a small menu. It lies over every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons
from mirror.app.touch.pin_lock import Lock
from mirror.app.touch.pin_pad import pad_key, pad_places, typed_on

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

CORNER = 100  # units of the top left corner
HELD = 3.0  # seconds
STAYS = 30.0  # seconds without a touch until it closes by itself
_TOUCHES = (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN)


class Staff:
    """Closed, the PIN pad, the menu, or the summary of the settings.

    Attributes:
        page: "", "pad", "menu" or "summary".
        left: somebody with the PIN asked to leave.
    """

    def __init__(self, scene: Scene, lock: Lock, summary: tuple[tuple[str, str], ...]) -> None:
        self._scene, self._lock, self._summary = scene, lock, summary
        self._buttons = Buttons("ok", "back")
        self._pressed_at: float | None = None
        self._typed = ""
        self._said = ""
        self._touched = 0.0
        self.page = ""
        self.left = False

    def close(self) -> None:
        """Closes it and forgets what was typed."""
        self.page = self._typed = self._said = ""
        self._pressed_at = None

    def hear(self, event: pygame.event.Event, now: float) -> bool:
        """Whether the event was the staff's."""
        if self.page == "":
            self._watch(event, now)
            return self.page != ""
        if event.type in _TOUCHES:
            self._touched = now
        pressed = self._buttons.hear(event)
        if event.type == pygame.KEYDOWN and pressed is None:
            pressed = self._key(event)
        if pressed is not None:
            self._do(pressed, now)
        return True

    def step(self, now: float) -> None:
        """Opens after a long press, closes when nobody touches it any more."""
        if self.page == "" and self._pressed_at is not None and now - self._pressed_at >= HELD:
            self._open(now)
        elif self.page != "" and now - self._touched >= STAYS:
            self.close()

    def draw(self, screen: pygame.Surface, now: float) -> None:
        """Draws itself over all that is there, while it is open."""
        if self.page == "":
            return
        words, size = self._scene.words, screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        wide, tall = {"pad": (540, 690), "menu": (540, 560), "summary": (min(across - 40, 1100), 690)}[
            self.page
        ]
        left, top = (across - wide) / 2, (down - tall) / 2
        layout.sheet(screen, pygame.Rect(*(round(v * unit) for v in (left, top, wide, tall))))
        middle = across / 2
        if self.page == "pad":
            wait = self._lock.wait(now)
            said = words("locked", seconds=int(-(-wait // 1))) if wait > 0 else self._said or words("pin")
            layout.line(screen, said, layout.BODY, (middle, top + 18), width=wide - 40)
            layout.line(
                screen, "•" * len(self._typed) or " ", layout.LARGE, (middle, top + 66), layout.ACCENT
            )
            places = pad_places(words, left + 30, top + 124)
        elif self.page == "menu":
            layout.line(screen, words("staff"), layout.LARGE, (middle, top + 30))
            names = ("leave", "settings", "figures", "back")
            places = tuple(
                (name, words(f"staff_{name}"), (left + 60, top + 110 + row * 106, wide - 120, 88))
                for row, name in enumerate(names)
            )
        else:
            rows = self._rows()
            pitch, column = min(44.0, (tall - 136) / max(len(rows), 1)), 0.38 * wide
            for row, (name, value) in enumerate(rows):
                y = top + 16 + row * pitch
                for said, x, room, colour in (
                    (name, left + 36, column - 20, layout.MUTED),
                    (value, left + 36 + column, wide - column - 72, layout.INK),
                ):
                    shown = layout.shortened(said, round(layout.BODY * unit), round(room * unit))
                    layout.line(screen, shown, layout.BODY, (x, y), colour, left=True, width=2 * wide)
            places = (("back", words("staff_back"), (middle - 140, top + tall - 104, 280, 80)),)
        self._buttons.turned = self.page != "pad"  # digits lie as on every telephone
        self._buttons.lay(size, places)
        self._buttons.draw(screen, now)

    def _rows(self) -> tuple[tuple[str, str], ...]:
        """What the summary says: names and values. Networks that run on the same engine share a row."""
        engines: dict[str, list[str]] = {}
        for network, engine in self._scene.visit.engines.items():
            engines.setdefault(engine, []).append(network)
        return (*self._summary, *((", ".join(names), engine) for engine, names in engines.items()))

    def _watch(self, event: pygame.event.Event, now: float) -> None:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            reach = CORNER * layout.unit_of(self._scene.window.size)
            inside = event.pos[0] < reach and event.pos[1] < reach
            self._pressed_at = now if inside else None
        elif event.type == pygame.MOUSEBUTTONUP:
            self._pressed_at = None
        elif event.type == pygame.KEYDOWN and event.key == pygame.K_p:
            both = pygame.KMOD_CTRL, pygame.KMOD_SHIFT
            if all(getattr(event, "mod", 0) & one for one in both):
                self._open(now)

    def _open(self, now: float) -> None:
        self.close()
        self.page, self._touched = ("pad" if self._lock.there else "menu"), now

    def _key(self, event: pygame.event.Event) -> str | None:
        """The button that a key stands for."""
        if self.page == "pad":
            return pad_key(event)
        return "back" if event.key == pygame.K_ESCAPE else None

    def _do(self, pressed: str, now: float) -> None:
        if pressed == "ok":
            typed, self._typed = self._typed, ""
            if self._lock.wait(now) == 0:
                right = self._lock.try_pin(typed, now)
                self._said = "" if right else self._scene.words("wrong")
                self.page = "menu" if right else "pad"
        elif pressed == "delete" or pressed.isdigit():
            self._typed = typed_on(self._typed, pressed)
        elif pressed == "cancel" or (pressed == "back" and self.page == "menu"):
            self.close()
        elif pressed == "back":
            self.page = "menu"
        elif pressed == "settings":
            self.page = "summary"
        elif pressed == "figures":
            self._scene.window.hud = not self._scene.window.hud
            self.close()
        elif pressed == "leave":
            self.left = True
