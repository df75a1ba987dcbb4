"""What is drawn over and around the picture, on plain surfaces: no display needed."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from mirror.app.screen import overlay
from mirror.app.screen.design import ACCENT, CALM, GROUND, MUTED, WIDE, unit_of
from mirror.app.screen.keys import HELP, Action, translate
from mirror.app.screen.live_picture import draw_picture, fitted, lay_out
from mirror.app.screen.style_strip import HOLD, Strip
from mirror.app.screen.typeface import shortened, text
from mirror.app.screen.upright_crop import Part

RNG = np.random.default_rng(0)
WHITE = (255, 255, 255)


def pixels(surface: pygame.Surface) -> np.ndarray:
    """uint8 (H, W, 3) RGB copy of a surface."""
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance (WCAG 2) of uint8 RGB, 0 to 1."""
    c = np.asarray(rgb, np.float64) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def on_white(panel: pygame.Surface) -> np.ndarray:
    ground = pygame.Surface(panel.get_size(), 0, 32)
    ground.fill(WHITE)
    ground.blit(panel, (0, 0))
    return pixels(ground)


def colours(count: int) -> tuple[tuple[str, np.ndarray], ...]:
    """Thumbnails of one plain colour each, all different."""
    return tuple(
        (f"Style {i}", np.full((60, 50, 3), (i * 7, 90, 255 - i * 7), np.uint8)) for i in range(count)
    )


def drawn_strip(
    strip: Strip, size: tuple[int, int], name: str, number: int, count: int, now: float
) -> np.ndarray:
    screen = pygame.Surface(size, 0, 32)
    screen.fill(WHITE)
    strip.draw(screen, name, number, colours(count), now)
    return pixels(screen)


def settled(size: tuple[int, int], name: str, number: int, count: int) -> np.ndarray:
    """The strip as it looks half a second after it was woken."""
    strip = Strip()
    strip.wake(0.0)
    for step in range(6):
        picture = drawn_strip(strip, size, name, number, count, step / 10)
    return picture


def show(screen: pygame.Surface, image: np.ndarray, mirrored: bool, part: Part | None = None) -> pygame.Rect:
    """Lays a picture on a screen, whole where no part is named, and says where."""
    size = (image.shape[1], image.shape[0])
    laid = lay_out(size, part or Part.whole(size), screen.get_size(), mirrored)
    draw_picture(screen, image, laid)
    return laid.where


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_of_the_windows_size_is_shown_to_the_bit(mirrored: bool) -> None:
    image = RNG.integers(0, 256, (90, 160, 3), dtype=np.uint8)
    screen = pygame.Surface((160, 90), 0, 32)
    show(screen, image, mirrored)
    assert np.array_equal(pixels(screen), image[:, ::-1] if mirrored else image)


def test_a_strided_picture_and_a_24_bit_screen_work_too() -> None:
    image = RNG.integers(0, 256, (90, 320, 3), dtype=np.uint8)[:, ::2]
    screen = pygame.Surface((160, 90), 0, 24)
    show(screen, image, mirrored=False)
    assert np.array_equal(pixels(screen), image)


@pytest.mark.parametrize("window", [(400, 200), (200, 400), (77, 61), (1600, 900)])
def test_proportions_are_kept_on_near_black(window: tuple[int, int]) -> None:
    image = np.full((120, 160, 3), 200, np.uint8)
    screen = pygame.Surface(window, 0, 32)
    screen.fill((255, 0, 0))  # what an earlier frame left there
    where = show(screen, image, mirrored=True)
    assert where == fitted((160, 120), window)
    assert abs(where.width / where.height - 160 / 120) < 0.03
    assert where.width == window[0] or where.height == window[1]
    shown = pixels(screen)
    inside = np.zeros(shown.shape[:2], bool)
    inside[where.top : where.bottom, where.left : where.right] = True
    assert (shown[inside] == 200).all()
    assert (shown[~inside] == GROUND).all()


