"""The window: pictures, text, keys and touch.

    with Window("Hair Mirror", (1280, 720)) as window:
        while Action.QUIT not in window.actions():
            window.show(View(image=frame, style_name="Bob", style_number=0, thumbnails=thumbnails))

Everything here belongs to the program's main thread (macOS allows nothing else).
"""

import os

# Before the first import of pygame: it greets on standard output otherwise.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from mirror.app.screen.design import enlarge  # noqa: E402
from mirror.app.screen.keys import Action, PickStyle, Wish  # noqa: E402
from mirror.app.screen.panel import Panel  # noqa: E402
from mirror.app.screen.screen_check import screen_available  # noqa: E402
from mirror.app.screen.side_by_side import four_up, side_by_side  # noqa: E402
from mirror.app.screen.view import View  # noqa: E402
from mirror.app.screen.voice import open_voice  # noqa: E402
from mirror.app.screen.window import Window  # noqa: E402
from mirror.app.screen.wishes import (  # noqa: E402
    Adjust,
    Blend,
    ChooseDye,
    ChooseScale,
    ChooseShade,
    ClearAdjustments,
    ClearPlan,
    CloseCourse,
    DrawHairline,
    FollowBrows,
    KeepPage,
    Narrow,
    PrintPage,
    Say,
    SetZone,
    ShowCourse,
    ShowGrid,
    ShowLoss,
    Trying,
    WearOwn,
    WearPhoto,
)

__all__ = [
    "Action",
    "Adjust",
    "Blend",
    "ChooseDye",
    "ChooseScale",
    "ChooseShade",
    "ClearAdjustments",
    "ClearPlan",
    "CloseCourse",
    "DrawHairline",
    "FollowBrows",
    "KeepPage",
    "PrintPage",
    "Narrow",
    "Panel",
    "PickStyle",
    "Say",
    "SetZone",
    "ShowCourse",
    "ShowGrid",
    "ShowLoss",
    "Trying",
    "View",
    "WearOwn",
    "WearPhoto",
    "Window",
    "Wish",
    "enlarge",
    "four_up",
    "open_voice",
    "screen_available",
    "side_by_side",
]
