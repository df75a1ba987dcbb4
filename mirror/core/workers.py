"""Workers: where slow work is done, beside the frames or, of pictures of their own, in their place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from mirror.core.thread_plan import stand_back

Of = TypeVar("Of")
Made = TypeVar("Made")


class Inline(Executor):
    """Does what it is given at once, in the thread that gives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # raised where the result is taken, as a thread's would be
            future.set_exception(error)
        return future


class Workers:
    """The workers of a mirror: inline until `start`.

    Attributes:
        paint: whatever runs the painter and what goes with it: one thing at a time.
        fold: what adds up the light of grown hair, which needs no network.
        awaited: every picture counts, so that one waits for them where what it would show is old: a film is
            recorded. Before a camera a mirror that stops is seen sooner.

    Example:
        >>> workers = Workers()
        >>> workers.paint.submit(sum, (1, 2)).result()
        3
    """

    def __init__(self) -> None:
        self.paint: Executor = Inline()
        self.fold: Executor = Inline()
        self.awaited = True

    def start(self, *, awaited: bool = True) -> None:
        """From now on they work beside the caller, in a thread each that lets the caller's go first."""
        self.awaited = awaited
        if isinstance(self.paint, Inline):
            self.paint, self.fold = (
                ThreadPoolExecutor(1, name, initializer=stand_back) for name in ("paint", "fold")
            )

    def close(self) -> None:
        """Waits for what they do, and ends their threads."""
        left = self.paint, self.fold
        self.paint, self.fold = Inline(), Inline()
        for one in left:
            one.shutdown()


class Pending(Generic[Of, Made]):
    """The one piece of work that a worker has of somebody, and what it is of.

    Example:
        >>> pending = Pending()
        >>> pending.begin("sum", Workers().paint.submit(sum, (1, 2)))
        >>> pending.busy, pending.take(), pending.busy
        (True, ('sum', 3), False)
    """

    def __init__(self) -> None:
        self._job: tuple[Of, Future[Made]] | None = None

    @property
    def busy(self) -> bool:
        """Whether something was begun that was not taken yet."""
        return self._job is not None

    def begin(self, of: Of, future: Future[Made]) -> None:
        """Notes what was given to a worker; not while it is busy."""
        self._job = of, future

    def wait(self) -> None:
        """Until it is done, well or not."""
        if self._job is not None:
            self._job[1].exception()

    def take(self) -> tuple[Of, Made] | None:
        """What was made, once it is done; None: nothing is.

        Raises whatever was raised in the worker.
        """
        if self._job is None or not self._job[1].done():
            return None
        (of, future), self._job = self._job, None
        return of, future.result()
