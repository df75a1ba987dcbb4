"""Which MediaPipe is installed, and whether it brings its face models."""

from __future__ import annotations

import importlib.metadata
import re

from mirror.core.errors import MirrorError

# 0.10.30 dropped `solutions` and the models; 0.10.35 began to report its use to Google.
FIRST_WITHOUT_SOLUTIONS = (0, 10, 30)
FIRST_THAT_REPORTS = (0, 10, 35)


def carries_models() -> bool:
    """Whether the installed MediaPipe brings its face models with it.

    Raises:
        MirrorError: MediaPipe is missing, or one that reports its use.
    """
    return _installed() < FIRST_WITHOUT_SOLUTIONS


def _installed() -> tuple[int, ...]:
    """MediaPipe's version; a MirrorError where it is missing or would use the network."""
    try:
        text = importlib.metadata.version("mediapipe")
    except importlib.metadata.PackageNotFoundError:
        raise MirrorError(
            "MediaPipe, which finds the face, is not installed. "
            "Install what the mirror needs: pip install -r requirements.txt"
        ) from None
    version = tuple(int(number) for number in re.findall(r"\d+", text)[:3])
    if version >= FIRST_THAT_REPORTS:
        raise MirrorError(
            f"MediaPipe {text} reports its use to Google and cannot be told not to; the mirror sends nothing "
            'anywhere. Install the one it works with: pip install "mediapipe==0.10.33" '
            "(or 0.10.21 up to Python 3.12)."
        )
    return version
