"""The face trackers: both generations of MediaPipe behind one protocol."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mirror.core.errors import MirrorError
from mirror.core.face import LEFT_EYE, RIGHT_EYE, Face
from mirror.core.quiet_libraries import hushed
from mirror.tracking.mediapipe import FaceTracker, fetch_model, installed_version, open_tracker

ROOT = Path(__file__).resolve().parent.parent
FIRST = installed_version._installed() < installed_version.FIRST_WITHOUT_SOLUTIONS
# Where the astronaut's eyes are in the picture, by hand: the person's right eye, then the left.
ASTRONAUT_EYES = np.array([[203.7, 101.0], [246.5, 103.5]])

# Tracks frames.npy and writes landmarks.npy, in whatever environment runs it.
TRACK = """
import sys
from pathlib import Path
import numpy as np
from mirror.tracking.mediapipe import open_tracker

folder, model = Path(sys.argv[1]), sys.argv[2]
tracker = open_tracker(model=Path(model) if model else None)
found = [tracker.track(frame) for frame in np.load(folder / "frames.npy")]
tracker.close()
assert all(found), [len(faces) for faces in found]
np.save(folder / "landmarks.npy", np.stack([faces[0].landmarks for faces in found]))
print(tracker.name)
"""


def face_model() -> Path:
    """A copy of the face model, or a skip that says where it was looked for."""
    given = os.environ.get("HAIR_MIRROR_FACE_MODEL")
    shared = ROOT.parent / "shared/teachers/face_landmarker.task"
    for place in (Path(given) if given else shared, shared, fetch_model.model_path()):
        if place.is_file():
            return place
    pytest.skip(f"no face model: set HAIR_MIRROR_FACE_MODEL to a copy, or run {fetch_model.COMMAND}")


def moving_head(count: int) -> np.ndarray:
    """uint8 (count, 720, 1280, 3): the astronaut sways, tilts and comes nearer, 30 frames a second."""
    portrait = skimage.data.astronaut()
    frames = []
    for i in range(count):
        angle = 2 * np.pi * i / 30
        zoom = 1.75 + 0.2 * np.sin(angle * 0.3)
        matrix = cv2.getRotationMatrix2D((225, 120), 6 * np.sin(angle * 0.4), zoom)
        matrix[:, 2] += (640 + 60 * np.sin(angle * 0.5) - 225, 340 - 120)
        frames.append(cv2.warpAffine(portrait, matrix, (1280, 720), borderMode=cv2.BORDER_REPLICATE))
    return np.stack(frames)


def track_elsewhere(python: str, folder: Path, model: Path | str = "") -> tuple[str, np.ndarray]:
    """(tracker's name, float32 (N, 478, 3) landmarks) of folder/frames.npy, by another interpreter."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, "-c", TRACK, str(folder), str(model)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), np.load(folder / "landmarks.npy")


@pytest.fixture(params=["solutions", "tasks"])
def generation(request: pytest.FixtureRequest) -> dict:
    """Arguments of open_tracker for each generation that this MediaPipe can run."""
    if request.param == "solutions":
        if not FIRST:
            pytest.skip("the installed MediaPipe has no `solutions`; Python 3.11 and 3.12 have")
        return {}
    return {"model": face_model()}


def test_landmarks_are_pixels(generation: dict) -> None:
    tracker: FaceTracker = open_tracker(still=True, **generation)
    faces = tracker.track(skimage.data.astronaut())
    tracker.close()
    assert len(faces) == 1
    assert faces[0].landmarks.shape == (478, 3)
    assert faces[0].landmarks.dtype == np.float32
    np.testing.assert_allclose(np.stack(faces[0].eyes), ASTRONAUT_EYES, atol=2)
    assert tracker.name.startswith("mediapipe-")
    assert tracker.reason


def test_pixel_centres_are_integers(generation: dict) -> None:
    """Mirrored picture, mirrored face: x becomes width - 1 - x, with no half pixel lost."""
    picture = cv2.resize(skimage.data.astronaut()[:, :448], None, fx=1.5, fy=1.5)
    with_tracker = open_tracker(still=True, **generation)
    here = with_tracker.track(picture)[0].eyes
    there = with_tracker.track(picture[:, ::-1])[0].eyes
    with_tracker.close()
    middle = np.mean([*here, *[(picture.shape[1] - 1 - x, y) for x, y in there]], axis=0)
    # Both see the same midpoint of the eyes; a whole pixel of disagreement would be a wrong shift.
    assert abs(np.mean(here, axis=0) - middle).max() < 0.75


def test_no_face_is_an_empty_list(generation: dict) -> None:
    for still in (True, False):
        tracker = open_tracker(still=still, faces=2, **generation)
        assert tracker.track(np.zeros((360, 640, 3), np.uint8)) == []
        tracker.close()


def test_two_faces_and_no_more_than_asked(generation: dict) -> None:
    # The portrait's upper half, where the one face is, twice.
    half = skimage.data.astronaut()[:256, 64:448]
    double = np.ascontiguousarray(np.hstack([half, half]))
    for most in (1, 2):
        tracker = open_tracker(still=True, faces=most, **generation)
        assert len(tracker.track(double)) == most
        tracker.close()


def test_a_stream_is_followed_without_lag(generation: dict) -> None:
    """A head that jumps ahead by 10 px is found 10 px ahead: the mirror does its own smoothing."""
    portrait = cv2.resize(skimage.data.astronaut(), None, fx=1.4, fy=1.4)
    tracker = open_tracker(**generation)
    places = []
    for step in range(8):
        moved = cv2.warpAffine(portrait, np.array([[1.0, 0, 10.0 * step], [0, 1, 0]]), (900, 716))
        places.append(np.mean(tracker.track(moved)[0].eyes, axis=0)[0] - 10 * step)
    tracker.close()
    assert np.ptp(places) < 3.0, places


def test_odd_sizes_and_slices(generation: dict) -> None:
    wide = cv2.copyMakeBorder(skimage.data.astronaut(), 3, 2, 101, 56, cv2.BORDER_REPLICATE)
    tracker = open_tracker(still=True, **generation)
    found = tracker.track(wide[:, 1:])  # neither contiguous nor even
    tracker.close()
    np.testing.assert_allclose(np.stack(found[0].eyes), ASTRONAUT_EYES + (100, 3), atol=3)


def test_closing_twice_does_nothing(generation: dict) -> None:
    tracker = open_tracker(**generation)
    tracker.close()
    tracker.close()


def test_the_generations_agree(tmp_path: Path) -> None:
    """The contract: both generations, each in its own environment, on the same 720p frames.

    They are different networks: single landmarks, most of all at the top of the forehead, differ by
    up to 6 px on a face 200 px high. What is held to 2 px is what the mirror is built on: the
    landmarks on average, in every frame, and the eyes, which place the head.
    """
    second = os.environ.get("HAIR_MIRROR_SECOND_PYTHON")
    if not second:
        pytest.skip("set HAIR_MIRROR_SECOND_PYTHON to a Python that has mediapipe 0.10.33")
    if not FIRST:
        pytest.skip("this environment has the second generation itself; Python 3.11 and 3.12 have the first")
    model = face_model()
    np.save(tmp_path / "frames.npy", moving_head(30))
    first_name, one = track_elsewhere(sys.executable, tmp_path)
    second_name, other = track_elsewhere(second, tmp_path, model)
    assert (first_name, second_name) == ("mediapipe-solutions", "mediapipe-tasks")
    apart = np.linalg.norm(one[..., :2] - other[..., :2], axis=-1)
    eyes = list(RIGHT_EYE + LEFT_EYE)
    midpoint = np.linalg.norm((one[:, eyes, :2] - other[:, eyes, :2]).mean(1), axis=-1)
    print(
        f"landmarks: mean {apart.mean():.2f}, median {np.median(apart):.2f}, "
        f"95% under {np.percentile(apart, 95):.2f}, max {apart.max():.2f} px; frames: mean up to "
        f"{apart.mean(1).max():.2f} px; eye midpoint: mean {midpoint.mean():.2f}, max {midpoint.max():.2f} px"
    )
    assert apart.mean(1).max() < 2.0
    assert midpoint.max() < 2.0
    assert np.percentile(apart, 95) < 4.0


def test_neither_generation_opens_a_network_socket(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not installed")
    runs = [(sys.executable, "" if FIRST else face_model())]
    second = os.environ.get("HAIR_MIRROR_SECOND_PYTHON")
    if second:
        runs.append((second, face_model()))
    np.save(tmp_path / "frames.npy", moving_head(5))
    for python, model in runs:
        log = tmp_path / "strace.log"
        command = [strace, "-f", "-e", "trace=network", "-o", log, python, "-c", TRACK, tmp_path, model]
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=180,
        )
        if "ptrace" in done.stderr and not log.exists():
            pytest.skip("this system does not let strace trace")
        assert done.returncode == 0, done.stderr
        calls = log.read_text()
        assert "exited with 0" in calls
        assert not re.search(r"\bAF_INET6?\b", calls), calls
        # And it starts without a word: nothing but errors belongs on the screen.
        assert done.stderr == ""


def test_missing_model_names_the_command_and_the_flag(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fetch_model, "model_path", lambda: tmp_path / "none.task")
    monkeypatch.setattr(installed_version, "_installed", lambda: (0, 10, 33))
    with pytest.raises(
        MirrorError, match=r"python -m mirror\.tracking\.mediapipe\.fetch_model.*--face-model PATH"
    ):
        open_tracker()
    with pytest.raises(MirrorError, match=r"nowhere\.task: there is no such file"):
        open_tracker(model=Path("nowhere.task"))


@pytest.mark.parametrize("content", [b"", b"cut short"])
def test_a_damaged_model_is_never_loaded(tmp_path: Path, content: bytes) -> None:
    damaged = tmp_path / "face_landmarker.task"
    damaged.write_bytes(content)
    with pytest.raises(MirrorError, match=f"is not the face model.*{len(content)} bytes"):
        open_tracker(model=damaged)
    with pytest.raises(MirrorError, match="cannot be read"):
        fetch_model.read_model(tmp_path)  # a folder


@pytest.mark.parametrize("version", ["0.10.35", "1.2.2", "2.0"])
def test_a_mediapipe_that_reports_its_use_is_refused(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: version)
    with pytest.raises(MirrorError, match=f"MediaPipe {re.escape(version)} reports its use.*0.10.33"):
        open_tracker()


def test_a_missing_mediapipe_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(MirrorError, match="not installed.*requirements.txt"):
        open_tracker()


def test_hushed_lets_errors_through(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAIR_MIRROR_VERBOSE", raising=False)
    with pytest.raises(RuntimeError), hushed():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"E0000 something is wrong\n")
        raise RuntimeError
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "E0000 something is wrong\nafter\n"


def test_pose_signs() -> None:
    """Turned to the picture's right, nodding up and tilted clockwise are positive."""
    points = np.zeros((478, 3), np.float32)
    points[234], points[454], points[10], points[152] = (-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0)
    assert Face(points).pose == pytest.approx((0, 0, 0))

    def turned(axis: int, degrees: float) -> tuple[float, float, float]:
        angles = np.zeros(3)
        angles[axis] = np.radians(degrees)
        return Face(points @ cv2.Rodrigues(angles)[0].T.astype(np.float32)).pose

    # z points away from the camera: about y, a negative turn takes the nose (at -z) to the right.
    assert turned(1, -20) == pytest.approx((20, 0, 0), abs=0.1)
    assert turned(0, -20) == pytest.approx((0, 20, 0), abs=0.1)
    assert turned(2, 20) == pytest.approx((0, 0, 20), abs=0.1)


@pytest.mark.parametrize("seen", [False, True])
def test_landmarks_are_read_as_they_are_told(seen: bool) -> None:
    """As MediaPipe writes them, and with more of each than it does today."""
    pytest.importorskip("mediapipe")
    from mediapipe.framework.formats.landmark_pb2 import NormalizedLandmarkList

    from mirror.tracking.mediapipe.solutions import _points

    told = np.random.default_rng(0).normal(size=(478, 3)).astype(np.float32)
    told[0] = 0  # a number that is nothing is told too
    face = NormalizedLandmarkList()
    for x, y, z in told.tolist():
        face.landmark.add(x=x, y=y, z=z, **({"visibility": 0.5} if seen else {}))
    assert np.array_equal(_points(face), told)
