"""Hair loss in stages, as an overlay on any style: Norwood's for men, Ludwig's for women."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from train.groom.record import Groom

STAGES_FILE = Path(__file__).with_name("loss.toml")
# Knobs that say where a zone lies; they replace the style's own, while shares multiply it.
PLACES = ("crown_size", "parting_size", "rim")


@dataclass(frozen=True)
class Stage:
    """One stage of a scheme.

    Attributes:
        name: such as "norwood 4".
        words: what one sees.
        hairline: by knob of `record.Hairline`, cm, added.
        density: by knob of `record.Density`: shares that multiply, `PLACES` that replace.
    """

    name: str
    words: str
    hairline: dict[str, float] = dataclasses.field(default_factory=dict)
    density: dict[str, float] = dataclasses.field(default_factory=dict)


@functools.cache
def loss_stages() -> dict[str, Stage]:
    """All stages by name, from the least to the most of each scheme."""
    read = tomllib.loads(STAGES_FILE.read_text(encoding="utf-8"))
    return {name: Stage(name, **table) for name, table in read.items()}


def find_stage(name: str) -> Stage:
    """A stage by name; `norwood_4` and `Norwood 4` are the same.

    Raises:
        MirrorError: there is none; names the closest ones.
    """
    stages, asked = loss_stages(), name.lower().replace("_", " ").replace("-", " ").strip()
    if asked not in stages:
        close = difflib.get_close_matches(asked, stages, 4, 0.3) or list(stages)
        raise MirrorError(f"There is no stage of hair loss {name!r}. Closest: {', '.join(close)}.")
    return stages[asked]


def with_loss(groom: Groom, name: str) -> Groom:
    """A style on a head that has lost hair to a stage.

    The hairline goes back by the stage's centimetres and each zone keeps the stage's share of what the style
    has there; the cut stays, so sides and back are as they were.

    Args:
        groom: any style, gathered ones too.
        name: of the stage.

    Raises:
        MirrorError: an unknown stage.
    """
    stage, line, density = find_stage(name), groom.hairline, groom.density
    # What lies along the edge of a line that went back is no baby hair.
    baby = line.baby * (0.4 if stage.hairline.get("recession", 0) > 1 else 1.0)
    moved: dict[str, Any] = {knob: getattr(line, knob) + more for knob, more in stage.hairline.items()}
    line = dataclasses.replace(line, baby=baby, **moved)
    left: dict[str, Any] = {
        knob: value if knob in PLACES else getattr(density, knob) * value
        for knob, value in stage.density.items()
    }
    density = dataclasses.replace(density, **left)
    return dataclasses.replace(groom, hairline=line, density=density)
