"""Design: the one place for how everything on the screen looks: window, kiosk, lab and set-up.

Lengths are design pixels, see `unit_of`. `tests/test_app_screen_design.py` measures the contrasts, and that
nobody draws with a colour of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Colour = tuple[int, int, int]

# Grounds from dark to light: around a picture; a field and what can do nothing now; a control that waits,
# that is pointed at, that is pressed; what a knob slides on.
GROUND: Colour = (13, 13, 15)
SUNK: Colour = (27, 27, 29)
RAISED: Colour = (60, 59, 58)
LIFTED: Colour = (76, 75, 73)
PRESSED: Colour = (96, 94, 90)
TRACK: Colour = (122, 120, 116)
# Words: all, those beside the matter, and those of what can do nothing now (on SUNK alone).
INK: Colour = (246, 245, 242)
MUTED: Colour = (206, 204, 199)
FAINT: Colour = (150, 147, 141)
# Of what is printed: white takes no ink. Words on it have the colour of GROUND, or of RAISED.
PAPER: Colour = (255, 255, 255)
# What is chosen, or is to be done next; the same pointed at.
ACCENT: Colour = (240, 206, 146)
ACCENT_LIFTED: Colour = (250, 222, 172)
# Signs before a line. None says by its colour alone what it means: each has a shape, see `icons.sign`.
WARNING: Colour = (244, 164, 66)
GOOD: Colour = (132, 204, 146)
RECORDING: Colour = (238, 104, 104)

# How much of GROUND lies behind words over a picture, and behind a panel of controls, 0 to 1.
SCRIM = 0.78
SHEET = 0.92
# The same over a picture that is not yet what its name says.
VEIL = 0.62

# Distances, from within a control to around a panel.
TIGHT, SMALL, GAP, MARGIN, WIDE = 4, 8, 12, 16, 24
# Round corners: a key, a control, a panel.
CORNER_KEY, CORNER, CORNER_PANEL = 8, 12, 22
# No target of a finger is smaller: Apple asks for 44 points, Google for 48 pixels of a similar size.
TOUCH = 44
# The lines of icons, of their side: all of one weight.
STROKE = 0.085


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of type for a distance from which it is read, design pixels.

    Whoever sees half as well as most (20/40, which is what most countries ask of drivers) makes out capitals
    of 10 minutes of arc: 2.9 mm from one metre, 8.7 mm from three. A design pixel is 0.42 mm on a screen of
    24 inches, 0.23 mm on one of 13; capitals of Noto Sans are 0.714 of its size.
    """

    caption: int
    body: int
    heading: int
    title: int
    display: int


NEAR = Type(caption=17, body=20, heading=24, title=34, display=64)  # one metre: 2.8 mm on 13 inches, 5 on 24
FAR = Type(caption=30, body=30, heading=38, title=52, display=76)  # three metres, on 24 inches

# How much larger everything is for those who cannot see well: body type as large as that of headings.
LARGER = 1.25

# Seconds: a small thing comes, a panel comes or goes. Slower would be waited for, faster is a jump.
QUICK, CALM = 0.15, 0.25

# The ring around what the keys speak to: as thick, and as far from it.
RING, RING_GAP = 3, 3


_larger = 1.0


def enlarge(on: bool) -> None:
    """Makes everything larger from now on, or as it was."""
    global _larger
    _larger = LARGER if on else 1.0


def unit_of(size: tuple[int, int]) -> float:
    """The design pixel of a window (width, height): by its height, less in one narrower than 4:3."""
    return max(0.6, _larger * min(size[1], size[0] * 0.75) / 720)


def px(unit: float, design: float) -> int:
    """Whole screen pixels of a design length, at least 1."""
    return max(1, round(unit * design))


@dataclass(frozen=True, slots=True)
class Look:
    """A control's ground and its words."""

    ground: Colour
    ink: Colour


def look(*, enabled: bool = True, chosen: bool = False, pointed: bool = False, pressed: bool = False) -> Look:
    """How a control looks in its state. `chosen`: it is on, or what to do next."""
    if not enabled:
        return Look(SUNK, FAINT)
    if chosen:
        return Look(INK if pressed else ACCENT_LIFTED if pointed else ACCENT, GROUND)
    return Look(PRESSED if pressed else LIFTED if pointed else RAISED, INK)


def over(colour: Colour, opacity: float, behind: Colour) -> Colour:
    """A colour laid over another, `opacity` 0 to 1."""
    red, green, blue = (round(a * opacity + b * (1 - opacity)) for a, b in zip(colour, behind, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """How well one is told from the other, 1 to 21 (WCAG 2, contrast ratio).

    Example:
        >>> round(contrast((255, 255, 255), (0, 0, 0)))
        21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4) for c in (v / 255 for v in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
