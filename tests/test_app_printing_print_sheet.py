"""Paper within limits: copies, the PIN for more, a printer that does not print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.kiosk.keepsakes import Keepsake
from mirror.app.kiosk.main_loop import run_kiosk
from mirror.app.kiosk.scene import Scene
from mirror.app.printing.printer import Paper
from mirror.app.screen import View
from mirror.app.screen.design import ACCENT
from mirror.app.touch import layout
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.settings.tables import Print
from tests.kiosk_fakes import fake_scene, noted_lines
from tests.test_app_kiosk_keepsakes import SIZE, press, until
from tests.test_app_screen_panels import pixels

pytestmark = pytest.mark.usefixtures("unseen_video")


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, int]]:
    jobs: list[tuple[bytes, int]] = []

    def lp(settings: Print, paper: Paper, copies: int) -> None:
        jobs.append((bytes(paper.content), copies))

    monkeypatch.setattr("mirror.app.printing.print_sheet.print_out", lp)
    return jobs


def printing_scene(**given: Any) -> Scene:
    scene, visit = fake_scene(print=Print("default", free=2, most=4), pictures=Path("/x"), **given)
    for signal in ("touched", "agreed"):
        scene.machine.go(signal, 0.0)
    visit.show()
    visit.saved = (Path("/x/kiosk/1.png"),)
    visit.keepsakes.mine.append(Keepsake(1, path=visit.saved[0], paper=bytearray(b"card")))
    scene.kept.open = lambda path: None  # type: ignore[method-assign]
    scene.machine.go("look", 0.0)
    press(scene, "print")
    return scene


def test_more_copies_than_are_free_need_the_pin(printed: list[tuple[bytes, int]]) -> None:
    scene = printing_scene(pin=kiosk_pin.make("2593"))
    press(scene, "more")
    press(scene, "print_now")
    until(lambda: printed == [(b"card", 2)])
    press(scene, "print_now")
    assert scene.printing._typed == "" and len(printed) == 1, "two were free, in the whole visit"
    for wrong in ("1", "ok"):
        press(scene, wrong)
    assert scene.printing._said and len(printed) == 1
    for digit in ("2", "5", "9", "3", "ok"):
        press(scene, digit)
    until(lambda: len(printed) == 2)
    assert printed[1] == (b"card", 2)
    for _ in range(9):
        press(scene, "more")
    assert scene.printing._copies == 4, "no more at once"
    press(scene, "cancel")
    assert not scene.printing.open


def key(scene: Scene, code: int, letter: str = "") -> None:
    scene.draw(pygame.Surface(SIZE, 0, 32), View(), 1.0, 0.1)
    scene.hear(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode=letter, scancode=0), 0.1)


def test_the_pin_for_more_copies_is_typed_on_a_keyboard_too(printed: list[tuple[bytes, int]]) -> None:
    scene = printing_scene(pin=kiosk_pin.make("2593"))
    for _ in range(2):
        press(scene, "more")
    key(scene, pygame.K_RETURN)
    assert scene.printing._typed == "" and not printed, "Enter prints, where that is free"
    for code, letter in ((pygame.K_2, "2"), (pygame.K_7, "7"), (pygame.K_KP5, "5")):
        key(scene, code, letter)
    assert scene.printing._typed == "275"
    key(scene, pygame.K_BACKSPACE)
    key(scene, pygame.K_BACKSPACE)
    key(scene, pygame.K_a, "a")
    for digit in "593":
        key(scene, ord(digit), digit)
    assert scene.printing._typed == "2593" and not printed
    key(scene, pygame.K_RETURN)
    until(lambda: printed == [(b"card", 3)])
    press(scene, "print_now")
    key(scene, pygame.K_ESCAPE)
    assert not scene.printing.open and scene.machine.name == "album" and not scene.left


def test_escape_closes_the_sheet_before_it_leaves_a_kiosk_without_a_pin(
    printed: list[tuple[bytes, int]],
) -> None:
    scene = printing_scene()
    key(scene, pygame.K_ESCAPE)
    assert not scene.printing.open and not scene.left
    key(scene, pygame.K_ESCAPE)
    assert scene.left


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920), (500, 400)])
def test_the_sheet_has_an_edge_and_the_only_button_that_stands_out(
    size: tuple[int, int], typing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = printing_scene(pin=kiosk_pin.make("2593"))
    scene.window.size = size
    scene.printing._typed = "12" if typing else None
    monkeypatch.setattr(layout, "moved", lambda *_: None)
    sheets: list[pygame.Rect] = []
    real = layout.modal
    monkeypatch.setattr(layout, "modal", lambda screen, place: (sheets.append(place), real(screen, place)))
    spots = noted_lines(monkeypatch)
    surface = pygame.Surface(size, 0, 32)
    scene.draw(surface, View(), 1.0, 0.1)
    shown, (sheet,) = pixels(surface), sheets
    assert pygame.Rect(0, 0, *size).contains(sheet) and all(sheet.contains(spot) for _, spot in spots)
    buttons = scene.printing._buttons._buttons
    assert all(sheet.contains(button.rect) for button in buttons.values())
    gold = np.argwhere((shown == ACCENT).all(2))
    (main,) = (button.rect for name, button in buttons.items() if name in ("print_now", "ok"))
    top = main.top if typing else buttons["fewer"].rect.top  # above are words
    assert all(main.collidepoint(x, y) for y, x in gold if y >= top and sheet.collidepoint(x, y))
    assert not any(not sheet.collidepoint(x, y) for y, x in gold), "what waits behind it does not stand out"
    edge = shown[sheet.centery, sheet.left - 1].astype(int)
    inside, outside = (shown[sheet.centery, sheet.left + by].astype(int) for by in (3, -6))
    assert (edge > inside + 40).all() and (inside > outside).all()


def test_without_a_pin_nobody_gets_more_than_is_free(printed: list[tuple[bytes, int]]) -> None:
    scene = printing_scene()
    for _ in range(5):
        press(scene, "more")
    press(scene, "print_now")
    until(lambda: printed == [(b"card", 2)])
    press(scene, "print_now")
    press(scene, "cancel")
    scene.draw(pygame.Surface(SIZE, 0, 32), View(), 1.0, 0.1)
    assert "print" not in scene.machine.state._buttons._buttons and len(printed) == 1  # type: ignore[attr-defined]
    scene.printing.forget()  # the next visitor
    assert scene.printing.most == 2


def without_a_printer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """An `lp` that knows no printer is the only one."""
    (folder / "lp").write_text("#!/bin/sh\ncat > /dev/null; echo 'lp: no such printer' >&2; exit 1\n")
    (folder / "lp").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_printer_that_does_not_print_is_said_and_costs_no_copies(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    without_a_printer(monkeypatch, tmp_path)
    scene = printing_scene()
    press(scene, "print_now")
    until(lambda: "tell the staff" in scene.printing._said)
    assert "Nothing was printed on default: no such printer" in caplog.text and scene.printing.most == 2


def test_without_lp_a_kiosk_that_prints_says_so_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("mirror.app.kiosk.main_loop.start_log", lambda: None)
    with pytest.raises(Exception, match="lp, the command of CUPS, which is not installed"):
        run_kiosk(Settings(kiosk=True, print=Print("default")))