@pytest.mark.parametrize("size", [(1264, 482), (482, 250), (1040, 1600), (304, 100)])
def test_the_card_of_keys_fits_its_room_and_shows_the_sign_of_each_button(size: tuple[int, int]) -> None:
    unit = unit_of((size[0] + 16, size[1] * 3 // 2))
    card, _ = overlay.fitted_help(unit, *size)
    assert card.get_width() <= size[0] and card.get_height() <= size[1]
    usual = any(card.get_size() == overlay.key_help(unit, n).get_size() for n in (1, 2, 3))
    assert usual or card.get_width() > 0.85 * size[0] or card.get_height() > 0.85 * size[1], (
        "or else as it fits"
    )
    shown = on_white(overlay.key_help(1.0, 1))
    beside = (shown[:, WIDE : 2 * WIDE] > 150).all(-1).any(1)
    # One sign a row, but for the arrows, C, B and Esc; the rows are 42 design pixels apart.
    rows = [bool(beside[WIDE + 42 * i : WIDE + 42 * i + 34].any()) for i in range(len(HELP))]
    assert [names[0] for (names, _), sign in zip(HELP, rows, strict=True) if not sign] == [
        "←",
        "Tab",
        "C",
        "B",
        "P",
        "Esc",
    ]


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (1080, 1920)])
def test_the_strips_words_can_be_read_on_a_white_picture(size: tuple[int, int]) -> None:
    strip = Strip()
    strip.wake(0.0)
    for step in range(6):
        shown = drawn_strip(strip, size, "Long wavy", 3, 24, step / 10)
    spot = strip.name_at.inflate(-12, -12)
    light = luminance(shown[spot.top : spot.bottom, spot.left : spot.right])
    paper = np.median(light)
    assert (light.max() + 0.05) / (paper + 0.05) >= 4.5
    # The quieter words stand on the same ground.
    quiet = luminance(np.array(MUTED))
    assert (quiet + 0.05) / (paper + 0.05) >= 4.5


@pytest.mark.parametrize(
    "panel",
    [
        lambda: overlay.pill("Camera 0 vanished. Trying again in 2 s.", 1.0, 700, "warning"),
        lambda: overlay.figures(
            (("Delay", "41 ms"), ("Engine", "OpenVINO, the fastest of two " * 4)), 1.0, 400
        ),
        lambda: overlay.key_help(1.0, 2),
        lambda: overlay.loading("", "Loading the painter", 0.5, 1.0, True),
    ],
)
def test_panels_can_be_read_on_a_white_picture(panel) -> None:  # type: ignore[no-untyped-def]
    shown = on_white(panel())
    light = luminance(shown[4:-4, 24:-24])
    paper = np.median(light)
    ink = np.percentile(light, 99.8)
    assert (ink + 0.05) / (paper + 0.05) >= 4.5
    # MUTED is the faintest colour any panel writes in.
    assert (luminance(np.array(MUTED)) + 0.05) / (paper + 0.05) >= 4.5


def outlined(picture: np.ndarray) -> tuple[int, int, np.ndarray]:
    """The middle of the outline, x and y, and the colour of the thumbnail inside it."""
    ring = (np.abs(picture.astype(int) - ACCENT) <= 2).all(-1)
    rows, columns = np.nonzero(ring)
    assert rows.size, "no outline"
    middle = int(rows.min() + rows.max()) // 2, int(columns.min() + columns.max()) // 2
    return middle[1], middle[0], picture[middle]


LYING, UPRIGHT = (1280, 720), (720, 1280)


@pytest.mark.parametrize("size", [LYING, UPRIGHT])
@pytest.mark.parametrize("number", [0, 5, 23])
def test_the_current_style_is_outlined_in_the_middle(number: int, size: tuple[int, int]) -> None:
    x, y, colour = outlined(settled(size, "x", number, 24))
    tiles = woken(size, 24).tiles
    assert abs(x - tiles.centerx) <= 1 if size == UPRIGHT else abs(y - tiles.centery) <= 1
    assert np.abs(colour.astype(int) - colours(24)[number][1][0, 0]).max() <= 1


def test_a_style_outside_the_book_outlines_nothing() -> None:
    picture = settled((1280, 720), "A surprise", -1, 24)
    assert not (np.abs(picture.astype(int) - ACCENT) <= 2).all(-1).any()


def woken(size: tuple[int, int], count: int) -> Strip:
    """A strip that has settled on the first of so many styles."""
    strip = Strip()
    strip.wake(0.0)
    for step in range(6):
        drawn_strip(strip, size, "x", 0, count, step / 10)
    return strip


def hits(strip: Strip, size: tuple[int, int], *away: int) -> list[int | None]:
    """The thumbnails at so many pixels from the middle, along the tiles."""
    x, y = strip.tiles.center
    return [strip.hit((x, y + by) if size == LYING else (x + by, y)) for by in away]


