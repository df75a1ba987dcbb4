"""A salon's shade chart: what it says is shown and worn; what does not fit is one line that says where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

import run_mirror
from mirror.app.screen.own_texts import check_shades
from mirror.app.screen.panels.dye_palette import graded
from mirror.core.errors import MirrorError
from mirror.hair.styles.dye import DYES, dyed, find
from mirror.hair.styles.dye_transition import Dyeing
from mirror.hair.styles.shade_chart import MOST_SHADES, read_chart, use_shades
from mirror.hair.styles.shade_names import named_shades, use_chart
from mirror.settings.command_line import read_settings
from mirror.settings.settings_file import load_settings
from tests.conftest import ROOT

GOOD = """
[[shades]]
name = "Caramel"
swatch = "#a5713e"
level = 7
spread = 14
[[shades]]
name = "Nero"
swatch = [11, 1, -2]
"""


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    use_chart(None)


def chart(folder: Path, text: str) -> Path:
    path = folder / "shades.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_chart_is_read_by_level_and_its_swatch_is_the_colour(tmp_path: Path) -> None:
    nero, caramel = read_chart(chart(tmp_path, GOOD)).shades
    assert (nero.name, caramel.name) == ("Nero", "Caramel"), "black comes first"
    assert (nero.light, nero.a, nero.b) == (11, 1, -2) and caramel.spread == 14
    assert 6 < nero.spread < 8, "that of level 1"
    rgb = cv2.cvtColor(np.float32([[[caramel.light, caramel.a, caramel.b]]]), cv2.COLOR_Lab2RGB)
    assert np.abs(rgb[0, 0] * 255 - (0xA5, 0x71, 0x3E)).max() < 1


def test_its_shades_are_worn_shown_and_stepped_through(tmp_path: Path) -> None:
    use_shades(chart(tmp_path, GOOD))
    assert named_shades()[:12] == DYES and len(named_shades()) == 14
    caramel = find("CARAMEL")
    assert caramel is not None and caramel.name in graded()
    picture, hair = np.full((64, 64, 3), 0.1, np.float32), np.ones((64, 64), np.float32)
    assert dyed(picture, hair, caramel)[32, 32, 0] > 0.5
    dyeing = Dyeing()
    dyeing.ask(find(DYES[-1].name), True, None)
    assert dyeing.following(1, ()) == "Nero"
    use_shades(chart(tmp_path, "replace = true" + GOOD))
    assert [shade.name for shade in named_shades()] == ["Nero", "Caramel"]
    assert set(graded()) == {"none", "Nero", "Caramel"}
    assert find("copper") is not None, "what a look was kept in goes on"
    use_shades(None)
    assert named_shades() == DYES
    with pytest.raises(MirrorError, match="no dye 'caramel'"):
        find("caramel")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[shades]]\nname = "A"', r'shade 1 \("A"\) has no swatch. Give a colour as "#a5713e"'),
        ('[[shades]]\nname = "A"\nswatch = "#12345"', r'shade 1 .*swatch = "#12345" does not fit.*Lab'),
        ('[[shades]]\nname = "A"\nswatch = "red"', 'swatch = "red" does not fit'),
        ('[[shades]]\nname = "A"\nswatch = [120, 0, 0]', r"swatch = \[120, 0, 0\] does not fit.*3 to 95"),
        ('[[shades]]\nname = "A"\nswatch = [50, 0]', r"swatch = \[50, 0\] does not fit"),
        ('[[shades]]\nname = "A"\nswatch = [50, nan, 0]', "swatch = list does not fit"),
        ('[[shades]]\nswatch = "#a5713e"', "shade 1 has no name. Give a text"),
        ('[[shades]]\nname = "None"\nswatch = "#a5713e"', 'name = "None" does not fit'),
        ('[[shades]]\nname = "a: b"\nswatch = "#a5713e"', "name = .* does not fit.*without colon"),
        ('[[shades]]\nname = "A"\nswatch = "#a5713e"\nlevel = 11', "level = 11 does not fit.*black. to 10"),
        ('[[shades]]\nname = "A"\nswatch = "#a5713e"\nlevel = 7.5', "level = 7.5 does not fit"),
        ('[[shades]]\nname = "A"\nswatch = "#a5713e"\nspread = 90', "spread = 90 does not fit.*2 to 30"),
        ('[[shades]]\nname = "A"\nswatch = "#a5713e"\ncolor = 1', '"color" is not known.*swatch'),
        (GOOD + '[[shades]]\nname = "NERO"\nswatch = "#000000"', 'shade 3: there is a "NERO" already'),
        ("replace = 1" + GOOD, "replace = 1 does not fit. Give true or false"),
        ('shade = "A"', r'"shade" is not known here. Valid: replace, and \[\[shades\]\]'),
        ("", "has no shades"),
        ("shades = 3", "has no shades"),
        ("name =", "is not TOML"),
        ('[[shades]]\nname = "A"\nswatch = "#a5713e"\n' * (MOST_SHADES + 1), f"Give {MOST_SHADES} at most"),
        (f'[[shades]]\nname = "A"\nswatch = {"9" * 5000}', "does not fit|is not TOML"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_line_that_says_which_and_what_does(
    tmp_path: Path, text: str, said: str
) -> None:
    path = chart(tmp_path, text)
    with pytest.raises(MirrorError, match=said) as caught:
        read_chart(path)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value) and len(str(caught.value)) < 500


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="no shade chart"):
        read_chart(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MirrorError, match="not UTF-8"):
        read_chart(tmp_path / "bytes.toml")
    with pytest.raises(MirrorError, match="cannot be read"):
        read_chart(tmp_path)


def test_it_is_named_by_a_flag_and_by_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file = chart(tmp_path, GOOD), tmp_path / "settings.toml"
    file.write_text(f'shades = "{path.as_posix()}"\n', "utf-8")
    assert load_settings(file).shades == path
    assert read_settings(["--settings", str(file)]).shades == path
    assert read_settings(["--settings", str(file), "--shades", "other.toml"]).shades == Path("other.toml")
    assert run_mirror.main(["--settings", str(file), "--list-styles"]) == 0
    assert "Nero, Caramel" in capsys.readouterr().out
    path.write_text("shades = 1")
    assert run_mirror.main(["--settings", str(file), "--headless", "--source", "demo", "--frames", "1"]) == 2
    assert "has no shades" in capsys.readouterr().err


def test_a_name_that_cannot_be_drawn_is_refused_where_there_is_a_screen(tmp_path: Path) -> None:
    path = chart(tmp_path, '[[shades]]\nname = "ᚠᚢ"\nswatch = "#a5713e"')
    use_shades(path)
    with pytest.raises(MirrorError, match="typeface has no shape"):
        check_shades(path)


def test_the_example_of_the_readme_is_a_chart(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "home.md").read_text("utf-8")
    example = next(part for part in text.split("```toml\n")[1:] if "[[shades]]" in part).split("```")[0]
    assert len(read_chart(chart(tmp_path, example)).shades) == 2
