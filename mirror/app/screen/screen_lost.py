"""Lost: the screen itself is gone, because its X server ended.

Xlib then ends the program on the spot, in the middle of whatever it does, with a line of its own and without
a word to Python: a film that is being recorded would never be finished. Here there is still time for that.
Elsewhere (Windows, macOS, Wayland) SDL asks the window to close, which is the usual way out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable

import pygame

from mirror.core.errors import MirrorError

CODE = 2
_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_kept: list[object] = []  # Xlib holds no reference to what it will call


def when_screen_is_lost(finish: Callable[[], None], program: str) -> None:
    """Has `finish` called when the X server ends, and the program then leave with one line and code 2.

    Call it on the main thread, once the window is open; a later call replaces an earlier one. Does nothing
    where the display is not X11.

    Args:
        finish: keeps what must not be lost. It must not touch the window, which is gone.
        program: begins the line.
    """
    if pygame.display.get_driver() != "x11":
        return
    try:
        # The one that SDL uses too: the system has it once.
        xlib = ctypes.CDLL("libX11.so.6")
    except OSError:
        return

    begun: list[bool] = []

    def lost(_: int | None) -> int:
        # Whoever returns from here is ended by Xlib; so no way leads back.
        if begun:  # `finish` did touch the window
            os._exit(CODE)
        begun.append(True)
        with contextlib.suppress(BaseException):
            line = "The screen is gone: its X server ended."
            try:
                finish()
            except MirrorError as error:
                line += f" {' '.join(str(error).splitlines())}"
            print(f"{program}: {line} Start it again in a desktop session.", file=sys.stderr)
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(CODE)

    handler = _Handler(lost)
    xlib.XSetIOErrorHandler.argtypes, xlib.XSetIOErrorHandler.restype = [_Handler], ctypes.c_void_p
    xlib.XSetIOErrorHandler(handler)
    _kept[:] = [handler]
