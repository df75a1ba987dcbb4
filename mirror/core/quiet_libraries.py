"""Keeps the chatter of libraries off the screen, and only that."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator

# MediaPipe logs through C++ straight to file descriptor 2, and the Python wheels offer no level to
# set. What it says at every start, about itself and never about the picture:
HARMLESS = re.compile(
    rb"Created TensorFlow Lite XNNPACK delegate"
    rb"|All log messages before absl::InitializeLog"
    rb"|inference_feedback_manager\.cc:\d+\] Feedback manager requires"
    rb"|landmark_projection_calculator\.cc:\d+\] Using NORM_RECT without"
    rb"|face_landmarker_graph\.cc:\d+\] Sets FaceBlendshapesGraph acceleration"
    rb"|task_runner\.cc:\d+\] GPU suport is not available"
    rb"|gl_context(?:_egl)?\.cc:\d+\] (?:Successfully initialized EGL|GL version)"
)
# What libtiff, within Pillow, says of a damaged picture: its function, or the name it gave the file.
LIBTIFF = re.compile(rb"^(?:tempfile\.tif|\w+): ")
# Two at once would give back each other's stderr.
_one_at_a_time = threading.RLock()


@contextlib.contextmanager
def hushed(harmless: re.Pattern[bytes] = HARMLESS) -> Iterator[None]:
    """Holds what is written to stderr meanwhile, and lets through all but the known chatter.

    Args:
        harmless: found in the lines that are left out.

    Nothing is lost: what is not known to be harmless appears, in order, when the block ends. Set the
    environment variable HAIR_MIRROR_VERBOSE=1 to see everything at once.
    """
    if os.environ.get("HAIR_MIRROR_VERBOSE"):
        yield
        return
    with _one_at_a_time:
        yield from _held(harmless)


def _held(harmless: re.Pattern[bytes]) -> Iterator[None]:
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (AttributeError, OSError, ValueError):  # no stderr at all, as in a windowed Windows program
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            with contextlib.suppress(AttributeError, OSError, ValueError):
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not harmless.search(line):
                    os.write(2, line)
