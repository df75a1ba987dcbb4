"""Display: is there a screen, and if not, why not.

Only SDL's video part is ever started: no sound, no joysticks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pygame

from mirror.core.errors import MirrorError

# SDL's drivers that draw into memory nobody sees.
_UNSEEN = ("dummy", "offscreen", "evdev")


def start_display() -> None:
    """Start SDL's video part.

    A driver without a screen is accepted only where SDL_VIDEODRIVER asks for it by name.

    Raises:
        MirrorError: there is no screen; the line names the reason.
    """
    reason = _start()
    if reason is None:
        driver = pygame.display.get_driver()
        if driver not in _UNSEEN or os.environ.get("SDL_VIDEODRIVER") == driver:
            return
        pygame.display.quit()
        reason = _unseen(driver)
    raise MirrorError(
        f"No window can be opened: {reason}. Start the mirror in a desktop session, "
        "or give --headless to run without a window."
    )


def screen_available() -> tuple[bool, str]:
    """Whether a window can be seen on this machine, and why or why not.

    Leaves SDL as it found it. Call it on the main thread.

    Example:
        >>> available, reason = screen_available()
        >>> reason  # doctest: +SKIP
        'x11, 1920x1080'
    """
    running = pygame.display.get_init()
    reason = None if running else _start()
    if reason is not None:
        return False, reason
    try:
        driver = pygame.display.get_driver()
        if driver in _UNSEEN:
            return False, _unseen(driver)
        width, height = pygame.display.get_desktop_sizes()[0]
        return True, f"{driver}, {width}x{height}"
    finally:
        if not running:
            pygame.display.quit()


def _start() -> str | None:
    """Start SDL's video part; the reason where that fails."""
    if sys.platform.startswith("linux"):
        # SDL shows a window's pixels through OpenGL where it can. Without a graphics card that is
        # Mesa's software renderer: 7 to 13 ms a frame at 1280x720, against 0.5 ms through
        # X11's shared memory.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        asked = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))
        if not asked and not any(Path("/dev/dri").glob("card*")):
            return "neither DISPLAY nor WAYLAND_DISPLAY is set and there is no graphics card"
    try:
        pygame.display.init()
    except pygame.error as error:
        return f"SDL says {str(error).rstrip('.')!r}"
    return None


def _unseen(driver: str) -> str:
    if os.environ.get("SDL_VIDEODRIVER") == driver:
        return f"SDL_VIDEODRIVER={driver} draws where nobody sees it"
    named = [f"{name}={os.environ[name]}" for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
    where = f" at {' or '.join(named)}" if named else ""
    return f"SDL found no screen{where} (its video driver fell back to {driver!r})"
