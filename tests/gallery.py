"""Every screen in a real window that nobody sees, as pictures to look at: by size and language.

python -m tests.gallery FOLDER
python -m tests.gallery FOLDER --sizes 1280x720,500x400 --languages en,ar --screens "tray,consent"

It needs Xvfb. The person is the demo's, in a style of the book.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import pygame
import pygame_gui

from mirror.app import screen as s
from mirror.app.kiosk import loss_course
from mirror.app.printing.printer import Paper
from mirror.app.screen import Action, Trying, View, Window, design
from mirror.app.screen.panels.course_view import strip_room
from mirror.app.screen.view import CourseSeen
from mirror.app.sharing.course_strip import Course, strip_of
from mirror.core.frame import Frame
from mirror.engines import ENGINES_FOLDER
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.hair_loss import PLANNED
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.shape_edits import AXES
from mirror.hair.styles.style_filter import StyleFilter
from mirror.hair.styles.suggestions import Suggestion, suggest
from mirror.pipeline.distance_check import CLOSER
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION
from mirror.settings.options import Settings
from mirror.settings.tables import Print
from mirror.tracking.face_proportions import Proportions
from mirror.translation.catalogue import Words
from mirror.translation.message import Message, Said
from tests.gallery_people import STYLE, Person, dressed, planned
from tests.xvfb import VirtualDisplay

SIZES = ("1280x720", "1920x1080", "1080x1920", "500x400")
LANGUAGES = ("en", "de", "ar", "ja")
FIGURES = {
    Message("Source"): Said("demo"), Message("Frame rate"): Message("{rate:.1f} a second", rate=24.8),
    Message("Delay"): Message("{delay:.0f} ms", delay=171.0), Message("Hair colour"): "copper",
    Message("Engine (matte)"): Said("openvino, f32"), Message("Why"): Said("it is the fastest"),
}  # fmt: skip
SIGNALS: dict[str, tuple[str, ...]] = {
    "attract": (), "consent": ("touched",), "failsafe": ("failed",),
    "compare": ("touched", "agreed", "compare"), "four": ("touched", "agreed", "compare"),
    "alike": ("touched", "agreed", "alike"),
    "kept": ("touched", "agreed", "done"), "wiped": ("touched", "agreed", "done"),
}  # fmt: skip
# The window, the kiosk, the set-up and the lab, by the names of their screens.
WINDOW = ("loading", "rest", "strip", "tray", "shades", "shape", "loss", "asked", "plan", "filter",
          "suggest", "unclear", "drawing", "course", "grid", "split", "search", "vain", "help",
          "figures", "lines", "nobody", "waiting", "counting", "ended")  # fmt: skip
KIOSK = ("attract", "consent", "opening", "try", "marked", "try rests", "said", "slider", "year", "colours",
         "filter", "suggest", "compare", "four", "alike", "album", "print", "print pin", "kept", "wiped",
         "still there", "failsafe", "pad", "menu", "summary")  # fmt: skip

ALBUM = ("album", "print", "print pin")


@cache
def _book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


def narrowed(view: View) -> Trying:
    """What is tried on, with a filter on."""
    wanted = StyleFilter(length="long", occasion="party")
    left = wanted.left([name for name, _ in view.thumbnails], view.tags)
    return replace(view.trying, filter=wanted, left=left)


def suggested(view: View) -> tuple[Suggestion, ...]:
    """For a long face."""
    return suggest(Proportions(1.34, 0.86, 0.8), [name for name, _ in view.thumbnails], view.tags)


class Window1:
    """A window with all its controls, at a moment of its own making."""

    def __init__(self, size: tuple[int, int], language: str, person: Person) -> None:
        from mirror.app.screen.panels import Again, Tools
        from mirror.app.screen.shutter import Shutter
        from mirror.app.screen.unsaved_pictures import Waiting

        self.now, self.person = 0.0, person
        self.window = Window("Hair Mirror", size, words=Words(language), clock=lambda: self.now)
        self.waiting: tuple[int, str] = (0, "")
        self.shutter = Shutter(lambda: self.window.free, lambda: self.window.head)
        self.tools = Tools(self.window, Path("/nonexistent/favourites.txt"))
        self.window.panels[:0] = [
            Again(self.window),
            Waiting(
                lambda: self.waiting,
                lambda: self.window.free,
                lambda: self.window.head,
                lambda: self.window.rail,
            ),
        ]
        self.window.panels.append(self.shutter)
        book = _book()
        number = book.names.index(STYLE)
        trying = Trying(axes={name: (ends.low, ends.high) for name, ends in AXES.items()})
        self.view = View(
            person.after, STYLE, number, tuple((style.name, style.thumbnail) for style in book.styles),
            before=person.before, tags=tuple(style.tags for style in book.styles), trying=trying,
            face=person.face, head=person.head,
        )  # fmt: skip

    def run(self, frames: int = 10) -> None:
        for _ in range(frames):
            self.now += 0.1
            self.window.show(self.view)
            for wish in self.window.actions():
                if isinstance(wish, s.ShowGrid):
                    self.view = replace(self.view, trying=replace(self.view.trying, grid=wish.numbers))

    def change(self, **changes: Any) -> None:
        self.view = replace(self.view, **changes)

    def bring(self, screen: str) -> None:
        view, tools, person = self.view, self.tools, self.person
        if screen == "loading":
            self.view = View(loading=(Message("Loading {part}", part=Message("the style book")), 0.4))
        self.run(4)
        if screen == "rest":
            self.now += 10
            self.run(4)
        elif screen in ("tray", "shape", "loss", "asked", "plan"):
            tools.tray.toggle()
            self.run(2)
            page = {"shape": 1, "loss": 2, "asked": 2, "plan": 3}.get(screen, 0)
            tools.tray._turn_to(tuple(tools.tray._pages)[1 + page])
            if screen == "loss":
                self.change(trying=replace(view.trying, loss=-0.4, loss_words="Norwood III"),
                            mark=ILLUSTRATION)  # fmt: skip
            elif screen == "plan":
                plan = LossPlan(scale="Ludwig", zones=(0.6, 0.0, -0.4, 0.0))
                self.change(trying=replace(view.trying, loss=0.0, loss_words=PLANNED, plan=plan))
            elif screen == "asked":
                self.change(trying=replace(view.trying, loss=0.4, loss_words="Which was your hair colour?",
                            shades=("black", "dark brown", "golden blond", "silver")))  # fmt: skip
        elif screen == "shades":
            self.change(trying=replace(view.trying, dye="7/1 ash"))
            tools.shades.toggle()
            tools.shades._cursor = 24
        elif screen == "filter":
            self.change(trying=narrowed(view))
            tools.filter.toggle()
        elif screen in ("suggest", "unclear"):
            self.change(suggestions=suggested(view) if screen == "suggest" else ())
            tools.suggestions.toggle()
        elif screen == "drawing":
            tools.drawing.toggle()
            plan = LossPlan(line=DrawnHairline.usual())
            image, grafts = planned()
            self.change(image=image, trying=replace(view.trying, loss=-0.6, loss_words=PLANNED, plan=plan,
                                                    grafts=grafts), mark=ILLUSTRATION)  # fmt: skip
        elif screen == "course":
            four = (person.after,) * 4
            self.change(
                course=CourseSeen(
                    strip_of(
                        Course(person.before, four, four, person.head),
                        *strip_room(self.window.size, design.unit_of(self.window.size)),
                    ),
                    prints=True,
                )
            )
        elif screen == "grid":
            wish = tools.grid.cycle(self.now)
            assert isinstance(wish, s.ShowGrid)
            self.change(image=person.mosaic, trying=replace(view.trying, grid=wish.numbers), mosaic=True,
                        coming=(1, 2))  # fmt: skip
        elif screen == "split":
            tools.split.toggle()
        elif screen in ("search", "vain"):
            tools.search.toggle()
            self.run(2)
            tools.search.typed = "xyz" if screen == "vain" else ""
        elif screen == "help":
            self.window.help = True
        elif screen == "figures":
            self.window.hud = True
            self.change(hud=FIGURES)
        elif screen == "lines":
            self.change(problem=CLOSER, message=Message("Favourite: {style}", style=STYLE))
            self.window.original = True
        elif screen == "nobody":
            from mirror.app.live_view import NOBODY

            self.change(image=person.before, face=None, head=None, nobody=NOBODY, outline=True)
        elif screen == "waiting":
            self.waiting = (2, Message("the disk is full"))
            self.shutter.making, self.shutter.recording = (
                Message("Recording · {seconds} s left · V ends it", seconds=4),
                True,
            )
        elif screen == "counting":
            self.window.counting = True
            self.shutter.begin(Action.SNAPSHOT, self.now, 3.0)
        elif screen == "ended":
            self.change(ended=True)
        self.run(6)


def window_screens(
    size: tuple[int, int], language: str, person: Person, wanted: Callable[[str], bool]
) -> Iterator[str]:
    for screen in WINDOW:
        if not wanted(screen):
            continue
        made = Window1(size, language, person)
        try:
            made.bring(screen)
            yield screen
        finally:
            made.window.close()


class Visit1:
    """What a kiosk's visitor brings to life, without a camera."""

    def __init__(self, person: Person) -> None:
        self.busy, self.display, self.last = False, None, None
        self.saved: tuple[Path, ...] = ()
        self.engines = {"painter": "openvino, f32"}
        self.keepsakes = None
        self._person = person

    def show(self) -> None:
        person = self._person
        self.last = Shown(Frame(person.before, 0, 0.0), person.after, person.face)
        self.display = SimpleNamespace(studio=None)

    def prepare(self) -> None: ...
    def begin(self) -> None: ...
    def end(self) -> None: ...
    def wish(self, wish: Any) -> None: ...


