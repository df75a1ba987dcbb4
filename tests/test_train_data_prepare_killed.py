"""Data sets to shards by workers of their own: with the real teacher, and killed at work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from mirror.core.errors import MirrorError
from tests.train_layouts import astronaut, drawn, grey, name_of_split, save, write_cropped
from tests.train_workers import TEACHER
from tests.train_workers import tools as tools
from train.data import prepare_shards as preparing
from train.data.dataset_layouts import read_set
from train.data.prepare_picture import Tools, letterbox
from train.data.prepare_shards import prepare
from train.data.shards import Shards
from train.data.teacher_segmenter import HairTeacher

ROOT = Path(__file__).resolve().parent.parent


def test_cropped_pictures_with_real_workers(tmp_path: Path) -> None:
    write_cropped(tmp_path / "data", 5)
    (tmp_path / "data" / "broken.png").write_bytes(b"no picture")
    out = tmp_path / "out"
    assert prepare(f"anime:{tmp_path / 'data'}", None, out, workers=1) == {"kept": 5, "unreadable": 1}
    shards = Shards([out])
    assert (shards.kind, shards.side, len(shards)) == ("pictures", 64, 5)
    item = shards[0]
    assert set(item) == {"image", "valid"}
    assert (item["image"] == letterbox(drawn(0), 64)["image"]).all()
    assert "broken.png,unreadable,not a picture" in (out / "rejected.csv").read_text()


def test_a_killed_worker_and_the_same_command_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "SHARD", 4)
    data, out = many_pictures(tmp_path / "data", 40), tmp_path / "out"
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}

    def kill_one() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and not (out / "00001").exists():
            time.sleep(0.005)
        for child in me.children(recursive=True):
            if child.pid not in before and any("spawn_main" in word for word in child.cmdline()):
                child.kill()
                return

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(MirrorError, match="A worker was killed.*the same command goes on from there"):
        prepare(f"pictures:{data}", None, out, workers=1)
    killer.join()
    done = {p: (p / "image.npy").stat().st_mtime_ns for p in out.glob("[0-9]" * 5)}
    assert 2 <= len(done) < 10
    assert prepare(f"pictures:{data}", None, out, workers=1) == {"kept": 40}
    assert all((p / "image.npy").stat().st_mtime_ns == written for p, written in done.items())
    assert Shards([out]).files == [p.name for p in read_set(f"pictures:{data}").pictures]


def many_pictures(folder: Path, count: int) -> Path:
    """Enough work to be killed in: one large picture under many names."""
    first = save(folder / "00.jpg", drawn(0, 1600, 1600))
    for n in range(1, count):
        os.link(first, folder / f"{n:02d}.jpg")
    return folder


def test_a_run_killed_outright_leaves_no_process_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, out = many_pictures(tmp_path / "data", 40), tmp_path / "out"
    code = (
        "from pathlib import Path; from train.data import prepare_shards as p; p.SHARD = 4; "
        f"p.prepare({f'pictures:{data}'!r}, None, Path({str(out)!r}), workers=1)"
    )
    run = psutil.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not (out / "00001").exists():
        assert time.monotonic() < until and run.poll() is None
        time.sleep(0.005)
    children = run.children(recursive=True)
    run.kill()
    run.wait()
    assert children and not psutil.wait_procs(children, timeout=10)[1], "no worker outlives its parent"
    monkeypatch.setattr(preparing, "SHARD", 4)
    assert len(list(out.glob("[0-9]" * 5))) < 10
    assert prepare(f"pictures:{data}", None, out, workers=1) == {"kept": 40}
    assert len(Shards([out])) == 40 and not list(out.glob("*.part"))


def test_a_file_that_is_no_teacher(tmp_path: Path, tools: Tools) -> None:
    save(tmp_path / "data" / "a.png", astronaut())
    (tmp_path / "wrong.tflite").write_bytes(b"not a model")
    with pytest.raises(MirrorError, match="wrong.tflite is not the hair segmenter"):
        prepare(tmp_path / "data", tmp_path / "wrong.tflite", tmp_path / "out", workers=1)


@pytest.mark.skipif(not TEACHER.exists(), reason=f"the hair teacher is not here ({TEACHER})")
def test_with_the_real_teacher(tmp_path: Path, tools: Tools) -> None:
    face = name_of_split("train")
    save(tmp_path / "data" / face, astronaut())
    save(tmp_path / "data" / "grey.png", grey(astronaut()))
    (tmp_path / "data" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    counts = prepare(tmp_path / "data", TEACHER, tmp_path / "out", workers=1)
    assert counts == {"kept": 1, "greyscale": 1, "unreadable": 1}
    shards = Shards([tmp_path / "out"])
    assert shards.files == [face] and 0.1 < shards.hair_area[0] < 0.4
    item = shards[0]
    # Hair above the forehead and beside the cheeks, none on the face.
    assert item["matte"][50, 128] > 200 and item["matte"][150, 128] < 20
    assert HairTeacher(TEACHER).matte(np.zeros((512, 512, 3), np.uint8)).max() < 0.5
