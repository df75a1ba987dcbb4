import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom.camera import portrait_camera
from train.groom.child import PYTHON, Child, scratch_folder
from train.groom.colour import COLOURS
from train.groom.head import load_head
from train.groom.lights import GROUPS, LIGHTS, add_light, find_light, place_lamps
from train.groom.renderer import Renderer, RenderJob


def _blender() -> str | None:
    """A Python that has Blender's module, or None."""
    python = os.environ.get(PYTHON) or sys.executable
    there = "import importlib.util as u, sys; sys.exit(not (u.find_spec('bpy') and u.find_spec('OpenEXR')))"
    return python if subprocess.run([python, "-c", there], capture_output=True).returncode == 0 else None


needs_blender = pytest.mark.skipif(
    _blender() is None,
    reason=f"no bpy: pip install -r requirements-groom.txt, or name its Python in {PYTHON}",
)


@pytest.fixture(scope="module")
def head():
    return load_head()


@pytest.fixture(scope="module")
def hair():
    """3,000 thick strands that stand 4 cm off the upper half of the skull."""
    random = np.random.default_rng(2)
    way = random.standard_normal((3000, 3))
    way[:, 2] = np.abs(way[:, 2])
    way = (way / np.linalg.norm(way, axis=1, keepdims=True)).astype(np.float32)
    root = way * np.array([7.5, 9.5, 8.0], np.float32)
    points = root[:, None] + way[:, None] * np.linspace(-1, 4, 5, dtype=np.float32)[None, :, None]
    return SimpleNamespace(
        points=points, radius=np.full((3000, 5), 0.05, np.float32), root=root,
        clump=np.arange(3000, dtype=np.int32) // 30, finer=(), part=np.zeros(3000, np.uint8),
    )  # fmt: skip


@pytest.fixture(scope="module")
def job(head, hair):
    return RenderJob(head, (hair,), COLOURS["brown"], portrait_camera(head, size=(56, 80)), samples=8)


@pytest.fixture(scope="module")
def renderer():
    with Renderer(threads=2) as made:
        yield made


@pytest.fixture(scope="module")
def layers(renderer, job):
    return renderer.render(job)


@needs_blender
def test_a_tiny_render_has_all_its_passes(layers):
    alpha = layers.front[..., 3]
    assert layers.front.shape == (80, 56, 4) and 0.05 < (alpha > 0.5).mean() < 0.5
    assert alpha.min() >= 0 and alpha.max() <= 1 + 1e-5
    hair, none = alpha > 0.5, alpha == 0
    assert np.abs(layers.front[none]).max() == 0
    assert 60 < layers.depth[hair].min() < layers.depth[hair].max() < 130
    assert np.linalg.norm(layers.tangent[hair], axis=-1) == pytest.approx(1, abs=1e-3)
    assert np.abs(layers.tangent[none]).max() == 0
    # One ray through a pixel's middle may slip between the strands.
    assert (layers.clump[alpha > 0.95] >= 0).mean() > 0.9
    assert 50 < layers.clump.max() < 100 and layers.clump[0, 0] == layers.clump.min() == -1
    assert layers.core_seconds["front"] > 0 and layers.megabytes > 100


@needs_blender
def test_directions_point_from_root_to_tip(layers):
    # The strands of this groom point away from the middle of the skull: to the left on the left, up above.
    ys, xs = np.mgrid[:80, :56]
    hair = layers.front[..., 3] > 0.5
    left, right, top = hair & (xs < 20), hair & (xs > 35), hair & (ys < 14)
    assert layers.tangent[left][:, 0].mean() < -0.3 and layers.tangent[right][:, 0].mean() > 0.3
    assert layers.tangent[top][:, 1].mean() < -0.5


@needs_blender
def test_the_head_is_a_hole_in_the_front_and_not_in_the_whole(renderer, job):
    # As it was rendered: steadied along so few strands, hair behind the forehead is half as dense.
    layers = renderer.render(replace(job, denoise=False))
    # Hair behind the forehead shows only where the head is taken away.
    assert (layers.whole[..., 3] - layers.front[..., 3]).max() > 0.9
    assert (layers.whole - layers.front)[..., 3].min() >= -1e-5
    assert layers.whole[..., 3].max() <= 1 + 1e-4


