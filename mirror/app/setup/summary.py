"""Page: what was chosen, and the button that writes it."""

from __future__ import annotations

import pygame

from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import INK, MUTED, shortened, text
from mirror.app.setup import drawing
from mirror.app.setup.engines import SPOKEN
from mirror.app.setup.setup_page import Page
from mirror.app.setup.shared_state import Desk
from mirror.app.setup.write_results import write
from mirror.core.errors import MirrorError


class SummaryPage(Page):
    """Nothing is written before its button is pressed."""

    title = "All set?"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._said = ""
        self._wrong = False

    @property
    def about(self) -> str:  # type: ignore[override]
        """What the button will do."""
        if self.desk.written:
            return "Start the mirror with: python run_mirror.py"
        return "Write keeps this for the mirror. Until then nothing is changed; Back changes your mind."

    @property
    def next(self) -> str:  # type: ignore[override]
        """Write, then Close."""
        return "Close" if self.desk.written else "Write"

    def go_on(self) -> bool:
        """Writes; the next press closes."""
        if self.desk.written:
            return True
        try:
            kept = write(self.desk.settings, self.desk.path, self.desk.delay)
        except MirrorError as error:
            self._said, self._wrong = str(error), True
            return False
        self.desk.written, self._wrong = True, False
        self._said = f"Written to {self.desk.path}" + (
            f"\nYour settings until now are kept in {kept}" if kept else ""
        )
        return False

    def enter(self) -> None:
        """Whoever went back and came again may write again."""
        self._said, self.desk.written = "", False

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The rows."""
        size, step = px(unit, 21), px(unit, 36)
        y, column = area.top, px(unit, 220)
        for name, value in self.rows():
            screen.blit(text(name, size, MUTED), (area.left, y))
            words = shortened(value, size, area.width - column)
            screen.blit(text(words, size, INK), (area.left + column, y))
            y += step
        if self._said:
            place = pygame.Rect(area.left, y + px(unit, 8), area.width, 0)
            drawing.line(screen, self._said, place, unit, drawing.WRONG if self._wrong else drawing.GOOD, 18)

    def rows(self) -> list[tuple[str, str]]:
        """(what, as it will be)."""
        desk, settings = self.desk, self.desk.settings
        rows = []
        if desk.camera is not None:
            size = settings.size
            rate = next((mode.rate for mode in desk.modes if mode.size == size), None)
            picture = f"{size[0]}x{size[1]}" if size else "its own size"
            turned = f"by {settings.rotate}°" if settings.rotate else "no"
            rows += [("Camera", desk.camera[1]),
                     ("Picture", picture + (f", {rate:.0f} a second" if rate else "")),
                     ("Turned", turned), ("Mirrored", "yes" if settings.mirror else "no"),
                     ("Used of it", _crop(settings.crop)),
                     ("Light", _light(settings.exposure, settings.white_balance))]  # fmt: skip
        elif settings.camera is not None:
            rows.append(("Camera", f"{settings.camera}, as before"))
        else:
            rows.append(("Camera", "none: the mirror shows its demo"))
        timing = next((timing for timing in desk.timings if timing.name == settings.engine), None)
        speed = f", {timing.total:.1f} ms a picture" if timing is not None and timing.problem is None else ""
        rows.append(("Engine", SPOKEN.get(settings.engine, settings.engine) + speed))
        if desk.camera is not None:
            rows.append(("Delay", f"{desk.delay.median:.0f} ms" if desk.delay else "not measured"))
        rows.append(("PIN", "set" if settings.pin else "none"))
        return rows


def _crop(crop: tuple[int, int, int, int] | None) -> str:
    return "all" if crop is None else f"{crop[2]}x{crop[3]}, from {crop[0]} across and {crop[1]} down"


def _light(exposure: float | None, white_balance: float | None) -> str:
    held = [f"exposure held at {exposure:g}"] if exposure is not None else []
    held += [f"white balance held at {white_balance:g}"] if white_balance is not None else []
    return ", ".join(held) or "the camera sets it itself"
