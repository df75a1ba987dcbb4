"""`python -m train`: from a folder of pictures to a network that the engines run, command by command."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.engines import open_engine
from tests.train_tiny import tiny_shards
from train.__main__ import main

pytestmark = pytest.mark.usefixtures("one_thread")


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main([str(word) for word in words]) == 2
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert line.startswith("train: ")
    return line


def test_from_small_pictures_to_an_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way of an anime set: prepared as it is, learnt, judged, pictured, exported, run."""
    rng = np.random.default_rng(0)
    for i in range(80):
        picture = np.full((72, 60, 3), rng.integers(0, 255, 3), np.uint8)
        cv2.circle(picture, (30, 36), int(rng.integers(8, 28)), rng.integers(0, 255, 3).tolist(), -1)
        (tmp_path / "anime").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / f"anime/{i}.png"), picture)
    shards, run = tmp_path / "shards", tmp_path / "run"
    assert (
        main(["prepare", "--data", f"anime:{tmp_path / 'anime'}", "--out", str(shards), "--workers", "1"])
        == 0
    )
    assert "80" in capsys.readouterr().out
    fit = ["fit", "--net", "burgess", "--likelihood", "laplace", "--beta", "4", "--anneal", "0.1", "--shards",
           str(shards), "--steps", "12", "--batch", "8", "--out", str(run), "--log-steps", "4"]  # fmt: skip
    assert main(fit) == 0
    assert "as asked by --likelihood laplace, --batch 8" in capsys.readouterr().out
    assert "--resume" in refusal(capsys, *fit)
    state = json.loads((run / "state.json").read_text())
    assert state["step"] == 12 and state["price"]["beta"] == 4 and state["price"]["anneal"] == 0.1

    figures = tmp_path / "figures.json"
    judged = ["evaluate", "--runs", str(run), "--shards", str(shards), "--out", str(figures)]
    assert main(judged) == 0 and "psnr" in capsys.readouterr().out
    assert figures.is_file()
    assert main(["report", str(run), "--shards", str(shards), "--pictures", "60"]) == 0
    page = (run / "report/index.html").read_text()
    assert "burgess" in page and "<img" in page and "http" not in page
    lab = tmp_path / "lab"
    assert main(["export", str(run), "--engines", str(lab)]) == 0
    encoder = open_engine("burgess.encoder", "onnxruntime", folder=lab)
    code = next(iter(encoder.run(image=np.zeros((1, 3, 64, 64), np.float32)).values()))
    assert code.shape == (1, 10)
    encoder.close()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("fit --net vae --shards {shards}", "--minutes or --steps"),
        ("fit --net vae --shards {shards} --steps 0", "--steps 0 is too few"),
        ("fit --net vae --shards {shards} --minutes -1", "no time to train"),
        ("fit --net vae --shards {shards} --steps 1 --latent 5000", "2 to 2048"),
        ("fit --net vae --shards {shards} --steps 1 --size 512", "too few for --size 512"),
        ("fit --net vae --shards {shards} --steps 1 --anneal 3", "--anneal 3 cannot be"),
        ("fit --net vae --shards {shards} --steps 1 --batch 0", "--batch 0 is too few"),
        ("fit --net vae --shards {nothing} --steps 1", "holds no shards"),
        ("fit --net vae --shards {shards} --steps 1 --warm {nothing}", "is missing"),
        ("fit --net vae --shards {shards} --steps 1 --resume", "Start it without --resume"),
        ("report {nothing} --shards {shards}", "is missing"),
        ("evaluate --runs {nothing} --shards {shards}", "is missing"),
        ("evaluate --against seeds", "--shards FOLDER"),
        ("export", "nothing to export"),
        ("export {nothing}", "is missing"),
        ("prepare --data imagenet:{shards} --out {nothing}", "celeba"),
        ("prepare --data celeba:{shards} --out {nothing}", "img_align_celeba"),
        ("prepare --data {nothing} --out {nothing}", "is not a folder"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, complaint: str
) -> None:
    places = {"shards": tiny_shards(tmp_path / "shards"), "nothing": tmp_path / "nothing"}
    given = words.format(**places).split()
    if given[0] == "fit":
        given += ["--out", str(tmp_path / "run")]
    assert complaint in refusal(capsys, *given)