@needs_blender
def test_the_portrait_is_hair_and_skin(layers, job):
    hair = layers.front[..., 3] > 0.99
    assert layers.portrait[hair] == pytest.approx(layers.front[hair], abs=0.03)
    x, y = np.round(job.camera.project(job.head.landmarks[1])).astype(int)
    assert layers.portrait[y, x, 3] == pytest.approx(1, abs=1e-4)
    nose = layers.portrait[y, x, :3]
    assert nose[0] > nose[1] > nose[2] > 0.03


@needs_blender
def test_hair_darkens_the_forehead_and_not_the_chest(layers, job):
    x, y = np.round(job.camera.project(job.head.landmarks[10])).astype(int)
    assert layers.shadow[y + 1, x].mean() < 0.95
    assert layers.shadow[-8:, 20:36].mean() == pytest.approx(1, abs=0.03)


@needs_blender
def test_groups_of_light_add_up_to_the_picture(renderer, job, layers):
    # What the tracer itself summed over all lights, beside the sum of its groups: the raw passes of one shot.
    out = renderer.child.path("beauty.npz")
    renderer.child.ask(
        "render", what="front", camera=job.camera.to_json(), samples=8, seed=0, scale=1, out=out,
        picture=renderer.child.path("picture.exr"),
    )  # fmt: skip
    with np.load(out) as raw:
        total = sum(raw[f"Combined_{name}"] for name in GROUPS)
        assert raw["Combined"][..., :3] == pytest.approx(total, abs=2e-3 * raw["Combined"].max())
        for name in GROUPS:
            assert raw[f"Combined_{name}"].max() > 0.01, name
    light = LIGHTS["window_left"]
    assert layers.front[..., :3] == pytest.approx(add_light(layers.lights, LIGHTS["studio"]), abs=1e-6)
    other = renderer.render(replace(job, light="window_left", passes=()))
    assert other.front[..., :3] == pytest.approx(add_light(layers.lights, light), abs=1e-5)


@needs_blender
def test_light_comes_from_where_its_name_says(layers):
    solid = layers.front[..., 3] > 0.9
    xs = np.nonzero(solid)[1]
    left, right = (
        (solid & (np.arange(56) < np.quantile(xs, 0.2))),
        (solid & (np.arange(56) > np.quantile(xs, 0.8))),
    )
    for name, bright, dark in (("left", left, right), ("right", right, left)):
        assert layers.lights[name][bright].mean() > 2 * layers.lights[name][dark].mean()


@needs_blender
def test_the_same_seed_gives_the_same_picture(renderer, job, layers):
    again = renderer.render(job)
    assert np.array_equal(again.front, layers.front) and np.array_equal(again.shadow, layers.shadow)
    other = renderer.render(replace(job, seed=1, passes=()))
    assert not np.array_equal(other.front, layers.front)


@needs_blender
def test_a_bald_head_has_no_hair(renderer, job):
    bald = renderer.render(replace(job, hair=(), passes=("portrait",)))
    assert np.abs(bald.front).max() == 0 and bald.portrait[..., 3].max() == pytest.approx(1, abs=1e-4)


@needs_blender
def test_a_child_that_dies_is_told_in_one_line(job):
    with Renderer() as made:
        os.kill(made.child.pid, signal.SIGKILL)
        with pytest.raises(MirrorError, match=r"^The renderer was killed during .*memory.*start again"):
            made.render(job)
        folder = Path(made.child.folder.name)
    assert not folder.exists()


@needs_blender
def test_a_full_disk_is_told_in_one_line(renderer, job):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with pytest.raises(MirrorError, match="^The disk of .* is full"):
        renderer.child.ask(
            "render", what="facts", camera=job.camera.to_json(), samples=1, seed=0, scale=1, out="/dev/full",
            picture=renderer.child.path("picture.exr"),
        )  # fmt: skip


