"""The maker's tool: a pack is made, signed and shown by commands, and what does not fit is one line."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.app.packs import portraits as portraits_module
from mirror.app.packs.__main__ import main
from mirror.engines import ENGINES_FOLDER
from mirror.hair.packs.in_use import packs_in_use
from mirror.hair.packs.pack import read_pack
from mirror.settings.command_line import read_settings
from tests.pack_fakes import CHART, TRUSTED, pack_file
from tests.program_run import own_lines

AFRO = ENGINES_FOLDER / "grown" / "afro.hair"
BOB = ENGINES_FOLDER / "grown" / "bob_blunt.hair"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key, a chart and a logo; the working folder is another one."""
    assert main(["key", str(tmp_path / "a.key")]) == 0
    (tmp_path / "shades.toml").write_bytes(CHART)
    cv2.imwrite(str(tmp_path / "logo.png"), np.full((300, 2000, 4), 99, np.uint8))
    return tmp_path


def made(shop: Path, recipe: str, *flags: str) -> int:
    (shop / "recipe.toml").write_text(recipe)
    return main(
        ["make", str(shop / "recipe.toml"), str(shop / "a.hairpack"), "--key", str(shop / "a.key"), *flags]
    )


def test_a_pack_is_made_and_shown(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    asked: list[str] = []

    def painted(names):  # the networks are tested elsewhere
        for name in names:
            asked.append(name)
            assert packs_in_use()[0].name == "Salon Anna", "its own styles are worn"
            yield name, np.full((720, 640, 3), 77, np.uint8)

    monkeypatch.setattr(portraits_module, "portraits_of", painted)
    capsys.readouterr()
    recipe = f'''
        name = "Salon  Anna"
        shades = "shades.toml"
        logo = "logo.png"
        [[styles]]
        file = "{BOB}"
        name = "Anna's bob"
        tags = ["bob", "gala"]
        looks = {{ "blond bob" = "Anna blond" }}
        [[styles]]
        file = "{AFRO}"
        looks = false
        replaces = true
    '''
    assert made(shop, recipe) == 0
    assert asked == ["Anna's bob", "Anna blond", "afro"] and not packs_in_use()
    pack = read_pack(shop / "a.hairpack", None)
    assert pack.name == "Salon Anna" and set(pack.portraits) == set(asked)
    names = [one.name for style in pack.styles for one in style.listing.entries]
    assert names == asked and pack.styles[0].listing.tags == ("bob", "gala") and pack.styles[1].replaces
    assert pack.logo is not None and max(pack.logo.shape) == 1024 and pack.chart is not None
    told = capsys.readouterr().out
    assert "Anna's bob" in told and "in place of the mirror's own" in told and "Caramel" in told
    key = told.split("signed with ")[1].split()[0]
    assert main(["show", str(shop / "a.hairpack"), "--trust", key]) == 0
    assert main(["show", str(pack_file(shop / "b.hairpack")), "--trust", key]) == 2
    assert "does not trust" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ("name = 7", "1 to 40 characters"),
        ('name = "A"', "nothing that goes into a pack"),
        ('name = "A"\nlog = "x.png"', "Did you mean logo"),
        ('name = "A"\nlogo = "gone.png"', "There is no logo"),
        ('name = "A"\nlogo = "shades.toml"', "no picture"),
        ('name = "A"\nshades = "logo.png"', "is not"),
        ('name = "A"\nstyles = 3', "[[styles]]"),
        ('name = "A"\n[[styles]]\nname = "x"', "has no file"),
        ('name = "A"\n[[styles]]\nfile = "gone.hair"', "is missing"),
        (f'name = "A"\n[[styles]]\nfile = "{AFRO}"\nlooks = false', "a style called 'afro' already"),
        (f'name = "A"\n[[styles]]\nfile = "{BOB}"\nlooks = {{ "x" = "y" }}', "blond bob"),
        (f'name = "A"\n[[styles]]\nfile = "{AFRO}"\nlooks = false\nname = "a, b"', "could be taken"),
        (f'name = "A"\n[[styles]]\nfile = "{AFRO}"\nlooks = false\nname = "ᚠᚢ"', "no shape for"),
        (f'name = "A"\n[[styles]]\nfile = "{AFRO}"\ntags = "short"', "tags ="),
        (f'name = "A"\n[[styles]]\nfile = "{AFRO}"\nreplaces = "yes"', "true or false"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_line_and_no_pack_is_written(
    shop: Path, recipe: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(shop, recipe, "--no-portraits") == 2
    (line,) = own_lines(capsys.readouterr().err)
    assert said in line and "trial" not in line
    assert not (shop / "a.hairpack").exists()


def test_a_pack_is_called_as_packs_are(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "r.toml").write_text("")
    assert main(["make", str(shop / "r.toml"), str(shop / "x.zip"), "--key", str(shop / "a.key")]) == 2
    assert "ends with .hairpack" in capsys.readouterr().err
    assert main(["show", str(shop / "x.hairpack"), "--trust", "ed25519:x"]) == 2
    assert "--trust" in capsys.readouterr().err


def test_the_flag_takes_the_place_of_the_files_and_keeps_whom_it_trusts(tmp_path: Path) -> None:
    from mirror.files.signature import key_text

    file = tmp_path / "settings.toml"
    key = key_text(TRUSTED[0])
    file.write_text(f'[packs]\nfiles = ["a.hairpack"]\ntrust = ["{key}"]\n')
    both = ["--pack", "b.hairpack", "--pack", "c.hairpack"]
    packs = read_settings(["--settings", str(file), *both, "--list-styles"]).packs
    assert packs.files == (Path("b.hairpack"), Path("c.hairpack")) and packs.trust == (key,)
    file.write_text("")
    assert read_settings(["--settings", str(file), *both, "--list-styles"]).packs.trust == ()
