"""Bad days for the mirror itself: faces that are none, or many, or half there; few pictures; odd clocks."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mirror.app.setup.write_results import known_delay, measured
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.sources.demo import DemoSource
from mirror.tracking import face_follower, several_people
from mirror.tracking.face_follower import Follower

ROOT = Path(__file__).resolve().parent.parent


def points(spread: float) -> np.ndarray:
    """float32 (478, 3): landmarks all over a square of `spread` pixels."""
    return (np.random.default_rng(3).random((478, 3)) * spread + 100).astype(np.float32)


IMPOSSIBLE = {
    "not numbers": np.full((478, 3), np.nan, np.float32),
    "one that is no number": np.where(np.arange(478)[:, None] == 33, np.float32(np.nan), points(200)),
    "without end": np.where(np.arange(478)[:, None] == 7, np.float32(np.inf), points(200)),
    "of no size": points(0.0),
    "far away": points(200) * 1e6,
}


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_what_cannot_be_a_face_is_none_and_the_mirror_goes_on(
    kind: str, mirror: Mirror, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tracker:
        name, reason = "odd", "a test"

        def __init__(self, **_: object) -> None:
            pass

        def track(self, image: np.ndarray) -> list[Face]:
            return [Face(IMPOSSIBLE[kind])]

        def close(self) -> None:
            pass

    monkeypatch.setattr(face_follower, "open_tracker", Tracker)
    monkeypatch.setattr(mirror._stream, "_follower", Follower())
    for index in range(3):
        shown = mirror.process(Frame(demo_frame, index, index / 30))
        assert shown.face is None and np.array_equal(shown.image, demo_frame)
    monkeypatch.setattr(mirror._stream, "_single", Tracker())
    assert mirror.find_face(demo_frame) is None


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_what_cannot_be_a_face_is_no_guest_either(
    kind: str, demo_frame: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = SimpleNamespace(track=lambda image: [Face(IMPOSSIBLE[kind])], close=lambda: None)
    monkeypatch.setattr(several_people, "open_tracker", lambda **_: tracker)
    guests = several_people.Company()
    for index in range(5):
        frame = Frame(demo_frame, index, index / 30)
        assert guests.follow(frame, None, [Face(points(120))]) == () and guests.lively == []
        assert all(np.isfinite(guest.face.landmarks).all() for guest in guests._guests)
    guests.close()


@pytest.fixture
def stream(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A mirror that has seen nobody yet."""
    follower = Follower()
    monkeypatch.setattr(mirror._stream, "_follower", follower)
    yield mirror
    mirror.process(Frame(np.zeros((240, 320, 3), np.uint8), 0, 0.0))
    follower.close()


def test_of_four_people_one_is_dressed_and_the_others_are_left_alone(
    stream: Mirror, portrait: np.ndarray
) -> None:
    person = cv2.resize(portrait[0:270, 100:340], None, fx=1.3, fy=1.3)
    image = np.full((720, 1280, 3), 120, np.uint8)
    height, width = person.shape[:2]
    for number in range(4):
        image[200 : 200 + height, 4 + 320 * number : 4 + 320 * number + width] = person[:, :316]
    for index in range(30):  # looks round as well
        shown = stream.process(Frame(image, index, index / 30))
    assert shown.face is not None
    changed = (shown.image != image).any(2).sum(0)
    middle = shown.face.landmarks[:, 0].mean()
    assert changed[: max(0, int(middle) - 330)].sum() == changed[int(middle) + 330 :].sum() == 0
    assert changed.sum() > 3000


def test_a_face_that_walks_out_of_the_picture_on_every_side(stream: Mirror, demo_frame: np.ndarray) -> None:
    """Half in, a corner, an eye only, gone: the picture keeps its size and nothing is raised."""
    height, width = demo_frame.shape[:2]
    index, seen = 0, 0
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1)):
        for step in range(0, 11, 2):
            shift = np.array([(1, 0, right * step * 40), (0, 1, down * step * 25)], np.float64)
            image = cv2.warpAffine(demo_frame, shift, (width, height), borderValue=(90, 90, 90))
            shown = stream.process(Frame(image, index, index / 6))
            assert shown.image.shape == image.shape and shown.image.dtype == np.uint8
            index, seen = index + 1, seen + (shown.face is not None)
    assert seen > 8, "and while most of it is there, it is followed"


def test_five_pictures_a_second_are_enough(stream: Mirror) -> None:
    demo = DemoSource((640, 360), pace="max")
    strengths = [stream.process(Frame(demo.image(6 * i), i, i / 5)).strength for i in range(10)]
    assert min(strengths[5:]) > 0.95, "the hair is on, and stays on"


def test_a_black_room_is_nobody(stream: Mirror) -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    for index in range(5):
        shown = stream.process(Frame(image, index, index / 30))
        assert shown.face is None and not shown.image.any()


def test_only_a_clock_that_never_jumps_is_used() -> None:
    """The time of day goes into names and ages of files and what is said of it, nowhere else: set back, it
    stops no countdown."""
    ages = {
        "mirror/app/kiosk/kept_pictures.py"
    }  # days that a picture is kept are counted by the date of its file
    days = {"mirror/app/packs/__main__.py", "mirror/app/kiosk/day_numbers.py"}  # a file for each day
    names = {"mirror/files/picture_saver.py", "mirror/app/lab/code_file.py"}  # both take the next free name
    # Until when, as visitors are told it (the server counts by itself); when a page or a card was made.
    said = {"mirror/app/kiosk/keepsakes.py", "mirror/app/hair_course.py", "mirror/app/sharing/studio.py"}
    for path in [*sorted((ROOT / "mirror").rglob("*.py")), ROOT / "run_mirror.py", ROOT / "calibrate.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        asked = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        asked |= {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        imported = {
            f"{node.module}.{name.name}"
            for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
        }  # fmt: skip
        where = str(path.relative_to(ROOT).as_posix())
        bad = asked & {"time.time", "time.time_ns", "time.localtime", "datetime.today", "date.today"}
        own = {"date.today"} if where in days else {"time.time"} if where in ages else set()
        assert bad <= own and ("time.time" not in imported or where in ages), where
        assert (
            not any(name.endswith(("datetime.now", "datetime.utcnow")) for name in asked)
            or where in names | said
        )


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00", b"[" * 100_000, b"[]", b"3", b'{"delay_ms": 60}',
     b'{"delay_ms": NaN, "from": 1, "to": 2}', b'{"delay_ms": [1], "from": 1, "to": 2}',
     b'{"delay_ms": 60, "from": 70, "to": 50}', b'{"delay_ms": 1e400, "from": 0, "to": 1e400}',
     b'{"delay_ms": -5, "from": -6, "to": -4}'],
)  # fmt: skip
def test_a_damaged_calibration_is_said_and_no_figure_made_up(tmp_path: Path, data: bytes) -> None:
    settings = tmp_path / "settings.toml"
    assert known_delay(settings) == "not measured"
    measured(settings).write_text(json.dumps({"delay_ms": 61.2, "from": 55, "to": 70.4}))
    assert known_delay(settings) == "61 ms (55 to 70)"
    measured(settings).write_bytes(data)
    assert known_delay(settings) == "not known (what was measured cannot be read)"
