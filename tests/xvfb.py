"""A real X display that nobody sees, for tests: Xvfb, keys and mouse through xdotool, screenshots.

    reason = VirtualDisplay.missing()      # None, or why it cannot run here
    with VirtualDisplay(1600, 1000) as display:
        subprocess.Popen([...], env=display.environment())
        display.keys("Right")
        picture = display.screenshot()     # uint8 (1000, 1600, 3) RGB

Screenshots are read from the memory file in which Xvfb keeps its screen, so no other program is needed.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np


def _keep(picture: np.ndarray) -> None:
    """Keeps the last screen of each test in the folder HAIR_MIRROR_SCREENS, to look at afterwards."""
    folder, test = os.environ.get("HAIR_MIRROR_SCREENS"), os.environ.get("PYTEST_CURRENT_TEST")
    if not folder or not test:
        return
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", test.split(" (")[0].removeprefix("tests/"))[:150]
    Path(folder).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(Path(folder) / f"{name}.png"), picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])


class VirtualDisplay:
    """One Xvfb server. `start` and `stop`, or a `with` block.

    Attributes:
        name: of the display, for example ":3"; "" while stopped.
    """

    def __init__(self, width: int = 1600, height: int = 1000) -> None:
        self.width, self.height = width, height
        self.name = ""
        self._server: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @staticmethod
    def missing() -> str | None:
        """Why no virtual display can run here, or None."""
        if not sys.platform.startswith("linux"):
            return "virtual displays are X11's, this is not Linux"
        absent = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
        return f"not installed: {', '.join(absent)}" if absent else None

    def start(self) -> VirtualDisplay:
        """Start the server on a free display number. Raises RuntimeError if it is not up in 20 s."""
        self._folder = tempfile.TemporaryDirectory(prefix="xvfb")
        reader, writer = os.pipe()
        self._server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writer), "-fbdir", self._folder.name),
                *("-screen", "0", f"{self.width}x{self.height}x24", "-nolisten", "tcp", "-noreset"),
            ],
            pass_fds=(writer,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with open(reader, "rb", buffering=0) as pipe:
            # To the end of the line: the server dies of a pipe closed while it still writes.
            number = b""
            while not number.endswith(b"\n") and select.select([pipe], [], [], 20)[0]:
                part = pipe.read(16)
                if not part:
                    break
                number += part
        if not number.strip():
            self.stop()
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number.decode().strip()}"
        return self

    def stop(self) -> None:
        """End the server. May be called twice."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        if self._folder is not None:
            self._folder.cleanup()
        self._server, self._folder, self.name = None, None, ""

    def __enter__(self) -> VirtualDisplay:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        """This process's environment with the display in place of the person's own."""
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        return {**kept, "DISPLAY": self.name}

    def keys(self, *names: str) -> None:
        """Press and release keys by their X names: "Right", "space", "F11", "Escape", "d"."""
        self._xdotool("key", *names)

    def key_down(self, name: str) -> None:
        """Press a key and hold it."""
        self._xdotool("keydown", name)

    def key_up(self, name: str) -> None:
        """Let a held key go."""
        self._xdotool("keyup", name)

    def move(self, x: int, y: int) -> None:
        """Move the mouse to a position of the display, pixels."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int) -> None:
        """Move the mouse and press its left button once."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button at one position, move to another in steps, and let go."""
        self._xdotool("mousemove", *map(str, start), "mousedown", "1")
        for step in range(1, 6):
            x, y = (round(a + (b - a) * step / 5) for a, b in zip(start, end, strict=True))
            self._xdotool("mousemove", str(x), str(y), "sleep", "0.1")
        self._xdotool("sleep", "0.5", "mouseup", "1")

    def screenshot(self) -> np.ndarray:
        """What the display shows: uint8 (height, width, 3), RGB."""
        if self._folder is None:
            raise RuntimeError("the display is not running")
        data = (Path(self._folder.name) / "Xvfb_screen0").read_bytes()
        # An X window dump: a header of big-endian 32-bit words, a colour table of 12 bytes an entry, rows.
        header = struct.unpack(">25I", data[:100])
        header_size, width, height, order = header[0], header[4], header[5], header[7]
        bits, row_bytes, colours = header[11], header[12], header[19]
        if bits != 32 or order != 0:
            raise RuntimeError(f"Xvfb keeps {bits} bits a pixel in order {order}; expected 32 in order 0")
        rows = np.frombuffer(data, np.uint8, height * row_bytes, header_size + 12 * colours)
        picture = rows.reshape(height, row_bytes // 4, 4)[:, :width, 2::-1].copy()
        _keep(picture)
        return picture

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment(), check=True, timeout=20)
