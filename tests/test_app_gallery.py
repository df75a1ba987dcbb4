"""Every screen of window and kiosk: nothing is cut off, nothing leaves the window; and some of them looked at
in real windows, with the last kept in the folder HAIR_MIRROR_SCREENS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.screen import design, overlay, typeface
from mirror.app.screen.design import ACCENT, GROUND
from mirror.app.screen.typeface import speak
from mirror.app.touch import layout
from mirror.core.face import Face
from mirror.sources.demo import DemoSource
from mirror.translation.catalogue import Words
from tests import gallery
from tests.gallery import KIOSK, LANGUAGES, SIZES, WINDOW
from tests.gallery_people import Person
from tests.xvfb import VirtualDisplay

# The head of the demo's person as she rests, in a picture of 1280x720: with long hair it reaches far down.
HEAD = (335.0, 35.0, 967.0, 696.0)
FACE = (509.0, 233.0, 772.0, 544.0)


@pytest.fixture(scope="module")
def person() -> Person:
    """The demo's person as she is: no networks are needed to look at words."""
    picture = DemoSource((1280, 720), pace="max").image(0)
    points = np.zeros((478, 3), np.float32)
    points[:, 0] = np.linspace(FACE[0], FACE[2], 478)
    points[:, 1] = np.linspace(FACE[1], FACE[3], 478)
    return Person(picture, np.flipud(picture).copy(), picture, Face(points), HEAD)


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All words that were shortened since."""
    lost: list[str] = []
    real = typeface.shortened

    def noted(words: str, size: int, width: int) -> Any:
        short = real(words, size, width)
        if short != typeface.said(words):
            lost.append(str(typeface.said(words)))
        return short

    for place in (typeface, layout):
        monkeypatch.setattr(place, "shortened", noted)
    yield lost
    speak(Words("en"))


@pytest.fixture(scope="module")
def somewhere() -> Iterator[None]:
    """A display for windows that nobody looks at."""
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with gallery.display((1280, 720)):
        yield


@pytest.mark.usefixtures("somewhere")
# The longest words, the highest lines, those without spaces; the others are held to their rooms elsewhere.
@pytest.mark.parametrize(
    ("size", "language"),
    [((1280, 720), "ar"), ((1280, 720), "de"), ((1280, 720), "tr"), ((500, 400), "de"), ((500, 400), "ja")],
)
def test_no_word_of_any_screen_is_cut_off(
    size: tuple[int, int], language: str, person: Person, cut: list[str]
) -> None:
    for made, names in ((gallery.Window1, WINDOW), (gallery.Kiosk1, KIOSK)):
        for screen in names:
            one = made(size, language, person)
            try:
                one.bring(screen)
            finally:
                one.window.close()
            # A path or a camera's own name may be longer than any screen.
            left = [words for words in cut if "/" not in words]
            assert not left, f"{screen} at {size}: {left}"
            cut.clear()


@pytest.mark.usefixtures("somewhere")
@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920)])
def test_large_text_is_larger_and_cuts_no_word_off(
    size: tuple[int, int], person: Person, cut: list[str]
) -> None:
    was = design.unit_of(size)
    design.enlarge(True)
    try:
        assert design.unit_of(size) == pytest.approx(was * design.LARGER)
        for screen in WINDOW:
            one = gallery.Window1(size, "de", person)
            try:
                one.bring(screen)
            finally:
                one.window.close()
            whole, tray = pygame.Rect(0, 0, *size), one.tools.tray
            for place in (one.window.rail, tray.where if tray.open else whole):
                assert whole.contains(place), f"{screen}: {place} leaves the window"
            left = [words for words in cut if "/" not in words]
            assert not left, f"{screen} at {size}: {left}"
    finally:
        design.enlarge(False)
    assert design.unit_of(size) == was


@pytest.fixture(scope="module", params=SIZES)
def shown(request: pytest.FixtureRequest) -> Iterator[tuple[tuple[int, int], VirtualDisplay]]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    width, height = map(int, request.param.split("x"))
    with gallery.display((width, height)) as running:
        yield (width, height), running
    speak(Words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("room", "screen"), [("window", "strip"), ("kiosk", "consent")])
def test_screens_in_real_windows(room: str, screen: str, language: str, shown: Any, person: Person) -> None:
    (width, height), display = shown
    made: Callable[..., Any] = gallery.Window1 if room == "window" else gallery.Kiosk1
    one = made((width, height), language, person)
    try:
        one.bring(screen)
        shot = display.screenshot()
        left, top = (shot.shape[1] - width) // 2, (shot.shape[0] - height) // 2
        shot = shot[top : top + height, left : left + width]
        assert not (shot == GROUND).all(-1).all(), "nothing is shown"
        accent = (np.abs(shot.astype(int) - ACCENT).max(-1) <= 2).any(0)
        assert accent.any(), "what is chosen, or is to be done next, stands out"
        if room == "window":
            # The picture fills the screen, and the styles lie where lines end.
            assert not (shot[: height // 2, [0, -1]] == GROUND).all(-1).any()
            tiles = one.window.strip.tiles
            assert width < height or (tiles.centerx < width / 2) == (language == "ar")
            if width > height and width >= 1280:
                hair = one.window.head
                assert not tiles.colliderect(hair) and not one.window.rail.colliderect(hair)
    finally:
        one.window.close()


def test_overlay_is_drawn_anew_in_another_language() -> None:
    speak(Words("de"))
    german = overlay.key_help(1.0, 2)
    speak(Words("en"))
    assert overlay.key_help(1.0, 2).get_size() != german.get_size()
