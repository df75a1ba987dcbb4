"""The pictures of the README, and a film of the real window: made anew by one command, so that none is stale.

python -m tests.make_pictures                      # all of them, into docs/pictures
python -m tests.make_pictures --only mirror,film   # some
python -m tests.make_pictures --out FOLDER         # elsewhere, to look at

The person is the portrait that ships with the program. It needs Xvfb and xdotool.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from tests import gallery
from tests.xvfb import VirtualDisplay

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
QUALITY = 88  # of JPEG: no blocks are seen in hair
# Styles of the strip: short to long, straight to coily, one for each way people wear their hair.
STRIP = ("side part", "mid fade", "afro", "bob with fringe", "long waves", "box braids", "Norwood III")
CELL = (240, 300)  # of the strip: width, height
# The film: what is pressed, and how many seconds it is watched then; its side and its pictures a second.
STYLE = "shoulder curls"
STEPS = (
    ("", 1.2), ("Right", 1.8), ("Right", 2.4), ("x", 1.6), ("x", 0.2), ("g", 3.0),
)  # fmt: skip
FILM, RATE, FILM_QUALITY = (800, 450), 8, 60
VEILED = 80  # grey level: a quarter with the person is at 130, veiled at 55
SCREEN = (1280, 720)


def strip(out: Path) -> None:
    """The person as they are, and in seven styles of the book."""
    from mirror.core.frame import Frame
    from mirror.pipeline.mirror import Mirror
    from mirror.sources.demo import DemoSource

    picture = DemoSource(SCREEN, pace="max").image(0)
    cells, at = [picture], None
    for style in STRIP:
        mirror = Mirror(style=style, seed=5)
        try:
            for number in range(20):
                shown = mirror.process(Frame(picture, number, number / 10))
        finally:
            mirror.close()
        cells.append(shown.image)
        at = shown.transform
    assert at is not None, "the portrait shows a face"
    height = min(1.25 * at.scale, 2 * min(at.y, SCREEN[1] - at.y))
    width = height * CELL[0] / CELL[1]
    left, top = (round(max(0.0, one)) for one in (at.x - width / 2, at.y - height / 2))
    cut = np.s_[top : top + round(height), left : left + round(width)]
    small = [cv2.resize(cell[cut], CELL, interpolation=cv2.INTER_AREA) for cell in cells]
    _write(out, np.hstack(small))


def _screen(room: str, screen: str, size: tuple[int, int], shown: tuple[int, int]) -> Callable[[Path], None]:
    """A maker of the picture of one screen of `tests.gallery`, made as small as it is shown."""

    def make(out: Path) -> None:
        screens = dict(gallery.ROOMS)[room]
        with gallery.display(size) as running:
            running.move(running.width - 1, running.height - 1)
            for _ in screens(size, "en", gallery.dressed(), lambda name: name == screen):
                shot = running.screenshot()
                left, top = ((shot.shape[1 - axis] - size[axis]) // 2 for axis in (0, 1))
                part = shot[top : top + size[1], left : left + size[0]]
                _write(out, cv2.resize(part, shown, interpolation=cv2.INTER_AREA))

    return make


def film(out: Path) -> None:
    """The program itself in its window, driven by keys."""
    with VirtualDisplay(*SCREEN) as display, tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.toml"
        settings.write_text(f'pictures = "{Path(folder).as_posix()}"\n')
        process = subprocess.Popen(
            [
                *(sys.executable, "run_mirror.py", "--source", "demo", "--style", STYLE),
                *("--fullscreen", "--settings", str(settings)),
            ],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **display.environment(), "LIBGL_ALWAYS_SOFTWARE": "1",
                 "XDG_CONFIG_HOME": folder},
        )  # fmt: skip
        try:
            _until_shown(display, process)
            display.move(SCREEN[0] - 1, SCREEN[1] - 1)
            shots = [
                cv2.resize(one, FILM, interpolation=cv2.INTER_AREA)[..., ::-1].copy()
                for one in _watched(display, STEPS)
            ]
        finally:
            process.terminate()
            process.wait(30)
    animation = cv2.Animation()
    animation.frames, animation.durations = shots, [1000 // RATE] * len(shots)
    if not cv2.imwriteanimation(str(out), animation, [cv2.IMWRITE_WEBP_QUALITY, FILM_QUALITY]):
        raise SystemExit(f"{out} could not be written.")


def _until_shown(display: VirtualDisplay, process: subprocess.Popen[bytes]) -> None:
    """Waits until new hair is there: the window moves, and nothing is loaded any more."""
    deadline, before = time.monotonic() + 90, display.screenshot()
    moved = 0
    while moved < 20:
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("run_mirror.py showed nothing. Start it by hand to see what it says.")
        time.sleep(0.2)
        now = display.screenshot()
        moved += int(np.abs(now.astype(int) - before).mean() > 0.2 and now.std() > 40)
        before = now


def _watched(display: VirtualDisplay, steps: Sequence[tuple[str, float]]) -> Iterator[np.ndarray]:
    """Screenshots at `RATE` a second, uint8 (H, W, 3) RGB, while keys are pressed."""
    for key, seconds in steps:
        if key:
            display.keys(key)
        # The first second of it; then a cut to when all cells of a grid are there.
        first = min(seconds, 0.8)
        for _ in range(round(first * RATE)):
            due = time.monotonic() + 1 / RATE
            yield display.screenshot()
            time.sleep(max(0.0, due - time.monotonic()))
        deadline = time.monotonic() + 30
        while _veiled(display.screenshot()) and time.monotonic() < deadline:
            time.sleep(0.2)
        for _ in range(round((seconds - first) * RATE)):
            due = time.monotonic() + 1 / RATE
            yield display.screenshot()
            time.sleep(max(0.0, due - time.monotonic()))


def _veiled(shot: np.ndarray) -> bool:
    """Whether a quarter of a screen, uint8 (H, W, 3), is as dark as a cell that is still to come."""
    height, width = shot.shape[0] // 2, shot.shape[1] // 2
    quarters = (shot[top : top + height, left : left + width] for top in (0, height) for left in (0, width))
    return min(float(one.mean()) for one in quarters) < VEILED


def _write(out: Path, picture: np.ndarray) -> None:
    if not cv2.imwrite(str(out), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
        raise SystemExit(f"{out} could not be written.")


PICTURES: dict[str, Callable[[Path], None]] = {
    "film.webp": film,
    "styles.jpg": strip,
    "mirror.jpg": _screen("window", "strip", SCREEN, (960, 540)),
    "shades.jpg": _screen("window", "shades", SCREEN, (960, 540)),
    "hairline.jpg": _screen("window", "drawing", SCREEN, (960, 540)),
    "kiosk.jpg": _screen("kiosk", "try", (1080, 1920), (405, 720)),
}


def main(args: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder they are written to")
    parser.add_argument("--only", default="", help="some of them: " + ", ".join(map(_stem, PICTURES)))
    given = parser.parse_args(args)
    wanted = [name for name in given.only.split(",") if name] or list(map(_stem, PICTURES))
    for name in wanted:
        if name not in map(_stem, PICTURES):
            parser.error(f"There is no picture {name!r}. Valid: {', '.join(map(_stem, PICTURES))}.")
    if reason := VirtualDisplay.missing():
        parser.error(f"{reason}. Install xvfb and xdotool.")
    given.out.mkdir(parents=True, exist_ok=True)
    for name, make in PICTURES.items():
        if _stem(name) in wanted:
            make(given.out / name)
            print(f"{given.out / name}: {(given.out / name).stat().st_size // 1024} kB", flush=True)
    return 0


def _stem(name: str) -> str:
    return name.split(".")[0]


if __name__ == "__main__":
    sys.exit(main())
