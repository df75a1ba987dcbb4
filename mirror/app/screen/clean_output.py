"""Clean output: a second window with nothing but the picture, for a projector or a stream.

It fills the second screen where there is one, else it is a window like others. Main thread only.
"""

from __future__ import annotations

import numpy as np
import pygame

from mirror.app.screen import overlay
from mirror.app.screen.caption import Caption
from mirror.app.screen.design import GROUND, SMALL, px, unit_of
from mirror.app.screen.fullscreen import within_desktop
from mirror.app.screen.live_picture import draw_picture, lay_out
from mirror.app.screen.upright_crop import Framing, Part
from mirror.core.errors import MirrorError
from mirror.pipeline.shown_frame import Shown

# What SDL adds a screen's number to for "in its middle" (SDL_WINDOWPOS_CENTERED_DISPLAY in SDL_video.h).
_MIDDLE_OF = 0x2FFF0000
# What is pointed at in this window says nothing of the controls in the other.
_POINTED = (
    pygame.MOUSEMOTION,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.MOUSEWHEEL,
    pygame.FINGERDOWN,
    pygame.FINGERMOTION,
    pygame.FINGERUP,
    pygame.DROPFILE,
)


class CleanOutput:
    """The picture, the line of hair loss, and what a tour says. No controls, no other lines.

    Closed by itself it is gone, and the mirror runs on; it closes with the mirror's own window. Open it after
    that one.

    Args:
        title: of the window.
        size: (width, height) where there is no second screen, pixels.

    Attributes:
        filling: it fills a screen of its own.

    Raises:
        MirrorError: it cannot be opened.
    """

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        self.filling = pygame.display.get_num_displays() > 1
        self._framing, self._caption = Framing(), Caption()
        at = (_MIDDLE_OF | 1, _MIDDLE_OF | 1)
        try:
            if self.filling:
                window = pygame.Window(title, within_desktop(size), position=at, resizable=True)
                window.set_fullscreen(desktop=True)
            else:
                window = pygame.Window(title, within_desktop(size), resizable=True)
        except pygame.error as error:
            raise MirrorError(
                f"The second window could not be opened: SDL says {str(error).rstrip('.')!r}. "
                "Start the mirror without --clean-output."
            ) from error
        self._window: pygame.Window | None = window
        window.get_surface().fill(GROUND)
        window.flip()

    @property
    def open(self) -> bool:
        """Whether it is there."""
        return self._window is not None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) as it is now, pixels; (0, 0) once it is closed."""
        width, height = (0, 0) if self._window is None else self._window.size
        return width, height

    def hears(self, event: pygame.event.Event) -> bool:
        """Whether an event is about this window alone: it is pointed at, or closed. Keys are the mirror's."""
        if self._window is None or getattr(event, "window", None) is not self._window:
            return False
        if event.type == pygame.WINDOWCLOSE:
            self.close()
            return True
        return event.type in _POINTED

    def show(self, shown: Shown, image: np.ndarray, mark: str, mirrored: bool, now: float) -> None:
        """Draws a picture.

        Args:
            image: uint8 (H, W, 3) RGB, what is seen of `shown`: with new hair, or without.
            mark: a line that must be on it; "" for none.
            mirrored: turned round, as a mirror shows it.
            now: seconds of one clock.
        """
        if self._window is None:
            return
        screen = self._window.get_surface()
        size, room = (image.shape[1], image.shape[0]), screen.get_size()
        part = Part.whole(size) if shown.mosaic else self._framing.part(size, shown.face, room, now)
        laid = lay_out(size, part, room, mirrored)
        draw_picture(screen, image, laid)
        whole, unit, taken = screen.get_rect(), unit_of(room), []
        if mark:
            pill = overlay.pill(mark, unit, whole.width, "note")
            pill.set_alpha(255)
            taken.append(screen.blit(pill, pill.get_rect(midtop=(whole.centerx, px(unit, SMALL)))))
        box = None if shown.mosaic else shown.head_box
        head = None if box is None else laid.on_screen(box)
        caption = self._caption.lay(shown.caption, whole, head, now, taken)
        if caption is not None:
            self._caption.draw(screen, caption)
        self._window.flip()

    def close(self) -> None:
        """Closes it, where it is open."""
        if self._window is not None:
            self._window.destroy()
            self._window = None
