"""TensorRT's one logger: its words into our log, and its errors to whom they belong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

KEPT = 3  # errors: the last ones
_log = logging.getLogger("mirror")


@cache
def logger_of(trt: Any) -> Any:
    """The logger for the module tensorrt or tensorrt_rtx, one for the process, as TensorRT wants it.

    It hears all engines, so each who works with TensorRT listens for its own errors while it does:

        with logger_of(trt).listening() as errors:
            ...  # what fails here is in `errors`, a list of lines
    """

    class Log(trt.ILogger):  # type: ignore[misc]  # the base is only known at run time
        def __init__(self) -> None:
            trt.ILogger.__init__(self)
            self._lock = threading.Lock()
            self._ears: list[tuple[int, list[str]]] = []

        @contextmanager
        def listening(self) -> Iterator[list[str]]:
            """The last errors of what this thread does in the block, as they come."""
            ear: tuple[int, list[str]] = (threading.get_ident(), [])
            with self._lock:
                self._ears.append(ear)
            try:
                yield ear[1]
            finally:
                with self._lock:
                    self._ears = [other for other in self._ears if other is not ear]

        def log(self, severity: Any, message: str) -> None:
            if severity in (trt.ILogger.Severity.INTERNAL_ERROR, trt.ILogger.Severity.ERROR):
                with self._lock:
                    here = [errors for thread, errors in self._ears if thread == threading.get_ident()]
                    # TensorRT has threads of its own: whose error theirs is, is sure where one alone listens.
                    alone = len({thread for thread, _ in self._ears}) == 1
                    if here or alone:
                        errors = here[-1] if here else self._ears[-1][1]
                        errors.append(line(message))
                        del errors[:-KEPT]
            _log.debug("%s: %s", trt.__name__, message)

    return Log()


def line(text: str) -> str:
    """A text as one line of at most 300 characters."""
    return " ".join(text.split())[:300]