class Kiosk1:
    """A kiosk's scene, brought to one of its screens."""

    def __init__(self, size: tuple[int, int], language: str, person: Person) -> None:
        from mirror.app.kiosk.attract import IdleContent
        from mirror.app.kiosk.idle_portraits import idle_portraits
        from mirror.app.kiosk.idle_show import IdleShow
        from mirror.app.kiosk.main_loop import summary
        from mirror.app.kiosk.scene import Scene

        book = _book()
        self.now, self.person, self.visit = 0.0, person, Visit1(person)
        self.window = Window("Hair Mirror", size, words=Words(language), clock=lambda: self.now)
        self.tiles = tuple((style.name, style.thumbnail) for style in book.styles)
        self.tags = tuple(style.tags for style in book.styles)
        given = Settings(language=language, pin="scrypt$", print=Print("default"),
                         pictures=Path("/home/salon/Pictures/Hair Mirror"))  # fmt: skip
        rows, visit = summary(given, None), self.visit
        portraits = idle_portraits(book, (), given.show.styles, ENGINES_FOLDER)
        self.scene: Any = Scene(
            self.window,
            visit,
            given,
            IdleContent(self.tiles, IdleShow(portraits, given.show.seconds)),
            rows,
            clock=lambda: self.now,  # type: ignore[arg-type]
        )
        self.view = View()

    def run(self, frames: int) -> None:
        for _ in range(frames):
            self.now += 0.1
            self.window.show(self.view)
            self.window.actions()

    def bring(self, screen: str) -> None:
        scene, visit, person = self.scene, self.visit, self.person
        if screen not in ("attract", "consent", "opening", "failsafe", "kept", "wiped"):
            visit.show()
        for signal in SIGNALS.get(screen, ("touched", "agreed")):
            scene.machine.go(signal, self.now)
        if screen not in ("attract", "consent", "opening", "failsafe", "kept", "wiped", *ALBUM):
            number = [name for name, _ in self.tiles].index(STYLE)
            self.view = View(
                person.after, STYLE, number, self.tiles, before=person.before, face=person.face,
                head=person.head, tags=self.tags,
            )  # fmt: skip
        if screen == "said":
            self.view = replace(self.view, problem=CLOSER, mark=ILLUSTRATION)
        if screen in ("kept", *ALBUM):
            path = Path(tempfile.gettempdir()) / "gallery kept.png"
            cv2.imwrite(str(path), s.side_by_side(person.before, person.after, STYLE)[..., ::-1])
            visit.saved = (path, path)
            scene.kept._until = {path: datetime(2026, 9, 30, 14, 5)}
        if screen in ALBUM:
            scene.machine.go("look", self.now)
        if screen.startswith("print"):
            scene.printing.begin(Paper(bytearray(b"card")))
            scene.printing._typed = "12" if screen == "print pin" else None
        if screen == "marked":
            for number in (1, 4, 9, [name for name, _ in self.tiles].index(STYLE)):
                scene.marked.toggle(number)
            scene.marked.filter()
        self.run(3)
        if screen == "four":
            button = scene.machine.state._buttons._buttons["four"]
            scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), self.now)
        if screen == "slider":
            trying = Trying(loss=0.5, loss_words="grown back to Norwood III")
            self.view = replace(self.view, trying=trying, mark=ILLUSTRATION)
            scene.machine.state._loss.begin()
        if screen == "year":
            person, four = self.person, (self.person.after,) * 4
            strip = strip_of(
                Course(person.before, four, four, person.head), *loss_course.strip_room(self.window.size)
            )
            self.view = replace(self.view, trying=Trying(loss=0.5), course=CourseSeen(strip, prints=True))
        if screen == "colours":
            self.view = replace(self.view, trying=Trying(dye="7/1 ash"))
            scene.machine.state._cards.shades.toggle()
        if screen == "filter":
            self.view = replace(self.view, trying=narrowed(self.view))
            scene.machine.state._cards.filter.toggle()
        if screen == "suggest":
            self.view = replace(self.view, suggestions=suggested(self.view))
            scene.machine.state._cards.suggestions.toggle()
        if screen in ("wiped", "kept"):
            scene.step(self.now)
        if screen in ("pad", "menu", "summary"):
            scene.staff._open(self.now)
            scene.staff.page, scene.staff._typed = screen, "123"
        if screen == "attract":
            self.run(1)
            scene.machine.state._show._errands.wait(10.0)
        self.now = {"try rests": 8.0, "still there": 52.0}.get(screen, self.now)
        self.run(12)  # until the picture lies still


