"""Run: the loop of the kiosk. What goes wrong in a round leads to the failsafe, and the next round comes."""

from __future__ import annotations

import logging
import logging.handlers
import signal
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from mirror.app.kiosk import freed_memory
from mirror.app.kiosk.attract import IdleContent
from mirror.app.kiosk.day_numbers import DayNumbers
from mirror.app.kiosk.idle_portraits import idle_portraits
from mirror.app.kiosk.idle_show import IdleShow
from mirror.app.kiosk.keepsakes import Keepsakes
from mirror.app.kiosk.kept_pictures import FOLDER
from mirror.app.kiosk.scene import Scene
from mirror.app.kiosk.state_machine import FAILED
from mirror.app.kiosk.systemd_notify import Notifier
from mirror.app.kiosk.tablet import Tablet
from mirror.app.kiosk.visit import Visit
from mirror.app.live_display import IDLE
from mirror.app.printing.printer import check_printing
from mirror.app.screen import View, Window
from mirror.app.screen.own_texts import check_packs, check_shades, use_own_texts
from mirror.app.screen.screen_lost import when_screen_is_lost
from mirror.app.screen.voice import open_voice
from mirror.app.sharing.web.process import Server
from mirror.core.errors import MirrorError
from mirror.files.writing import check_folder
from mirror.settings.options import Settings
from mirror.settings.own_texts import read_own_texts
from mirror.translation.catalogue import Words
from mirror.translation.message import Message, Said, counted

log = logging.getLogger("mirror.app.kiosk")

RATE = 30  # rounds a second where no camera sets the pace


class Kiosk:
    """The loop.

    Args:
        window: kept for the whole run.
        scene: its panel.
        visit: what the scene brings to life.
        notifier: told of every round that went well.
        sleep: for tests.
        numbers: counts the day's visits; None: nobody does.

    Attributes:
        stopped: set from a signal handler, it ends `run` after the round at hand.
    """

    def __init__(
        self,
        window: Window,
        scene: Scene,
        visit: Visit,
        notifier: Notifier,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        numbers: DayNumbers | None = None,
    ) -> None:
        self._window, self._scene, self._visit, self._notifier = window, scene, visit, notifier
        self._clock, self._sleep, self._numbers = clock, sleep, numbers
        self.stopped = False

    def run(self) -> None:
        """Goes on until it is stopped or somebody who may leaves; then everything is wiped."""
        try:
            self._visit.prepare()
            self._notifier.ready()
            while not self.stopped and not self._scene.left:
                self.step()
        finally:
            self._notifier.stopping()
            if self._numbers is not None:
                self._numbers.close()
            self._visit.close()

    def step(self) -> None:
        """One round: hear, draw, follow what time brings."""
        now = self._clock()
        self._scene.kept.tend(now)  # whatever else goes wrong
        try:
            self._visit.poll()
            if self._scene.live and self._visit.display is not None:
                if self._visit.step():
                    self._scene.idle.seen(now)
            else:
                self._rest(now)
            if self._numbers is not None:
                worn = self._visit.last.worn if self._visit.last is not None else None
                self._numbers.round(now, self._scene.machine.name, worn, len(self._visit.saved))
            self._scene.step(self._clock())
            # Only after a round that went well: where drawing fails for good, systemd starts it anew.
            self._notifier.alive(time.monotonic())
        except Exception as error:
            self._fail(error)

    def _rest(self, now: float) -> None:
        """A round without the camera."""
        self._window.actions()
        self._window.show(View())
        self._sleep(max(0.0, 1 / RATE - (self._clock() - now)))

    def _fail(self, error: Exception) -> None:
        if isinstance(error, MirrorError):
            log.error("Failsafe from %s: %s", self._scene.machine.name, error)
        else:
            log.error("Failsafe from %s.", self._scene.machine.name, exc_info=error)
        # What it holds on to are pictures.
        error.__traceback__ = None
        self._scene.staff.close()
        self._scene.machine.go(FAILED, self._clock())
        self._sleep(IDLE)