@pytest.mark.parametrize(("size", "pitch"), [(LYING, 104), (UPRIGHT, 78)])
def test_a_click_finds_the_thumbnail_under_it_and_long_books_go_round(
    size: tuple[int, int], pitch: int
) -> None:
    strip = woken(size, 24)
    assert hits(strip, size, 0, pitch, -pitch) == [0, 1, 23]
    assert strip.hit((size[0] // 2, 300)) is None


@pytest.mark.parametrize(("size", "pitch"), [(LYING, 104), (UPRIGHT, 78)])
def test_a_short_book_has_ends(size: tuple[int, int], pitch: int) -> None:
    assert hits(woken(size, 3), size, 2 * pitch, -pitch) == [2, None]


def test_on_a_screen_that_lies_nothing_is_over_the_middle() -> None:
    changed = (settled(LYING, "Long wavy", 3, 24) != 255).any(-1)
    assert changed.any() and not changed[:, : LYING[0] - 260].any(), "chin and hair are free"


def test_the_strip_fades_away_and_comes_back() -> None:
    strip = Strip()
    strip.wake(0.0)
    now = 0.0
    while now < HOLD - 0.1:
        drawn_strip(strip, (640, 360), "x", 0, 24, now)
        now += 0.1
    assert strip.opacity == 1.0
    assert strip.hit(strip.tiles.center) == 0
    while now < HOLD + CALM + 0.3:
        picture = drawn_strip(strip, (640, 360), "x", 0, 24, now)
        if strip.opacity < 0.5:  # too faint for anyone to mean it
            assert strip.hit(strip.tiles.center) is None
        now += 0.1
    assert strip.opacity == 0.0
    assert (picture == 255).all()
    assert strip.hit(strip.tiles.center) is None
    strip.wake(now)
    for _ in range(3):
        now += 0.1
        picture = drawn_strip(strip, (640, 360), "x", 0, 24, now)
    assert strip.opacity == 1.0
    assert (picture != 255).any()


def test_long_names_are_cut_and_long_lines_are_broken() -> None:
    name = "An endless description of a style that no window can hold " * 3
    cut = shortened(name, 36, 400)
    assert cut.endswith("…")
    assert text(cut, 36).get_width() <= 400
    assert shortened("Bob", 36, 400) == "Bob"
    one, many = overlay.pill("Bob", 1.0, 600), overlay.pill(name, 1.0, 600)
    assert many.get_width() <= 600
    assert many.get_height() > 2 * one.get_height() * 0.8


def test_the_bar_is_as_long_as_what_is_done() -> None:
    def done(share: float) -> int:
        shown = on_white(overlay.loading("Hair Mirror", "Loading", share, 1.0, True))
        return int((np.abs(shown.astype(int) - ACCENT) <= 2).all(-1).any(0).sum())

    assert done(0.0) == 0
    assert abs(done(0.5) - done(1.0) / 2) <= 3
    assert done(7.0) == done(1.0)


def test_keys_mean_what_the_help_card_says() -> None:
    def pressed(key: int, scancode: int = 0, kind: int = pygame.KEYDOWN, mod: int = 0) -> Action | None:
        return translate(pygame.event.Event(kind, key=key, scancode=scancode, mod=mod))

    assert pressed(pygame.K_RIGHT) is Action.NEXT
    assert pressed(pygame.K_LEFT) is Action.PREVIOUS
    assert pressed(pygame.K_r) is Action.RANDOM
    assert pressed(pygame.K_BACKSPACE) is Action.BACK
    assert pressed(pygame.K_c) is Action.DYE
    assert pressed(pygame.K_c, mod=pygame.KMOD_LSHIFT) is Action.DYE_BACK
    assert pressed(pygame.K_c, mod=pygame.KMOD_NUM) is Action.DYE
    assert pressed(pygame.K_r, mod=pygame.KMOD_RSHIFT) is Action.RANDOM
    assert pressed(pygame.K_s) is Action.SNAPSHOT
    assert pressed(pygame.K_v) is Action.CLIP
    assert pressed(pygame.K_k) is Action.CARD
    assert pressed(pygame.K_SPACE) is Action.ORIGINAL_ON
    assert pressed(pygame.K_SPACE, kind=pygame.KEYUP) is Action.ORIGINAL_OFF
    assert pressed(pygame.K_r, kind=pygame.KEYUP) is None
    assert pressed(pygame.K_q) is None
    # The key that types "к" sits where R does.
    assert pressed(ord("к"), pygame.KSCAN_R) is Action.RANDOM
    # A French keyboard types "q" where the American one has A; the letter counts, not the place.
    assert pressed(pygame.K_m, pygame.KSCAN_SEMICOLON) is Action.MIRROR
    assert translate(pygame.event.Event(pygame.QUIT)) is Action.QUIT
    assert {"R", "C", "Space", "S", "V", "K", "D", "H", "M", "F11", "Esc"} <= {
        key for keys, _ in HELP for key in keys
    }