def kiosk_screens(
    size: tuple[int, int], language: str, person: Person, wanted: Callable[[str], bool]
) -> Iterator[str]:
    for screen in filter(wanted, KIOSK):
        made = Kiosk1(size, language, person)
        try:
            made.bring(screen)
            yield screen
        finally:
            made.window.close()


def setup_screens(
    size: tuple[int, int], language: str, person: Person, wanted: Callable[[str], bool]
) -> Iterator[str]:
    """All pages in turn; cameras and engines are not there."""
    from mirror.app.calibration.screen_delay import Delay
    from mirror.app.setup.main_loop import PAGES
    from mirror.app.setup.shared_state import Desk
    from mirror.app.setup.wizard import Wizard
    from tests.setup_world import World, hurry

    names = [page.__name__.removesuffix("Page").lower() for page in PAGES]
    if not any(wanted(name) for name in names):
        return
    hurry()
    world = World(Path(tempfile.gettempdir()) / "gallery", ["good", "black", "frozen"])
    desk = Desk(
        world.parts(), Settings(language=language), Path("/home/salon/.config/hair-mirror/settings.toml")
    )
    window = Window("Hair Mirror", size, words=desk.words)
    wizard = Wizard([page(desk) for page in PAGES])
    window.panels.append(wizard)
    try:
        for name in names:
            if name == "delay":
                desk.delay = Delay(121.0, 98.0, 150.0, 6, 6)
            end = time.monotonic() + 8
            while time.monotonic() < end:
                window.show(View())
                wizard.page.shown(time.monotonic())
                window.actions()
                if wizard.page.ready and time.monotonic() > end - 7:
                    break
                time.sleep(0.03)
            yield name
            wizard.turn(1)
    finally:
        wizard.close()
        desk.close()
        window.close()


