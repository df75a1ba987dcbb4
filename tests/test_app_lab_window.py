"""The lab in a real window on a virtual display: the mouse drags, clicks and browses, the files tell.

Set HAIR_MIRROR_ARTEFACTS to a folder to keep the screenshots.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.app.lab.code_file import load_code
from mirror.app.lab.panel import HEAD, WIDTH
from mirror.app.lab.style_map import StyleMap
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.code import StyleCode
from tests.xvfb import VirtualDisplay

SIZE = (960, 540)
UNIT = 0.75


@dataclass
class Visit:
    """What was seen and kept, by name."""

    shots: dict[str, np.ndarray] = field(default_factory=dict)
    codes: dict[str, StyleCode] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    code: int | None = None
    wrong: str = ""


class Person:
    """Clicks on the panel; places are shares of its columns and design pixels down."""

    def __init__(self, display: VirtualDisplay, process: subprocess.Popen[str], folder: Path) -> None:
        self.visit = Visit()
        self._display, self._process, self._folder = display, process, folder

    def at(self, x: float, y: float) -> tuple[int, int]:
        left, margin = SIZE[0] - round(WIDTH * UNIT), round(18 * UNIT)
        return int(left + margin + x * (SIZE[0] - left - 2 * margin)), int(y * UNIT)

    def click(self, x: float, y: float) -> None:
        self._display.click(*self.at(x, y))
        time.sleep(0.4)

    def drag(self, x: float, to: float, y: float) -> None:
        self._display.drag(self.at(x, y), self.at(to, y))
        time.sleep(0.4)

    def look(self) -> np.ndarray:
        return self._display.screenshot()

    def part(self, x: float, y: float, to: float, down: float) -> np.ndarray:
        (left, top), (right, bottom) = self.at(x, y), self.at(to, down)
        return self.look()[top:bottom, left:right]

    def until(self, seen: Callable[[], bool], what: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not seen():
            assert self._process.poll() is None, "the program ended"
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(0.1)

    def keep(self, name: str) -> None:
        """The code that is on, by way of the page of codes, and a screenshot."""
        self.click(0.9, 169)
        before = set(self._folder.glob("*.safetensors"))
        self.click(0.5, HEAD + 16)
        self.until(lambda: len(set(self._folder.glob("*.safetensors"))) > len(before), "the saved code")
        (path,) = set(self._folder.glob("*.safetensors")) - before
        self.until(lambda: path.stat().st_size > 100_000, "the whole of it")
        self.visit.codes[name], self.visit.names[name], _ = load_code(path)
        time.sleep(0.5)  # it is on: the next pictures show it
        self.visit.shots[name] = self.look()
        folder = os.environ.get("HAIR_MIRROR_ARTEFACTS")
        if folder:
            for number, (called, taken) in enumerate(self.visit.shots.items()):
                cv2.imwrite(str(Path(folder) / f"lab {number:02d} {called}.png"), taken[..., ::-1])


@pytest.fixture(scope="module")
def visit(
    program_flags: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory, portrait: np.ndarray
) -> Iterator[Visit]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("lab")
    data, kept = folder / "data", folder / "kept"
    data.mkdir()
    cv2.imwrite(str(data / "first.png"), portrait[..., ::-1])
    cv2.imwrite(str(data / "second.png"), (portrait[:, ::-1] // 2)[..., ::-1])
    settings = folder / "settings.toml"
    settings.write_text(f"pictures = {json.dumps(str(kept))}\n")
    flags = program_flags(
        "--settings", settings, "--source", "demo", "--style", "bob", "--size", "640x360", "--fullscreen",
        "--lab-data", data,
    )  # fmt: skip
    with VirtualDisplay(*SIZE) as display:
        display.move(2, 2)
        process = subprocess.Popen(
            flags, env=display.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        person = Person(display, process, kept)
        try:
            play(person, display)
            display.keys("Escape", "Escape", "Escape")  # full screen, asked, meant
            person.visit.wrong = process.communicate(timeout=30)[1]
            person.visit.code = process.returncode
        finally:
            process.kill()
            process.communicate()
    yield person.visit


def play(person: Person, display: VirtualDisplay) -> None:
    person.until(lambda: bool(person.part(0, 154, 0.1, 184).max() > 200), "the panel")
    time.sleep(1.5)  # the hair fades in
    person.keep("bob")
    person.click(0.06, 169)  # the map of the book
    x, y = place_of("long grey")
    before = person.visit.shots["before the map"] = person.look()
    person.click(x, HEAD + 404 * y)

    def silver() -> bool:
        now = person.visit.shots["the map"] = person.look()
        return long_grey(now) > long_grey(before) + 800

    person.until(silver, "the style of the map")
    person.keep("on the map")
    person.click(0.17, 169)  # the page of axes
    person.click(0.9, 62)  # back to the bob
    time.sleep(0.5)
    person.drag(0.55, 0.8, HEAD + 36 + 13)  # length, from 0
    person.keep("longer")
    person.click(0.1, 62)
    person.keep("random")
    person.click(0.5, 62)
    person.keep("inverted")
    person.click(0.5, 62)
    person.keep("inverted twice")
    person.click(0.7, 62)
    person.keep("mean")
    person.click(0.9, 62)
    person.keep("undone")
    person.click(0.52, 169)  # between
    person.click(0.5, HEAD + 261)
    person.keep("half way")
    person.click(0.72, 169)  # pictures
    first = (0.1, HEAD + 70, 0.4, HEAD + 200)
    person.until(lambda: bool(person.part(*first).std() > 30), "the first photograph")
    shown = person.part(*first).astype(int)
    person.visit.shots["reading"] = person.look()
    display.keys("Right")
    person.until(
        lambda: (now := person.part(*first)).std() > 15 and np.abs(now - shown).mean() > 15,
        "the second photograph",
    )
    person.click(0.5, HEAD + 257)
    person.keep("of the second photograph")
    person.click(0.72, 169)
    person.until(lambda: bool(person.part(*first).std() > 15), "the page of pictures again")
    match = (0.02, HEAD + 330, 0.22, HEAD + 415)
    assert person.part(*match).std() < 5, "nobody is compared yet"
    person.click(0.5, HEAD + 299)
    person.until(lambda: bool(person.part(*match).std() > 30), "who is alike")
    person.visit.shots["similar"] = person.look()


def place_of(name: str) -> tuple[float, float]:
    book = open_book(ENGINES_FOLDER)
    x, y = StyleMap(book).places[book.names.index(name)]
    return float(x), float(y)


def long_grey(shot: np.ndarray) -> int:
    """How many pixels over the orange and black clothes of the demo are as grey as silver hair."""
    part = shot[380:446, 150:480].astype(int)
    grey = (np.ptp(part, axis=2) < 24) & (part.mean(2) > 90) & (part.mean(2) < 225)
    return int(grey[:, 60:270].sum())


def apart(visit: Visit, one: str, other: str) -> float:
    return float(np.abs(visit.codes[one].z - visit.codes[other].z).max())


def test_it_leaves_with_0_and_complains_of_nothing(visit: Visit) -> None:
    assert visit.code == 0, visit.wrong
    assert "Traceback" not in visit.wrong and "Warning" not in visit.wrong


def test_dragging_a_slider_moves_the_code_along_its_axis(visit: Visit, loaded_axis: np.ndarray) -> None:
    moved = visit.codes["longer"].z - visit.codes["bob"].z
    steps = float(moved @ loaded_axis / (loaded_axis @ loaded_axis))
    # The slider ends at 3; a projection in single precision may say 3.0000002.
    assert 1 < steps <= 3 + 1e-4 and np.allclose(moved, steps * loaded_axis, atol=1e-3)
    assert visit.names["longer"] == "bob, changed"


@pytest.fixture
def loaded_axis(loaded) -> np.ndarray:  # type: ignore[no-untyped-def]
    return loaded.book.axes["length"].direction


def test_a_touch_on_the_map_puts_that_style_on(visit: Visit) -> None:
    assert visit.names["on the map"] == "long grey" and apart(visit, "on the map", "bob") > 0.3
    # Pictures with the same page open: the head of the demo comes and goes, and later its hair covers less.
    assert long_grey(visit.shots["the map"]) > long_grey(visit.shots["before the map"]) + 800


def test_random_invert_mean_and_undo(visit: Visit, loaded) -> None:  # type: ignore[no-untyped-def]
    mean = loaded.book.prior_mean
    assert apart(visit, "random", "longer") > 0.5
    assert np.allclose(visit.codes["inverted"].z, 2 * mean - visit.codes["random"].z, atol=1e-4)
    assert apart(visit, "inverted twice", "random") < 1e-5
    assert np.allclose(visit.codes["mean"].z, mean, atol=1e-5)
    assert apart(visit, "undone", "inverted twice") < 1e-5


def test_the_hair_on_the_screen_changes_with_it(visit: Visit) -> None:
    def hair(name: str) -> np.ndarray:
        return visit.shots[name][:, : SIZE[0] - round(WIDTH * UNIT)].astype(int)

    assert np.abs(hair("random") - hair("inverted")).mean() > 3
    left = visit.shots["mean"][200:300, 5:40].astype(int)
    assert np.abs(left - visit.shots["random"][200:300, 5:40]).mean() < 4, "and the room does not"


def test_between_and_the_data_set(visit: Visit, loaded) -> None:  # type: ignore[no-untyped-def]
    book = loaded.book
    other = book[(book.index("bob") + len(book) // 2) % len(book)]
    share = (visit.codes["half way"].z - visit.codes["bob"].z) @ (other.code.z - visit.codes["bob"].z)
    share /= np.square(other.code.z - visit.codes["bob"].z).sum()
    assert 0.4 < share < 0.6 and visit.names["half way"].startswith(f"bob to {other.name}")
    assert visit.names["of the second photograph"] == "second.png"
    assert apart(visit, "of the second photograph", "half way") > 0.3
