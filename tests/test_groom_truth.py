"""Statistics of hair: each goes up with what it is named after."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom import measure
from train.groom.lights import GROUPS
from train.groom.measure import held_out
from train.groom.renderer import Layers
from train.groom.stored import save_layers
from train.groom.truth import BANDS, compare, hair_statistics

SIDE = 160


def drawn(wavelength: float = 4.0, contrast: float = 0.3, jumble: float = 0.0, edge: float = 1.0) -> tuple:
    """Stripes down the picture in a disc of hair; `jumble` mixes noise in, `edge` blurs the disc."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    stripes = np.sin(2 * np.pi * x / wavelength) * (1 - jumble)
    stripes = stripes + jumble * np.random.default_rng(0).standard_normal((SIDE, SIDE))
    picture = np.clip(90 * (1 + contrast * stripes), 0, 255)[..., None].repeat(3, -1).astype(np.uint8)
    disc = (np.hypot(x - SIDE / 2, y - SIDE / 2) < 60).astype(np.float32)
    return picture, cv2.GaussianBlur(disc, (0, 0), edge)


@pytest.mark.parametrize(("fine", "coarse", "band"), [(3.0, 24.0, BANDS[0]), (24.0, 3.0, BANDS[-1])])
def test_a_band_has_the_contrast_of_its_size(fine, coarse, band):
    with_it, without = (hair_statistics(*drawn(wavelength=length)) for length in (fine, coarse))
    assert with_it[f"band {band:g}"] > 1.5 * without[f"band {band:g}"]


def test_contrast_counts_and_exposure_does_not():
    picture, alpha = drawn()
    dim = np.clip(((picture / 255.0) ** 2.2 * 0.5) ** (1 / 2.2) * 255 + 0.5, 0, 255).astype(np.uint8)
    bright, dark = (hair_statistics(one, alpha)["band 1.4"] for one in (picture, dim))
    assert dark == pytest.approx(bright, rel=0.05)
    assert hair_statistics(*drawn(contrast=0.1))["band 1.4"] < 0.5 * bright


def test_what_runs_one_way_is_coherent():
    assert hair_statistics(*drawn())["coherence"] > 0.8 > hair_statistics(*drawn(jumble=0.9))["coherence"]


def test_a_soft_edge_is_wider():
    assert (
        hair_statistics(*drawn(edge=4.0))["edge width"]
        > 1.8 * hair_statistics(*drawn(edge=1.0))["edge width"]
    )


def test_too_little_hair_says_nothing():
    picture, alpha = drawn()
    assert hair_statistics(picture, alpha * 0) == {}


def test_renders_are_held_against_the_spread_of_photographs():
    photographs = [{"band 0.7": value} for value in np.linspace(0, 1, 11)] + [{}]
    renders = {"bob": [{"band 0.7": 0.4}, {"band 0.7": 0.6}, {}], "afro": [{"band 0.7": 3.0}], "buzz": [{}]}
    assert compare(photographs, renders).splitlines() == [
        "|  | band 0.7 px |",
        "| --- | --- |",
        "| 11 photographs, middle | 0.5 |",
        "| 10% to 90% | 0.1 to 0.9 |",
        "| bob | 0.5 |",
        "| afro | **3** |",
        "| buzz | too little hair |",
        "| within | 1 of 2 |",
    ]


def test_held_out_photographs_are_those_the_index_says(tmp_path):
    (tmp_path / "index.csv").write_text("file,split\na.jpg,train\nb.jpg,val\n")
    assert held_out(tmp_path) == [tmp_path / "b.jpg"]
    (tmp_path / "index.csv").unlink()
    (tmp_path / "c.PNG").touch()
    assert held_out(tmp_path) == [tmp_path / "c.PNG"]
    with pytest.raises(MirrorError, match="holds no photographs"):
        held_out(tmp_path / "nowhere")


def test_renders_are_measured_and_told_beside_photographs(tmp_path, monkeypatch, capsys):
    picture, alpha = drawn()
    front = np.concatenate([(picture / 255.0) ** 2.2 * alpha[..., None], alpha[..., None]], -1)
    lights = dict.fromkeys(GROUPS, front[..., :3].astype(np.float32))
    (tmp_path / "bob").mkdir()
    save_layers(Layers(front.astype(np.float32), lights), tmp_path / "bob" / "one.layers")
    real = [hair_statistics(*drawn(contrast=contrast)) for contrast in (0.1, 0.3, 0.5)]
    monkeypatch.setattr(measure, "_of_photographs", lambda *_: iter([*real, {}]))
    measure.print_table(tmp_path, tmp_path, 9)
    printed = capsys.readouterr().out
    assert "| 3 photographs, middle |" in printed and "| bob |" in printed and "band 1.4" in printed
    assert "1 of 1" in printed.splitlines()[-1]
    (tmp_path / "bob" / "one.layers").unlink()
    with pytest.raises(MirrorError, match="No render in"):
        measure.print_table(tmp_path, tmp_path, 9)
