"""Page: what was chosen, and the button that writes it."""

from __future__ import annotations

import pygame

from mirror.app.screen.design import INK, MUTED, NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import shortened, text, wide
from mirror.app.setup import drawing
from mirror.app.setup.engines import called
from mirror.app.setup.setup_page import Page
from mirror.app.setup.shared_state import Desk
from mirror.app.setup.write_results import write
from mirror.core.errors import MirrorError
from mirror.hair.styles.selection import is_random
from mirror.settings.options import Settings
from mirror.translation.catalogue import languages
from mirror.translation.message import Message, Said, joined


class SummaryPage(Page):
    """Nothing is written before its button is pressed."""

    title = Message("All set?")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._said = ""
        self._wrong = False

    @property
    def about(self) -> str:  # type: ignore[override]
        """What the button will do."""
        if self.desk.written:
            return Message("Start the mirror with: {command}", command=Said("python run_mirror.py"))
        return Message(
            "Write keeps this for the mirror. Until then nothing is changed; Back changes your mind."
        )

    @property
    def next(self) -> str:  # type: ignore[override]
        """Write, then Close."""
        return Message("Close") if self.desk.written else Message("Write")

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
        told = [Message("Written to {path}", path=Said(self.desk.path))]
        if kept:
            told.append(Message("Your settings until now are kept in {path}", path=Said(kept)))
        self._said = joined("\n", *told)
        return False

    def enter(self) -> None:
        """Whoever went back and came again may write again."""
        self._said, self.desk.written = "", False

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The rows."""
        rows = self.rows()
        step = min(px(unit, 36), (area.height - px(unit, 60)) // len(rows))
        size = min(px(unit, NEAR.body), step * 2 // 3)
        whole, y = screen.get_width(), area.top
        column = max(wide(name, size) for name, _ in rows) + px(unit, 24)
        for name, value in rows:
            left = text(name, size, MUTED)
            screen.blit(left, turned(left.get_rect(topleft=(area.left, y)), whole))
            right = text(shortened(value, size, area.width - column), size, INK)
            screen.blit(right, turned(right.get_rect(topleft=(area.left + column, y)), whole))
            y += step
        if self._said:
            place = pygame.Rect(area.left, y + px(unit, 8), area.width, 0)
            drawing.line(screen, self._said, place, unit, "warning" if self._wrong else "good", NEAR.caption)

    def rows(self) -> list[tuple[str, str]]:
        """(what, as it will be)."""
        desk, settings = self.desk, self.desk.settings
        rows: list[tuple[str, str]] = []
        if desk.camera is not None:
            size = settings.size
            rate = next((mode.rate for mode in desk.modes if mode.size == size), None)
            picture: str = Said(f"{size[0]}x{size[1]}") if size else Message("its own size")
            if rate:
                picture = joined(", ", picture, Message("{rate:.1f} a second", rate=rate))
            turn = Message("by {degrees}°", degrees=settings.rotate) if settings.rotate else Message("no")
            rows += [
                (Message("Camera"), Said(desk.camera[1])),
                (Message("Picture"), picture),
                (Message("Turned"), turn),
                (Message("Mirrored"), Message("yes") if settings.mirror else Message("no")),
                (Message("Used of it"), _crop(settings.crop)),
                (Message("Light"), _light(settings.exposure, settings.white_balance)),
            ]
        elif settings.camera is not None:
            rows.append((Message("Camera"), Message("{camera}, as before", camera=Said(settings.camera))))
        else:
            rows.append((Message("Camera"), Message("none: the mirror shows its demo")))
        timing = next((timing for timing in desk.timings if timing.name == settings.engine), None)
        engine: str = called(settings.engine)
        if timing is not None and timing.problem is None:
            engine = Message("{engine}: {time:.1f} ms a picture", engine=engine, time=timing.total)
        rows.append((Message("Engine"), engine))
        if desk.camera is not None:
            delay = (
                Message("{delay:.0f} ms", delay=desk.delay.median) if desk.delay else Message("not measured")
            )
            rows.append((Message("Delay"), delay))
        drawn = Message("Another style every few seconds")
        rows += [
            (Message("Language"), _language(settings)),
            (Message("Style"), drawn if is_random(settings.style) else settings.style),
            (Message("Salon"), _salon(settings)),
            (Message("PIN"), Message("set") if settings.pin else Message("none")),
        ]
        return rows


def _language(settings: Settings) -> Message:
    """The language, how large it is written, and whether names are spoken."""
    named = languages().get(settings.language)
    told: list[str] = [Said(named) if named else Message("the system's")]
    if settings.large_text:
        told.append(Message("large text"))
    if settings.speak:
        told.append(Message("names are spoken"))
    return joined(", ", *told)


def _salon(settings: Settings) -> Message:
    """Its name, when all is wiped, and where pictures can be fetched."""
    share = settings.share
    told: list[str] = [Said(share.name)] if share.name else []
    told.append(Message("{seconds:g} s", seconds=settings.idle))
    told.append(
        Message("pictures by phone in {network}", network=Said(share.network))
        if share.network is not None
        else Message("no pictures by phone")
    )
    return joined(", ", *told)


def _crop(crop: tuple[int, int, int, int] | None) -> Message:
    if crop is None:
        return Message("all")
    return Message(
        "{size}, from {left} across and {top} down",
        size=Said(f"{crop[2]}x{crop[3]}"), left=crop[0], top=crop[1],
    )  # fmt: skip


def _light(exposure: float | None, white_balance: float | None) -> Message:
    held = [Message("exposure held at {value:g}", value=exposure)] if exposure is not None else []
    if white_balance is not None:
        held.append(Message("white balance held at {value:g}", value=white_balance))
    return joined(", ", *held) if held else Message("the camera sets it itself")
