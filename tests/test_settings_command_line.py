"""Flags: what they become, and one clear line for everything that does not fit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mirror import __version__
from mirror.core.errors import MirrorError
from mirror.settings import settings_file
from mirror.settings.command_line import build_parser, read_settings
from mirror.settings.options import KEYS, Settings


@pytest.fixture(autouse=True)
def nobodys_machine(tmp_path, monkeypatch):
    """The settings of the person who runs the tests play no part, nor does their folder."""
    monkeypatch.setattr(settings_file, "default_path", lambda: tmp_path / "config" / "settings.toml")
    monkeypatch.chdir(tmp_path)


def refusal(*argv: str) -> str:
    with pytest.raises(MirrorError) as caught:
        read_settings(list(argv))
    text = str(caught.value)
    assert text.isprintable() and len(text) < 600, "one line"
    return text


def test_no_flags_are_the_defaults():
    assert read_settings([]) == Settings()


def test_every_flag(tmp_path):
    model = tmp_path / "face.task"
    model.write_bytes(b"x")
    given = read_settings(
        "--source demo --style bob --every 2.5 --size 640x360 --headless --frames 30 --pace max --no-mirror "
        f"--engine openvino --record a.mp4 --record-pairs pairs --report r.json --face-model {model} "
        "--countdown 1.5 --virtual-camera".split()
    )
    assert given == Settings(
        source="demo", style="bob", every=2.5, size=(640, 360), headless=True, frames=30, pace="max",
        mirror=False, engine="openvino", record=Path("a.mp4"), record_pairs=Path("pairs"),
        report=Path("r.json"), face_model=model, countdown=1.5, virtual_camera=True,
    )  # fmt: skip
    assert sorted(os.listdir(tmp_path)) == ["face.task"], "looking whether outputs can be written left litter"
    assert read_settings(["--fullscreen", "--mirror"]) == Settings(fullscreen=True, mirror=True)
    assert read_settings(["--list-styles"]).list_styles and read_settings(["--list-cameras"]).list_cameras


def test_the_flags_are_exactly_these():
    flags = {flag for action in build_parser()._actions for flag in action.option_strings}
    words = "source style style-from dye every size fullscreen headless frames pace mirror no-mirror engine "
    words += "record record-pairs report list-styles list-cameras settings face-model version help "
    words += (
        "lab lab-data countdown virtual-camera kiosk idle language large-text speak shades tour clean-output "
        "pack brows-follow"
    )
    assert flags == {"-h"} | {f"--{word}" for word in words.split()}


def test_flags_win_over_the_file_and_the_file_over_the_defaults(tmp_path):
    own = tmp_path / "config" / "settings.toml"
    own.parent.mkdir()
    own.write_text('style = "afro"\nevery = 9\nmirror = false\ncamera = "Webcam"\n')
    other = tmp_path / "other.toml"
    other.write_text('style = "quiff"\n')
    assert read_settings(["--style", "bob"]) == Settings(
        style="bob", every=9.0, mirror=False, camera="Webcam"
    )
    assert read_settings(["--mirror"]).mirror is True
    assert read_settings(["--settings", str(other)]) == Settings(style="quiff")
    own.write_text("styl = 1\n")
    assert "line 1" in refusal()
    assert read_settings(["--settings", str(other)]).style == "quiff"
    assert "There is no settings file" in refusal("--settings", "none.toml")


def test_the_size_of_the_camera_is_not_forced_on_a_clip(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"x")
    (tmp_path / "s.toml").write_text('size = "640x480"\ncamera = 0\n')
    assert read_settings(["--settings", "s.toml"]).size == (640, 480)
    assert read_settings(["--settings", "s.toml", "--source", "1"]).size == (640, 480)
    assert read_settings(["--settings", "s.toml", "--source", "clip.mp4"]).size is None
    given = read_settings(["--settings", "s.toml", "--source", "clip.mp4", "--size", "320x240"])
    assert given.size == (320, 240)


def test_numbers_stay_numbers_in_the_shell():
    given = read_settings(["--source", "0", "--style", "7"])
    assert (given.source, given.style) == ("0", "7")


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("--every nan", "seconds above 0"),
        ("--every inf", "seconds above 0"),
        ("--every=-inf", "seconds above 0"),
        ("--every 0", "seconds above 0"),
        ("--every -3", "seconds above 0"),
        ("--every 1e999", "seconds above 0"),
        ("--every 1_0", "seconds above 0"),
        ("--every 3s", "seconds above 0"),
        ("--countdown -1", "from 0 to 10"),
        ("--countdown 11", "from 0 to 10"),
        ("--countdown nan", "from 0 to 10"),
        ("--countdown soon", "from 0 to 10"),
        ("--frames 0", "whole number"),
        ("--frames -1", "whole number"),
        ("--frames 1.5", "whole number"),
        ("--frames nan", "whole number"),
        ("--frames " + "9" * 5000, "whole number"),
        ("--size 1280", "WIDTHxHEIGHT"),
        ("--size 159x720", "160 to 7680"),
        ("--size 0x0", "160 to 7680"),
        ("--size 99999x99999", "160 to 7680"),
        ("--size -1280x720", "See --help"),
        ("--engine openvno", "Did you mean openvino? Give auto, tensorrt, openvino or onnxruntime."),
        ("--pace sourc", "Did you mean source? Give source or max."),
        ("--style=", "--list-styles"),
        ("--source=", "demo"),
        ("--settings=", "the path of a settings file"),
        ("--frames", "--frames: expected one argument. See --help"),
        ("--stlye bob", '"--stlye" is not a flag. Did you mean --style'),
        ("--record_pairs x", "Did you mean --record-pairs"),
        ("--head", "is not a flag"),
        ("-q", "is not a flag"),
        ("clip.mp4", "write --source"),
        ("--headless=1", "See --help"),
        ("--fullscreen --headless", "exclude each other"),
        ("--record out.avi", ".mp4 file, or of a folder"),
        ("--face-model none.task", "there is no such file"),
        ("--record same.mp4 --report same.mp4", "would overwrite"),
        ("--record pairs --record-pairs ./pairs/../pairs", "would overwrite"),
    ],
)
def test_what_does_not_fit(argv, expected):
    assert expected in refusal(*argv.split())


def test_a_wild_value_stays_one_line():
    assert "\\n" in refusal("--engine", "a\nb\x1b[2J\udce4")


def test_outputs_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.mp4").mkdir()
    for flag in ("--record", "--record-pairs", "--report"):
        text = refusal(flag, os.path.join("file", "out.mp4"))
        assert text.startswith(flag) and "cannot be written" in text
    assert "this is a folder" in refusal("--record", "folder.mp4")
    assert "this is a folder" in refusal("--report", ".")
    assert "this is a file" in refusal("--record-pairs", "file")
    assert (tmp_path / "file").read_text() == "x" and len(os.listdir(tmp_path)) == 2


def test_an_unwritable_output_of_the_file_names_its_line(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "s.toml").write_text('\npictures = "file/pictures"\n')
    assert "s.toml, line 2: pictures = " in refusal("--settings", "s.toml")


def test_no_output_falls_on_an_input(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"precious")
    (tmp_path / "s.toml").write_text("")
    assert "would overwrite --source" in refusal("--source", "clip.mp4", "--record", "./clip.mp4")
    assert "would overwrite the settings file" in refusal("--settings", "s.toml", "--report", "s.toml")
    assert (tmp_path / "clip.mp4").read_bytes() == b"precious"


def test_help_and_version_leave_with_0(capsys):
    for flag in ("--help", "--version"):
        with pytest.raises(SystemExit) as left:
            read_settings([flag])
        assert left.value.code == 0
    printed = capsys.readouterr().out
    assert __version__ in printed and "run_mirror.py --style random" in printed
    file_only = {"camera", "pictures", "rotate", "crop", "exposure", "white_balance", "pin"}
    file_only |= {"keep_days", "hair_motion", "texts", "numbers", "suggest"}
    assert all("--" + key.replace("_", "-") in printed for key in KEYS if key not in file_only)


def test_the_lab_is_opened_by_either_of_its_flags(no_settings: Path, tmp_path: Path) -> None:
    def read(*flags: str) -> Settings:
        return read_settings(["--settings", str(no_settings), *flags])

    assert not read().lab and read("--lab").lab and read("--lab").lab_data is None
    assert read("--lab-data", "x").lab and read("--lab-data", "x").lab_data == Path("x")
    with pytest.raises(MirrorError, match="exclude each other"):
        read("--lab", "--headless")
    file = tmp_path / "settings.toml"
    file.write_text("headless = true\n")
    assert not read_settings(["--settings", str(file), "--lab"]).headless
