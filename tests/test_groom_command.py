"""`python -m train groom`: what it answers to good and to bad wishes, and that a killed run goes on."""

from __future__ import annotations

import pytest
from groom_fakes import FakeRenderer

from train.__main__ import main
from train.groom import layers as layers_module
from train.groom.book import find_groom, read_book
from train.groom.layers import Wanted, render_layers

pytestmark = pytest.mark.usefixtures("distance_grid")


@pytest.fixture
def fake(monkeypatch):
    FakeRenderer.calls, FakeRenderer.dies_at = 0, None
    monkeypatch.setattr(layers_module, "Renderer", FakeRenderer)
    monkeypatch.setattr(layers_module, "grow", lambda *_: ())
    return FakeRenderer


WANTED = Wanted(yaws=(-20.0, 0.0, 20.0), size=(56, 80))


def test_every_style_and_parameter_is_listed(capsys):
    assert main(["groom", "list"]) == 0
    listed = capsys.readouterr().out
    assert all(f" {name} " in listed for name in read_book())
    assert main(["groom", "list", "--parameters"]) == 0
    assert "cut.line" in capsys.readouterr().out
    for kind in ("--colours", "--lights", "--heads"):
        assert main(["groom", "list", kind]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["look", "bobb_fringe"], "There is no groom 'bobb_fringe'. Closest: bob_fringe"),
        (["look", "buzz", "--size", "big"], "--size 'big' is no size. Give WIDTHxHEIGHT"),
        (["look", "buzz", "--size", "9x9"], "--size 9x9 is out of range. Give 56x80 to 1792x2560"),
        (["render", "buzz", "--out", "x", "--yaw", "80"], "--yaw 80 is out of range. Give -45 to 45 degrees"),
        (
            ["render", "buzz", "--out", "x", "--pitch", "30"],
            "--pitch 30 is out of range. Give -25 to 25 degrees",
        ),
        (["render", "buzz", "--out", "x", "--light", "studo"], "studio"),
        (["render", "buzz", "--out", "x", "--colour", "brwn"], "brown"),
        (["render", "buzz", "--out", "x", "--head", "nobody"], "nobody"),
    ],
)
def test_a_wrong_wish_is_one_line(words, says, capsys, fake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["groom", *words]) == 2
    error = capsys.readouterr().err
    assert says in error and len(error.splitlines()) == 1
    assert not fake.calls


def test_a_killed_run_goes_on_where_it_was(fake, tmp_path):
    fake.dies_at = 2
    with pytest.raises(KeyboardInterrupt):
        render_layers([find_groom("buzz")], tmp_path, WANTED)
    fake.dies_at = None
    assert render_layers([find_groom("buzz")], tmp_path, WANTED) == 1
    assert fake.calls == 3
    assert render_layers([find_groom("buzz")], tmp_path, WANTED) == 0
    assert len(list(tmp_path.glob("buzz/*.layers"))) == len(list(tmp_path.glob("buzz/*.png"))) == 3


def test_other_wishes_are_rendered_anew(fake, tmp_path):
    render_layers([find_groom("buzz")], tmp_path, WANTED)
    assert render_layers([find_groom("buzz")], tmp_path, Wanted(yaws=(0.0,), size=(56, 80), samples=3)) == 1


def test_a_draft_needs_no_blender(tmp_path, capsys):
    assert main(["groom", "look", "buzz", "--draft", "--size", "56x80", "--out", str(tmp_path)]) == 0
    page = tmp_path / "buzz.html"
    assert "length.top" in page.read_text() and len(list(tmp_path.glob("buzz-*.png"))) == 4
    assert str(page) in capsys.readouterr().out
