"""The flags of run_mirror.py, and what becomes of them: one checked Settings."""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from mirror import __version__
from mirror.core.errors import MirrorError
from mirror.files.writing import check_file, check_folder, real_path
from mirror.settings import settings_file
from mirror.settings.options import (
    ENGINES,
    KEYS,
    LANGUAGES,
    PACES,
    Given,
    Settings,
    check,
    did_you_mean,
    path_flag,
    shown,
)
from mirror.settings.tables import Packs

_EXAMPLES = """examples:
  run_mirror.py --style random                    your camera, another style every few seconds
  run_mirror.py --style bob --fullscreen          one style, the whole screen
  run_mirror.py --source demo                     no camera needed
  run_mirror.py --source clip.mp4 --record out.mp4
                                                  a video in, a video out
  run_mirror.py --source clip.mp4 --pace max --headless --frames 300 --report run.json
                                                  how fast is this machine?

Flags win over the settings file, the settings file over the defaults.
The settings file is made by: python calibrate.py"""
# Formats people ask for that are neither .mp4 nor a folder's name.
_OTHER_MEDIA = {".avi", ".mov", ".mkv", ".webm", ".m4v", ".gif", ".mpg", ".wmv", ".png", ".jpg", ".jpeg"}
# Flags that do not go together.
_APART = {
    "tour": ("style", "style_from", "dye", "lab"),
    "clean_output": ("headless", "lab"),
}


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error of the program."""

    def error(self, message: str) -> NoReturn:
        message = message.removeprefix("argument ")
        raise MirrorError(f"{message}. See --help for all flags and examples.")


def build_parser() -> argparse.ArgumentParser:
    """The flags. Values stay text here (`read_settings` checks them), absent flags None.

    Its `error` raises MirrorError; --help and --version print and raise SystemExit(0).
    """
    parser = OneLineParser(
        prog="run_mirror.py",
        description="A mirror that shows your own live face with another hairstyle.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    picture = parser.add_argument_group("what is shown")
    picture.add_argument("--source", metavar="SOURCE",
                         help="a camera's number or name, a video, a photograph, or demo; without it the "
                         "calibrated or first working camera, otherwise the demo")  # fmt: skip
    picture.add_argument("--style", metavar="NAME|NUMBER|random", help="the hair (default: random)")
    picture.add_argument("--style-from", metavar="PHOTO",
                         help="wear the hair of a photograph, in place of --style")  # fmt: skip
    picture.add_argument(
        "--dye",
        metavar="NAME|none",
        help="dye the hair, as copper, 7-ash, 7/1 or, in two shades, balayage:5/0+8/3 (default: none)",
    )
    picture.add_argument("--brows-follow", action="store_const", const=True,
                         help="brows, partly, and a beard take the colour of the hair")  # fmt: skip
    picture.add_argument("--shades", metavar="FILE.toml", help="a salon's own shade chart, see docs/home.md")
    picture.add_argument("--pack", metavar="FILE", action="append",
                         help="a signed style pack, in place of those of the settings file, which names the "
                         "keys that are trusted; may be given several times")  # fmt: skip
    picture.add_argument("--every", metavar="SECONDS", help="time between two random styles (default: 6)")
    picture.add_argument("--tour", metavar="FILE.toml",
                         help="styles one after the other, each at its time, in place of --style; see "
                         "docs/stage.md")  # fmt: skip
    picture.add_argument("--size", metavar="WxH", help="picture size asked of the camera, as 1280x720")

    screen = parser.add_argument_group("how it is shown")
    screen.add_argument("--fullscreen", action="store_const", const=True, help="fill the screen")
    screen.add_argument("--kiosk", action="store_const", const=True,
                        help="for visitors: asks first, wipes everything after each")  # fmt: skip
    screen.add_argument("--idle", metavar="SECONDS",
                        help="a kiosk wipes after so long without anybody (default: 60)")  # fmt: skip
    screen.add_argument(
        "--language", metavar="|".join(LANGUAGES), help="the words on the screen (default: auto)"
    )
    screen.add_argument("--large-text", action="store_const", const=True, help="everything a quarter larger")
    screen.add_argument("--speak", action="store_const", const=True, help="say the names of styles aloud")
    screen.add_argument("--headless", action="store_const", const=True, help="no window; record instead")
    screen.add_argument("--mirror", action=argparse.BooleanOptionalAction,
                        help="left stays left, as in a mirror (default: on)")  # fmt: skip
    screen.add_argument("--frames", metavar="N", help="stop after N shown frames")
    screen.add_argument("--pace", metavar="|".join(PACES),
                        help="play a file at its own rate, late frames dropped, or as fast as the mirror "
                        "takes it, nothing dropped (default: source)")  # fmt: skip
    screen.add_argument("--virtual-camera", action="store_const", const=True,
                        help="send the picture to a virtual webcam too, for video calls")  # fmt: skip
    screen.add_argument("--clean-output", action="store_const", const=True,
                        help="a second window with nothing but the picture, for a projector or a stream; it "
                        "fills the second screen where there is one")  # fmt: skip

    kept = parser.add_argument_group("what is kept")
    kept.add_argument("--record", metavar="PATH", help="keep what is shown: a .mp4 file, or a folder of PNGs")
    kept.add_argument("--record-pairs", metavar="FOLDER",
                      help="keep input, output and hair mattes of every shown frame as PNGs")  # fmt: skip
    kept.add_argument("--report", metavar="FILE.json", help="write speed, delay and memory at the end")
    kept.add_argument("--countdown", metavar="SECONDS",
                      help="counted down before a picture, clip or card is taken (default: 3)")  # fmt: skip

    inside = parser.add_argument_group("what runs it")
    inside.add_argument("--engine", metavar="|".join(ENGINES),
                        help="what runs the networks (default: auto, the best that works)")  # fmt: skip
    inside.add_argument("--face-model", metavar="PATH",
                        help="face_landmarker.task, where the installed MediaPipe has no model")  # fmt: skip
    inside.add_argument("--settings", metavar="FILE", help="settings file to use in place of your own")

    lab = parser.add_argument_group("the latent lab")
    lab.add_argument("--lab", action="store_true", help="sliders for the latent space, beside the picture")
    lab.add_argument("--lab-data", metavar="FOLDER", help="photographs, or what train prepare wrote, to "
                     "browse there and to compare yourself with (opens the lab)")  # fmt: skip

    lists = parser.add_argument_group("lists")
    lists.add_argument("--list-styles", action="store_true", help="print the styles and leave")
    lists.add_argument("--list-cameras", action="store_true", help="print the cameras and leave")
    lists.add_argument("--version", action="version", version=f"Hair Mirror {__version__}")
    return parser


def read_settings(argv: Sequence[str] | None = None) -> Settings:
    """Flags over the settings file over the defaults, all checked before anything starts.

    Args:
        argv: the flags, without the program's name; None takes the process's own.

    The file's `size` is the camera's: a video or photograph named by --source keeps its own size, unless
    --size is given too.

    Returns:
        Settings whose values fit. Outputs can be written; nothing was left behind by finding out.
        Whether style, source and cameras exist is for those who open them to say.

    Raises:
        MirrorError: something does not fit: one line that says what, and what does.
        SystemExit: after --help or --version.

    Example:
        >>> read_settings(["--style", "bob", "--every", "3"]).every  # doctest: +SKIP
        3.0
    """
    parser = build_parser()
    known, unknown = parser.parse_known_args(argv)
    if unknown:
        raise MirrorError(_unknown_flag(unknown[0], parser))
    flags = {key: _given(key, value) for key in KEYS if (value := getattr(known, key, None)) is not None}
    if flags.keys() >= {"fullscreen", "headless"}:
        raise MirrorError("--fullscreen and --headless exclude each other. Give one of them.")
    lab_data = None
    if known.lab_data is not None:
        lab_data = path_flag("--lab-data", known.lab_data, "the path of a folder of photographs")
    if (known.lab or lab_data) and "headless" in flags:
        raise MirrorError("--lab and --headless exclude each other: the lab is played with in a window.")
    _check_stage(flags, known.lab or lab_data is not None)
    file = _which_file(known.settings)
    given = {} if file is None else settings_file.read_file(file)
    if "source" in flags and "size" not in flags and os.path.isfile(flags["source"].value):
        # The size in the file was measured for the camera; a clip would be stretched to it.
        given.pop("size", None)
    if flags.keys() & {"style", "style_from", "dye"}:
        given.pop("tour", None)  # the file's: what is asked for now goes before it
    given |= flags
    if known.pack:
        files = tuple(path_flag("--pack", one, "the path of a style pack") for one in known.pack)
        packs = given["packs"].value if "packs" in given else Packs()
        given["packs"] = Given(dataclasses.replace(packs, files=files), f"--pack {shown(known.pack[0])}")
    if not (known.list_styles or known.list_cameras):
        _check_paths(given, file)
    values = {key: item.value for key, item in given.items()}
    if known.lab or lab_data:
        values["headless"] = False  # the file's: a lab that nobody sees is none
    return Settings(
        **values, lab=known.lab or lab_data is not None, lab_data=lab_data, list_styles=known.list_styles,
        list_cameras=known.list_cameras,
    )  # fmt: skip


def _check_stage(flags: dict[str, Given], lab: bool) -> None:
    """A tour says itself what is worn, and a second window stands beside a first one of the mirror alone."""
    asked = {*flags, *(["lab"] if lab else [])}
    for one, others in _APART.items():
        for other in others:
            if asked >= {one, other}:
                flag, second = (f"--{key.replace('_', '-')}" for key in (one, other))
                raise MirrorError(f"{flag} and {second} exclude each other. Give one of them.")


def _which_file(flag: str | None) -> Path | None:
    if flag is None:
        own = settings_file.default_path()
        return own if os.path.lexists(own) else None
    return path_flag("--settings", flag, "the path of a settings file")


def _given(key: str, value: str | bool) -> Given:
    """A flag's text as TOML would give it, checked."""
    if isinstance(value, bool):
        return check(key, value, f"--{key.replace('_', '-')}")
    typed: Any = value
    if key == "frames" and re.fullmatch(r"[0-9]{1,20}", value):
        typed = int(value)
    elif key in ("every", "idle", "countdown") and re.fullmatch(
        r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", value, re.I
    ):
        typed = float(value)
    return check(key, typed, f"--{key.replace('_', '-')} {shown(value)}")


