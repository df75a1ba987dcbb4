"""Renders as files that the mirror wears."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.fold import fold
from mirror.hair.key_view import GROUPS, SKIN
from mirror.hair.style_file import read_style
from train.groom.camera import portrait_camera
from train.groom.head import load_head
from train.groom.renderer import Layers
from train.groom.stored import save_layers
from train.groom.write_book import write_book

SIZE = (224, 320)


def rendered(folder: Path, yaw: float, colour: str | None = None) -> None:
    """What `groom render` would write: a band of hair, 0.2 bright in the left light, above a shadow."""
    alpha = np.zeros(SIZE[::-1], np.float32)
    alpha[40:100, 60:160] = 1
    lights = {name: np.repeat(alpha[..., None] * (0.2 if name == "left" else 0.05), 3, 2) for name in GROUPS}
    bare = np.full((*SIZE[::-1], 3), 0.3, np.float32)
    lit = bare.copy()
    lit[100:200] *= 0.5
    nothing = {name: np.zeros_like(bare) for name in GROUPS}
    front = np.dstack([sum(lights.values()), alpha])
    layers = Layers(
        front, lights, whole=front, behind_lights=nothing, depth=alpha * 95,
        shadow_lights=dict.fromkeys(GROUPS, (lit[::2, ::2], bare[::2, ::2])),  # rendered at half the side
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"brown_y{yaw:+.0f}_p+0.layers"
    save_layers(layers, path)
    camera = portrait_camera(load_head(), yaw=yaw, size=SIZE).to_json()
    labels = {"style": folder.name, "record": "1", "yaw": yaw, "pitch": 0.0, "size": SIZE, "colour": colour,
              "head": "canonical", "seed": 1, "camera": camera}  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(labels), encoding="utf-8")


def test_a_render_comes_back_as_a_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for yaw in (15.0, -15.0):
        rendered(tmp_path / "renders" / "bob_fringe", yaw)
    (path,) = write_book(["bob_fringe"], tmp_path / "renders", tmp_path / "out")
    assert "2 views" in capsys.readouterr().out
    style = read_style(path)
    assert [view.yaw for view in style.views] == [-15.0, 15.0] and style.colours and "bob" in style.words
    view = style.views[0]
    assert abs(float(view.depth[4, 7]) - 95) < 0.5, "of the hair"
    assert abs(float(view.depth[18, 2]) - 95) < 0.5, "carried on to where there is none"
    assert view.shading.shape == (len(SKIN), 6) and np.allclose(view.shading, 0.3, atol=0.02)
    layer = fold(view, {"left": (1.0, 1.0, 1.0)})
    assert abs(int(layer.front[70, 110, 0]) - 124) < 6 and layer.front[70, 110, 3] > 250  # 0.2 in sRGB
    dark = fold(view, {"top": (1.0, 1.0, 1.0)})
    assert abs(int(dark.front[70, 110, 0]) - 63) < 6  # 0.05
    assert layer.shadow[150, 110] > 20 and layer.shadow[300, 110] == 0


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="no views in .*groom render"):
        write_book(["bob_fringe"], tmp_path, tmp_path / "out")
    rendered(tmp_path / "bob_fringe", 0.0)
    rendered(tmp_path / "bob_fringe", 15.0, "black")
    with pytest.raises(MirrorError, match="more than one colour"):
        write_book(["bob_fringe"], tmp_path, tmp_path / "out")
    with pytest.raises(MirrorError):
        write_book(["no_such_style"], tmp_path, tmp_path / "out")
