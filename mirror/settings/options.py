"""Settings: everything a person can choose about one run, and what each setting may hold."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from mirror.core.errors import MirrorError
from mirror.settings.camera_options import crop, held, rotation, stored_pin
from mirror.settings.key import Key, path, switch, text, whole
from mirror.settings.tables import Packs, Print, Share, Show, Tablet
from mirror.translation.catalogue import languages

PACES = ("source", "max")
# "auto" tries the others in this order: a GPU beats a CPU, and OpenVINO ONNX Runtime on every CPU measured.
ENGINES = ("auto", "tensorrt", "openvino", "onnxruntime")
LANGUAGES = ("auto", *languages())


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person can choose about one run.

    Attributes:
        source: "demo", a camera's number or name, or the path of a video or photograph; None: the
            calibrated or first working camera, otherwise the demo.
        camera: the calibrated camera, name or number, for when `source` is None.
        style: a style's name or number, or "random".
        style_from: a photograph whose hair is worn in place of `style`.
        dye: a shade that the hair is dyed, or "none".
        shades: a file of the salon's own shades, see `mirror.hair.styles.shade_chart`.
        every: seconds between two random styles, above 0.
        tour: a file of styles one after the other, in place of `style`, see `mirror.hair.styles.tour_file`.
        size: (width, height) in pixels asked of the camera; None: the source's own.
        rotate: degrees that a camera's picture is turned clockwise: 0, 90, 180 or 270.
        crop: (left, top, width, height) of what is used of a camera's picture, in pixels before it is
            turned; None: all of it.
        exposure, white_balance: what a camera is held at, in its own units (mostly 100 microseconds and
            kelvin); None: it sets them itself.
        fullscreen, headless: how it is shown.
        frames: stop after this many shown frames; None: run on.
        pace: "source" (a file at its own rate) or "max" (as fast as the mirror takes it).
        mirror: show the picture mirrored.
        engine: "auto", "tensorrt", "openvino" or "onnxruntime".
        record: a .mp4 file, or a folder for PNG frames.
        record_pairs: a folder for input, output and matte of every shown frame.
        report: a JSON file for the run's numbers.
        face_model: face_landmarker.task, where the installed MediaPipe carries no model.
        pictures: folder for pictures, clips and cards; None: see `pictures_folder`.
        countdown: seconds before each of them is taken, 0 to 10.
        virtual_camera: send what is shown to a virtual webcam.
        clean_output: show the picture alone in a second window, on the second screen where there is one.
        kiosk: run as a kiosk: for visitors, with consent, and wiped after each of them.
        brows_follow: brows and beard take the colour of the hair that is worn.
        hair_motion: how far grown hair swings after the head, 0 (not at all) to 2; 1 is as hair does.
        idle: seconds without anybody after which a kiosk wipes everything, 10 to 600.
        keep_days: whole days after which a kiosk deletes a picture that a visitor kept, 1 to 365.
        numbers: a folder for sums of each day, see `mirror.app.kiosk.day_numbers`; None: nothing is counted.
        language: of the words on the screen: a code such as "de", or "auto" for the system's own.
        texts: a file of the salon's own words, see `mirror.settings.own_texts`.
        large_text: everything on the screen a quarter larger, for those who cannot see well.
        speak: say the name of each style aloud, in the system's voice.
        suggest: say which styles are said to become a face of this shape; None: yes, but not in a kiosk.
        pin: the kiosk's, as `mirror.settings.kiosk_pin.make` returns it; None: there is none. Never a flag.
        share, print, packs, show, tablet: tables of the file, see `mirror.settings.tables`. Never flags,
            but for the files of packs.
        lab: open the latent lab beside the picture; lab_data: a folder of pictures to browse there. Flags
            only, never in the file.
        list_styles, list_cameras: print the list and leave. Flags only, never in the file.

    Example:
        >>> Settings(style="bob", size=(1280, 720)).pace
        'source'
    """

    source: str | None = None
    camera: str | None = None
    style: str = "random"
    style_from: Path | None = None
    dye: str = "none"
    shades: Path | None = None
    every: float = 6.0
    tour: Path | None = None
    size: tuple[int, int] | None = None
    rotate: int = 0
    crop: tuple[int, int, int, int] | None = None
    exposure: float | None = None
    white_balance: float | None = None
    fullscreen: bool = False
    headless: bool = False
    frames: int | None = None
    pace: str = "source"
    mirror: bool = True
    engine: str = "auto"
    record: Path | None = None
    record_pairs: Path | None = None
    report: Path | None = None
    face_model: Path | None = None
    pictures: Path | None = None
    countdown: float = 3.0
    virtual_camera: bool = False
    clean_output: bool = False
    kiosk: bool = False
    brows_follow: bool = False
    hair_motion: float = 1.0
    idle: float = 60.0
    keep_days: int = 1
    numbers: Path | None = None
    language: str = "auto"
    texts: Path | None = None
    large_text: bool = False
    speak: bool = False
    suggest: bool | None = None
    pin: str | None = None
    share: Share = Share()
    print: Print = Print()
    packs: Packs = Packs()
    show: Show = Show()
    tablet: Tablet = Tablet()
    lab: bool = False
    lab_data: Path | None = None
    list_styles: bool = False
    list_cameras: bool = False

    @property
    def suggests(self) -> bool:
        """Whether styles are suggested for a face: `suggest`, or everywhere but in a kiosk."""
        return not self.kiosk if self.suggest is None else self.suggest

    @property
    def pictures_folder(self) -> Path:
        """Where snapshots go: `pictures`, or "Hair Mirror" in the person's pictures folder."""
        return self.pictures or platformdirs.user_pictures_path() / "Hair Mirror"


