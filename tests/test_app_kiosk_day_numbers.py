"""Sums of the day: what is counted, that nobody is in them, that they outlive a restart and a full disk."""

from __future__ import annotations

import csv
import logging
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from mirror.app.kiosk import day_numbers
from mirror.app.kiosk.day_numbers import EVERY, FEWEST, TRIED, DayNumbers, Totals
from mirror.hair.styles.dye import find
from mirror.pipeline.worn_style import Worn

DAY = date(2026, 11, 25)
NAMES = ("bob", "long waves")
CODE = object()


def worn(name: str, dye: str = "none") -> Worn:
    said = name if dye == "none" else f"{name}, {dye}"
    return Worn(said, code=CODE, shade=find(dye))  # type: ignore[arg-type]


class Salon:
    """A kiosk's clock and days."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.day, self.now = folder, DAY, 0.0
        self.numbers = self.start()

    def start(self) -> DayNumbers:
        self.numbers = DayNumbers(self.folder, NAMES, lambda: self.day)
        return self.numbers

    def visit(self, shown: Worn | None = None, seconds: float = 30.0, saved: int = 0) -> None:
        for state, lasts in (("attract", 1.0), ("consent", 1.0), ("try", seconds), ("goodbye", 1.0)):
            end = self.now + lasts
            while self.now < end:
                self.numbers.round(self.now, state, shown if state == "try" else None, saved)
                self.now += 0.5

    def rows(self) -> dict[tuple[str, str], int]:
        self.numbers.close()
        (path,) = self.folder.glob("*.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return {(row["what"], row["name"]): int(row["count"]) for row in csv.DictReader(file)}


@pytest.fixture
def salon(tmp_path: Path) -> Salon:
    return Salon(tmp_path / "numbers")


def test_visits_minutes_and_pictures_are_counted(salon: Salon) -> None:
    for _ in range(3):
        salon.visit(seconds=60, saved=2)
    assert salon.rows() == {("visits", ""): 3, ("minutes", ""): 3, ("pictures", ""): 6}
    assert [path.name for path in salon.folder.iterdir()] == ["hair-mirror 2026-11-25.csv"]


def test_styles_and_colours_are_told_once_a_visit_from_the_fifth_on(salon: Salon) -> None:
    for number in range(FEWEST):
        if number == FEWEST - 1:
            assert ("style", "bob") not in salon.rows()
            salon.numbers = salon.start()
            for _ in range(FEWEST - 1):  # what was not told is not known any more
                salon.visit(worn("bob", "copper"))
        salon.visit(worn("bob", "copper"))
    rows = salon.rows()
    assert rows["style", "bob"] == rows["colour", "copper"] == FEWEST
    salon.visit(worn("long waves"), TRIED - 1)
    assert ("style", "long waves") not in salon.rows(), "passed by on the way"


def test_looking_at_pictures_and_coming_back_is_one_visit(salon: Salon) -> None:
    for state in ("try", "compare", "try", "album", "try", "goodbye", "album", "goodbye"):
        salon.numbers.round(salon.now, state, None, 0)
        salon.now += 1
    assert salon.rows()["visits", ""] == 1


def test_hair_that_is_not_of_the_book_has_no_name(salon: Salon) -> None:
    for shown in (worn("random 7"), worn("Ada's own hair"), Worn("Norwood IV", hair_loss=True), None):
        for _ in range(2):
            salon.visit(shown)
    assert not [what for what, name in salon.rows() if name]


def test_a_restart_goes_on_with_the_day_and_a_new_day_begins_anew(salon: Salon) -> None:
    salon.visit(seconds=120)
    salon.numbers.close()
    salon.start()
    salon.visit(seconds=120)
    assert salon.rows() == {("visits", ""): 2, ("minutes", ""): 4, ("pictures", ""): 0}
    salon.day = date(2026, 11, 26)
    salon.visit(seconds=60)
    salon.numbers.close()
    first, second = sorted(salon.folder.glob("*.csv"))
    assert Totals.read(first.read_text()).visits == 2 and Totals.read(second.read_text()).visits == 1


def test_a_kill_costs_a_minute_at_most(salon: Salon) -> None:
    salon.visit(seconds=2 * EVERY)
    salon.numbers._errands.wait(5)  # what was begun; nothing is closed
    (path,) = salon.folder.glob("*.csv")
    assert Totals.read(path.read_text()).seconds >= EVERY


@pytest.mark.parametrize("text", ["", "hello", "day,what,name,count\n2026-11-25,visits,,many\n",
                                  "day,what,name,count\n2026-11-25,people,,3\n", "\x00\xff"])  # fmt: skip
def test_another_file_of_that_name_is_kept_aside(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "hair-mirror 2026-11-25.csv"
    path.write_text(text, encoding="latin-1")
    with caplog.at_level(logging.ERROR):
        salon = Salon(tmp_path)
    (aside,) = tmp_path.glob("*.bad")
    assert aside.read_text(encoding="latin-1") == text and aside.name in caplog.text
    salon.visit(seconds=60)
    assert salon.rows()["visits", ""] == 1


def test_a_folder_that_cannot_be_written_is_said_once_and_tried_again(
    salon: Salon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    salon.folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.INFO):
        for _ in range(4):
            salon.visit(seconds=EVERY)
            salon.numbers._errands.wait(5)
        assert caplog.text.count("tried again each minute") == 1
        salon.folder.unlink()
        salon.visit(seconds=EVERY)
        assert salon.rows()["visits", ""] == 5
    assert "can be written again" in caplog.text


def test_the_example_of_the_module_is_what_is_written() -> None:
    totals = Totals(61 * 60, 14, 5, Counter({"long waves": 6}), Counter({"copper": 3}))
    for line in totals.csv(DAY).splitlines():
        assert line in (day_numbers.__doc__ or "")
