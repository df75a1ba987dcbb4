"""Numbers of the day: what a salon's mirror did, as sums of whole days, without anybody in them.

    day,what,name,count
    2026-11-25,visits,,14
    2026-11-25,minutes,,61
    2026-11-25,pictures,,5
    2026-11-25,style,long waves,6
    2026-11-25,colour,copper,3

One file a day in the folder that the settings name (`numbers`); without that line nothing is counted. No time
of a visit is kept, and which styles and colours were tried is written from the fifth visit of a day on: of
one visitor it would say who wore what.
"""

from __future__ import annotations

import csv
import io
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mirror.app.background_jobs import Errands
from mirror.app.kiosk.state_machine import LIVE
from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.files.writing import write_whole
from mirror.pipeline.worn_style import Worn

log = logging.getLogger("mirror.app.kiosk")

EVERY = 60.0  # seconds between two writings: the date of the file says no more than that
LARGEST = 1 << 20  # bytes of a file that is read again; a day of all styles is a hundredth of that
TRIED = 3.0  # seconds that a style stays on until it counts: those passed by on the way do not
FEWEST = 5  # visits a day from which on styles and colours are told
HEAD = ("day", "what", "name", "count")
SUMS = ("visits", "minutes", "pictures")
TOLD = ("style", "colour")


@dataclass
class Totals:
    """Sums of one day.

    Attributes:
        seconds: of all visits together.
        visits, pictures: how many. styles, colours: in how many visits each was tried.
    """

    seconds: float = 0.0
    visits: int = 0
    pictures: int = 0
    styles: Counter[str] = field(default_factory=Counter)
    colours: Counter[str] = field(default_factory=Counter)

    def csv(self, day: date) -> str:
        """The file of a day."""
        rows: list[tuple[str, str, int]] = [
            ("visits", "", self.visits), ("minutes", "", round(self.seconds / 60)),
            ("pictures", "", self.pictures),
        ]  # fmt: skip
        if self.visits >= FEWEST:
            for what, counted in zip(TOLD, (self.styles, self.colours), strict=True):
                rows += [(what, name, count) for name, count in sorted(counted.items())]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows((day.isoformat(), *row) for row in rows)
        return out.getvalue()

    @classmethod
    def read(cls, text: str) -> Totals:
        """What such a file says. Raises ValueError where it is none."""
        found, rows = cls(), list(csv.reader(io.StringIO(text)))
        if not rows or tuple(rows[0]) != HEAD:
            raise ValueError("no numbers of a day")
        for row in rows[1:]:
            _, what, name, said = row
            count = int(said)
            if count < 0 or what not in (*SUMS, *TOLD):
                raise ValueError(f"{what} {said}")
            if what == "minutes":
                found.seconds = 60.0 * count
            elif what in SUMS:
                setattr(found, what, count)
            else:
                (found.styles if what == "style" else found.colours)[name] = count
        return found


class DayNumbers:
    """Counts, once a round of the kiosk.

    Args:
        folder: of the files; made where it is missing.
        names: of the style book.
        today: the day at hand.

    Example:
        numbers = DayNumbers(Path("numbers"), ["bob"])
        numbers.round(now, "try", shown.worn, saved=1)
        numbers.close()
    """

    def __init__(self, folder: Path, names: Collection[str], today: Callable[[], date] = date.today) -> None:
        self._folder, self._names, self._today = folder, frozenset(names), today
        self._errands = Errands()
        self._day = today()
        self._totals = self._found(self._day)
        self._written, self._due = "", -1.0
        self._stuck = False
        self._here, self._last = False, 0.0
        self._saved = 0
        self._on: tuple[tuple[str, str], float] | None = None  # what is worn, and since when
        self._tried: set[tuple[str, str]] = set()

    def round(self, now: float, state: str, worn: Worn | None, saved: int) -> None:
        """One round.

        Args:
            now: seconds of the kiosk's clock.
            state: the kiosk's, see `mirror.app.kiosk.state_machine`. A visit begins in "try".
            worn: what is shown on a visitor. saved: how many pictures they have kept so far.
        """
        here = state == "try" or (self._here and state in LIVE)
        if (day := self._today()) != self._day:
            self._errands.wait(1.0)
            self._write(now)
            self._day, self._totals, self._written = day, self._found(day), ""
        if here:
            self._count(now, worn, saved)
        self._here, self._last = here, now
        if self._due < 0:
            self._due = now + EVERY
        if now >= self._due:
            self._write(now)

    def close(self) -> None:
        """Writes what is left, and waits for that."""
        self._errands.wait(5.0)
        self._write(self._last)
        self._errands.wait(5.0)

    def _count(self, now: float, worn: Worn | None, saved: int) -> None:
        totals = self._totals
        if not self._here:
            totals.visits += 1
            self._saved, self._on = 0, None
            self._tried.clear()
        else:
            totals.seconds += now - self._last
        totals.pictures += max(saved - self._saved, 0)
        self._saved = max(saved, self._saved)
        what = self._what(worn)
        if self._on is None or self._on[0] != what:
            self._on = what, now
        if now - self._on[1] < TRIED:
            return
        for kind, name, counted in (
            ("style", what[0], totals.styles), ("colour", what[1], totals.colours),
        ):  # fmt: skip
            if name and (kind, name) not in self._tried:
                self._tried.add((kind, name))
                counted[name] += 1

    def _what(self, worn: Worn | None) -> tuple[str, str]:
        """The style and the colour by name; "" for none of the book, or none asked for."""
        if worn is None or worn.code is None:
            return "", ""
        style = worn.name.split(", ")[0]
        asked = "" if worn.shade is None else worn.shade.name
        return (style if style in self._names else ""), asked

    def _path(self, day: date) -> Path:
        return self._folder / f"hair-mirror {day.isoformat()}.csv"

    def _found(self, day: date) -> Totals:
        """What was counted on a day before the kiosk was started again."""
        path = self._path(day)
        try:
            return Totals.read(read_ordinary(path, LARGEST).decode())
        except FileNotFoundError:
            return Totals()
        except (OSError, ValueError, MirrorError) as error:
            aside = path.with_suffix(f".{secrets.token_hex(4)}.bad")
            log.error("%s does not hold numbers of a day (%s): it is kept as %s.", path, error, aside.name)
            try:
                path.rename(aside)
            except OSError as why:
                log.error("It could not be renamed: %s.", why)
            return Totals()

    def _write(self, now: float) -> None:
        self._due = now + EVERY
        text, path = self._totals.csv(self._day), self._path(self._day)
        if text == self._written or self._errands.busy or self._totals == Totals():
            return
        self._errands.send(lambda: self._save(path, text))

    def _save(self, path: Path, text: str) -> None:
        try:
            write_whole(path, text, f"numbers of the day, {path}")
        except MirrorError as error:
            if not self._stuck:
                log.error("%s They are kept in memory and tried again each minute.", error)
            self._stuck = True
            return
        if self._stuck:
            log.info("The numbers of the day can be written again.")
        self._stuck, self._written = False, text
