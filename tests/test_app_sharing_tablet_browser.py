"""The stylist's tablet in a real browser, lying and upright: two agree, and both go blank in the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from mirror.hair.styles.natural_range import NATURAL_RANGE, TONES
from mirror.hair.styles.traits import TRAITS
from tests.chromium import Chromium, Page
from tests.tablet_client import BOOK, GONE, HERE, PIN, STORED, commands, picture
from tests.web_fakes import InThisProcess, until

LYING, UPRIGHT = (1024, 768), (768, 1024)
SIZES = [LYING, (800, 1200), (390, 844)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    reason = Chromium.missing()
    if reason:
        pytest.skip(reason)
    with Chromium() as one:
        yield one


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess(pin=STORED) as served:
        names = [f"style {number}" for number in range(97)]
        groups = [["short", list(range(40))], ["long", list(range(40, 97))]]
        named = [f"dye {n}" for n in range(12)]
        dyes = [["none", None], *([name, f"#{40 + 15 * n:02x}6050"] for n, name in enumerate(named))]
        levels = [shade.name for row in NATURAL_RANGE for shade in row]
        dyes += [[name, f"#{20 + 3 * n:02x}5040"] for n, name in enumerate(levels)]
        more = {"pages": [["range", levels], ["named", named]], "across": 7,
                "tones": [f"/{tone.digit}" for tone in TONES],
                "filters": [[kind, list(values)] for kind, values in TRAITS.items()]}  # fmt: skip
        good, tiles = cv2.imencode(".jpg", np.full((1280, 1280, 3), 120, np.uint8))
        assert good
        book = BOOK | {"names": names, "groups": groups, "dyes": dyes} | more
        served.tell({"do": "tablet book", "book": book}, bytearray(tiles.data))
        yield served


def jpeg(grey: int) -> bytearray:
    good, data = cv2.imencode(".jpg", np.full((360, 640, 3), grey, np.uint8))
    assert good
    return bytearray(data.data)


def enter(page: Page, server: InThisProcess, pin: str = PIN) -> None:
    if page.run("document.getElementById('pin') === null"):
        page.open(f"{server.origin}/tablet")
    page.run(f"document.getElementById('pin').value = '{pin}'")
    page.tap("button.main")


def shown(page: Page) -> int:
    """The grey in the middle of the live picture; -1 where none is shown."""
    return page.run(
        "(c => c.hidden ? -1 : c.getContext('2d').getImageData(320, 180, 1, 1).data[0])"
        "(document.getElementById('picture'))"
    )


def pressed(page: Page) -> list[str]:
    return page.run(
        "[...document.querySelectorAll('#styles [aria-pressed=true], #dyes [aria-pressed=true]')]"
        ".map(b => b.value)"
    )


def whole(page: Page, size: tuple[int, int]) -> None:
    """All that is to be touched is in the page, large enough, and nothing is to be moved sideways."""
    assert page.run("document.documentElement.scrollWidth") <= size[0]
    assert page.run("document.documentElement.scrollHeight") <= size[1]
    boxes: list[Any] = page.run(
        "[...document.querySelectorAll('.controls button, .controls input, .acts button, #tabs button, "
        "#filter, #groups button, #note, footer button')]"
        ".filter(e => e.checkVisibility()).map(e => (b => [b.left, b.top, b.right, b.bottom])"
        "(e.getBoundingClientRect()))"
    )
    assert len(boxes) > 12
    for left, top, right, bottom in boxes:
        assert left >= 0 and top >= 0 and right <= size[0] and bottom <= size[1]
        assert right - left >= 40 and bottom - top >= 40


def test_two_tablets_agree_and_go_blank(browser: Chromium, server: InThisProcess) -> None:
    one, two = browser.page(*LYING), browser.page(*UPRIGHT, language="ar")
    for page in (one, two):
        enter(page, server)
        page.until("document.querySelectorAll('#styles button').length === 97")
    one.until("document.getElementById('phase').textContent === 'One moment, please'")
    assert one.run("document.querySelector('#controls').disabled"), "nobody is there"
    server.tell({"do": "tablet state", "state": HERE})
    for number in range(1, 20):
        server.tell(picture(number, captured_at=time.monotonic() - 3.0), jpeg(180))
        if min(map(shown, (one, two))) >= 178:
            break
    assert max(map(shown, (one, two))) <= 182
    whole(one, LYING)
    whole(two, UPRIGHT)
    assert pressed(one) == pressed(two) == ["0"] or "0" in pressed(one)
    one.tap("#styles button[value='50']")
    until(lambda: commands(server)[-1:] == [("style", 50, 1)])
    assert "50" not in pressed(one), "what is shown is what the mirror says"
    state = HERE | {"style": 50, "worn": "style 50, dye 3", "dye": "dye 3", "parts": ["dye 3"], "loss": -0.5}
    server.tell({"do": "tablet state", "state": state})
    for page in (one, two):
        page.until("document.querySelector('#styles button[value=\"50\"]').ariaPressed === 'true'")
        assert sorted(pressed(page)) == ["50", "dye 3"]
        assert page.run("Number(document.getElementById('loss').value)") == -0.5
    assert server.service.tablet is not None
    room = server.service.tablet.room
    for screen in room.screens:
        screen.flow._told_at = 0.0
    server._loop.call_soon_threadsafe(room.tend)
    one.until("/^[34]\\d{3} ms from camera to here$/.test(document.getElementById('delay').textContent)")
    two.until("/[٠-٩]{4}/.test(document.getElementById('delay').textContent)")
    for page, name in ((one, "lying"), (two, "upright")):
        page.screenshot(name=name)
    two.tap("#tabs button[value=of_colours]")
    two.tap("#dyes button[value='dye 5']")
    two.tap("#split")
    two.tap("#take")
    two.tap("#no_loss")
    wanted = [("dye", "dye 5", 1), ("split", True, 1), ("picture", None, 1), ("loss", None, 1)]
    until(lambda: commands(server)[1:] == wanted)
    two.tap("#end")
    assert commands(server)[1:] == wanted, "asks first"
    two.tap("#end")
    until(lambda: commands(server)[-1] == ("next", None, 1))
    server.tell({"do": "tablet state", "state": GONE})
    server.tell(picture(99, visit=1), jpeg(250))  # one that was on its way
    for page in (one, two):
        page.until("document.getElementById('controls').disabled")
        assert shown(page) == -1 and pressed(page) == []
        below = "document.getElementById('picture').getContext('2d').getImageData(320, 180, 1, 1).data[3]"
        assert page.run(below) == 0, "nothing of the old visitor lies below what is hidden"
        assert page.complaints == [], "its own policy lets it work"
        asked = {event["params"]["request"]["url"] for event in page.events("Network.requestWillBeSent")}
        assert asked and all(url.startswith((server.origin, "data:,")) for url in asked), asked


def here(browser: Chromium, server: InThisProcess, size: tuple[int, int], language: str = "en") -> Page:
    """A tablet that looks at somebody who is there."""
    page = browser.page(*size, language=language)
    enter(page, server)
    page.until("document.querySelectorAll('#styles button').length === 97")
    server.tell({"do": "tablet state", "state": HERE})
    page.until("!document.getElementById('controls').disabled")
    return page


def visible(page: Page, size: tuple[int, int], selector: str) -> None:
    """It is seen whole where the page lies as it was opened, and a finger on its middle touches it."""
    left, top, right, bottom, touched = page.run(
        f"(e => (b => [b.left, b.top, b.right, b.bottom, "
        "e.contains(document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2))])"
        f"(e.getBoundingClientRect()))(document.querySelector('{selector}'))"
    )
    assert left >= 0 and top >= 0 and right <= size[0] and bottom <= size[1], (
        selector,
        left,
        top,
        right,
        bottom,
    )
    assert touched, f"something lies over {selector}"
    assert right - left >= 40 and bottom - top >= 40


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_used_most_is_seen_without_scrolling(
    browser: Chromium, server: InThisProcess, size: tuple[int, int], language: str
) -> None:
    page = here(browser, server, size, language)
    for selector in ("#take", "#end", "#surprise", "#split"):
        visible(page, size, selector)
    if size[0] > 640:
        for selector in ("#loss", "#tabs button:last-child", "#filter", "#styles button", "#note", "#leave"):
            visible(page, size, selector)
        whole(page, size)
    assert page.run("document.documentElement.scrollWidth") <= size[0]
    page.screenshot(name=f"styles {size[0]}x{size[1]} {language}")
    page.tap("#tabs button[value=of_colours]")
    for selector in ("#take", "#end"):
        visible(page, size, selector)
    assert page.run("document.documentElement.scrollWidth") <= size[0]
    page.screenshot(name=f"colours {size[0]}x{size[1]} {language}")
    page.tap("#tabs button[value=of_styles]")
    page.tap("#filter")
    for selector in ("#take", "#end"):
        visible(page, size, selector)
    page.screenshot(name=f"filter {size[0]}x{size[1]} {language}")


def marked(page: Page, within: str) -> list[str]:
    return page.run(f"[...document.querySelectorAll('{within} [aria-pressed=true]')].map(b => b.value)")


def test_shades_by_level_and_tone_and_two_in_a_pattern(browser: Chromium, server: InThisProcess) -> None:
    one, two = (here(browser, server, size) for size in (LYING, UPRIGHT))
    for page in (one, two):
        page.tap("#tabs button[value=of_colours]")
        page.until("document.querySelectorAll('#dyes .levels button').length === 70")
    heads = one.run("[...document.querySelectorAll('.levels span')].map(e => e.textContent)")
    assert heads[1:8] == [f"/{tone.digit}" for tone in TONES] and heads[8:] == [str(n) for n in range(1, 11)]
    one.tap("#dyes button[value='7/1 ash']")
    until(lambda: commands(server)[-1:] == [("dye", "7/1 ash", 1)])
    server.tell({"do": "tablet state", "state": HERE | {"dye": "7/1 ash", "parts": ["7/1 ash"]}})
    for page in (one, two):
        page.until("document.querySelector('#dyes [value=\"7/1 ash\"]').ariaPressed === 'true'")
    asked = len(commands(server))
    one.tap("#kinds button[value=balayage]")
    one.until("/second shade/.test(document.getElementById('laid').textContent)")
    assert marked(one, "#kinds") == ["one"] and len(commands(server)) == asked, "the second is still to come"
    one.tap("#dyes button[value='7/1 ash']")  # the same twice would not be seen
    one.tap("#dyes button[value='9/3 golden']")
    until(lambda: commands(server)[asked:] == [("dye", "balayage:7/1 ash+9/3 golden", 1)])
    worn = {"dye": "balayage: 7/1 ash + 9/3 golden", "kind": "balayage", "parts": ["7/1 ash", "9/3 golden"]}
    server.tell({"do": "tablet state", "state": HERE | worn})
    for page in (one, two):
        page.until("document.querySelector('#kinds [value=balayage]').ariaPressed === 'true'")
        assert marked(page, "#dyes") == ["7/1 ash", "9/3 golden"]
        assert page.run("document.getElementById('laid').textContent") == ""
    two.tap("#kinds button[value=ombre]")
    until(lambda: commands(server)[-1] == ("dye", "ombre:7/1 ash+9/3 golden", 1))
    two.tap("#dyes button[value='dye 2']")
    until(lambda: commands(server)[-1] == ("dye", "balayage:7/1 ash+dye 2", 1))
    two.tap("#kinds button[value=one]")
    until(lambda: commands(server)[-1] == ("dye", "7/1 ash", 1))
    assert one.complaints == two.complaints == []


def test_a_filter_leaves_the_same_styles_on_both(browser: Chromium, server: InThisProcess) -> None:
    one, two = (here(browser, server, size) for size in (LYING, UPRIGHT))

    def left(page: Page) -> int:
        return page.run("[...document.querySelectorAll('#styles button')].filter(b => !b.hidden).length")

    one.tap("#filter")
    chips = one.run("[...document.querySelectorAll('#filters button')].map(b => b.value)")
    assert chips == [*(f"{kind}:{value}" for kind, values in TRAITS.items() for value in values), ""]
    one.tap("#filters button[value='length:long']")
    until(lambda: commands(server)[-1:] == [("filter", "length:long", 1)])
    assert left(one) == 97, "what is shown is what the mirror says"
    server.tell({"do": "tablet state", "state": HERE | {"filter": {"length": "long"}, "left": [3, 50, 60]}})
    for page in (one, two):
        page.until("document.getElementById('filter').textContent === 'Filter (3)'")
        assert left(page) == 3 and marked(page, "#filters") == ["length:long"]
        page.tap("#groups button:nth-child(2)")
        assert left(page) == 1, "of those the group's"
    one.tap("#filters button[value='length:long']")
    until(lambda: commands(server)[-1] == ("filter", "length:", 1))
    one.tap("#filters button[value='']")
    until(lambda: commands(server)[-1] == ("filter", None, 1))
    server.tell({"do": "tablet state", "state": HERE})
    one.until("document.getElementById('filter').textContent === 'Filter'")
    assert left(one) == 40


def test_a_note_is_one_plain_line_of_this_visit(browser: Chromium, server: InThisProcess) -> None:
    page = browser.page(*LYING)
    enter(page, server)
    page.until("document.getElementById('note') !== null")
    assert page.run("document.getElementById('note').disabled")
    server.tell({"do": "tablet state", "state": HERE | {"note": "<i>soft</i> layers"}})
    page.until("document.getElementById('note').value === '<i>soft</i> layers'")
    page.tap("#note")
    page.run("document.getElementById('note').value = '<b>قص</b>\\u202e\\u2028 2 cm'")
    page.tap("#take")
    until(lambda: ("picture", None, 1) in commands(server))
    first, *more = commands(server)
    assert first == ("note", "<b>قص</b> 2 cm", 1), "before the picture that it is for"
    server.tell({"do": "tablet state", "state": HERE | {"note": "<b>قص</b> 2 cm"}})
    page.until("document.getElementById('note').value === '<b>قص</b> 2 cm'")
    assert page.run("document.querySelectorAll('b, #styles i').length") == 1 + 97, "nothing of it is markup"
    page.tap("#note")
    page.run("document.getElementById('note').value = 'for this visitor alone'")
    asked = len(commands(server))
    server.tell({"do": "tablet state", "state": GONE})
    page.until("document.getElementById('note').disabled")
    assert page.run("document.getElementById('note').value") == ""
    server.tell({"do": "tablet state", "state": HERE | {"visit": 3, "note": ""}})
    page.until("!document.getElementById('note').disabled")
    page.tap("#surprise")
    until(lambda: ("surprise", None, 3) in commands(server))
    late = [command for command in commands(server)[asked:] if command[0] == "note"]
    assert not late, "it is not the next visitor's"


def test_the_slider_says_where_it_is_and_groups_hide_the_others(
    browser: Chromium, server: InThisProcess
) -> None:
    page = browser.page(*LYING)
    enter(page, server)
    page.until("document.querySelectorAll('#styles button').length === 97")
    server.tell({"do": "tablet state", "state": HERE | {"shades": ["dye 1", "dye 2"]}})
    page.until("!document.getElementById('controls').disabled")
    x, y, wide, tall = page.run(
        "(b => [b.left, b.top, b.width, b.height])(document.getElementById('loss').getBoundingClientRect())"
    )
    page.touch(x + 0.1 * wide, y + tall / 2)
    until(lambda: commands(server) and commands(server)[-1][0] == "loss")
    assert -1 <= commands(server)[-1][1] < -0.6
    page.tap("#shades button[value='dye 2']")
    until(lambda: commands(server)[-1] == ("shade", "dye 2", 1))
    page.tap("#groups button:nth-child(2)")
    assert page.run("[...document.querySelectorAll('#styles button')].filter(b => !b.hidden).length") == 40


def test_wrong_pins_are_said_and_locked_out(browser: Chromium, server: InThisProcess) -> None:
    page = browser.page(*LYING, language="de")
    for _ in range(4):
        enter(page, server, "1111")
        page.until("document.getElementById('said').textContent === 'Das ist nicht die PIN.'")
        page.run("document.getElementById('said').textContent = ''")
    enter(page, server, "1111")
    page.until("/Zu viele Versuche.*[56]\\d s/.test(document.getElementById('said').textContent)")
    assert page.run("document.querySelector('button.main').disabled")
    page.screenshot(name="locked")


def test_who_logs_out_is_asked_for_the_pin(browser: Chromium, server: InThisProcess) -> None:
    page = browser.page(*LYING)
    enter(page, server)
    page.until("document.querySelectorAll('#styles button').length === 97")
    page.tap("#leave")
    page.until("document.getElementById('pin') !== null")
    assert page.run("document.cookie") == ""
    enter(page, server)
    page.until("document.querySelectorAll('#styles button').length === 97")
    assert server.service.tablet is not None
    server.service.tablet.sessions._sessions.clear()  # its twelve hours are over
    server.tell({"do": "tablet state", "state": HERE})
    page.until("document.getElementById('pin') !== null")


@pytest.mark.parametrize(("size", "language"), [(LYING, "en"), ((800, 1200), "de"), ((390, 844), "fr")])
def test_scale_and_course_are_chosen_beside_the_step_in_plain_words(
    browser: Chromium, server: InThisProcess, size: tuple[int, int], language: str
) -> None:
    page = here(browser, server, size, language)
    assert page.run("document.getElementById('course').disabled"), "of which hair is not said yet"
    page.tap("#scales button[value=Ludwig]")
    until(lambda: commands(server)[-1:] == [("scale", "Ludwig", 1)])
    state = HERE | {"loss": -0.7, "worn": "Ludwig II", "scale": "Ludwig"}
    server.tell({"do": "tablet state", "state": state})
    page.until("document.querySelector('#scales button[value=Ludwig]').ariaPressed === 'true'")
    step = page.run("document.getElementById('step').textContent")
    assert step.startswith("Ludwig II, ") and len(step) > len("Ludwig II, "), "the number, and plain words"
    page.screenshot(name=f"scale {size[0]}x{size[1]} {language}")
    page.tap("#course")
    until(lambda: commands(server)[-1:] == [("course", True, 1)])
    server.tell({"do": "tablet state", "state": state | {"course": True}})
    page.until("document.getElementById('course').ariaPressed === 'true'")
    page.tap("#frame")
    wide = "document.getElementById('frame').getBoundingClientRect().width"
    assert page.run(wide) == size[0], "ten small pictures are looked at over the whole page"
    page.tap("#frame")
    assert page.run(wide) < size[0]
    page.tap("#frame")
    server.tell({"do": "tablet state", "state": GONE})
    page.until("document.getElementById('controls').disabled")
    assert page.run(wide) < size[0] and page.run("document.getElementById('step').textContent") == ""
