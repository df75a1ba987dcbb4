"""The page of a link in a real browser, as on a phone: slider, time, delete, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from tests.chromium import Chromium
from tests.web_fakes import InThisProcess, put, until

PHONE = (390, 844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    reason = Chromium.missing()
    if reason:
        pytest.skip(reason)
    with Chromium() as one:
        yield one


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess() as served:
        yield served


def picture(grey: int, size: tuple[int, int] = (400, 500)) -> bytes:
    good, data = cv2.imencode(".jpg", np.full((size[1], size[0], 3), grey, np.uint8))
    assert good
    return data.tobytes()


FILES = {"before.jpg": picture(40), "after.jpg": picture(220), "pair.jpg": picture(90, (800, 450)),
         "square.jpg": picture(90, (500, 500))}  # fmt: skip


def shown(shot: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_GRAYSCALE)


def test_a_visitor_slides_saves_and_deletes(browser: Chromium, server: InThisProcess) -> None:
    path = put(server, 5, FILES)
    page = browser.page(*PHONE)
    page.open(server.origin + path)
    page.until("[...document.images].every(i => i.complete && i.naturalWidth)")
    assert page.run("document.documentElement.scrollWidth") <= PHONE[0], "nothing to be moved sideways"
    assert page.run("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    assert page.run("document.getElementById('left').textContent") == "10 min"
    box = page.run("(b => [b.left, b.top, b.width, b.height])(document.querySelector('#slider')"
                   ".getBoundingClientRect())")  # fmt: skip

    def row() -> np.ndarray:
        grey = shown(page.screenshot())
        return grey[round(2 * (box[1] + box[3] * 0.3)), round(2 * box[0]) : round(2 * (box[0] + box[2]))]

    half = (row() > 130).mean()
    page.touch(box[0] + 0.25 * box[2], box[1] + box[3] / 2)
    page.until("parseFloat(document.querySelector('#slider input').value) < 40")
    assert 0.4 < half < 0.6 and 0.65 < (row() > 130).mean() < 0.9, "more of the new hair"
    links = page.run("[...document.querySelectorAll('li a')].map(a => [a.pathname, a.download])")
    assert [name for name, _ in links] == [f"{path}/{name}.jpg" for name in ("pair", "after", "square")]
    assert all(saved.endswith(".jpg") for _, saved in links)
    assert not page.run("document.querySelector('button.sure').checkVisibility()"), "asks first"
    page.screenshot(whole=True, name="phone")
    page.tap("summary")
    page.until("document.querySelector('button.sure').checkVisibility()")
    page.tap("button.sure")
    page.until("document.querySelector('h1').textContent === 'Deleted'")
    until(lambda: {"is": "gone", "number": 5, "why": "deleted"} in server.told)
    page.open(server.origin + path)
    assert page.run("document.querySelector('h1').textContent") == "There is nothing here"
    assert [line for line in page.complaints if "404" not in line] == [], "its own policy lets it work"
    asked = {event["params"]["request"]["url"] for event in page.events("Network.requestWillBeSent")}
    assert asked and all(url.startswith((server.origin, "data:,")) for url in asked), asked


def test_a_clip_plays_and_the_page_speaks_the_visitors_language(
    browser: Chromium, server: InThisProcess
) -> None:
    from mirror.app.sharing.video_clip import Clip

    clip = Clip((320, 180), 10, np.zeros((8, 8, 4), np.uint8), until=1.0)
    for number in range(6):
        clip.add(np.full((180, 320, 3), 40 * number, np.uint8), number / 10)
    film = clip.file()
    assert film is not None
    path = put(server, 1, {"clip.mp4": film.tobytes(), "poster.jpg": picture(90)}, language="fr")
    page = browser.page(*PHONE)
    page.open(server.origin + path)
    page.until("document.querySelector('video').readyState >= 2")
    assert page.run("document.querySelector('video').play().then(() => true)")
    page.until("document.querySelector('video').currentTime > 0.1")
    assert page.run("document.documentElement.lang") == "fr"
    assert page.run("document.querySelector('h1').textContent") == "Votre film"
    assert page.complaints == []


def test_the_page_works_without_scripts(browser: Chromium, server: InThisProcess) -> None:
    path = put(server, 1, FILES)
    page = browser.page(*PHONE)
    page.tell("Emulation.setScriptExecutionDisabled", value=True)
    page.tell("Page.navigate", url=server.origin + path)
    page.until("document.readyState === 'complete' && document.querySelector('summary') !== null")
    page.tap("summary")
    page.tap("button.sure")
    until(lambda: {"is": "gone", "number": 1, "why": "deleted"} in server.told)
