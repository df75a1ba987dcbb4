"""Runs the set-up in a window."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from mirror.app.screen import Window
from mirror.app.screen.own_texts import use_own_texts
from mirror.app.screen.screen_lost import when_screen_is_lost
from mirror.app.setup.cameras import CamerasPage
from mirror.app.setup.delay import DelayPage
from mirror.app.setup.engines import EnginesPage
from mirror.app.setup.first_style import FirstStylePage
from mirror.app.setup.kiosk import KioskPage
from mirror.app.setup.language import LanguagePage
from mirror.app.setup.lights import LightsPage
from mirror.app.setup.modes import ModesPage
from mirror.app.setup.picture import PicturePage
from mirror.app.setup.salon import SalonPage
from mirror.app.setup.setup_page import Page
from mirror.app.setup.shared_state import Desk, Parts
from mirror.app.setup.summary import SummaryPage
from mirror.app.setup.unusable_settings import NoticePage
from mirror.app.setup.wizard import Wizard, show
from mirror.core.errors import MirrorError
from mirror.files.writing import check_file
from mirror.settings.options import Settings
from mirror.settings.settings_file import load_settings
from mirror.translation.message import Message, Said

SMALLEST = (560, 420)  # a window in which all buttons still fit
PAGES = (LanguagePage, CamerasPage, ModesPage, PicturePage, LightsPage, EnginesPage, DelayPage,
         FirstStylePage, SalonPage, KioskPage, SummaryPage)  # fmt: skip


def run(parts: Parts, path: Path, size: tuple[int, int] = (1280, 720)) -> bool:
    """Shows the set-up; True where it was written. Main thread only.

    Args:
        parts: how cameras and engines are opened.
        path: the settings file. Where it is damaged, the window says so and can start afresh.
        size: of the window.

    Raises:
        MirrorError: there is no screen.
    """
    notice: tuple[str, str, str, bool] | None = None
    old = Settings()
    try:
        check_file(path, f"The settings file {path}")
        old = load_settings(path) if os.path.lexists(path) else Settings()
    except MirrorError as error:
        notice = _notice(path, str(error))
    use_own_texts(old.texts)
    desk = Desk(parts, old, path)
    if sys.platform == "darwin":
        _ask_for_permission(parts)
    try:
        with Window("Hair Mirror", size, words=desk.words) as window:
            window.keep_above(SMALLEST)
            when_screen_is_lost(lambda: None, "calibrate.py")  # nothing is written before the last page
            pages: list[Page] = [page(desk) for page in PAGES]
            if notice is not None:
                pages = [NoticePage(desk, *notice), *(pages if notice[3] else [])]
            show(window, Wizard(pages))
            return desk.written
    finally:
        desk.close()


def _ask_for_permission(parts: Parts) -> None:
    """Opens a camera once on the main thread: nowhere else can macOS ask whether we may."""
    for number, _ in parts.list_cameras()[:1]:
        with contextlib.suppress(MirrorError):
            parts.open_camera(number, (640, 480)).close()


def _notice(path: Path, error: str) -> tuple[str, str, str, bool]:
    """Title, trouble, advice, and whether one can go on: a file that cannot be written cannot be replaced."""
    try:
        check_file(path, f"The settings file {path}")
    except MirrorError:
        about = Message("Make the file writable, or start the set-up with --settings and another file.")
        return Message("Nothing can be written"), error, about, False
    about = Message(
        "You can start afresh. The file as it is stays beside the new one, as {file}.",
        file=Said(f"{path.name}.bak"),
    )
    return Message("Your settings are damaged"), error, about, True