def run_kiosk(settings: Settings) -> int:
    """Runs the kiosk until a member of staff leaves it, or SIGTERM; returns 0.

    Raises:
        MirrorError: a setting that a kiosk cannot have, or no screen.
    """
    refuse(settings)
    path = start_log()
    from mirror.engines import ENGINES_FOLDER
    from mirror.hair.packs.in_use import open_packs, use_packs
    from mirror.hair.shelf import open_book
    from mirror.hair.styles.dye import find as find_dye
    from mirror.hair.styles.selection import is_random
    from mirror.hair.styles.shade_chart import use_shades
    from mirror.pipeline.mirror import Mirror
    from mirror.sources import Adjustment, Calibrated, Source, open_source

    use_own_texts(settings.texts)
    packs = open_packs(settings.packs)
    use_packs(packs)
    check_packs(packs)
    use_shades(settings.shades, [pack.chart for pack in packs if pack.chart is not None])
    check_shades(settings.shades)
    check_printing(settings.print)
    if settings.numbers is not None:
        check_folder(settings.numbers, f"numbers = {settings.numbers}")
    server = start_server(settings)
    find_dye(settings.dye)
    book = open_book(ENGINES_FOLDER)
    portraits = idle_portraits(book, packs, settings.show.styles, ENGINES_FOLDER)
    if not is_random(settings.style):
        book.index(settings.style)
    freed_memory.shred_freed()
    freed_memory.no_core_dump()

    adjust = Adjustment(settings.rotate, settings.crop, settings.exposure, settings.white_balance)

    def open_camera() -> Source:
        return open_source(
            settings.source, size=settings.size, calibrated=Calibrated(settings.camera, adjust)
        )

    def load() -> Mirror:
        return Mirror(
            settings.style, engine=settings.engine, face_model=settings.face_model, dye=settings.dye
        )

    size = settings.size or (1280, 720)
    with Window("Hair Mirror", size, fullscreen=settings.fullscreen, mirrored=settings.mirror) as window:
        window.voice = open_voice() if settings.speak else None
        keepsakes = None
        words = Words(settings.language)
        if server is not None or settings.print.printer is not None:
            paper = settings.print.printer is not None
            keepsakes = Keepsakes(settings.share, words, server, paper=paper)
        visit = Visit(settings, window, open_camera, load, keepsakes=keepsakes)
        thumbnails = tuple((style.name, style.thumbnail) for style in book.styles)
        show = IdleShow(portraits, settings.show.seconds) if portraits else None
        logo = next((pack.logo for pack in packs if pack.logo is not None), None)
        content = IdleContent(thumbnails, show, logo)
        scene = Scene(window, visit, settings, content, summary(settings, path), words=words)
        if settings.tablet.allow and server is not None and keepsakes is not None:
            scene.tablet = Tablet(server, thumbnails, [style.tags for style in book.styles])
            keepsakes.told = scene.tablet.hear
        numbers = None if settings.numbers is None else DayNumbers(settings.numbers, book.names)
        kiosk = Kiosk(window, scene, visit, Notifier(), numbers=numbers)
        when_screen_is_lost(lambda: None, "run_mirror.py")  # the memory goes with the process
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(kiosk, "stopped", True))
        log.info("The kiosk runs. Its log: %s", path or "no file")
        if settings.pin is None:
            log.warning(
                "NO PIN IS SET: anybody can leave the kiosk with Esc, or by holding the top left corner for "
                "3 seconds. Set one with: python calibrate.py"
            )
        kiosk.run()
    log.info("The kiosk has ended; everything is wiped.")
    return 0


def start_server(settings: Settings) -> Server | None:
    """The web server, where the settings share anything.

    Raises:
        MirrorError: it can never run with these settings, see `mirror.app.sharing.web.process.Server.start`.
    """
    if settings.share.network is None:
        return None
    pin = settings.pin if settings.tablet.allow else None
    texts = read_own_texts(settings.texts) if settings.texts is not None else None
    server = Server(settings.share, pin=pin, texts=texts)
    server.start()
    return server


def refuse(settings: Settings) -> None:
    """Raises MirrorError where settings would keep what a kiosk promises to wipe, or leave it no screen."""
    for name in (
        "headless",
        "record",
        "record_pairs",
        "report",
        "frames",
        "virtual_camera",
        "lab",
        "style_from",
        "tour",
        "clean_output",
    ):
        if getattr(settings, name):
            raise MirrorError(
                f"--kiosk and --{name.replace('_', '-')} exclude each other: a kiosk needs its screen, "
                "runs on, and keeps nothing of its visitors. Give one of them."
            )
    if settings.tablet.allow and (settings.share.network is None or settings.pin is None):
        raise MirrorError(
            "[tablet] allows a stylist's tablet, which needs a network in [share] and the kiosk's PIN. Give "
            "both (calibrate.py sets a PIN), or write allow = false."
        )


def summary(settings: Settings, path: Path | None) -> tuple[tuple[str, str], ...]:
    """What the staff see under "Settings"."""
    from mirror import __version__

    packs = ", ".join(path.name for path in settings.packs.files)
    source = settings.source or settings.camera
    return (
        (Message("Version"), Said(__version__)),
        (Message("Source"), Said(source) if source else Message("the first camera")),
        (Message("Style"), settings.style),
        (Message("Idle"), Message("{seconds:g} s", seconds=settings.idle)),
        (Message("Language"), Said(settings.language)),
        (Message("PIN"), Message("set") if settings.pin else Message("NOT SET")),
        (Message("Pictures"), Said(settings.pictures_folder / FOLDER)),
        (Message("Kept for"), counted("1 day", "{count} days", settings.keep_days)),
        (Message("Shared"), shared(settings)),
        (Message("Numbers of the day"), Said(settings.numbers) if settings.numbers else Message("off")),
        (Message("Style packs"), Said(packs) if packs else Message("none")),
        (Message("Log"), Said(path) if path else Message("no file")),
    )


def shared(settings: Settings) -> str:
    """Where pictures can be fetched, for the staff."""
    one = settings.share
    if one.network is None:
        return Message("off")
    return Message(
        "{network} port {port}, {how}, {minutes} min",
        network=Said(one.network),
        port=Said(one.port),
        how=Message("HTTPS") if one.certificate is not None else Message("plain HTTP, not encrypted"),
        minutes=one.minutes,
    )


def start_log() -> Path | None:
    """A log file beside what is printed, at most 3 MB; None, and said, where none can be written."""
    path = platformdirs.user_log_path("hair-mirror", appauthor=False) / "kiosk.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")
    except OSError as error:
        log.warning("There will be no log file: %s", error)
        return None
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("mirror").addHandler(file)
    logging.raiseExceptions = False  # a full disk is no reason to stop
    return path
