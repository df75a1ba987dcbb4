"""Standard output that nobody reads any more: `... | head` closes it once it has seen enough."""

from __future__ import annotations

import os
import sys

# What shells say of a program that a closed pipe ended: 128 and SIGPIPE's 13.
EXIT_CODE = 141


def leave_quietly() -> int:
    """Lets whatever is still to be written go nowhere, so that nothing is said of it on the way out.

    Returns:
        The exit code.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return EXIT_CODE