@contextmanager
def display(size: tuple[int, int]) -> Iterator[VirtualDisplay]:
    """A display with room for a window of this size, whose windows are this process's."""
    # A window is made at most 0.92 and 0.88 of the screen.
    with VirtualDisplay(-(-size[0] * 110 // 100), -(-size[1] * 115 // 100)) as running:
        before = dict(os.environ)
        os.environ.pop("WAYLAND_DISPLAY", None)
        os.environ.pop("SDL_VIDEODRIVER", None)
        os.environ["DISPLAY"] = running.name
        try:
            yield running
        finally:
            pygame.display.quit()
            os.environ.clear()
            os.environ.update(before)


ROOMS = (("window", window_screens), ("kiosk", kiosk_screens), ("setup", setup_screens))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--large", action="store_true", help="with large text")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument(
        "--screens", default="", help="names that a screen's name begins with, after window/ or kiosk/"
    )
    given = parser.parse_args()
    s.enlarge(given.large)
    given.folder.mkdir(parents=True, exist_ok=True)
    person = dressed()
    names = [name for name in given.screens.split(",") if name]
    for words in given.sizes.split(","):
        width, height = map(int, words.split("x"))
        with display((width, height)) as running:
            for language in given.languages.split(","):
                for room, screens in ROOMS:

                    def wanted(screen: str, room: str = room) -> bool:
                        return not names or screen in names or f"{room}/{screen}" in names or room in names

                    for screen in screens((width, height), language, person, wanted):
                        shot = running.screenshot()
                        left, top = (shot.shape[1] - width) // 2, (shot.shape[0] - height) // 2
                        part = shot[top : top + height, left : left + width]
                        cv2.imwrite(
                            str(given.folder / f"{room} {screen} {words} {language}.png"), part[..., ::-1]
                        )


if __name__ == "__main__":
    main()
