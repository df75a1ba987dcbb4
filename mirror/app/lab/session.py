"""Session: all that one visit to the lab knows and does. No window, no widgets: those show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from mirror.app.lab.code_file import load_code, save_code
from mirror.app.lab.dataset import Pictures
from mirror.app.lab.encoding_thread import READ, Reader, Reading
from mirror.app.lab.interpolation import Between
from mirror.app.lab.latent_point import Look
from mirror.app.lab.latent_to_hair import DRAWS, Wearer
from mirror.app.lab.look_text import look_of, text_of
from mirror.app.lab.named_look import NamedLook
from mirror.app.lab.nearest_people import Match, most_similar
from mirror.app.lab.style_map import StyleMap
from mirror.core.errors import MirrorError
from mirror.hair.styles.code import StyleCode
from mirror.pipeline.mirror import Mirror
from mirror.translation.message import Message, Said, counted, joined

# What an end may be besides a style of the book.
OWN, NOW = "my own hair", "what is on now"
SHOWN = "shown"
NOBODY = Message("There is no face at the camera. Step in front of it and try again.")
UNDOS = 200
SAID = 10.0  # seconds that a line stays


class Session:
    """The look at hand, what came before it, the two ends, the data set and the reader.

    Args:
        mirror: the live one; only its `book` and `styling` are looked at here.
        wearer: puts looks on it.
        reader: reads pictures beside it.
        pictures: the data set, or None.
        camera: the newest picture of the camera, uint8 (H, W, 3) RGB, or None.
        folder: where codes are kept.
        seed: of the random looks.

    Attributes:
        look: what is worn, or on its way to the head.
        reach: standard deviations of a random look.
        between: the two ends, and where between them.
        number: of the picture shown; reading: its hair, None until it is read.
        matches: the most similar people, by "hair" and by "face"; empty until asked for.
        said: the newest line for the person.
        version: grows with every change of what is shown; relaid: the page wants other widgets.
    """

    def __init__(
        self, mirror: Mirror, wearer: Wearer, reader: Reader,
        pictures: Pictures | None, camera: Callable[[], np.ndarray | None], folder: Path,
        seed: int | None = None,
    ) -> None:  # fmt: skip
        self._mirror, self._wearer, self.reader = mirror, wearer, reader
        self.book, self.components, self.pictures = mirror.book, wearer.components, pictures
        self._camera, self.folder = camera, folder
        self._rng = np.random.default_rng(seed)
        self._drawn = 0
        self._before: list[Look] = []
        self._later: list[Callable[[], None]] = []  # what waits for the look to be on
        self._awaited: dict[str, Callable[[Reading], None]] = {}
        self._progress = -1
        self.reach = 1.0
        self.number = 0
        self.reading: Reading | None = None
        self.matches: dict[str, Match] = {}
        self._pictured: dict[str, np.ndarray] = {}
        self.said = ""
        self._stays, self._until = "", 0.0
        self.version = 0
        self.relaid = False
        self._walked: tuple[tuple[float, float], Look, int | None] | None = None  # on the map, last
        worn = mirror.styling.settled() or self.book[0].code
        self.look = self._worn(worn)
        other = self.book[((mirror.styling.number or 0) + len(self.book) // 2) % len(self.book)]
        self.between = Between((self.look.name, worn), (other.name, other.code))

    def keep(self) -> None:
        """Remembers the look at hand, for undo: call it as a gesture begins."""
        self._before = [*self._before[-UNDOS + 1 :], self.look]

    def wear(self, look: Look, *others: Look) -> None:
        """Puts a look on; of several, the first with a sure outline."""
        self.look = look
        self._wearer.wear(look, *others)
        self.version += 1

    def randomise(self) -> None:
        """Draws a look from the prior, `reach` standard deviations wide."""
        self._draw(lambda name: Look.drawn(self.components, self._rng, self.reach, name))

    def beside(self) -> None:
        """Draws a look that lies between styles of the book and a little aside, see `StyleBook.draw`."""
        self._draw(lambda name: Look(self.book.draw(self._rng)[0].astype(np.float64), name))

    def invert(self) -> None:
        """Mirrors the look through the mean."""
        self.keep()
        self.between.playing = False
        self.wear(self.look.inverted(self.components))

    def reset(self) -> None:
        """Goes to the prior's mean."""
        self.keep()
        self.between.playing = False
        self.wear(Look.mean(self.components))

    def undo(self) -> None:
        """Goes back to the look before the last gesture."""
        self.between.playing = False
        if self._before:
            self.wear(self._before.pop())

    def set_component(self, number: int, value: float) -> None:
        """Moves along a principal component, to so many standard deviations."""
        self.wear(self.look.along(self.components, number, value))

    def set_axis(self, name: str, value: float) -> None:
        """Moves along a named axis, to so many steps."""
        self.wear(self.look.stepped(name, self.book.axes[name], value))

    def set_strands(self, value: float) -> None:
        """How much of the detail map is worn, 0 to 1."""
        self.wear(replace(self.look, strands=value))

    def choose(self, code: StyleCode, name: str) -> None:
        """Puts on known hair."""
        self.keep()
        self.between.playing = False
        self.wear(Look.at(code, name))

    @cached_property
    def styles(self) -> StyleMap:
        """The map of the book."""
        return StyleMap(self.book)

    @property
    def here(self) -> tuple[float, float] | None:
        """The point of the map that is on; None: what is on lies nowhere on it."""
        if self._walked is not None and self.look is self._walked[1]:
            return self._walked[0]
        number = self._mirror.styling.number
        if number is None:
            return None
        x, y = self.styles.places[number]
        return float(x), float(y)

    def walk(self, x: float, y: float) -> None:
        """Puts on the hair at a point of the map, 0 to 1: the very style at its place, a mixture between."""
        self.between.playing = False
        number, before = self.styles.style_at((x, y)), self._walked
        look = self.styles.look((x, y))
        if number is not None and before is not None and before[2] == number and self.look is before[1]:
            look = self.look  # it is on
        else:
            self.wear(look)
        self._walked = (x, y), look, number
        self.version += 1

    def step_on_map(self, by: int) -> None:
        """Goes to the nearest style to the left (-1) or right (1) on the map."""
        self.keep()
        self.walk(*self.styles.beside(self.here or (0.5, 0.5), by))

    def share_text(self) -> str:
        """The look at hand as a line to send, see `mirror.app.lab.look_text`."""
        return text_of(self.look, self.components, self.book, self._mirror.styling.dye_name)

    def wear_text(self, line: str) -> None:
        """Puts on the look that such a line tells; says what is wrong with it otherwise."""
        try:
            look = look_of(line, self.components, self.book)
        except MirrorError as error:
            self.say(str(error))
            return
        self.say("")
        self._wear_dyed(look)

    def set_end(self, end: str, choice: str) -> None:
        """Puts at an end, "A" or "B", a style of the book by name, NOW or OWN."""
        self.version += 1
        if choice == OWN:
            self.read_own(partial(self._own_end, end))
        elif choice == NOW:
            self._later.append(partial(self._end_now, end))
        else:
            self.between.set(end, choice, self.book.find(choice).code)

    def go_between(self, share: float) -> None:
        """Puts on the hair so far between the two ends: 0 is A, 1 is B."""
        code = self.between.at(share)
        self.wear(Look.at(code, self.between.name))

    def stop_between(self, share: float) -> None:
        """The person took hold of it: stops there."""
        self.between.playing = False
        self.go_between(share)

    def play(self) -> None:
        """Goes to and fro between the ends, or stops."""
        if not self.between.playing:
            self.keep()
        self.between.play()
        self.version += 1

    def read_own(self, then: Callable[[Reading], None]) -> None:
        """Reads the hair of the person at the camera, then calls back."""
        image = self._camera()
        if image is None:
            self.say(Message("There is no picture from the camera yet."))
            return
        self.say(Message("Reading your own hair …"))
        self._awaited[OWN] = then
        self.reader.ask(OWN, image.copy())

    def show(self, number: int) -> None:
        """Goes to a picture of the data set, by number from 0, round the ends."""
        if self.pictures is not None:
            self.number = number % len(self.pictures)
            self.reading = None
            self._awaited[SHOWN] = self._shown
            self.reader.ask(SHOWN, self.number)
            self.version += 1

    def find_similar(self) -> None:
        """Finds who in the data set is most like the person at the camera, by hair and by face."""
        self.read_own(self._compare)

    def match_picture(self, kind: str) -> np.ndarray | None:
        """The picture of the most similar by "hair" or "face"; None until it is read."""
        return self._pictured.get(kind)

    def wear_shown(self) -> None:
        """Puts the shown picture's hair on the live head."""
        if self.pictures is not None and self.reading is not None and self.reading.code is not None:
            self.choose(self.reading.code, self.pictures.name(self.number))
        else:
            self.say(
                Message(
                    "There is no hair to put on: no face was found in this picture, or it is still being "
                    "read."
                )
            )

    def save(self) -> None:
        """Keeps the code of what is worn in a file, as soon as the look is on the head."""
        self._later.append(self._save)

    def load(self, path: Path) -> None:
        """Puts on a code from a file."""
        try:
            code, name, named = load_code(path)
        except MirrorError as error:
            self.say(str(error))
            return
        look, lacks = Look.at(code, name), ""
        try:
            if named.style:
                number, whole = named.found(self.book)
                look = replace(Look.at(whole, named.style, number), adjusted=dict(named.adjusted))
            named.check_dye()
            look = replace(look, dye=named.dye or None)
        except MirrorError as error:  # its numbers are there all the same
            lacks = str(error)
        self._wear_dyed(look)
        told = Message("This is {style}, from {file}.", style=name, file=Said(path.name))
        self.say(joined("\n", lacks, told) if lacks else told)

    def say(self, words: str) -> None:
        """Tells the person something."""
        self.said = words
        self.version += 1

    def tick(self, now: float) -> None:
        """Takes in what happened elsewhere; once a frame. `now` in seconds."""
        self._adopt()
        while self._later and not self._wearer.busy:
            self._later.pop(0)()
            self.version += 1
        for what in list(self._awaited):
            reading = self.reader.take(what)
            if reading is not None:
                self._awaited.pop(what)(reading)
                self.version += 1
        if self.reader.problem:
            self.say(self.reader.problem)
            self.reader.problem = ""
        if self._progress != self.reader.done:
            self._progress = self.reader.done
            self.version += 1
        if self.said != self._stays:
            self._stays, self._until = self.said, now + SAID
        elif self.said and now > self._until:
            self.say("")
        if self.between.playing and not self._wearer.busy:
            self.go_between(self.between.played(now))

    def _draw(self, one: Callable[[str], Look]) -> None:
        self.keep()
        self.between.playing = False
        self._drawn += 1
        name = f"random {self._drawn}"
        self.wear(*(one(name) for _ in range(DRAWS)))

    def _wear_dyed(self, look: Look) -> None:
        """Puts on a look that brings its dye; undo gives back the dye that was on."""
        self._before = [
            *self._before[-UNDOS + 1 :], replace(self.look, dye=self._mirror.styling.dye_name)
        ]  # fmt: skip
        self.between.playing = False
        self.wear(look)

    def _worn(self, code: StyleCode) -> Look:
        """The look of what is on, which is `code`."""
        styling = self._mirror.styling
        return replace(Look.at(code, styling.name, styling.number), adjusted=dict(styling.adjusted))

    def _adopt(self) -> None:
        """Follows a thumbnail or a key."""
        if self._wearer.busy:
            return
        worn = self._mirror.styling.settled()
        if self._wearer.look is not None and worn is self._wearer.worn:
            if self.look is not self._wearer.look:  # of several draws another one was the surest
                self.look = self._wearer.look
                self.version += 1
        elif worn is not None and worn is not self.look.anchor:
            self.keep()
            self.look = self._worn(worn)
            self.between.playing = False
            self.version += 1

    def _end_now(self, end: str) -> None:
        worn = self._mirror.styling.settled()
        if worn is not None:
            self.between.set(end, self.look.name, worn)

    def _save(self) -> None:
        try:
            worn = self._mirror.styling.settled()
            if worn is not None:
                named = NamedLook(dye=self._mirror.styling.dye_name)
                if self.look.whole and self.look.style is not None:
                    style = self.book.names[self.look.style]
                    named = replace(named, style=style, adjusted=self.look.adjusted)
                path = save_code(worn, self.look.name, self.folder, named)
                self.say(
                    Message("Saved to {path}. The file holds the code alone, no picture.", path=Said(path))
                )
                self.relaid = True
        except MirrorError as error:
            self.say(str(error))

    def _own_end(self, end: str, reading: Reading) -> None:
        if reading.code is None:
            self.say(NOBODY)
            return
        self.between.set(end, "your own hair", reading.code, reading.picture)
        self.say("")

    def _shown(self, reading: Reading) -> None:
        self.reading = reading

    def _compare(self, reading: Reading) -> None:
        if reading.code is None:
            self.say(NOBODY)
            return
        self.matches = most_similar(self.components, self.reader, reading.code)
        if not self.matches:
            self.say(Message("No face of the data set is read yet. Try again in a moment."))
            return
        self._pictured = {}
        for kind, match in self.matches.items():
            self._awaited[kind] = partial(self._picture, kind)
            self.reader.ask(kind, match.number)
        people = int((self.reader.states == READ).sum())
        self.say(counted("Compared with 1 person.", "Compared with {count} people.", people))

    def _picture(self, kind: str, reading: Reading) -> None:
        if reading.picture is not None:
            self._pictured[kind] = reading.picture
