"""Writing what was found: the settings file, and beside it what was measured."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path

from mirror.app.calibration.screen_delay import Delay
from mirror.core.errors import MirrorError
from mirror.files.writing import write_whole
from mirror.settings.options import Settings
from mirror.settings.settings_file import save_settings


def write(settings: Settings, path: Path, delay: Delay | None = None) -> Path | None:
    """Writes the settings file; returns where the one before it is kept, None where there was none.

    Raises:
        MirrorError: it cannot be written; nothing was changed then.
    """
    kept = None
    if os.path.exists(path):
        kept = path.with_name(path.name + ".bak")
        try:
            shutil.copy(path, kept)  # with its rights: it may hold a PIN's hash
        except OSError as error:
            raise MirrorError(f"{kept} cannot be written ({error.strerror}). Nothing was changed.") from None
    save_settings(settings, path)
    if settings.pin is not None:
        # A PIN of few digits is soon tried out by whoever reads its hash.
        with contextlib.suppress(OSError):
            os.chmod(path, 0o600)
    if delay is not None:
        label = "What was measured"
        write_whole(measured(path), json.dumps({"delay_ms": round(delay.median, 1),
                    "from": round(delay.low, 1), "to": round(delay.high, 1)}) + "\n", label)  # fmt: skip
    return kept


def measured(path: Path) -> Path:
    """Where the delay is kept that was measured along with a settings file."""
    return path.with_name("calibration.json")


def known_delay(path: Path) -> str:
    """The delay that was measured, for a report."""
    try:
        found = json.loads(measured(path).read_text("utf-8"))
        delay, low, high = (float(found[key]) for key in ("delay_ms", "from", "to"))
        if not 0 <= low <= delay <= high < 60_000:
            raise ValueError("no delay")
        return f"{delay:.0f} ms ({low:.0f} to {high:.0f})"
    except FileNotFoundError:
        return "not measured"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "not known (what was measured cannot be read)"
