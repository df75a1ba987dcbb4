"""Page: the whole delay, from a flash of the screen until it is back as a picture."""

from __future__ import annotations

import random
import time

import pygame

from mirror.app.calibration.camera_modes import SMOOTH
from mirror.app.calibration.delay_advice import SLOW, Link, advice, ask
from mirror.app.calibration.screen_delay import find_delay
from mirror.app.screen.design import ACCENT, INK, NEAR, Colour, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import text
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import CameraPage, Control
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
CHANGES = 6  # white, black, white ...
DARK = 1.2  # seconds of black before the first, for the camera's exposure to follow
STAYS = 0.9  # seconds a colour is shown, at least: no more than one flash in two seconds, which hurts nobody
SILENT = 1.5  # seconds without a picture after which it is given up
MORE = 0.25  # up to so much longer, by chance, or all flashes would meet the same moment of the camera


class DelayPage(CameraPage):
    """Flashes the window and finds the flashes in the camera's brightness. May be passed over."""

    title = Message("How long is the delay?")
    about = Message(
        "The screen turns white and black three times, slowly; the camera has to see it, or what it lights "
        "up. Full screen (F11) and a dim room help. You may go on without."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._flips: list[tuple[float, bool]] = []
        self._begun = False  # the flashing was started
        self._due = 0.0  # when the next change is
        self._said = ""
        self._link = Link()

    def enter(self) -> None:
        """Opens the camera."""
        self._said = ""
        self.desk.look()

    def leave(self) -> None:
        """Gives it back."""
        self._stop()
        self.desk.look_away()

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """One button that starts."""
        watch = self.desk.watch
        good = watch is not None and watch.sure and watch.problem is None
        rect = pygame.Rect(area.left, area.top, px(unit, 320), px(unit, 72))
        words = Message("Measure again")
        if self.desk.delay is None and not self._said:
            words = Message("Measure")
        return [Control("measure", rect, words, self._start, enabled=good)]

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """What came of it, and what the camera sees."""
        y = area.top + px(unit, 112)
        column = pygame.Rect(area.left, y, area.width // 2, 0)
        delay = self.desk.delay
        if delay is not None and not self._said:
            told = Message("{delay:.0f} ms", delay=delay.median)
            big = text(told, px(unit, NEAR.display), ACCENT)
            screen.blit(big, turned(big.get_rect(topleft=column.topleft), screen.get_width()))
            words = Message(
                "From the screen's change until its picture is here; the mirror's own work comes on top. "
                "Median of {count} changes, from {low:.0f} to {high:.0f} ms.",
                count=delay.seen,
                low=delay.low,
                high=delay.high,
            )
            column.top += big.get_height() + px(unit, 8)
            column.top = drawing.line(screen, words, column, unit, None, NEAR.caption, muted=True)
            if delay.median <= SLOW:
                told = Message("Good for a mirror: not more than {limit:.0f} ms.", limit=SLOW)
                drawing.line(screen, told, column, unit, "good")
            else:
                self._advise(screen, column, area.bottom, unit)
        elif self._said:
            drawing.line(screen, self._said, column, unit, "warning")
        else:
            watch = self.desk.watch
            words = Message("Looking through the camera.")
            if watch is not None and watch.sure:
                words = Message("Ready.")
            drawing.line(screen, words, column, unit, "note")
        left = area.left + area.width * 11 // 20
        frame = pygame.Rect(left, area.top, area.right - left, min(area.height, px(unit, 340)))
        image = self.desk.watch.picture if self.desk.watch is not None else None
        if image is not None:
            image = self.desk.adjustment.turn(self.desk.adjustment.cut(image))
        drawing.picture(screen, image, frame, self.desk.settings.mirror)

    def _advise(self, screen: pygame.Surface, column: pygame.Rect, bottom: int, unit: float) -> None:
        """What to change, the likeliest first, as far as there is room above `bottom`."""
        told = Message("More than {limit:.0f} ms: people see that it lags. What helps:", limit=SLOW)
        column.top = drawing.line(screen, told, column, unit, "warning")
        size = px(unit, NEAR.caption)
        for words in advice(self._rate(), self.desk.settings.size or (1280, 720), self._link):
            if column.top + text(words, size, INK, column.width - px(unit, 26)).get_height() > bottom:
                break
            column.top = drawing.line(screen, words, column, unit, "note", NEAR.caption)

    def _rate(self) -> float:
        """Pictures a second that the camera gives."""
        watch = self.desk.watch
        times = [at for at, _ in watch.samples][-100:] if watch is not None else []
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else SMOOTH

    def hear(self, event: pygame.event.Event) -> bool:
        """While it flashes, any key ends it."""
        if self._begun and event.type == pygame.KEYDOWN:
            self._stop()
            self._said = Message("Stopped. Press Measure again, or Next to go on without.")
            return True
        return False

    def shown(self, now: float) -> None:
        """Turns the window over when it is time, and notes when that was on the screen."""
        if not self._begun:
            return
        white = self.flash == WHITE
        if white != (bool(self._flips) and self._flips[-1][1]):
            # What was turned last is on the screen since this moment.
            self._flips.append((now, white))
            self._due = now + STAYS + random.uniform(0.0, MORE)
        samples = self.desk.watch.samples if self.desk.watch is not None else None
        if not samples or now - samples[-1][0] > SILENT:
            self._stop()
            self._said = Message(
                "The camera gave no picture any more. Measure again, or go back for another one."
            )
        elif now >= self._due:
            if len(self._flips) == CHANGES:
                self._finish(now)
            else:
                self.flash = BLACK if white else WHITE

    def _start(self) -> None:
        if self.desk.watch is not None:
            self.desk.watch.tell(lambda device: setattr(self, "_link", ask(device)))
        self._begun, self._flips, self._said = True, [], ""
        self.flash = BLACK
        self._due = time.monotonic() + DARK

    def _stop(self) -> None:
        self._begun = False
        self.flash = None

    def _finish(self, now: float) -> None:
        watch, flips = self.desk.watch, self._flips
        self._stop()
        assert watch is not None
        delay = find_delay(list(watch.samples), flips, now)
        if delay is None:
            self._said = Message(
                "The flash never came back: the camera does not see the screen, or the room is too "
                "bright. Turn the camera to the screen, or hold a mirror before it, and measure again; "
                "or go on without."
            )
        else:
            self.desk.delay = delay
