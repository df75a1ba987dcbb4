"""Printing: a card on paper, by the system's printer (CUPS), through its own command `lp`.

The card goes to `lp` by its standard input, never over a file of ours. CUPS keeps a job on the disk until it
is printed; mirror/app/kiosk/INSTALL.md says how it keeps none afterwards.
"""

from __future__ import annotations

import shutil
import subprocess

from mirror.core.errors import MirrorError
from mirror.settings.tables import Print

SECONDS = 30.0  # that `lp` may take to take a job


def check_printing(settings: Print) -> None:
    """Raises MirrorError where there is no `lp`; whether there is such a printer only a job tells."""
    if settings.printer is not None and shutil.which("lp") is None:
        raise MirrorError(
            "[print] needs lp, the command of CUPS, which is not installed. Install it, on Debian with: "
            'apt install cups-client cups; or write printer = "none".'
        )


def print_card(settings: Print, card: bytes | bytearray, copies: int) -> None:
    """Hands a card over to the printer; returns once the system has taken it.

    Args:
        settings: printer and paper.
        card: a JPEG.
        copies: 1 to `settings.most`.

    Raises:
        MirrorError: the system does not take it; one line with what `lp` says.
    """
    assert settings.printer is not None and 1 <= copies <= settings.most
    named = [] if settings.printer == "default" else ["-d", settings.printer]
    command = ["lp", *named, "-n", str(copies), "-t", "Hair Mirror", "-o", f"media={settings.media}",
               "-o", "print-scaling=fit"]  # fmt: skip
    try:
        done = subprocess.run(command, input=card, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        raise MirrorError("Nothing was printed: lp, the command of CUPS, is not installed.") from None
    except subprocess.TimeoutExpired:
        raise MirrorError(f"Nothing was printed: lp has not answered for {SECONDS:.0f} s.") from None
    except OSError as error:
        raise MirrorError(f"Nothing was printed: lp cannot be started ({error.strerror}).") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit {done.returncode}"]
        line = said[0].removeprefix("lp: ").removeprefix("Error - ").strip()[:200]
        raise MirrorError(
            f"Nothing was printed on {settings.printer}: {line} The printers there are: lpstat -e."
        )
