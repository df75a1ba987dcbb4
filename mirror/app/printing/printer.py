"""Printing: a card or a page on paper, by the system's printer (CUPS), through its own command `lp`.

It goes to `lp` by its standard input, never over a file of ours. CUPS keeps a job on the disk until it
is printed; mirror/app/kiosk/INSTALL.md says how it keeps none afterwards.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from mirror.core.errors import MirrorError
from mirror.settings.tables import Print
from mirror.translation.message import Message, Said

SECONDS = 30.0  # that `lp` may take to take a job


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to print.

    Attributes:
        content: a card as a JPEG, or a page as a PDF.
        page: whether it is a page.
    """

    content: bytearray
    page: bool = False


def check_printing(settings: Print) -> None:
    """Raises MirrorError where there is no `lp`; whether there is such a printer only a job tells."""
    if settings.printer is not None and shutil.which("lp") is None:
        raise MirrorError(
            "[print] needs lp, the command of CUPS, which is not installed. Install it, on Debian with: "
            'apt install cups-client cups; or write printer = "none".'
        )


def print_out(settings: Print, paper: Paper, copies: int) -> None:
    """Hands something over to the printer; returns once the system has taken it.

    Args:
        settings: printers and papers.
        copies: 1 to `settings.most`.

    Raises:
        MirrorError: the system does not take it; one line with what `lp` says.
    """
    assert settings.printer is not None and 1 <= copies <= settings.most
    printer, media = settings.printer, settings.media
    if paper.page:
        printer, media = settings.page_printer or printer, settings.page_media
    named = [] if printer == "default" else ["-d", printer]
    command = ["lp", *named, "-n", str(copies), "-t", "Hair Mirror", "-o", f"media={media}",
               "-o", "print-scaling=fit"]  # fmt: skip
    try:
        done = subprocess.run(command, input=paper.content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise MirrorError(
            Message("Nothing was printed: lp has not answered for {seconds:.0f} s.", seconds=SECONDS)
        ) from None
    except OSError as error:
        raise MirrorError(
            Message(
                "Nothing was printed: lp, the command of CUPS, cannot be started ({reason}).",
                reason=Said(error.strerror),
            )
        ) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit {done.returncode}"]
        line = said[0].removeprefix("lp: ").removeprefix("Error - ").strip()[:200]
        raise MirrorError(
            Message(
                "Nothing was printed on {printer}: {line} The printers there are: lpstat -e.",
                printer=Said(printer),
                line=Said(line),
            )
        )
