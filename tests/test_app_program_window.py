"""The whole program in a real window on a virtual display: keys go in, screenshots say what a person sees.

Set HAIR_MIRROR_ARTEFACTS to a folder to keep the screenshots.
"""

from __future__ import annotations

import itertools
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

from mirror.app.screen.design import px
from mirror.pipeline.mirror import Mirror
from tests.program_run import pictures as pictures_of
from tests.xvfb import VirtualDisplay

WIDTH, HEIGHT = 960, 540
LEFT, TOP = 160, 130  # in the middle of the display, where SDL puts a window


@dataclass
class Session:
    """What was seen, by name, and what was left behind."""

    shots: dict[str, np.ndarray] = field(default_factory=dict)
    report: dict[str, object] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)
    code: int | None = None
    told: str = ""
    wrong: str = ""


class Person:
    """Looks at the window and presses keys."""

    def __init__(self, display: VirtualDisplay, process: subprocess.Popen[str], session: Session) -> None:
        self._display, self._process, self._session = display, process, session

    def look(self) -> np.ndarray:
        shot = self._display.screenshot()
        assert not shot[:TOP].any() and not shot[:, :LEFT].any(), "the window is not where it was expected"
        return shot[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH]

    def keep(self, name: str) -> np.ndarray:
        shot = self._session.shots[name] = self.look()
        folder = os.environ.get("HAIR_MIRROR_ARTEFACTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(Path(folder) / f"{len(self._session.shots):02d} {name}.png"), shot[..., ::-1])
        return shot

    def until(self, seen: Callable[[np.ndarray], bool], what: str, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not seen(self.look()):
            assert self._process.poll() is None, "the program ended"
            if time.monotonic() >= deadline:
                self.keep("in vain")
                pytest.fail(f"waited in vain for {what}")
            time.sleep(0.05)

    def press(self, key: str, seen: Callable[[np.ndarray], bool], what: str) -> None:
        self._display.keys(key)
        self.until(seen, what)


BUTTONS = 94  # pixels from the left edge that they take
STYLES = 770  # and where the column of the styles begins
LATER = tuple(f"own hair, {count} moments later" for count in range(1, 13))


def top_left(shot: np.ndarray) -> float:
    """How bright the place of the figures is, right of the buttons."""
    return float(shot[24:84, 120:260].mean())


def middle(shot: np.ndarray) -> float:
    """How bright the place of the card of keys is, right of the face."""
    return float(shot[130:300, 690:750].mean())


def pill(shot: np.ndarray) -> float:
    """Less, the more of the places of lines is dark: above, right of the head, below. Her collar is black."""
    dark = (shot.max(2) < 90) & (shot.min(2) > 36)
    places = (dark[16:56, 100:STYLES], dark[58:104, 560:STYLES], dark[HEIGHT - 80 : HEIGHT - 12, 100:STYLES])
    return 255.0 - sum(float(place.sum()) for place in places) / 20


def corner(shot: np.ndarray) -> float:
    """How bright the place of what is being made is, at the upper right, beside the widest message."""
    return float(np.percentile(shot[22:44, STYLES - 52 : STYLES - 30].mean(2), 30))


def figure(shot: np.ndarray) -> float:
    """How dark the ground of the countdown is."""
    return float(np.percentile(shot[130:300, WIDTH - 200 : WIDTH - 40].mean(2), 30))


@pytest.fixture(scope="module")
def session(
    program_flags: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    folder, session = tmp_path_factory.mktemp("window"), Session()
    settings = folder / "settings.toml"
    settings.write_text(f"pictures = {json.dumps(str(folder / 'pictures'))}\ncountdown = 1\n")
    flags = program_flags(
        "--settings", settings, "--source", "demo", "--style", "bob", "--size", f"{WIDTH}x{HEIGHT}",
        "--report", folder / "report.json",
    )  # fmt: skip
    with VirtualDisplay(1280, 800) as display:
        display.move(2, 2)
        environment = {**display.environment(), "LIBGL_ALWAYS_SOFTWARE": "1"}
        process = subprocess.Popen(
            flags, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            visit(Person(display, process, session), display, folder / "pictures")
            session.told, session.wrong = process.communicate(timeout=20)
            session.code = process.returncode
        finally:
            process.kill()
            process.communicate()
    session.report = json.loads((folder / "report.json").read_text())
    session.pictures = sorted((folder / "pictures").iterdir())
    yield session


def visit(person: Person, display: VirtualDisplay, pictures: Path) -> None:
    person.until(lambda shot: 5 < shot.std() < 40, "the loading screen", 60)
    person.keep("loading")
    person.until(lambda shot: shot.std() > 50, "the first picture", 60)
    time.sleep(1.0)  # the hair fades in
    person.keep("bob")
    bright = pill(person.look())
    display.key_down("space")
    person.until(lambda shot: pill(shot) < bright - 40, "the own hair")
    person.keep("own hair")
    for later in LATER:
        time.sleep(0.2)
        person.keep(later)
    display.key_up("space")
    person.until(lambda shot: pill(shot) > bright - 40, "the new hair again")
    person.keep("bob again")
    display.keys("Right")
    time.sleep(1.0)  # the styles cross over
    person.keep("next style")
    display.keys("s")
    person.until(lambda shot: figure(shot) < 60, "the countdown")
    person.keep("countdown")
    person.until(lambda shot: figure(shot) > 100, "the countdown's end")
    person.until(lambda shot: pill(shot) < bright - 40, "where the picture was saved")
    person.keep("saved")
    display.keys("k")
    person.until(lambda _: len(list(pictures.glob("*.png"))) == 2, "the card", 90)
    person.until(lambda shot: corner(shot) > 120, "nothing being made")
    bright_corner = corner(person.look())
    person.press("v", lambda shot: corner(shot) < bright_corner - 60, "the line of what is recorded")
    person.keep("recording")
    display.keys("v")
    person.until(lambda _: len(list(pictures.glob("*.mp4"))) == 1, "the clip")
    person.until(lambda shot: pill(shot) > bright - 30, "nothing more to be said")
    # Not before the last line has faded: it may lie where the figures come.
    person.until(lambda shot: top_left(shot) > 150, "the bare wall")
    bright_pill, bright_figures = bright, top_left(person.look())
    bright = bright_figures
    person.press("d", lambda shot: top_left(shot) < bright - 60, "the figures")
    person.keep("figures")
    bright = middle(person.look())
    person.press("h", lambda shot: middle(shot) < bright - 60, "the keys")
    person.keep("keys")
    person.press("h", lambda shot: middle(shot) > bright - 30, "the picture without the keys")
    display.keys("Escape")
    person.until(lambda shot: top_left(shot) > bright_figures - 30, "the picture without the figures")
    display.keys("Escape")
    person.until(lambda shot: pill(shot) < bright_pill - 30, "whether to leave")
    person.keep("asked")
    display.keys("Escape")


@pytest.fixture(scope="module")
def hair(session: Session, loaded: Mirror) -> np.ndarray:
    """bool (H, W): the hair on the picture of the own hair."""
    alpha = loaded.matte(np.ascontiguousarray(session.shots["own hair"]))
    assert alpha is not None, "no face on the screen"
    inside = alpha > 0.7
    # Above is the line at the top.
    inside[:60] = inside[HEIGHT * 6 // 10 :] = False
    inside[:, STYLES:] = False
    assert inside.sum() > 5000
    return inside


def apart(session: Session, one: str, other: str, where: np.ndarray) -> float:
    """Mean difference of two screenshots in a region, of 255."""
    return float(np.abs(session.shots[one].astype(int) - session.shots[other])[where].mean())


def test_it_leaves_with_0_and_reports(session: Session) -> None:
    assert session.code == 0, session.wrong
    assert "Traceback" not in session.wrong + session.told
    assert session.report["tracked"] > 0.9 and session.report["first_swap_s"] is not None  # type: ignore[operator]
    assert session.report["source"] == "demo"


def test_the_screen_shows_other_hair_than_the_persons_own(session: Session, hair: np.ndarray) -> None:
    # The least of many: the person sways, and turns round within three seconds, which is when she is still.
    still = min(apart(session, *pair, hair) for pair in itertools.pairwise(("own hair", *LATER)))
    for shown in ("bob", "bob again"):
        assert apart(session, shown, "own hair", hair) > max(20, 2 * still)


def test_what_is_beside_the_head_stays(session: Session) -> None:
    beside = np.zeros((HEIGHT, WIDTH), bool)
    # Without the buttons at the left edge and the styles at the right, which fade while no key is pressed.
    beside[110:200, BUTTONS:180] = True
    for shown in ("bob", "bob again", "next style"):
        assert apart(session, shown, "own hair", beside) < 4, "no more than the camera's noise"


def test_right_puts_on_the_next_style(session: Session, hair: np.ndarray, loaded: Mirror) -> None:
    names = loaded.book.names
    assert session.report["style"] == names[(names.index("bob") + 1) % len(names)]
    assert apart(session, "bob again", "next style", hair) > 12
    words = np.zeros((HEIGHT, WIDTH), bool)
    words[14:40, STYLES + 30 : -14] = True
    assert apart(session, "bob again", "next style", words) > 4, "its name stands above the styles"


def test_s_saves_before_and_after_marked_as_simulated(session: Session) -> None:
    file = session.pictures[0]
    assert f"Saved to {file}" in session.told
    image = cv2.imread(str(file))
    assert image is not None
    edge, gap = px(0.75, 24), px(0.75, 10)
    before = image[edge : edge + HEIGHT, edge : edge + WIDTH].astype(int)
    right = edge + WIDTH + gap
    after = image[edge : edge + HEIGHT, right : right + WIDTH].astype(int)
    changed = (before != after).any(2)
    assert changed[:450].sum() > 10_000, "other hair"
    assert not changed[:400, :150].any() and not changed[:, -150:].any(), "the same room"
    mark = changed[450:, : WIDTH // 4]
    assert mark.sum() > 2000, "the mark on the second picture"


def test_k_saves_the_looks_that_were_worn_and_v_a_clip(session: Session) -> None:
    pair, *others = session.pictures
    (card,) = (file for file in others if file.suffix == ".png")
    (clip,) = (file for file in others if file.suffix == ".mp4")
    image, other = cv2.imread(str(card)), cv2.imread(str(pair))
    assert image is not None and other is not None
    assert image.shape == other.shape, "two looks were worn so far: two pictures"
    films = pictures_of(clip)
    assert films and films[0].shape == (HEIGHT, WIDTH, 3)
    for film in films:
        mark = film[HEIGHT - 70 :, :180]
        assert (mark.max(2) < 90).sum() > 1000 and (mark.min(2) > 180).sum() > 100, "marked"


def test_the_loading_screen_says_something_before_the_first_picture(session: Session) -> None:
    shot = session.shots["loading"]
    assert (shot.max(2) > 150).sum() > 300, "words"
    assert np.median(shot) < 60, "on the dark ground"


def test_figures_and_keys_appear(session: Session) -> None:
    for name, rows, columns in (("figures", (24, 200), (24, 300)), ("keys", (110, 310), (190, 770))):
        part = session.shots[name][slice(*rows), slice(*columns)]
        assert (part.min(2) > 180).sum() > 400, f"light words on the panel of {name}"
