"""`groom wear`: who can be given hair, in which colour, and that what is there is kept."""

from __future__ import annotations

import dataclasses
import json

import cv2
import numpy as np
import pytest
from test_groom_lay_over import HEIGHT, WIDTH, layers, patch, sitter

from mirror.core.errors import MirrorError
from mirror.core.face import BROWS
from train.__main__ import main
from train.groom import wear
from train.groom.book import find_groom
from train.groom.fit import Fit
from train.groom.head import load_head
from train.groom.lights import GROUPS
from train.groom.own_colour import own_colour, own_tones
from train.groom.wear import OWN, Seated, Wearing, known_part, wear_styles

TURNED = "the head is turned too far"


class FakeChair:
    """Everybody who sits here is `sitter`, but for white pictures: they are turned too far."""

    def seat(self, photograph, size):
        if photograph.mean() > 200:
            return TURNED
        fit = Fit(load_head(), np.eye(3), np.zeros(3), 100.0, (56.0, 80.0), (WIDTH, HEIGHT), 0.0, 0.0)
        return Seated(sitter(), fit)


class FakeRenderer:
    """A patch of hair; counts what it was asked for."""

    colours: list[object]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def render(self, job):
        FakeRenderer.colours.append(job.colour)
        flat = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
        return dataclasses.replace(
            layers(patch(40, 20, 70, 60)), shadow_lights=dict.fromkeys(GROUPS, (flat, flat))
        )


@pytest.fixture
def people(tmp_path, monkeypatch):
    """A photograph that will do and one that will not."""
    FakeRenderer.colours = []
    monkeypatch.setattr(wear, "Chair", FakeChair)
    monkeypatch.setattr(wear, "Renderer", FakeRenderer)
    monkeypatch.setattr(wear, "grow", lambda *_: ())
    monkeypatch.setattr(wear, "read_hairline", lambda *_: ())
    for name, grey in (("anna", 90), ("turned", 255)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((8, 8, 3), grey, np.uint8))
    return [tmp_path / "anna.png", tmp_path / "turned.png"]


def test_each_style_on_each_person_and_a_line_for_who_cannot(people, tmp_path, capsys):
    out, grooms = tmp_path / "out", [find_groom("buzz"), find_groom("afro")]
    assert wear_styles(grooms, people, out, Wearing(truth=True)) == 2
    assert f"turned.png: {TURNED}" in capsys.readouterr().out
    names = {path.name for path in out.iterdir()}
    assert {"anna-buzz.png", "anna-afro.png", "anna-buzz-alpha.png", "anna-buzz-beneath.png"} <= names
    alpha = cv2.imread(str(out / "anna-buzz-alpha.png"), cv2.IMREAD_UNCHANGED)
    assert alpha.dtype == np.uint16 and alpha[40, 55] == 65535 and alpha[150, 5] == 0
    assert wear_styles(grooms, people[:1], out, Wearing(truth=True)) == 0, "what is there is kept"
    assert wear_styles(grooms, people[:1], out, Wearing(truth=True, seed=2)) == 2, "another wish is not"


def test_renders_that_were_kept_are_laid_over_once_more(people, tmp_path):
    wearing = Wearing(layers=tmp_path / "layers")
    for folder in ("one", "two"):
        wear_styles([find_groom("buzz")], people[:1], tmp_path / folder, wearing)
    assert len(FakeRenderer.colours) == 1


def test_own_colour_is_that_of_the_hair_that_is_there(people, tmp_path):
    wear_styles([find_groom("buzz")], people[:1], tmp_path / "out", Wearing(colour=OWN))
    worn = json.loads((tmp_path / "out" / "anna-buzz.json").read_text())["colour_worn"]
    assert worn in ("black", "darkest brown")
    fair = sitter()
    fair.picture[fair.hair > 0] = (170, 140, 105)
    assert "blond" in str(own_colour(fair))
    hidden = dataclasses.replace(fair, hair=np.ones_like(fair.hair))
    assert own_colour(hidden) is None, "no face to tell the light from"


def test_clipped_hair_that_has_the_scalps_colour_is_as_dark_as_the_brows():
    person = sitter()
    person.picture[person.person > 0] = (112, 74, 56)
    person.picture[person.hair > 0] = (80, 52, 39)
    across = np.linspace(0, 10, 5)
    for brow, left in zip(BROWS, (40, 62), strict=True):
        person.landmarks[list(brow), :2] = [
            *zip(left + across, [70] * 5, strict=True), *zip(left + across, [76] * 5, strict=True),
        ]  # fmt: skip
        person.picture[70:77, left : left + 11] = (45, 30, 23)
    little = dataclasses.replace(person, hair=person.hair * (np.arange(HEIGHT) > 35)[:, None])
    assert own_tones(little) is None
    assert own_colour(little) in ("black", "darkest brown")
    assert own_tones(person) is not None, "so much hair is not clipped"


def test_wrong_wishes_are_one_line(people, tmp_path, capsys):
    with pytest.raises(MirrorError, match="Nobody could be given hair"):
        wear_styles([find_groom("buzz")], people[1:], tmp_path / "out", Wearing())
    with pytest.raises(MirrorError, match="Two photographs are called 'anna'"):
        wear_styles([find_groom("buzz")], people[:1] * 2, tmp_path / "out", Wearing())
    words = ["buzz", "--photo", str(people[0]), "--out", str(tmp_path / "out"), "--colour", "brwn"]
    assert main(["groom", "wear", *words]) == 2
    assert "brown" in capsys.readouterr().err


def test_only_what_the_photograph_shows_is_kept():
    inside = np.zeros((30, 20), np.float32)
    inside[4:25, 3:18] = 1
    inside[4:6, 3:10] = 0  # a turned picture's corner
    rows, columns = known_part(inside)
    assert inside[rows, columns].all() and inside[rows, columns].size >= 19 * 15