def _unknown_flag(word: str, parser: argparse.ArgumentParser) -> str:
    flags = [flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")]
    if not word.startswith("-"):
        return f"{shown(word)} belongs to no flag. To show it, write --source {shown(word)}. See --help."
    name = word.split("=", 1)[0]
    near = did_you_mean(name, [flag.replace("-", "_") for flag in flags]).replace("_", "-")
    return f"{shown(name)} is not a flag.{near} Valid: {', '.join(flags)}."


def _check_paths(given: dict[str, Given], file: Path | None) -> None:
    """Outputs can be written, inputs are there, and no output falls on an input or another output."""
    if "face_model" in given and not os.path.isfile(given["face_model"].value):
        raise MirrorError(f"{given['face_model'].label}: there is no such file. "
                          f"Give {KEYS['face_model'].expected}.")  # fmt: skip
    if "style_from" in given and not os.path.isfile(given["style_from"].value):
        raise MirrorError(f"{given['style_from'].label}: there is no such file. "
                          f"Give {KEYS['style_from'].expected}.")  # fmt: skip
    kinds = ("source", "style_from", "face_model", "tour")
    inputs = {key: Path(given[key].value) for key in kinds if key in given}
    taken: dict[Path, str] = {}
    for key, path in inputs.items():
        if os.path.exists(path):
            taken[real_path(path, given[key].label)] = given[key].label
    if file is not None:
        taken[real_path(file, f"The settings file {file}")] = f"the settings file {file}"
    for key in ("record", "record_pairs", "report"):
        if key not in given:
            continue
        path, label = given[key].value, given[key].label
        other = taken.setdefault(real_path(path, label), label)
        if other != label:
            raise MirrorError(f"{label} would overwrite {other}. Give another path.")
    for key, item in given.items():
        if key == "report" or (key == "record" and item.value.suffix.lower() == ".mp4"):
            check_file(item.value, item.label)
        elif key in ("record", "record_pairs", "pictures"):
            if key == "record" and item.value.suffix.lower() in _OTHER_MEDIA and not item.value.is_dir():
                raise MirrorError(f"{item.label} does not fit. Give {KEYS['record'].expected}.")
            check_folder(item.value, item.label)