@needs_blender
def test_the_child_ends_when_its_parent_is_killed(tmp_path):
    start = "import time; from train.groom.child import Child; made = Child(); print(made.pid, flush=True)"
    script = f"{start}; time.sleep(600)"
    folder = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=folder)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    for _ in range(300):
        if not _runs(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the path tracer outlived its parent by half a minute")


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if status.parent.parent.exists() and Path("/proc/self").exists():
        return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _fake(folder, body):
    """A Python that is none: a script that says `body`."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell to play the child")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('echo \'{"error": "missing", "message": "No module named bpy"}\'', "requirements-groom.txt"),
        ('echo \'{"error": "python", "message": "3.13"}\'', "is Python 3.13; .* for Python 3.11 only"),
        ("echo oh dear >&2; exit 3", r"died during 'start' \(status 3\): oh dear"),
        ("kill -9 $$", "memory ran out"),
    ],
)
def test_a_start_that_fails_is_told_in_one_line(tmp_path, body, said):
    with pytest.raises(MirrorError, match=said) as told:
        Child(_fake(tmp_path, body))
    assert "\n" not in str(told.value)


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell to play the child")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f'{{"error": "disk", "message": "x", "number": {errno.ENOSPC}}}', "disk of .* is full.*TMPDIR"),
        (
            f'{{"error": "disk", "message": "gone", "number": {errno.ENOENT}}}',
            "could not use its files .*gone",
        ),
        ('{"error": "memory", "message": ""}', "ran out of memory. Give fewer --samples"),
        (
            '{"error": "device", "message": "CUDA"}',
            "finds no CUDA device on this machine. Leave --device out",
        ),
    ],
)
def test_a_job_that_fails_is_told_in_one_line(tmp_path, answer, said):
    body = f'echo \'{{"ok": true, "blender": "5"}}\'; read line; echo \'{answer}\'; read line'
    with Child(_fake(tmp_path, body)) as child, pytest.raises(MirrorError, match=said) as told:
        child.ask("render")
    assert "\n" not in str(told.value)


def test_a_python_that_is_not_there_is_told():
    with pytest.raises(MirrorError, match="/no/python, which .* names, cannot be started"):
        Child("/no/python")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"light": "studoi"}, "No light is called 'studoi'. Choose one of: studio"),
        ({"passes": ("fornt",)}, "No pass is called 'fornt'. Choose of: front"),
        ({"samples": 0}, "--samples 0 is out of range. Give 1 to 4096"),
        ({"scale": 9}, "--scale 9 is out of range. Give 1 to 4"),
        ({"device": "TPU"}, "No device is called 'TPU'. Choose of: CPU"),
    ],
)
def test_a_job_that_cannot_be_is_told_at_once(job, wrong, said):
    with pytest.raises(MirrorError, match=said):
        replace(job, **wrong)


def test_lamps_keep_their_place_in_the_picture_when_the_head_turns(head):
    for yaw, pitch in ((0, 0), (40, 0), (-30, 20)):
        camera = portrait_camera(head, yaw, pitch)
        told = place_lamps(camera, np.zeros(3))
        middle = camera.see(np.zeros(3))
        for lamp in told["lamps"]:
            across, down, ahead = camera.see(np.array(lamp["position"])) - middle
            assert {"left": across < -99, "right": across > 99, "front": ahead < -99, "top": down < -99,
                    "back": ahead > 99}[lamp["group"]], lamp  # fmt: skip
        assert camera.rotation @ told["up"] == pytest.approx((0, -1, 0), abs=1e-9)


def test_every_named_light_lights():
    white = {name: np.ones((2, 2, 3), np.float32) for name in GROUPS}
    for name in LIGHTS:
        total = add_light(white, find_light(name))
        assert 0.5 < total.mean() < 3, name
        assert set(LIGHTS[name].weights) <= set(GROUPS) and set(LIGHTS[name].tints) <= set(GROUPS)


def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    left, other = (
        tmp_path / f"hair-render-{socket.gethostname()}-{pid}-abc" for pid in (killed.pid, os.getppid())
    )
    for folder in (left, other):
        folder.mkdir()
        (folder / "picture.exr").write_bytes(b"much")
    with scratch_folder() as mine:
        assert Path(mine).is_dir() and not left.exists() and other.exists()