@dataclass(frozen=True, slots=True)
class Given:
    """A checked value, and where it came from as a person would say it ("--every 3")."""

    value: Any
    label: str


def _source(value: Any) -> str:
    said = text(value)
    return str(path(said)) if said.startswith("~") else said


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 86400 or not math.isfinite(value):
        raise ValueError
    return float(value)


def _countdown(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 10:
        raise ValueError
    return float(value)


def _motion(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 2:
        raise ValueError
    return float(value)


def _idle(value: Any) -> float:
    if type(value) not in (int, float) or not 10 <= value <= 600:
        raise ValueError
    return float(value)


def _size(value: Any) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,6})[xX]([0-9]{1,6})", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError
    width, height = int(match[1]), int(match[2])
    if not (160 <= width <= 7680 and 120 <= height <= 4320):
        raise ValueError
    return width, height


def _either(valid: tuple[str, ...]) -> str:
    """ "a, b or c": what fits, in words."""
    return f"{', '.join(valid[:-1])} or {valid[-1]}"


def _one_of(valid: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in valid:
            raise ValueError(did_you_mean(value, valid) if isinstance(value, str) else "")
        return str(value)

    return check


_ON = "true or false"
KEYS: dict[str, Key] = {
    "source": Key(_source, "demo, a camera's number or name, or the path of a video or photograph",
                  "demo", "What is shown: demo, a camera's number or name, a video or a photograph."),
    "camera": Key(text, "a camera's number or name (--list-cameras shows them)",
                  "0", "The calibrated camera, used when there is no source."),
    "style": Key(text, "a style's name or number (--list-styles shows them), or random",
                 "bob", "The hair: a style's name or number, or random."),
    "style_from": Key(path, "the path of a photograph of one person",
                      "photo.jpg", "A photograph whose hair is worn, in place of style."),
    "dye": Key(text, "a dye's name (--list-styles shows them), or none",
               "copper", "The shade that the hair is dyed, or none: as it is."),
    "shades": Key(path, "the path of a shade chart, see docs/home.md",
                  "shades.toml", "A salon's own shades, in place of the mirror's or beside them."),
    "every": Key(_seconds, "a number of seconds above 0, 86400 at most, for example 6",
                 "6", "Seconds between two random styles."),
    "tour": Key(path, "the path of a tour, see docs/stage.md",
                "tour.toml", "Styles one after the other, each at its time, in place of style."),
    "size": Key(_size, "WIDTHxHEIGHT, 160 to 7680 by 120 to 4320, for example 1280x720",
                "1280x720", "Picture size asked of the camera; a video named by --source keeps its own."),
    "rotate": Key(rotation, "0, 90, 180 or 270",
                  90, "Degrees that the camera's picture is turned, clockwise."),
    "crop": Key(crop, "LEFT,TOP,WIDTH,HEIGHT in pixels, both sides at least 64, or none",
                "160,0,960,720", "What is used of the camera's picture, in pixels before it is turned."),
    "exposure": Key(held, "a number in the camera's own units, or auto",
                    156, "What the camera's exposure is held at."),
    "white_balance": Key(held, "a number in the camera's own units (mostly kelvin), or auto",
                         4600, "What the camera's white balance is held at."),
    "fullscreen": Key(switch, _ON, True, "Fill the screen (F11 changes it)."),
    "headless": Key(switch, _ON, True, "Show no window; record instead."),
    "frames": Key(whole(1, 10**9), "a whole number from 1 to 1000000000, for example 300",
                  300, "Stop after this many shown frames."),
    "pace": Key(_one_of(PACES), _either(PACES),
                "source", "How fast files are played: source (their own rate) or max."),
    "mirror": Key(switch, _ON, True, "Show the picture as a mirror does, left on the left."),
    "engine": Key(_one_of(ENGINES), _either(ENGINES),
                  "auto", "What runs the networks; auto takes the best that works."),
    "record": Key(path, "the path of a .mp4 file, or of a folder for PNG frames",
                  "mirror.mp4", "Keep what is shown: a .mp4 file, or a folder for PNG frames."),
    "record_pairs": Key(path, "the path of a folder",
                        "pairs", "A folder for input, output and hair mattes of every shown frame."),
    "report": Key(path, "the path of a file, for example report.json",
                  "report.json", "A JSON file for the run's numbers, written at the end."),
    "face_model": Key(path, "the path of face_landmarker.task",
                      "face_landmarker.task", "The face model, where the installed MediaPipe has none."),
    "pictures": Key(path, "the path of a folder", "Hair Mirror", "The folder for pictures and clips."),
    "countdown": Key(_countdown, "a number of seconds from 0 to 10, for example 3",
                     3, "Seconds that are counted down before a picture is taken."),
    "virtual_camera": Key(switch, _ON, True, "Send the picture to a virtual webcam, for video calls."),
    "clean_output": Key(switch, _ON, True, "A second window with nothing but the picture, for a projector."),
    "kiosk": Key(switch, _ON, True, "Run as a kiosk, see mirror/app/kiosk/INSTALL.md."),
    "brows_follow": Key(switch, _ON, True, "Brows and beard take the colour of the hair that is worn."),
    "hair_motion": Key(_motion, "a number from 0 to 2, for example 1",
                       1, "How far hair swings after the head: 0 not at all, 1 as hair does."),
    "idle": Key(_idle, "a number of seconds from 10 to 600, for example 60",
                60, "Seconds without anybody after which a kiosk wipes everything."),
    "keep_days": Key(whole(1, 365), "a whole number of days from 1 to 365",
                     1, "Days after which a kiosk deletes a picture that a visitor kept."),
    "numbers": Key(path, "the path of a folder",
                   "numbers", "A folder for a kiosk's sums of each day, with nobody in them."),
    "language": Key(_one_of(LANGUAGES), _either(LANGUAGES),
                    "de", "The language on the screen; auto takes the system's."),
    "texts": Key(path, "the path of a file of own texts, see docs/home.md",
                 "texts.toml", "A file of own words, in place of the mirror's."),
    "large_text": Key(switch, _ON, True, "Everything on the screen a quarter larger."),
    "speak": Key(switch, _ON, True, "Say the name of each style aloud, in the system's voice."),
    "suggest": Key(switch, _ON, True, "Suggest styles for a face; a kiosk does so only if told."),
    "pin": Key(stored_pin, "what calibrate.py writes (a salted hash, not the digits), or none",
               "none", "The PIN of the kiosk, as a hash."),
}  # fmt: skip


def did_you_mean(value: str, valid: Iterable[str]) -> str:
    """' Did you mean X?' (or 'X or Y?') for the closest of the valid names; '' if none is near."""
    names = list(valid)
    near = difflib.get_close_matches(value.lower().replace("-", "_"), names, n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def check(key: str, value: Any, label: str, keys: dict[str, Key] | None = None) -> Given:
    """Checks one value, given as TOML would give it.

    Args:
        keys: that there are; None: those of `KEYS`.

    Raises:
        MirrorError: it does not fit; says what does.
    """
    known = (KEYS if keys is None else keys)[key]
    try:
        return Given(known.check(value), label)
    except ValueError as error:
        raise MirrorError(f"{label} does not fit.{error} Give {known.expected}.") from None


def path_flag(flag: str, value: str, expected: str) -> Path:
    """The path that a flag names which is no setting; "~" is this person's folder.

    Args:
        expected: what fits, as the end of the sentence "Give ...".

    Raises:
        MirrorError: it is empty, or in the folder of a user whom there is not.
    """
    try:
        return path(value)
    except ValueError:
        raise MirrorError(f"{flag} {shown(value)} does not fit. Give {expected}.") from None


def shown(value: Any) -> str:
    """A value as one short piece of a line: as TOML where that is short, no line breaks."""
    if isinstance(value, str):
        plain = value if value.isprintable() else ascii(value)[1:-1]
        return f'"{plain[:117]}..."' if len(plain) > 120 else f'"{plain}"'
    if isinstance(value, bool | int | float):
        # Python refuses to print whole numbers of thousands of digits.
        return "a huge number" if type(value) is int and abs(value) >= 10**20 else str(value).lower()
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else "a date or time"
