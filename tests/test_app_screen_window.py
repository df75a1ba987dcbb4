"""A real window on a real (virtual) display, driven by real keys and judged by screenshots."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from mirror.app.screen import Action, PickStyle, View, Window
from mirror.app.screen.design import ACCENT, GROUND
from mirror.core.errors import MirrorError
from tests.xvfb import VirtualDisplay

SIZE = (960, 540)
THUMBNAILS = tuple(
    (f"Style {i}", np.full((80, 80, 3), (i * 7, 90, 255 - i * 7), np.uint8)) for i in range(24)
)
LEFT_COLOUR, RIGHT_COLOUR = (150, 60, 60), (60, 60, 150)


def picture() -> np.ndarray:
    """A red half on the left, a blue half on the right: tells which way round it is shown."""
    image = np.empty((SIZE[1], SIZE[0], 3), np.uint8)
    image[:, : SIZE[0] // 2], image[:, SIZE[0] // 2 :] = LEFT_COLOUR, RIGHT_COLOUR
    return image


class Salon:
    """The window with a small program around it that does what the actions say."""

    def __init__(self, display: VirtualDisplay, **options: bool) -> None:
        self.display = display
        self.now = 0.0
        self.number = 3
        self.seen: list[Action | PickStyle] = []
        self.view: dict[str, object] = {}
        self.window = Window("Hair Mirror", SIZE, clock=lambda: self.now, **options)
        # Off the picture's middle, and the window has its place and the keys when it answers to them.
        display.move(1, 1)
        self.run(12)

    def run(self, frames: int = 12) -> None:
        for _ in range(frames):
            self.now += 1 / 30
            hud = {"Frame rate": "30.0 a second", "Delay": "41 ms"}
            view = View(picture(), f"Style {self.number}", self.number, THUMBNAILS, hud=hud)
            for name, value in self.view.items():
                view = View(**{**{f: getattr(view, f) for f in View.__slots__}, name: value})
            self.window.show(view)
            for action in self.window.actions():
                self.seen.append(action)
                if isinstance(action, PickStyle):
                    self.number = action.number
                elif action in (Action.NEXT, Action.PREVIOUS):
                    self.number = (self.number + (1 if action is Action.NEXT else -1)) % len(THUMBNAILS)
            time.sleep(0.003)

    def until(self, wanted: Callable[[], bool]) -> None:
        """Run until something is so; a key needs a moment from the X server to the window."""
        deadline = time.monotonic() + 10
        while not wanted():
            assert time.monotonic() < deadline, f"waited in vain; heard {self.seen}"
            self.run(1)
        self.run(12)

    def press(self, key: str, action: Action) -> None:
        heard = self.seen.count(action)
        self.display.keys(key)
        self.until(lambda: self.seen.count(action) > heard)

    def shot(self) -> np.ndarray:
        """The window as the display shows it."""
        x, y = self.window._window.position
        width, height = self.window.size
        return self.display.screenshot()[y : y + height, x : x + width]


@pytest.fixture(scope="module")
def display() -> Iterator[VirtualDisplay]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(1400, 800) as running:
        yield running


@pytest.fixture
def salon(display: VirtualDisplay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Salon]:
    for name, value in display.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    salon = Salon(display)
    yield salon
    salon.window.close()


def near(pixel: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= 2)


def outlined(shot: np.ndarray) -> np.ndarray:
    """Colour of the thumbnail inside the outline."""
    rows, columns = np.nonzero((np.abs(shot.astype(int) - ACCENT) <= 2).all(-1))
    assert rows.size, "no outline on the screen"
    return shot[(rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2]


def test_the_picture_is_mirrored_and_m_turns_it_round(salon: Salon) -> None:
    shot = salon.shot()
    assert near(shot[200, 10], RIGHT_COLOUR) and near(shot[200, -10], LEFT_COLOUR)
    salon.press("m", Action.MIRROR)
    shot = salon.shot()
    assert near(shot[200, 10], LEFT_COLOUR) and near(shot[200, -10], RIGHT_COLOUR)


def test_a_kiosks_strip_fades_as_well(salon: Salon) -> None:
    salon.window.bare = True
    salon.run()
    assert salon.window.strip.opacity > 0
    salon.now += 4.0  # the strip stays for 3 s, then fades
    salon.run(30)
    assert salon.window.strip.opacity == 0


def test_text_is_the_same_whether_mirrored_or_not(salon: Salon) -> None:
    salon.view["image"] = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    salon.run()
    mirrored = salon.shot()
    salon.press("m", Action.MIRROR)
    assert np.array_equal(salon.shot(), mirrored)
    assert not np.array_equal(mirrored, mirrored[:, ::-1])


def test_right_and_left_move_the_outline(salon: Salon) -> None:
    assert near(outlined(salon.shot()), (3 * 7, 90, 255 - 3 * 7))
    salon.press("Right", Action.NEXT)
    assert near(outlined(salon.shot()), (4 * 7, 90, 255 - 4 * 7))
    for _ in range(5):
        salon.press("Left", Action.PREVIOUS)
    assert salon.number == 23
    assert near(outlined(salon.shot()), (23 * 7, 90, 255 - 23 * 7))


def tile(salon: Salon, by: int = 0) -> tuple[int, int]:
    """Where on the display the tile lies that is so many below the worn one."""
    (x, y), strip = salon.window._window.position, salon.window.strip
    return x + strip.tiles.centerx, y + strip.tiles.centery + by * strip._pitch


def test_clicking_a_thumbnail_picks_it(salon: Salon) -> None:
    salon.display.click(*tile(salon, 2))
    salon.until(lambda: any(isinstance(action, PickStyle) for action in salon.seen))
    assert salon.seen[-1] == PickStyle(5)
    assert near(outlined(salon.shot()), (5 * 7, 90, 255 - 5 * 7))


def test_the_strip_rests_and_returns_when_the_mouse_moves(salon: Salon) -> None:
    column = np.s_[100:500, -80:-20]
    assert not near(salon.shot()[column].mean((0, 1)), LEFT_COLOUR)
    salon.now += 3
    salon.run(30)
    assert near(salon.shot()[column].mean((0, 1)), LEFT_COLOUR)
    # The first touch of a screen at rest wakes it; nobody picks what they cannot see.
    salon.display.click(*tile(salon))
    salon.until(lambda: not near(salon.shot()[column].mean((0, 1)), LEFT_COLOUR))
    assert not any(isinstance(action, PickStyle) for action in salon.seen)


def test_d_shows_the_figures_and_hides_them(salon: Salon) -> None:
    corner = (slice(20, 90), slice(20, 250))
    plain = salon.shot()[corner]
    salon.press("d", Action.HUD)
    figures = salon.shot()[corner]
    assert figures.max() > 220 and plain.max() < 180, "no light text on the dark panel"
    assert salon.window.hud
    salon.press("d", Action.HUD)
    assert np.array_equal(salon.shot()[corner], plain)


def test_h_shows_the_keys(salon: Salon) -> None:
    middle = (slice(60, 300), slice(200, 760))
    plain = salon.shot()[middle]
    salon.press("h", Action.HELP)
    card = salon.shot()[middle]
    assert (card > 220).all(-1).sum() > 500, "no text on the card"
    salon.press("h", Action.HELP)
    assert np.array_equal(salon.shot()[middle], plain)


def test_space_held_is_heard_once_until_let_go(salon: Salon) -> None:
    badge = (slice(18, 50), slice(400, 560))
    plain = salon.shot()[badge]
    salon.display.key_down("space")
    try:
        salon.until(lambda: Action.ORIGINAL_ON in salon.seen)
        deadline = time.monotonic() + 0.8  # longer than X11 waits before it repeats a key
        while time.monotonic() < deadline:
            salon.run(1)
        assert not np.array_equal(salon.shot()[badge], plain)
    finally:
        salon.display.key_up("space")
    salon.until(lambda: Action.ORIGINAL_OFF in salon.seen)
    assert salon.seen == [Action.ORIGINAL_ON, Action.ORIGINAL_OFF]
    assert np.array_equal(salon.shot()[badge], plain)


def test_f11_fills_the_screen_and_returns(salon: Salon) -> None:
    before = salon.window.size
    salon.press("F11", Action.FULLSCREEN)
    assert salon.window.size == (1400, 800)
    whole = salon.display.screenshot()
    assert near(whole[300, 2], RIGHT_COLOUR) and near(whole[300, -3], LEFT_COLOUR)
    salon.press("F11", Action.FULLSCREEN)
    assert salon.window.size == before
    assert near(salon.shot()[200, 10], RIGHT_COLOUR)


def test_the_other_keys_reach_the_program(salon: Salon) -> None:
    salon.press("r", Action.RANDOM)
    salon.press("s", Action.SNAPSHOT)
    salon.press("Escape", Action.LEAVE)
    assert salon.seen == [Action.RANDOM, Action.SNAPSHOT, Action.LEAVE]


def test_esc_closes_what_is_open_then_full_screen_and_only_then_wants_to_leave(salon: Salon) -> None:
    size = salon.window.size
    salon.press("F11", Action.FULLSCREEN)
    salon.press("d", Action.HUD)
    salon.press("h", Action.HELP)
    assert salon.window.help and salon.window.hud
    salon.display.keys("Escape")
    salon.until(lambda: not salon.window.help)
    assert salon.window.hud
    salon.display.keys("Escape")
    salon.until(lambda: not salon.window.hud)
    assert salon.window.size == (1400, 800), "full screen comes last"
    salon.display.keys("Escape")
    salon.until(lambda: salon.window.size == size)
    assert Action.LEAVE not in salon.seen and Action.QUIT not in salon.seen
    salon.press("Escape", Action.LEAVE)


def test_an_outline_and_a_line_say_where_to_stand(salon: Salon) -> None:
    salon.view["image"] = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    salon.run()
    plain = salon.shot()
    salon.view["nobody"] = "Nobody is seen. Stand here."
    salon.run(30)
    line = salon.shot()
    above = np.s_[:60, :700]
    assert (line[above] > 200).all(-1).any() and not (plain[above] > 200).all(-1).any()
    salon.view["outline"] = True
    salon.run(30)
    head = np.s_[70:330, 330:630]
    assert (np.abs(salon.shot()[head].astype(int) - line[head]).max(-1) > 60).sum() > 500
    salon.view.update(nobody="", outline=False)
    salon.run(30)
    assert np.array_equal(salon.shot()[:330, :700], plain[:330, :700])


def test_loading_is_a_calm_bar_on_near_black(salon: Salon) -> None:
    salon.view.update(image=None, loading=("Loading the painter", 0.5))
    salon.run()
    shot = salon.shot()
    bar = (np.abs(shot.astype(int) - ACCENT) <= 2).all(-1)
    assert abs(int(bar.any(0).sum()) - 170 * 0.75) < 8
    assert near(shot[5, 5], GROUND) and near(shot[-5, -5], GROUND)
    assert (shot[200:260] > 220).all(-1).any(), "no title"


def test_a_problem_stays_and_a_message_goes(salon: Salon) -> None:
    def light_rows() -> int:
        return int((salon.shot()[:120, :700] > 200).all(-1).any(1).sum())

    salon.view["problem"] = "Camera 0 vanished. Trying again in 2 s."
    salon.run()
    one = light_rows()
    assert one > 5
    salon.view["message"] = "Saved to Pictures"
    salon.run()
    assert light_rows() > one
    salon.view["message"] = None
    salon.now += 5
    salon.run()
    assert light_rows() == one
    salon.view["problem"] = None
    salon.run()
    assert light_rows() == 0


def test_sound_is_never_started_and_showing_is_quick(salon: Salon) -> None:
    assert pygame.mixer.get_init() is None
    spent = []
    for _ in range(60):
        began = time.thread_time()
        salon.window.show(View(picture(), "Style 3", 3, THUMBNAILS))
        spent.append(time.thread_time() - began)
    # The time that this thread computes: about 1 to 2 ms; a surface built anew for each frame takes 20.
    assert np.median(spent) < 0.015


def ask(code: str, **environment: str) -> str:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parent.parent,
    )
    return done.stdout.strip()


AVAILABLE = "from mirror.app.screen import screen_available; print(*screen_available(), sep='|')"


def test_a_driver_that_nobody_sees_is_no_screen() -> None:
    assert ask(AVAILABLE, SDL_VIDEODRIVER="dummy") == "False|SDL_VIDEODRIVER=dummy draws where nobody sees it"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen driver")
def test_no_screen_is_named_and_the_window_refuses_in_one_line() -> None:
    if not any(Path("/dev/dri").glob("card*")):
        assert ask(AVAILABLE).startswith("False|neither DISPLAY nor WAYLAND_DISPLAY is set")
    there_is_none = {"DISPLAY": ":9876", "SDL_VIDEODRIVER": "x11"}
    assert ask(AVAILABLE, **there_is_none) == "False|SDL says 'x11 not available'"
    code = (
        "from mirror.core.errors import MirrorError\n"
        "from mirror.app.screen import Window\n"
        "try: Window('t', (640, 480))\n"
        "except MirrorError as error: print(error)"
    )
    line = ask(code, **there_is_none)
    assert line.startswith("No window can be opened: SDL says 'x11 not available'.")
    assert "--headless" in line and "\n" not in line


def test_an_impossible_size_is_refused() -> None:
    with pytest.raises(MirrorError, match="0x720"):
        Window("t", (0, 720))


class Tap:
    """A panel of one colour that takes clicks upon it, and the key S for something else."""

    def __init__(self, spot: pygame.Rect, wish: Action) -> None:
        self.spot, self.wish = spot, wish

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        screen.fill((1, 2, 3), self.spot)

    def hear(self, event: pygame.event.Event, now: float) -> Action | bool | None:
        if event.type == pygame.MOUSEBUTTONDOWN and self.spot.collidepoint(event.pos):
            return self.wish
        return True if event.type == pygame.KEYDOWN and event.key == pygame.K_s else None


def test_a_panel_lies_over_the_picture_and_hears_before_the_keys(salon: Salon) -> None:
    display = salon.display
    salon.window.panels += [
        Tap(pygame.Rect(100, 100, 60, 60), Action.RANDOM),
        Tap(pygame.Rect(130, 130, 60, 60), Action.DYE),
    ]
    salon.run()
    left, top = salon.window._window.position
    assert (display.screenshot()[top + 110, left + 110] == (1, 2, 3)).all()
    display.click(left + 110, top + 110)
    salon.run()
    display.click(left + 140, top + 140)  # both lie there: the upper one hears
    salon.run()
    display.keys("s", "r")
    salon.run()
    assert salon.seen == [Action.RANDOM, Action.DYE, Action.RANDOM], "S was taken, R is nobody's"
