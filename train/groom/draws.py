"""Draws of the data set: a style a little changed, or a free one between two of them, a head, a pose, a light
and a colour, from one number.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from train.groom.book import read_book
from train.groom.colour import COLOURS, HairColour
from train.groom.head import head_names
from train.groom.knobs import Range
from train.groom.lights import LIGHTS
from train.groom.record import Groom

SPLITS = ("train", "held_out")
# One style, and one head, in so many is kept for judging: of each kind, apart from all that is trained on.
HELD_OUT = 8
# How much a parameter is changed: as a share of what it is, or of its range where it may be negative.
CHANGE, SHIFT = 0.14, 0.02
# One groom in so many is free: a mix of two styles, of whose numbers one in so many lies anywhere in the span
# of all styles. Knobs' own ranges hold what is possible; hair with all of them anywhere is on nobody's head.
FREE, ANYWHERE = 4, 10
# Standard deviations of poses, degrees, and their limits: people before a mirror mostly face it.
YAW, PITCH, ROLL = (20.0, 45.0), (9.0, 25.0), (5.0, 20.0)
# Vertical fields of view of webcams over the portrait's height, degrees: near a wide one to far from a
# narrow one.
FIELDS_OF_VIEW = (22.0, 48.0)


@dataclass(frozen=True)
class Pose:
    """Degrees, as `train.groom.camera.portrait_camera` takes them."""

    yaw: float
    pitch: float
    roll: float
    field_of_view: float


@dataclass(frozen=True)
class Draw:
    """Everything that one groom of the data set is made from.

    Attributes:
        number, split: which one it is.
        style: the style it began as. mixed_with: the other one of a free draw. groom: as it was changed.
        head: its name. colour_name: of the colour it began as. colour: as changed.
        light: of the preview; every group is kept.
        poses: one a view. seed: of the strands and the noise.
    """

    number: int
    split: str
    style: str
    mixed_with: str | None
    groom: Groom
    head: str
    colour_name: str
    colour: HairColour
    light: str
    poses: tuple[Pose, ...]
    seed: int


def draw(number: int, split: str, seed: int, views: int = 1) -> Draw:
    """The draw of a number: the same arguments give the same draw, on any machine.

    Example:
        >>> draw(3, "train", 0) == draw(3, "train", 0)
        True
    """
    random = np.random.default_rng([seed, SPLITS.index(split), number])
    styles = of_split(list(read_book()), split)
    heads = of_split(head_names(), split)
    book = read_book()
    style = styles[random.integers(len(styles))]
    groom, other = book[style], None
    if not random.integers(FREE):
        other = styles[random.integers(len(styles))]
        groom = mixed(groom, book[other], random)
        groom = spread(groom, [book[name] for name in styles], random)
    colour_name = str(random.choice(list(COLOURS)))
    colour = COLOURS[colour_name]
    colour = dataclasses.replace(
        colour,
        pigment=float(np.clip(colour.pigment * np.exp(0.2 * random.standard_normal()), 0, 8)),
        redness=float(np.clip(colour.redness + 0.06 * random.standard_normal(), 0, 1)),
    )
    return Draw(
        number, split, style, other, changed(groom, random), heads[random.integers(len(heads))],
        colour_name, colour, str(random.choice(list(LIGHTS))), tuple(_pose(random) for _ in range(views)),
        int(random.integers(1 << 31)),
    )  # fmt: skip


def of_split(names: list[str], split: str) -> list[str]:
    """The names of a split, by their hash: a new name changes no other's place."""
    kept = [name for name in names if _is_held_out(name) == (split == "held_out")]
    return kept or names[:1]


def _is_held_out(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT == 0


def changed(record: Any, random: np.random.Generator) -> Any:
    """A record with every number a little other, within its range; what is 0 or none stays so."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        kind: Range | None = field.metadata.get("range")
        if kind is not None and value and not isinstance(value, tuple):
            values[field.name] = _near(value, kind, random)
        elif dataclasses.is_dataclass(value):
            values[field.name] = changed(value, random)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            values[field.name] = tuple(changed(one, random) for one in value)
    return dataclasses.replace(record, **values)


def mixed(one: Groom, other: Groom, random: np.random.Generator) -> Groom:
    """A groom between two: part by part the first's, the second's, or numbers in between; hair is gathered as
    the first says.
    """
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Groom):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("name", "group", "words", "colour", "gathered"):
            continue
        way = random.integers(3)
        if way == 2 and dataclasses.is_dataclass(first) and type(first) is type(second):
            values[field.name] = _between(first, second, float(random.random()))
        else:
            values[field.name] = second if way == 1 else first
    return dataclasses.replace(one, **values)


def _between(first: Any, second: Any, share: float) -> Any:
    """A record of numbers between those of two; what is not a number in both is the first's."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(first):
        a, b = getattr(first, field.name), getattr(second, field.name)
        if isinstance(a, int | float) and isinstance(b, int | float):
            between = a + share * (b - a)
            values[field.name] = round(between) if isinstance(a, int) and isinstance(b, int) else between
    return dataclasses.replace(first, **values)


def spread(record: Any, others: list[Any], random: np.random.Generator) -> Any:
    """A record of which one number in `ANYWHERE` lies anywhere from the least to the most of others' same."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        theirs = [getattr(one, field.name) for one in others]
        if dataclasses.is_dataclass(value):
            values[field.name] = spread(value, [one for one in theirs if one is not None], random)
        elif "range" in field.metadata and isinstance(value, int | float) and not random.integers(ANYWHERE):
            known = [one for one in theirs if one is not None]
            drawn = random.uniform(min(known), max(known))
            values[field.name] = round(drawn) if isinstance(value, int) else drawn
    return dataclasses.replace(record, **values)


def _near(value: float, kind: Range, random: np.random.Generator) -> float:
    if kind.low < 0:
        near = value + SHIFT * (kind.high - kind.low) * random.standard_normal()
    else:
        near = value * np.exp(CHANGE * random.standard_normal())
    near = float(np.clip(near, kind.low, kind.high))
    return round(near) if isinstance(value, int) else near


def _pose(random: np.random.Generator) -> Pose:
    yaw, pitch, roll = (
        float(np.clip(random.normal(0, sigma), -most, most)) for sigma, most in (YAW, PITCH, ROLL)
    )
    return Pose(yaw, pitch, roll, float(random.uniform(*FIELDS_OF_VIEW)))
