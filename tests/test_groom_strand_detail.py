"""Strands at twice the side: what is rendered of a view, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.compositing.skin_light import usual_light
from mirror.core.errors import MirrorError
from mirror.hair.fold import fold
from mirror.hair.key_view import GROUPS, STRANDS, GrownStyle
from mirror.hair.style_file import read_style, write_style
from tests.grown_fakes import SIZE, cap, grown_style
from train.__main__ import main
from train.groom import strand_detail
from train.groom.renderer import Layers
from train.groom.strand_detail import Wanted, add_detail, strand_tones

NAME = "buzz"


class Pinstripes:
    """Stands for the path tracer: the cap in stripes a pixel wide, every second one a quarter brighter."""

    renders, dies_at, thin = 0, -1, 1.0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def render(self, job):
        if Pinstripes.renders == Pinstripes.dies_at:
            raise KeyboardInterrupt
        Pinstripes.renders += 1
        assert job.camera.size == (2 * SIZE[0], 2 * SIZE[1]) and not job.passes
        return striped(Pinstripes.thin)


def striped(thin: float = 1.0) -> Layers:
    alpha = cv2.resize(cap()[0], (2 * SIZE[0], 2 * SIZE[1])).astype(np.float32) / 255 * thin
    light = alpha * np.where(np.arange(2 * SIZE[0]) % 2, 0.125, 0.1).astype(np.float32)
    lights = {name: np.dstack([light] * 3) for name in GROUPS}
    return Layers(np.dstack([*[light] * 3, alpha]), lights)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Pinstripes.renders, Pinstripes.dies_at, Pinstripes.thin = 0, -1, 1.0
    monkeypatch.setattr(strand_detail, "Renderer", Pinstripes)
    monkeypatch.setattr(strand_detail, "grow", lambda *_: ())
    write_style(replace(grown_style(), name=NAME), tmp_path / f"{NAME}.hair")
    return tmp_path


def strands_of(style: GrownStyle) -> list[bool]:
    return [all(name in view.pictures for name in STRANDS) for view in style.views]


def test_a_killed_run_goes_on_with_the_views_that_are_left(folder: Path) -> None:
    Pinstripes.dies_at = 1
    with pytest.raises(KeyboardInterrupt):
        add_detail([NAME], folder, Wanted(yaws=(-10.0, 10.0)))
    assert strands_of(read_style(folder / f"{NAME}.hair")) == [True, False]
    Pinstripes.dies_at = -1
    assert add_detail([NAME], folder, Wanted(yaws=(-10.0, 10.0))) == 1
    assert add_detail([NAME], folder, Wanted(yaws=(-10.0, 10.0))) == 0 and Pinstripes.renders == 2
    assert strands_of(read_style(folder / f"{NAME}.hair")) == [True, True]


def test_only_the_sides_that_are_wanted_are_rendered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["groom", "detail", NAME, "--yaw", "10", "--out", str(folder)]) == 0
    assert "1 views" in capsys.readouterr().out
    assert strands_of(read_style(folder / f"{NAME}.hair")) == [False, True]


def test_a_style_that_was_groomed_otherwise_since_is_refused(folder: Path) -> None:
    Pinstripes.thin = 0.7
    with pytest.raises(MirrorError, match="groomed otherwise since"):
        add_detail([NAME], folder, Wanted(yaws=(10.0,)))
    assert strands_of(read_style(folder / f"{NAME}.hair")) == [False, False]


def test_a_style_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["groom", "detail", NAME, "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "is missing" in error and len(error.splitlines()) == 1


def test_tones_are_relative_and_even_hair_has_none() -> None:
    layers = striped()
    alpha = layers.front[..., 3]
    tones = strand_tones(layers.lights["dome"][..., 0], alpha)
    bright, dark = tones[160, 225], tones[160, 224]
    assert 1.09 < bright / dark < 1.12  # 1.25 times the light is 1.25 ** 0.45 times the grey level
    assert np.all(strand_tones(alpha * 0.3, alpha)[alpha > 0.9] == pytest.approx(1, abs=0.01))
    assert np.all(tones[alpha == 0] == 1)


def test_strands_are_seen_at_twice_the_side_and_fine_at_the_views_own(folder: Path) -> None:
    plain = fold(grown_style().views[1], usual_light())
    add_detail([NAME], folder, Wanted(yaws=(10.0,)))
    folded = fold(read_style(folder / f"{NAME}.hair").views[1], usual_light()).enlarge()
    assert folded.double is not None
    x, y = folded.double.corner
    row = folded.double.picture[160 - y, 200 - x : 240 - x, 0].astype(float)
    assert np.abs(np.diff(row)).min() > 8, "every second pixel is brighter"
    assert row.mean() == pytest.approx(float(plain.front[80, 112, 0]), rel=0.15), "and all of it as bright"
    own = folded.front[80, 100:120, 0].astype(float)
    assert np.ptp(own) < 12 and own.mean() == pytest.approx(float(plain.front[80, 112, 0]), rel=0.15)
    assert (folded.double.picture[..., :3].max(-1) <= folded.double.picture[..., 3]).all()
    assert not folded.front[200:].any(), "nothing where there is no hair"


def test_strands_that_cannot_be_decoded_leave_hair_as_it_is() -> None:
    view = grown_style().views[0]
    broken = replace(
        view, pictures={**view.pictures, STRANDS[0]: view.pictures["front/alpha"], STRANDS[1]: b"no"}
    )
    folded = fold(broken, usual_light()).enlarge()
    assert folded.double is not None and folded.front[80, 112, 3] > 100
