"""A real browser that nobody sees, for tests: Chromium without a window, driven over its DevTools protocol.

    reason = Chromium.missing()            # None, or why it cannot run here
    with Chromium() as browser:
        page = browser.page(390, 844)      # the size of a phone
        page.open("http://127.0.0.1:8765/...")
        assert page.run("document.title") == "Salon Anna"
        picture = page.screenshot()        # PNG, as bytes

It speaks to the loopback address alone.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--hide-scrollbars",
    "--disable-dev-shm-usage", "--ignore-certificate-errors", "--remote-debugging-port=0",
    "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60.0  # a busy machine starts a browser slowly


class Chromium:
    """One browser; a `with` block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loop = asyncio.new_event_loop()
        self._socket: Any = None
        self._number = 0
        self.events: list[dict[str, Any]] = []

    @staticmethod
    def missing() -> str | None:
        """Why no browser can run here, or None."""
        found = any(shutil.which(name) for name in _NAMES)
        return None if found else "no Chromium is installed"

    def __enter__(self) -> Chromium:
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        self._folder = tempfile.TemporaryDirectory(prefix="chromium", ignore_cleanup_errors=True)
        program = next(path for name in _NAMES if (path := shutil.which(name)))
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._folder.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": self._folder.name},
        )  # fmt: skip
        told, deadline = Path(self._folder.name) / "DevToolsActivePort", time.monotonic() + SECONDS
        while not told.is_file() or len(told.read_text().split()) < 2:
            assert time.monotonic() < deadline and self._process.poll() is None, "Chromium did not start"
            time.sleep(0.05)
        port, path = told.read_text().split()[:2]

        async def connect() -> Any:
            request = HTTPRequest(f"ws://127.0.0.1:{port}{path}", connect_timeout=SECONDS)
            return await websocket_connect(request, max_message_size=64 << 20)

        self._socket = self._loop.run_until_complete(connect())
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:

            async def close() -> None:  # within the loop: another test may have left the thread without one
                self._socket.close()

            self._loop.run_until_complete(close())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()

    def tell(self, method: str, session: str | None = None, **given: Any) -> dict[str, Any]:
        """One command of the protocol, and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": given}
        if session is not None:
            message["sessionId"] = session

        async def ask() -> dict[str, Any]:
            await self._socket.write_message(json.dumps(message))
            while True:
                text = await asyncio.wait_for(self._socket.read_message(), SECONDS)
                assert text is not None, "Chromium has gone"
                heard = json.loads(text)
                if heard.get("id") == message["id"]:
                    return heard
                self.events.append(heard)

        heard = self._loop.run_until_complete(ask())
        assert "error" not in heard, heard
        return heard["result"]

    def page(self, width: int, height: int, language: str = "en") -> Page:
        """A page of so many pixels, as a phone or a tablet shows it."""
        context = self.tell("Target.createBrowserContext")["browserContextId"]
        target = self.tell("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        page.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True
        )
        page.tell("Emulation.setTouchEmulationEnabled", enabled=True)
        page.tell("Network.enable")
        page.tell("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        for domain in ("Page", "Runtime", "Log"):
            page.tell(f"{domain}.enable")
        return page


class Page:
    """One page of a browser, with cookies of its own."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def tell(self, method: str, **given: Any) -> dict[str, Any]:
        """One command of the protocol for this page."""
        return self._browser.tell(method, self._session, **given)

    def resize(self, width: int, height: int) -> None:
        """Another size, pixels of a page."""
        size = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        self.tell("Emulation.setDeviceMetricsOverride", **size)

    def open(self, address: str) -> None:
        """Goes there, and waits until it is loaded."""
        self.tell("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """What a line of JavaScript comes to."""
        heard = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in heard, heard["exceptionDetails"]
        return heard["result"].get("value")

    def until(self, script: str, seconds: float = SECONDS) -> None:
        """Waits until a line of JavaScript is true."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(AssertionError):  # between two pages
                if self.run(script):
                    return
            assert time.monotonic() < deadline, f"waited in vain for {script}"
            time.sleep(0.05)

    def tap(self, selector: str) -> None:
        """A finger on an element, where it really is."""
        at = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView("
            "{block: 'center', behavior: 'instant'}); const b = e.getBoundingClientRect();"
            "return [b.left + b.width / 2, b.top + b.height / 2]; })()"
        )
        self.touch(*at)

    def touch(self, x: float, y: float) -> None:
        """A finger down and up."""
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def events(self, method: str) -> list[dict[str, Any]]:
        """What the browser told of this page so far."""
        return [
            event for event in self._browser.events
            if event.get("sessionId") == self._session and event["method"] == method
        ]  # fmt: skip

    @property
    def complaints(self) -> list[str]:
        """What the browser's console complained of so far: a policy that was broken, a script that failed."""
        thrown = [
            str(event["params"]["exceptionDetails"]) for event in self.events("Runtime.exceptionThrown")
        ]
        entries = [event["params"]["entry"] for event in self.events("Log.entryAdded")]
        return thrown + [entry["text"] for entry in entries if entry["level"] == "error"]

    def screenshot(self, whole: bool = False, name: str = "page") -> bytes:
        """What it shows, or the whole page: PNG. Kept where HAIR_MIRROR_SCREENS says."""
        shot = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        picture = base64.b64decode(shot["data"])
        folder, test = os.environ.get("HAIR_MIRROR_SCREENS"), os.environ.get("PYTEST_CURRENT_TEST")
        if folder and test:
            file = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{test.split(' (')[0].removeprefix('tests/')}-{name}")
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{file[:150]}.png").write_bytes(picture)
        return picture
