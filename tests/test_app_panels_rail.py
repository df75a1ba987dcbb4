"""The rail of round buttons in a real window: one for every key, clear of the head."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from mirror.app import screen as s
from mirror.app.screen import Action
from mirror.app.screen.keys import HELP
from tests.panels_shop import Shop, display, open_shop, shop

__all__ = ["display", "open_shop", "shop"]

# Every key of the card of keys has a button; the strip and its arrows are Left and Right.
# Strip; chips; the tray's palette; a tour, which is the operator's; what closes things.
KEYS_WITHOUT_A_BUTTON = {"←", "→", "Tab", "B", "C", "P", "Esc"}


def button(shop: Shop, sign: str) -> pygame.Rect:
    bar = shop.tools.bar
    (spot,) = (spot for spot, tool in zip(bar._spots, bar._tools, strict=True) if tool.icon() == sign)
    return spot


def awake(shop: Shop) -> None:
    """The rail is there; a mouse that moves wakes it."""
    shop.display.move(*shop.at((shop.window.size[0] // 2, 30)))
    shop.run(4)
    shop.display.move(*shop.at((shop.window.size[0] // 2 + 5, 35)))
    shop.until(lambda: shop.tools.bar._opacity >= 1)


def test_the_rail_has_a_button_for_every_key(shop: Shop) -> None:
    keys = {name for names, _ in HELP for name in names} - KEYS_WITHOUT_A_BUTTON
    tools = shop.tools.bar._tools
    assert keys <= {tool.key for tool in tools}
    assert len(tools) == len({tool.words for tool in tools}) == len({tool.key for tool in tools})


@pytest.mark.parametrize("size", [(1280, 720), (500, 400), (480, 850)])
def test_the_buttons_of_the_rail_do_what_their_keys_do(
    open_shop: Callable[..., Shop], size: tuple[int, int]
) -> None:
    shop = open_shop(size)
    signs = {
        "dice": Action.RANDOM, "back": Action.BACK, "forward": Action.FORWARD, "camera": Action.SNAPSHOT,
        "film": Action.CLIP, "cards": Action.CARD, "mirror": Action.MIRROR, "gauge": Action.HUD,
    }  # fmt: skip
    for sign, action in signs.items():
        awake(shop)
        heard = shop.wishes.count(action)
        shop.click(button(shop, sign), lambda action=action, heard=heard: shop.wishes.count(action) > heard)
    assert shop.window.hud and not shop.window.mirrored
    spots = shop.tools.bar._spots
    inside = pygame.Rect((0, 0), shop.window.size)
    assert all(inside.contains(spot) for spot in spots)
    assert all(a.collidelist(spots[i + 1 :]) < 0 for i, a in enumerate(spots))
    shop.shot(f"rail {size[0]}x{size[1]}")


def test_the_own_hair_is_seen_while_its_button_is_held(shop: Shop) -> None:
    awake(shop)
    spot = shop.at(button(shop, "person"))
    shop.display._xdotool("mousemove", *map(str, spot), "mousedown", "1")
    try:
        shop.until(lambda: shop.wishes == [Action.ORIGINAL_ON])
        shop.run(150)  # longer than the strip stays
        assert shop.window.original and shop.tools.bar._opacity == 1
        shop.display.move(*shop.at((640, 300)))
        shop.run(4)
    finally:
        shop.display._xdotool("mouseup", "1")
    shop.until(lambda: shop.wishes == [Action.ORIGINAL_ON, Action.ORIGINAL_OFF])
    assert not shop.window.original


def test_a_touch_fills_the_screen_and_opens_and_closes_the_keys(shop: Shop) -> None:
    size = shop.window.size
    awake(shop)
    shop.click(button(shop, "corners"), lambda: shop.window.full)
    assert shop.window.size == (1400, 900)
    shop.run(10)
    awake(shop)
    shop.click(button(shop, "corners"), lambda: shop.window.size == size)
    shop.run(10)
    awake(shop)
    shop.click(button(shop, "help"), lambda: shop.window.help)
    shop.click((640, 300), lambda: not shop.window.help)
    assert not any(isinstance(wish, s.PickStyle) for wish in shop.wishes)


def test_the_rail_keeps_off_the_head(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    shop.head = (0.0, 100.0, 700.0, 600.0)
    shop.window.mirrored = False
    shop.window.strip._woken = -100.0
    shop.run(60)
    assert shop.tools.bar._opacity == 0
    awake(shop)
    assert shop.tools.bar.where.left > 800, "at the right, for the head is at the left"
    shop.head = (600.0, 100.0, 1280.0, 600.0)
    shop.run(30)
    assert shop.tools.bar.where.left > 800, "it does not run away while it is seen"
    shop.run(150)
    awake(shop)
    assert shop.tools.bar.where.right < 300


def test_on_an_upright_screen_the_tray_keeps_off_the_head(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop((500, 880))
    shop.window.mirrored = False
    for box in ((50.0, 20.0, 450.0, 350.0), (50.0, 400.0, 450.0, 700.0)):
        shop.head = box
        shop.run()
        shop.press("t", lambda: shop.tools.tray.open and shop.tools.tray.where.width > 0)
        assert shop.window.head is not None and not shop.tools.tray.where.colliderect(shop.window.head)
        where = shop.tools.tray.where.copy()
        shop.head = (50.0, 300.0, 450.0, 500.0)
        shop.run()
        assert shop.tools.tray.where == where, "it does not run away from who works with it"
        shop.press("t", lambda: not shop.tools.tray.open)
