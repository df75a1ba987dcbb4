"""Shade names: what a person may ask for, and which shade that is; a salon's own shades too."""

from __future__ import annotations

from dataclasses import dataclass

from mirror.core.errors import MirrorError
from mirror.hair.styles import dye_pattern
from mirror.hair.styles.natural_range import NATURAL_RANGE, TONES, in_range
from mirror.hair.styles.shade import DYES, NONE, Dye


@dataclass(frozen=True, slots=True)
class Chart:
    """A salon's own shades.

    Attributes:
        shades: in the order of the chart.
        replace: whether they are shown in place of the mirror's own; else beside them.
    """

    shades: tuple[Dye, ...] = ()
    replace: bool = False


_chart = Chart()


def use_chart(chart: Chart | None) -> None:
    """Shows a salon's shades from now on; None: none. Before anything is drawn, see
    `mirror.hair.styles.shade_chart`."""
    global _chart
    _chart = chart or Chart()


def chart_shades() -> tuple[Dye, ...]:
    """The salon's own; () where there is no chart."""
    return _chart.shades


def shows_range() -> bool:
    """Whether the natural range is shown: a chart may take its place."""
    return not (_chart.replace and _chart.shades)


def named_shades() -> tuple[Dye, ...]:
    """Those that go by a name alone: the mirror's own twelve, a salon's in place of them or behind them."""
    return (*DYES, *_chart.shades) if shows_range() else _chart.shades


def find(name: str) -> Dye | None:
    """The shade of a name, in any spelling of case and hyphens; None for "none", hair as it is.

    Two shades in a pattern are written as `mirror.hair.styles.dye_pattern` says.

    What is not shown is found all the same: a look that was chosen before goes on.

    Raises:
        MirrorError: there is none; the message lists all.

    Example:
        >>> find("Ash-Blond").name, find("7-ash").name, find("level 7 ash").name, find("7.1").name
        ('ash blond', '7/1 ash', '7/1 ash', '7/1 ash')
    """
    if dye_pattern.is_pattern(name):
        return dye_pattern.read(name, find)
    wanted = plain(name)
    if wanted == NONE:
        return None
    for dye in (*_chart.shades, *DYES):
        if plain(dye.name) == wanted:
            return dye
    if (natural := in_range(wanted)) is not None:
        return natural
    names = ", ".join(dye.name for dye in named_shades())
    tones = ", ".join(f"{tone.digit} {tone.name}" for tone in TONES)
    raise MirrorError(
        f"There is no dye '{name}'. Give one of: {names}; or a level from 1 to {len(NATURAL_RANGE)} and a "
        f"tone ({tones}), as 7/1 or 7-ash; or {NONE}, the hair as it is; or two of them in a pattern, as "
        f"{dye_pattern.EXAMPLE}."
    )


def plain(name: str) -> str:
    """A name in small letters, hyphens as spaces."""
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())
