"""Page: one step of the set-up, and the controls that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pygame

from mirror.app.screen.design import Colour
from mirror.app.screen.turned import turned
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message


@dataclass(frozen=True, slots=True)
class Control:
    """One button, as it is to be now. The wizard makes it, moves it and takes it away.

    Attributes:
        key: names it on its page, so that it stays the same button while its words change.
        rect: where, in pixels of a window whose lines begin at the left; the wizard turns it round.
        words: on it.
        press: what it does.
        enabled: it can be pressed.
        chosen: it shows what is chosen.
        kind: "button", "primary", "card" (a picture is drawn over it) or "key" (of a keypad).
        block: of controls that lie alike in every language, as digits do: only the whole of them is turned.
    """

    key: str
    rect: pygame.Rect
    words: str
    press: Callable[[], object]
    enabled: bool = True
    chosen: bool = False
    kind: str = "button"
    block: pygame.Rect | None = None

    def turned(self, width: int) -> Control:
        """As it lies in a window of this width in the language of the screen."""
        if self.block is None:
            return replace(self, rect=turned(self.rect, width))
        return replace(self, rect=self.rect.move(turned(self.block, width).left - self.block.left, 0))


class Page:
    """What a page may do; this one does nothing. All of it happens on the main thread.

    Attributes:
        title: its large line.
        about: what it is for, a sentence or two.
        next: the words of the button that goes on.
        calm: something is measured: the page is drawn only a few times a second.
        flash: a colour that covers the whole window in place of the page; None: the page.
    """

    title: str = ""
    about: str = ""
    next: str = Message("Next")
    calm = False
    flash: Colour | None = None

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def skipped(self) -> bool:
        """There is nothing to do here now: the page is passed over."""
        return False

    @property
    def ready(self) -> bool:
        """One may go on."""
        return True

    @property
    def settled(self) -> bool:
        """It is known how many pages there will be."""
        return True

    @property
    def hint(self) -> str:
        """One short line between Back and Next: what is missing, or what happens now."""
        return ""

    def enter(self) -> None:
        """The page is turned to."""

    def leave(self) -> None:
        """The page is turned away from, or the window closed."""

    def go_on(self) -> bool:
        """Next was pressed; False: stay here."""
        return True

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """The buttons of this moment, in the order in which Tab goes through them."""
        return []

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """Draws over the buttons what is no button."""

    def shown(self, now: float) -> None:
        """The window was just brought to the screen; `now` is `time.monotonic()`."""

    def hear(self, event: pygame.event.Event) -> bool:
        """True: the event was for this page, and for nothing else."""
        return False


class CameraPage(Page):
    """A page that needs the chosen camera: passed over without one, and says what is wrong with it."""

    @property
    def skipped(self) -> bool:
        """Without a camera there is nothing to do."""
        return self.desk.camera is None

    @property
    def hint(self) -> str:
        """What is wrong with the camera."""
        problem = self.desk.watch.problem if self.desk.watch is not None else None
        return problem or ""
