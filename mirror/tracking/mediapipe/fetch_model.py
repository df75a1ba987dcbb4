"""The face model of newer MediaPipes: where it is kept, and the one command that fetches it.

    python -m mirror.tracking.mediapipe.fetch_model

is part of setting up, not of running: the mirror itself never opens the network. It is needed only
where MediaPipe carries no models (Python 3.13 and newer).
"""

from __future__ import annotations

import hashlib
import sys
import urllib.request
from pathlib import Path

import platformdirs

from mirror.core.errors import MirrorError
from mirror.files.partial_files import replace_whole
from mirror.files.reading import read_ordinary
from mirror.files.size_limits import FACE_MODEL_BYTES
from mirror.settings.command_line import OneLineParser
from mirror.tracking.mediapipe.installed_version import carries_models

MODEL_NAME = "face_landmarker.task"
MODEL_URL = (
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/" + MODEL_NAME
)
MODEL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
COMMAND = "python -m mirror.tracking.mediapipe.fetch_model"


def model_path() -> Path:
    """Where the fetched model is kept: in the user's cache folder."""
    return Path(platformdirs.user_cache_dir("hair-mirror", appauthor=False)) / MODEL_NAME


def read_model(path: Path | None = None) -> bytes:
    """The face model's content, its SHA-256 checked.

    Args:
        path: a file given by the user; None takes the fetched one.

    Raises:
        MirrorError: there is no such file, it cannot be read, or its content is not the model's.
    """
    given = path is not None
    path = Path(path) if path is not None else model_path()
    advice = f"Fetch it once with `{COMMAND}`, or give a copy with --face-model PATH."
    try:
        content = read_ordinary(path, FACE_MODEL_BYTES)
    except FileNotFoundError:
        where = f"--face-model {path}: there is no such file" if given else "there is no face model yet"
        raise MirrorError(f"{where}; this MediaPipe needs {MODEL_NAME}. {advice}") from None
    except OSError as error:
        raise MirrorError(f"The face model {path} cannot be read: {error.strerror}. {advice}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != MODEL_SHA256:
        raise MirrorError(
            f"{path} is not the face model {MODEL_NAME} ({len(content)} bytes, SHA-256 {found[:12]}..., "
            f"expected {MODEL_SHA256[:12]}...): cut short, changed or another file. {advice}"
        )
    return content


def fetch_model(url: str = MODEL_URL) -> Path:
    """Downloads the model into the user's cache folder, unless it is there already.

    The hash is checked before the file gets its name, so a broken download is never taken for the
    model, and two downloads at once do no harm.

    Returns:
        Where the model is.

    Raises:
        MirrorError: no network, a wrong answer, or a folder that cannot be written.
    """
    target = model_path()
    try:
        read_model()
        return target
    except MirrorError:
        pass  # missing or broken: fetch it
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            content = answer.read()
    except OSError as error:  # URLError, timeouts and refused connections are all OSError
        raise MirrorError(
            f"The face model could not be fetched from {url}: {getattr(error, 'reason', error)}. Try again "
            f"with a network, or copy {MODEL_NAME} to {target}, or use Python 3.11 or 3.12, which needs none."
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != MODEL_SHA256:
        raise MirrorError(
            f"{url} gave {len(content)} bytes with SHA-256 {found[:12]}..., expected {MODEL_SHA256[:12]}...; "
            "nothing was kept. Try again, and if it happens again, the network answers for someone else."
        )
    try:
        replace_whole(target, content)
    except OSError as error:
        raise MirrorError(
            f"The face model cannot be kept in {target.parent}: {error.strerror}. Make that folder writable, "
            f"or download {url} yourself and give it with --face-model PATH."
        ) from None
    return target


def main(argv: list[str] | None = None) -> int:
    """`python -m mirror.tracking.mediapipe.fetch_model [--if-needed]`: 0 when the model is there, 2 with one
    line when not.

    With --if-needed nothing is fetched where the installed MediaPipe carries its models.
    """
    parser = OneLineParser(
        prog="python -m mirror.tracking.mediapipe.fetch_model", description=fetch_model.__doc__
    )
    parser.add_argument(
        "--if-needed", action="store_true", help="do nothing where MediaPipe carries its models"
    )
    try:
        if parser.parse_args(argv or []).if_needed and carries_models():
            print("The installed MediaPipe carries its face models; nothing to fetch.")
            return 0
        print(f"The face model is ready: {fetch_model()}")
    except MirrorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
