"""Keepsakes: what a visitor takes home. Cards and clips made of the live picture, links to them, paper.

Nothing of it touches the disk. The mirror hands the files to its web server, and keeps of them only what it
shows or prints, until the visit ends.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mirror.app.background_jobs import Errands
from mirror.app.sharing.cards import FORMATS, Look, card, portraits
from mirror.app.sharing.web.process import Server
from mirror.core.erase import blacken
from mirror.settings.tables import Share
from mirror.translation.catalogue import Words

log = logging.getLogger("mirror.app.kiosk")

RENEW_SECONDS = 20.0  # while the visitor is here, links begin their minutes anew so often
QUALITY = 92  # of JPEG
SALON = "Hair Mirror"


@dataclass(slots=True, eq=False)
class Keepsake:
    """One picture or clip of the visitor who is here, or was here last.

    Attributes:
        number: that the web server knows it by.
        link: what the code on the screen says; "" without a server.
        state: "making", "ready", "full" (the server takes no more) or "gone".
        clip: whether it is a clip, with `poster` to show, uint8 (H, W, 3) RGB.
        path: the same picture on the disk, once it is there.
        paper: the A6 card as a JPEG, for the printer.
    """

    number: int
    link: str = ""
    state: str = "making"
    clip: bool = False
    poster: np.ndarray | None = None
    path: Path | None = None
    paper: bytearray | None = None

    @property
    def there(self) -> bool:
        """Whether its link works, or will in a moment."""
        return bool(self.link) and self.state in ("making", "ready")


class Keepsakes:
    """Makes them, and says of each where it is. Main thread.

    Args:
        settings: of the links.
        paper: whether cards can be printed.
        words: the visitor's language.
        server: the web server, already started; None: nothing is shared.
        clock: seconds; for tests.

    Attributes:
        settings: as given.
        mine: those of the visitor.
        until: when the links of the last visitor end, local time; None while they are here.
        remark: the stylist's own line for the cards that are made from now on; "": none.
        told: who else is told what the server tells; None: nobody.
    """

    def __init__(
        self,
        settings: Share,
        words: Words,
        server: Server | None,
        *,
        paper: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self._words, self._server = settings, words, server
        self._paper, self._clock = paper, clock
        self._errands = Errands()
        self._numbers = 0
        self._paths: dict[int, Path] = {}  # of links that work, of earlier visitors too
        self._early: set[int] = set()  # deleted by phone before they were on the disk
        self._here, self._renewed = False, 0.0
        self.mine: list[Keepsake] = []
        self.until: datetime | None = None
        self.remark = ""
        self.told: Callable[[dict[str, Any]], None] | None = None

    @property
    def shared(self) -> bool:
        """Whether pictures can be fetched by phone: asked for, whether or not the server is up just now."""
        return self._server is not None

    @property
    def secure(self) -> bool:
        """Whether that is by HTTPS."""
        return self.settings.certificate is not None

    @property
    def problem(self) -> str:
        """Why nothing can be fetched at the moment, for the staff; "" where it can."""
        return self._server.problem if self._server is not None else ""

    @property
    def busy(self) -> bool:
        """Whether something is still being made."""
        return self._errands.busy

    def of(self, path: Path) -> Keepsake | None:
        """The keepsake of a picture on the disk."""
        return next((one for one in self.mine if one.path == path), None)

    def clips(self) -> list[Keepsake]:
        """The visitor's clips that can still be fetched."""
        return [one for one in self.mine if one.clip and one.there]

    def links(self) -> list[Keepsake]:
        """All of the visitor's that can still be fetched."""
        return [one for one in self.mine if one.there]

    def begin(self) -> None:
        """A visitor is here."""
        self.mine, self.until, self._here, self.remark = [], None, True, ""

    def end(self) -> None:
        """The visitor is gone: their links have their last minutes, and the mirror keeps nothing of it."""
        if not self._here:
            return
        self._here, mine, self.remark = False, self.mine, ""
        self._errands.send(lambda: _let_go(mine))  # after what is still being made
        if self._server is None:
            return
        numbers = [one.number for one in self.mine]
        if self.settings.after_visit:
            self.until = datetime.now() + timedelta(minutes=self.settings.minutes)
            self._errands.send(lambda: self._tell({"do": "renew", "numbers": numbers}))
        else:
            self._errands.send(lambda: self._tell({"do": "drop", "numbers": numbers}))

    def snapshot(self, look: Look, sheet: np.ndarray) -> Callable[[Path], None]:
        """Makes cards of a picture that is being kept.

        Args:
            look: its parts; they are the keepsakes' from now on, and wiped after use.
            sheet: both side by side, uint8 (H, W, 3) RGB; not changed.

        Returns:
            What to call with the file on the disk, once it is there. On any thread.
        """
        made = self._new()
        salon = self.settings.name or SALON
        if look.note is not None:
            look = replace(look, note=replace(look.note, remark=self.remark))
        files = {name: card(look, kind, salon) for name, kind in FORMATS.items()}
        files["before"], files["after"] = portraits(look)
        files["pair"] = sheet.copy()
        blacken(look.before, look.after)
        self._errands.send(lambda: self._send_pictures(made, files))

        def saved(path: Path) -> None:
            made.path = self._paths[made.number] = path

        return saved

    def clip(self, film: np.ndarray, poster: np.ndarray) -> bool:
        """Takes a clip over: the .mp4, uint8 (N,), and a picture of it, uint8 (H, W, 3) RGB.

        False, and nothing is taken, where nothing is shared.
        """
        if self._server is None:
            return False
        made = self._new()
        made.clip, made.poster = True, poster
        self._errands.send(lambda: self._send_clip(made, film, poster))
        return True

    def delete(self, keepsakes: list[Keepsake]) -> None:
        """Ends the links of some now."""
        for one in keepsakes:
            one.state = "gone"
        numbers = [one.number for one in keepsakes]
        self._errands.send(lambda: self._tell({"do": "drop", "numbers": numbers}))

    def tend(self) -> list[Path]:
        """Goes on, once a round; the pictures on the disk that a visitor has deleted with their phone."""
        if self._server is None:
            return []
        deleted = [self._paths.pop(number) for number in self._early & self._paths.keys()]
        for event in self._server.tend():
            if self.told is not None:
                self.told(event)
            if event["is"] == "gone":
                deleted += self._gone(event["number"], event["why"])
            elif event["is"] == "ended":
                for one in self.mine:
                    one.state = "gone"
                self._paths.clear()
        now = self._clock()
        if self._here and now - self._renewed >= RENEW_SECONDS:
            self._renewed = now
            self._tell({"do": "renew", "numbers": [one.number for one in self.mine]})
        return deleted

    def close(self) -> None:
        """Ends the server, and all links with it."""
        self._errands.wait(2.0)
        if self._server is not None:
            self._server.close()
        _let_go(self.mine)

    def _gone(self, number: int, why: str) -> list[Path]:
        path = self._paths.pop(number, None)
        if path is None and why == "deleted":
            self._early.add(number)
        for one in self.mine:
            if one.number == number:
                one.state = "full" if why == "full" else "gone"
        return [path] if path is not None and why == "deleted" else []

    def _new(self) -> Keepsake:
        self._numbers += 1
        made = Keepsake(self._numbers)
        self.mine.append(made)
        return made

    def _send_pictures(self, made: Keepsake, pictures: dict[str, np.ndarray]) -> None:
        files = {}
        for name, image in pictures.items():
            files[f"{name}.jpg"] = _jpeg(image)
            image.fill(0)
        if self._paper and self._here:
            made.paper = bytearray(files["a6.jpg"])
        self._send(made, files)

    def _send_clip(self, made: Keepsake, film: np.ndarray, poster: np.ndarray) -> None:
        files = {"clip.mp4": bytearray(film.data), "poster.jpg": _jpeg(poster)}
        film.fill(0)
        self._send(made, files)

    def _send(self, made: Keepsake, files: dict[str, bytearray]) -> None:
        token = secrets.token_urlsafe(16)
        sizes = {name: len(content) for name, content in files.items()}
        message = {
            "do": "put", "token": token, "number": made.number, "files": sizes, "wipe": True,
            "seconds": self.settings.minutes * 60, "language": self._words.language,
        }  # fmt: skip
        if self._server is not None and self._server.origin and self._server.tell(message, *files.values()):
            made.link, made.state = f"{self._server.origin}/{token}", "ready"
            return
        made.state = "gone"
        for content in files.values():
            content[:] = bytes(len(content))

    def _tell(self, message: dict) -> None:
        if self._server is not None:
            self._server.tell(message)


def _let_go(mine: list[Keepsake]) -> None:
    """Wipes what the mirror itself keeps of them; the list stays, to say what there is."""
    for one in mine:
        blacken(one.poster)
        if one.paper is not None:
            one.paper[:] = bytes(len(one.paper))
        one.poster = one.paper = None


def _jpeg(image: np.ndarray) -> bytearray:
    """A uint8 (H, W, 3) RGB picture as a JPEG file."""
    turned = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    good, data = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert good
    blacken(turned)
    made = bytearray(data.data)
    blacken(data)
    return made
