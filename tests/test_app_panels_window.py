"""The trying-on controls in a real window: tray, strip, search, split, grid, and the round buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from mirror.app import screen as s
from mirror.app.screen import Action
from mirror.app.screen.design import ACCENT, TOUCH, px, unit_of
from mirror.app.screen.panels import Again
from mirror.hair.loss.hair_loss import WHICH
from mirror.hair.loss.natural_colour import NATURAL
from tests.panels_shop import AFTER, BEFORE, Shop, display, open_shop, shop
from tests.tryon_fakes import NAMES, TAGS

__all__ = ["display", "open_shop", "shop"]


def widget(shop: Shop, page: str, name: str) -> pygame.Rect:
    its = shop.tools.tray._pages[page]
    found = its.buttons[name] if name in its.buttons else its.sliders[name]
    return pygame.Rect(found.rect)


def test_t_opens_the_tray_and_esc_closes_it_before_it_leaves(shop: Shop) -> None:
    plain = shop.shot()
    shop.press("t", lambda: shop.tools.tray.open)
    assert not np.array_equal(shop.shot("tray"), plain) and shop.tools.open
    shop.press("Escape", lambda: not shop.tools.tray.open)
    assert Action.LEAVE not in shop.wishes
    shop.press("Escape", lambda: Action.LEAVE in shop.wishes)


def test_esc_closes_the_keys_before_what_lies_beneath_them(shop: Shop) -> None:
    shop.press("t", lambda: shop.tools.tray.open)
    shop.press("h", lambda: shop.window.help)
    shop.press("Escape", lambda: not shop.window.help)
    assert shop.tools.tray.open and Action.LEAVE not in shop.wishes
    shop.press("Escape", lambda: not shop.tools.tray.open)
    assert Action.LEAVE not in shop.wishes


def test_sliders_are_dragged_and_their_tracks_touched(shop: Shop) -> None:
    shop.press("t", lambda: shop.tools.tray.open)
    blend = widget(shop, "", "blend")
    shop.drag((blend.right - px(1, TOUCH // 2), blend.centery), blend.center)
    amounts = [wish.amount for wish in shop.wishes if isinstance(wish, s.Blend)]
    assert amounts and amounts[-1] == pytest.approx(0.5, abs=0.05)
    shop.click((blend.left + 30, blend.centery), lambda: shop.trying.blend < 0.1)
    shop.run(30)
    assert shop.tools.tray._pages[""].sliders["blend"].current_value == pytest.approx(shop.trying.blend)
    shop.click(widget(shop, "", "Shape"), lambda: shop.tools.tray._page == "Shape")
    assert set(shop.tools.tray._pages["Shape"].sliders) == {"length", "volume"}, (
        "what cannot move is not there"
    )
    length = widget(shop, "Shape", "length")
    shop.drag(length.center, (length.right - 5, length.centery))
    assert shop.trying.steps["length"] == pytest.approx(1.0)
    shop.drag((length.right - 22, length.centery), (length.centerx + 2, length.centery))
    assert shop.trying.steps["length"] == 0.0, "near its middle it is the middle"
    shop.click(widget(shop, "Shape", "own"), lambda: s.WearOwn() in shop.wishes)
    shop.click(widget(shop, "Shape", "reset"), lambda: s.ClearAdjustments() in shop.wishes)
    assert shop.number == 0, "nothing under the tray was touched"


def test_every_control_of_the_tray_is_reached_by_keys(shop: Shop) -> None:
    shop.press("t", lambda: shop.tools.tray.open)
    focus, reached = shop.tools.tray._focus, list[str | None]()
    while focus.at is None or focus.at not in reached:
        reached.append(focus.at)
        shop.press("Tab", lambda: focus.at != reached[-1])
    pages = shop.tools.tray._pages
    there = {
        *(f"{name} button" for page in ("", "Colour") for name in pages[page].buttons),
        *pages[""].sliders,
    }
    assert set(reached) - {None} >= there - {"off button"}
    while focus.at != "blend":
        shop.press("Tab", lambda at=focus.at: focus.at != at)
    shop.press("Left", lambda: shop.trying.blend == pytest.approx(0.95))
    while focus.at != "Shape button":
        shop.press("Tab", lambda at=focus.at: focus.at != at)
    shop.press("Return", lambda: shop.tools.tray._page == "Shape")
    while focus.at != "length":
        shop.press("Tab", lambda at=focus.at: focus.at != at)
    shop.press("Right", lambda: shop.trying.steps.get("length", 0.0) > 0)
    assert shop.number == 0, "the arrows were the slider's, not the styles'"


def test_a_swatch_dyes_and_wears_the_ring(shop: Shop) -> None:
    shop.press("t", lambda: shop.tools.tray.open)
    copper, own = widget(shop, "Colour", "copper"), widget(shop, "Colour", "none")

    def ringed(spot: pygame.Rect) -> int:
        part = shop.shot()[spot.top : spot.bottom, spot.left : spot.right].astype(int)
        return int((np.abs(part - ACCENT) <= 3).all(-1).sum())

    assert ringed(own) > 60 and ringed(copper) < 20
    shop.click(copper, lambda: shop.trying.dye == "copper")
    assert ringed(copper) > 60 and ringed(own) < 20


def test_hair_loss_begins_with_the_slider_and_ends_with_the_button(shop: Shop) -> None:
    shop.press("t", lambda: shop.tools.tray.open)
    shop.click(widget(shop, "", "Hair loss"), lambda: shop.tools.tray._page == "Hair loss")
    loss = widget(shop, "Hair loss", "loss")
    shop.drag(loss.center, (loss.left + 5, loss.centery))
    assert shop.trying.loss == pytest.approx(-1.0)
    shop.shot("loss")
    shop.trying = replace(shop.trying, loss=1.0, loss_words=WHICH, shades=NATURAL)
    shop.run()
    spots = [widget(shop, "Hair loss", name) for name in NATURAL]
    where = shop.tools.tray.where
    assert all(where.contains(spot) for spot in spots), "asked for a colour, all can be touched"
    shop.click(spots[2], lambda: s.ChooseShade(NATURAL[2]) in shop.wishes)
    shop.trying = replace(shop.trying, shade=NATURAL[2])
    shop.shot("loss shades")
    shop.click(widget(shop, "Hair loss", "off"), lambda: shop.trying.loss is None)


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (320, 240), (500, 860)])
def test_everything_fits_and_is_large_enough_to_touch(
    open_shop: Callable[..., Shop], size: tuple[int, int]
) -> None:
    shop = open_shop(size)
    shop.press("t", lambda: shop.tools.tray.open)
    inside = pygame.Rect((0, 0), shop.window.size)
    tray = shop.tools.tray
    assert inside.contains(tray.where)
    low = inside.height < 540 * unit_of(inside.size)  # nothing could fit there at full size
    for name, page in tray._pages.items():
        for what in (*page.buttons.values(), *page.sliders.values()):
            assert tray.where.contains(what.rect), name
            assert low or min(what.rect.size) >= px(unit_of(inside.size), TOUCH) - 1, name
    bar = shop.tools.bar
    for spot in bar._spots:
        assert inside.contains(spot) and not spot.colliderect(tray.where)
        assert min(spot.size) >= px(unit_of(inside.size), TOUCH)
    shop.press("h", lambda: shop.window.help)
    assert shop.window.covered == 0, "the card of keys has the window for itself"
    shop.shot(f"help {size[0]}")


def test_typed_letters_narrow_the_strip_and_enter_takes_the_first(shop: Shop) -> None:
    shop.press("slash", lambda: shop.tools.search.open)
    shop.display._xdotool("type", "curly")
    shop.until(lambda: shop.tools.search.hits == (3, 4, 10))
    shop.shot("search")
    assert shop.wishes == [], "while a text field has the focus no key does anything else"
    assert shop.window.strip.only == (3, 4, 10)
    shop.press("BackSpace", lambda: shop.tools.search.typed == "curl")
    shop.press("Return", lambda: shop.number == 3)
    assert not shop.tools.search.open and shop.window.strip.only is None
    shop.press("r", lambda: Action.RANDOM in shop.wishes)


def test_a_search_in_vain_says_so_and_esc_closes_it_alone(shop: Shop) -> None:
    shop.press("ctrl+f", lambda: shop.tools.search.open)
    plain = shop.shot()
    shop.display._xdotool("type", "xhgt")
    shop.until(lambda: shop.tools.search.hits == ())
    assert not np.array_equal(shop.shot("in vain")[380:460], plain[380:460])
    shop.press("Return", lambda: True)
    assert shop.tools.search.open and shop.wishes == []
    shop.press("Escape", lambda: not shop.tools.search.open)
    assert shop.wishes == [] and not shop.window.help and not shop.tools.tray.open


def test_a_filter_narrows_strip_grid_and_search_and_all_leaves_it(shop: Shop) -> None:
    shop.press("l", lambda: shop.tools.filter.open)
    assert shop.tools.open, "no random style comes meanwhile"
    chip = shop.tools.filter._spots.chips["length", "long"]
    shop.click(chip, lambda: shop.trying.filter.length == "long")
    shop.shot("filter")
    wanted = tuple(number for number, tags in enumerate(TAGS) if "long" in tags)
    assert shop.window.strip.only == wanted and shop.tools.grid.among == shop.tools.search.among == wanted
    assert shop.window.strip.note == f"Styles: {len(wanted)} of {len(NAMES)}"
    shop.press("t", lambda: shop.tools.tray.open and not shop.tools.filter.open)
    shop.press("l", lambda: shop.tools.filter.open and not shop.tools.tray.open)
    shop.press("Escape", lambda: not shop.tools.filter.open)
    assert shop.trying.filter.on and Action.LEAVE not in shop.wishes
    shop.press("g", lambda: bool(shop.trying.grid))
    assert set(shop.trying.grid) <= set(wanted)
    shop.press("Escape", lambda: not shop.trying.grid)
    shop.press("l", lambda: shop.tools.filter.open)
    shop.click(shop.tools.filter._spots.everything, lambda: not shop.trying.filter.on)
    assert shop.window.strip.only is None
    for _ in range(2):  # by keys: the first chip, women
        shop.press("Tab", lambda: shop.tools.filter._focus.at is not None)
    shop.press("Return", lambda: shop.trying.filter.people is not None)
    shop.click(shop.tools.filter._spots.close, lambda: not shop.tools.filter.open)


def test_favourites_and_filter_are_both_kept_to(shop: Shop) -> None:
    shop.press("f", lambda: shop.tools.favourites.worn)  # the bob, which is not long
    shop.press("shift+f", lambda: shop.tools.favourites.only)
    assert shop.window.strip.only == (0,)
    shop.trying = replace(shop.trying, left=(2, 7, 9, 10))
    shop.run(3)
    assert shop.window.strip.only == ()
    shop.press("g", lambda: any(isinstance(wish, s.Say) and "left" in wish.words for wish in shop.wishes))
    assert not shop.trying.grid and not shop.tools.grid.open


def test_the_line_of_the_split_follows_the_mouse(shop: Shop) -> None:
    shop.press("x", lambda: shop.tools.split.open)
    row = shop.shot("split")[300]
    assert (row[200] == BEFORE).all() and (row[1000] == AFTER).all()
    shop.drag((640, 300), (320, 300))
    row = shop.shot()[300]
    assert (row[200] == BEFORE).all() and (row[500] == AFTER).all()
    shop.press("m", lambda: not shop.window.mirrored)
    row = shop.shot()[300]
    assert (row[200] == BEFORE).all() and (row[500] == AFTER).all()
    shop.display.key_down("x")
    shop.display.key_up("x")
    shop.until(lambda: not shop.tools.split.open)
    assert (shop.shot()[300, 200] == AFTER).all()


def test_the_grid_pages_and_a_click_takes_a_style(shop: Shop) -> None:
    shop.press("g", lambda: len(shop.trying.grid) == 4)
    shop.press("Right", lambda: 4 in shop.trying.grid)
    assert Action.NEXT not in shop.wishes
    shop.shot("grid")
    shop.press("m", lambda: shop.trying.grid == (4, 5, 6, 7))
    shop.click((900, 500), lambda: shop.number == 7)
    assert shop.trying.grid == () and not shop.tools.grid.open


def test_f_stars_and_shift_f_leaves_only_those(shop: Shop) -> None:
    shop.press("f", lambda: s.Say("Favourite: bob") in shop.wishes)
    shop.press("shift+f", lambda: shop.window.strip.only == (0,))
    shop.shot("favourites")
    shop.press("shift+f", lambda: shop.window.strip.only is None)


def test_the_round_buttons_do_it_all_without_keys(shop: Shop) -> None:
    shop.display.move(*shop.at((700, 300)))
    shop.run()
    tray, split, grid, narrow, suggest, search, star, stars = shop.tools.bar._spots[:8]
    shop.click(tray, lambda: shop.tools.tray.open)
    shop.click(widget(shop, "", "close"), lambda: not shop.tools.tray.open)
    shop.click(split, lambda: shop.tools.split.open)
    shop.click(grid, lambda: len(shop.trying.grid) == 4)
    assert not shop.tools.split.open
    shop.click(shop.tools.grid._arrows[Action.NEXT], lambda: 4 in shop.trying.grid)
    shop.click(grid, lambda: len(shop.trying.grid) == 9)
    shop.click(grid, lambda: shop.trying.grid == ())
    shop.click(narrow, lambda: shop.tools.filter.open)
    shop.click(suggest, lambda: shop.tools.suggestions.open and not shop.tools.filter.open)
    shop.click(suggest, lambda: not shop.tools.suggestions.open)
    shop.click(search, lambda: shop.tools.search.open)
    shop.click(shop.tools.search._close_at, lambda: not shop.tools.search.open)
    shop.click(star, lambda: s.Say("Favourite: bob") in shop.wishes)
    shop.click(stars, lambda: shop.tools.favourites.only)


def test_a_dropped_photograph_is_worn(shop: Shop) -> None:
    for kind, more in (
        (pygame.DROPBEGIN, {}),
        (pygame.DROPFILE, {"file": "/me.jpg"}),
        (pygame.DROPCOMPLETE, {}),
    ):
        pygame.event.post(pygame.event.Event(kind, **more))
    shop.until(lambda: s.WearPhoto(Path("/me.jpg")) in shop.wishes)


def test_a_film_that_has_ended_offers_to_play_again(shop: Shop) -> None:
    again = Again(shop.window)
    shop.window.panels.insert(0, again)
    shop.run()
    plain = shop.shot()
    shop.press("Return", lambda: not shop.wishes)  # it runs: Enter means nothing
    shop.ended = True
    shop.until(lambda: again.where.width > 0)
    assert not np.array_equal(shop.shot("ended"), plain)
    shop.click(again.where, lambda: shop.wishes == [Action.PLAY_AGAIN])
    shop.press("Return", lambda: shop.wishes == [Action.PLAY_AGAIN] * 2)
    shop.ended = False
    shop.until(lambda: again.where.width == 0)


@pytest.mark.parametrize("size", [(500, 880), (1280, 720), (500, 400)])
def test_what_comes_up_keeps_off_the_buttons(open_shop: Callable[..., Shop], size: tuple[int, int]) -> None:
    shop = open_shop(size)
    again = Again(shop.window)
    shop.window.panels.insert(0, again)
    shop.ended = True
    shop.display.move(*shop.at((size[0] // 2, size[1] // 2)))
    shop.run()
    assert shop.tools.bar._opacity == 1 and again.where.width > 0
    assert not any(again.where.colliderect(spot) for spot in shop.tools.bar._spots)
    shop.ended = False
    shop.press("slash", lambda: shop.tools.search.open)
    field = shop.tools.search._where
    assert field.width > 0 and not any(field.colliderect(spot) for spot in shop.tools.bar._spots)
