"""Every screen of the kiosk in every language: large, in contrast, inside the window, nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.kiosk import qr_panel
from mirror.app.kiosk.keepsakes import Keepsake
from mirror.app.kiosk.scene import Scene
from mirror.app.printing.printer import Paper
from mirror.app.screen import Trying, View
from mirror.app.screen.typeface import text
from mirror.app.touch import layout
from mirror.settings.tables import Print, Share, Tablet
from mirror.translation.catalogue import languages
from tests.kiosk_fakes import WHITE, fake_scene
from tests.test_app_screen_panels import luminance, pixels

SIZES = [(1280, 720), (1080, 1920)]
NEARLY_SQUARE = [(1280, 1024), (1024, 768)]  # where its many lines have the least room
# With all that can be fetched and printed.
SHARED = ("consent", "try", "album", "clip", "wifi", "being made", "kept", "print", "print pad")
SCREENS = ("attract", "waking", "consent", "opening", "try", "said", "still there", "compare", "four",
           "loss", "album", "stuck", "wiping", "wiped", "kept", "failsafe", "pad", "menu",
           "summary")  # fmt: skip


pytestmark = pytest.mark.usefixtures("unseen_video")


def brought_to(
    screen: str, size: tuple[int, int], language: str, shared: bool = False
) -> tuple[Scene, View, float]:
    """A scene that shows a screen, what the window shows under it, and the time."""
    given: dict[str, Any] = {"language": language, "pin": "scrypt$", "pictures": Path("/x/Hair Mirror")}
    if shared:
        wifi = {"wifi": "Salon Anna Gäste", "wifi_password": "komm wieder"} if screen == "wifi" else {}
        given |= {"share": Share(network="192.168.4.1", **wifi), "print": Print("default")}
        given |= {"tablet": Tablet(screen == "consent")}  # the longest that is said there
    scene, visit = fake_scene(size, **given)
    steps: dict[str, tuple[str, ...]] = {"consent": ("touched",), "wiping": ("touched", "agreed", "done"),
                                         "failsafe": ("failed",), "attract": (), "waking": ()}  # fmt: skip
    steps["wiped"] = steps["kept"] = steps["wiping"]
    steps["album"] = steps["stuck"] = ("touched", "agreed")
    looking = ("album", "stuck", "clip", "wifi", "being made", "print", "print pad")
    steps["compare"] = steps["four"] = ("touched", "agreed", "compare")
    for signal in steps.get(screen, ("touched", "agreed")):
        scene.machine.go(signal, 0.0)
    view, now = View(), 1.0
    if screen in ("try", "said", "still there", "compare", "four", "loss", "pad", "menu", "summary"):
        visit.show()
        view = View(image=WHITE, style_name="Long wavy, copper", problem="x" if screen == "said" else None)
    if screen == "four":
        names = (
            "Long wavy, copper",
            "bob",
            "a style with a name that is far too long for its cell",
            "crew cut",
        )
        view = replace(view, style_number=0, thumbnails=tuple((name, WHITE) for name in names))
        press(scene, view, size, "four")
    if screen == "loss":  # the longest that is said, and a line besides
        visit.display.studio = SimpleNamespace(counting=False, pictures=SimpleNamespace(waiting=1))
        step = {"de": "grown back to Norwood III", "fr": "your hair today"}.get(language, "a little thinner")
        press(scene, view, size, "loss")
        view = replace(view, trying=Trying(loss=0.5, loss_words=step), mark="illustration, not a prediction")
    visit.busy = screen == "waking"
    if screen == "still there":
        now = 52.0
    if screen in (*looking, "kept"):
        visit.saved = tuple(Path(f"/x/Hair Mirror/kiosk/{number}.png") for number in range(2))
        scene.kept._until = dict.fromkeys(visit.saved, datetime(2026, 9, 30, 14, 5))
        scene.kept.stuck = screen == "stuck"
    if shared and screen not in ("consent", "try"):
        state = "making" if screen == "being made" else "ready"
        one = Keepsake(1, f"http://192.168.4.100:8765/{'A' * 22}", state, paper=bytearray(b"x"))
        one.clip = screen == "clip"
        one.path = None if one.clip else visit.saved[-1]
        visit.keepsakes.mine.append(one)
        visit.keepsakes.until = datetime(2026, 9, 30, 14, 5) if screen == "kept" else None
    if screen in looking:
        scene.machine.go("look", 0.0)
    if screen.startswith("print"):
        scene.printing.begin(Paper(visit.keepsakes.mine[0].paper))
        scene.printing._copies = 3
        scene.printing._typed = "12" if screen == "print pad" else None
    if screen in ("wiped", "kept"):
        scene.step(now)
    if screen in ("pad", "menu", "summary"):
        scene.staff.page = screen
        scene.staff._typed = "123"
    return scene, view, now


def press(scene: Scene, view: View, size: tuple[int, int], name: str) -> None:
    """A finger on a button of the state."""
    scene.machine.state.draw(pygame.Surface(size, 0, 32), view, 0.0)
    button = scene.machine.state._buttons._buttons[name]  # type: ignore[attr-defined]
    scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), 0.0)


def shown(
    screen: str, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch, shared: bool = False
) -> tuple[np.ndarray, list[tuple[str, pygame.Rect]], dict[str, pygame.Rect], list[int]]:
    """The pixels on a white picture, where words and where buttons are, and the sizes of type in pixels."""
    places: list[tuple[str, pygame.Rect]] = []
    sizes: list[int] = []
    scene, view, now = brought_to(screen, size, language, shared)
    real = layout.line

    def noted(surface: pygame.Surface, words: str, *given: Any, **more: Any) -> pygame.Rect:
        spot = real(surface, words, *given, **more)
        if words.strip():
            places.append((words, spot))
        return spot

    monkeypatch.setattr(layout, "line", noted)
    monkeypatch.setattr(
        layout, "text", lambda words, size, *rest: sizes.append(size) or text(words, size, *rest)
    )
    monkeypatch.setattr(layout, "moved", lambda *_: None)
    alone = screen == "still there"  # what lies under a sheet is not for now
    if scene.printing.open:
        monkeypatch.setattr(scene.machine.state, "draw", lambda screen, *_: scene.printing.draw(screen, now))
    elif alone or scene.staff.page:
        monkeypatch.setattr(scene.machine.state, "draw", lambda *_: None)
    surface = pygame.Surface(size, 0, 32)
    surface.fill((255, 255, 255))
    scene.draw(surface, view, 1.0, now)
    labels = {}
    on_top = scene.staff._buttons if scene.staff.page else getattr(scene.machine.state, "_buttons", None)
    if scene.printing.open:
        on_top = scene.printing._buttons
    if on_top is not None and not alone:
        labels = {label: on_top._buttons[name].rect.copy() for name, label, _ in on_top._laid}
        sizes.append(round(layout.BODY * layout.unit_of(size)))
    return pixels(surface), places, labels, sizes


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    ("screen", "size"),
    [*product(SCREENS, SIZES), *product(("consent",), NEARLY_SQUARE)],
)
def test_a_screen_can_be_read_from_two_metres(
    screen: str, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(shown(screen, size, language, monkeypatch), screen, size)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    ("screen", "size"), [*product(SHARED, SIZES), *product(("consent", "album", "wifi"), NEARLY_SQUARE)]
)
def test_what_is_said_of_taking_it_home_can_be_read_as_well(
    screen: str, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("segno", reason="segno is not installed: pip install -r requirements-share.txt")
    codes: list[pygame.Rect] = []
    real = qr_panel.draw_code

    def noted(surface: pygame.Surface, modules: np.ndarray, place: pygame.Rect) -> pygame.Rect:
        codes.append(real(surface, modules, place))
        assert codes[-1].width // len(modules) >= 4, "a phone has to tell its squares apart"
        return codes[-1]

    monkeypatch.setattr(qr_panel, "draw_code", noted)
    looked = shown(screen, size, language, monkeypatch, shared=True)
    check(looked, screen, size)
    wanted = {"album": 1, "clip": 1, "wifi": 2}.get(screen, 0)
    assert len(codes) == wanted
    for code in codes:
        assert pygame.Rect(0, 0, *size).contains(code)
        others = [*(spot for _, spot in looked[1]), *looked[2].values(), *(c for c in codes if c is not code)]
        assert code.collidelist(others) < 0, "nothing lies over a code"


def check(
    looked: tuple[np.ndarray, list[tuple[str, pygame.Rect]], dict[str, pygame.Rect], list[int]],
    screen: str,
    size: tuple[int, int],
) -> None:
    """Words and buttons are large, in contrast, inside the window, and do not overlap."""
    picture, words, buttons, sizes = looked
    places = [*words, *buttons.items()]
    assert places and (buttons or screen not in ("attract", "try", "menu", "consent", "pad"))
    for pixels_high in set(sizes):
        capital = text("H", pixels_high).get_bounding_rect().height
        assert capital >= layout.CAPITALS * min(size) - 1, f"capitals {capital} px high"
    whole = pygame.Rect(0, 0, *size)
    for label, spot in buttons.items():
        letters = round(layout.BODY * layout.unit_of(size))
        drawn = text(label, letters, layout.INK, spot.width - 12)  # in lines, where they are long
        assert drawn.get_width() <= spot.width - 12, f"{label!r} is too long for its button of {spot.width}"
        assert drawn.get_bounding_rect().height <= spot.height, f"{label!r} is too long for {spot.height}"
    for said, spot in places:
        assert whole.contains(spot), f"{said!r} at {spot} is outside"
        part = luminance(picture[spot.top : spot.bottom, spot.left : spot.right])
        paper = float(np.median(part))
        ratios = [
            (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05)
            for ink in (float(np.percentile(part, 99.7)), float(np.percentile(part, 0.3)))
        ]
        assert max(ratios) >= 4.5, f"{said!r}: contrast {max(ratios):.1f}"
    for number, (said, spot) in enumerate(places):
        for other, there in places[number + 1 :]:
            assert not spot.colliderect(there), f"{said!r} and {other!r} overlap"


def test_attract_moves_and_the_screen_shifts_a_little() -> None:
    scene, _ = fake_scene()
    pictures = []
    for now in (0.0, 5.0):
        surface = pygame.Surface((1280, 720), 0, 32)
        scene.draw(surface, View(), 1.0, now)
        pictures.append(pixels(surface))
    assert (pictures[0] != pictures[1]).any(2).mean() > 0.02
    shifts = {layout.shift(60.0 * minute) for minute in range(48)}
    assert len(shifts) > 12 and max(max(abs(x), abs(y)) for x, y in shifts) <= 5
    for minute in range(48):
        one, two = layout.shift(60.0 * minute), layout.shift(60.0 * (minute + 1))
        assert max(abs(one[0] - two[0]), abs(one[1] - two[1])) <= 2, "nobody sees it jump"


def test_a_shift_moves_what_is_drawn_and_leaves_no_trail() -> None:
    surface = pygame.Surface((40, 30), 0, 32)
    surface.fill((200, 0, 0))
    layout.moved(surface, (3, -2))
    shown = pixels(surface)
    assert (shown[:28, 3:] == (200, 0, 0)).all()
    assert (shown[28:] == layout.GROUND).all() and (shown[:, :3] == layout.GROUND).all()
