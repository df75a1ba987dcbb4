"""Thread plan: how many threads each library gets, so that together they fit the cores there are.

For a picture two threads of our own are at work: one looks for the head in the next while the other dresses
this one. OpenCV and the engines start a thread a core each if nobody tells them not to, and on few cores a
picture then waits for its share of what could have waited.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from dataclasses import dataclass

import cv2

_PICTURE = 2  # threads that a picture waits for
_MOST = 4  # pictures and networks are so small that more threads wait for each other
# How far slow work stands behind what a picture waits for. On Linux this is niceness: at 5 a thread gets a
# third of what another gets (sched(7)). Further back, and on a machine that others keep busy it would hold
# Python's lock while it waits for a core.
_NICER = 5
# Seconds after which a thread that computes in Python gives the lock to one that waits for it. A picture asks
# for it again after each call of OpenCV, and by Python's own 5 ms it waited for the workers: a tenth fewer
# pictures came a second (1280x720, afro, two cores, in turns).
_SWITCH = 0.0005
_BELOW_NORMAL = -1  # THREAD_PRIORITY_BELOW_NORMAL of Windows


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """Threads for some cores.

    Attributes:
        cores: that this process may use.
        opencv: threads of each OpenCV call.
        network: threads of each network.

    Example:
        >>> ThreadPlan.of(2), ThreadPlan.of(8)
        (ThreadPlan(cores=2, opencv=1, network=1), ThreadPlan(cores=8, opencv=4, network=4))
    """

    cores: int
    opencv: int
    network: int

    @classmethod
    def of(cls, cores: int) -> ThreadPlan:
        """The plan for so many cores: what our own two threads leave, and nobody more than four."""
        left = min(max(cores - _PICTURE, 1), _MOST)
        return cls(cores, left, left)

    def __str__(self) -> str:
        return f"{self.cores} cores: OpenCV {self.opencv}, each network {self.network}"


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def thread_plan() -> ThreadPlan:
    """The plan for this process."""
    return ThreadPlan.of(usable_cores())


def follow(plan: ThreadPlan) -> None:
    """Has OpenCV keep to a plan, and Python's threads take turns often, in the whole process.

    Engines are told when they are opened."""
    cv2.setNumThreads(plan.opencv)
    sys.setswitchinterval(_SWITCH)


def stand_back() -> None:
    """Lets other threads of this program go before the one that calls. Where the system gives threads no
    priority that anybody may lower, as on macOS, nothing changes."""
    if sys.platform == "linux":
        me = threading.get_native_id()
        with contextlib.suppress(OSError):  # a sandbox may forbid it; it is slower then, and no less right
            os.setpriority(os.PRIO_PROCESS, me, min(os.getpriority(os.PRIO_PROCESS, me) + _NICER, 19))
    elif sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentThread.restype = ctypes.c_void_p
        kernel.SetThreadPriority(ctypes.c_void_p(kernel.GetCurrentThread()), _BELOW_NORMAL)
