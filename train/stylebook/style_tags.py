"""Words for hair: from measures to the tags and names of the style book.

Four headings, one word each: length, colour, texture, fringe. The limits were set on 51 exemplars that
were named by eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from train.metrics.hair_properties import MeasuredHead, curl, fringe, mean_colour, reach

HEADINGS: dict[str, tuple[str, ...]] = {
    "length": ("bald", "shaved", "short", "chin", "shoulder", "long"),
    "texture": ("straight", "wavy", "curly", "coily"),
    "colour": ("black", "dark brown", "brown", "red", "blonde", "grey", "white", "fashion"),
    "fringe": ("no fringe", "fringe"),
}
# What people write in a table of exemplars instead, so that no second word is put beside theirs.
ALSO: dict[str, tuple[str, ...]] = {
    "length": ("medium", "bob", "up", "cropped", "pixie", "lob"),
    "texture": ("locs", "braids", "coils", "curls", "waves", "afro"),
    "colour": ("dark", "blond", "light brown", "gray", "silver", "dye", "ginger", "copper", "auburn"),
    "fringe": ("bangs", "with fringe", "no bangs"),
}
SHORT, CHIN, SHOULDER = 0.4, 0.8, 1.02  # upper limits of these lengths, face heights below the eye line
BALD_AREA, SHAVED_AREA = 0.06, 0.25  # face areas of hair
TEXTURE = (0.27, 0.42, 0.6)  # of curl: straight, wavy and curly end here
SHORT_TEXTURE = (0.48, 0.58, 0.68)  # short hair lies in more directions, straight as it may be
FRINGE = 0.3  # share of the forehead


def words_of(head: MeasuredHead) -> dict[str, str]:
    """The word for each heading; only the length where nothing more can be told.

    Example:
        >>> words_of(head)  # doctest: +SKIP
        {'length': 'long', 'texture': 'wavy', 'colour': 'brown', 'fringe': 'no fringe'}
    """
    length, colour = _length(head), mean_colour(head)
    words = {"length": length}
    if length in ("bald", "shaved"):
        return words if length == "bald" or colour is None else words | {"colour": name_colour(colour)}
    found = curl(head)
    if np.isfinite(found):
        limits = SHORT_TEXTURE if length == "short" else TEXTURE
        words["texture"] = HEADINGS["texture"][int(np.searchsorted(limits, found))]
    if colour is not None:
        words["colour"] = name_colour(colour)
    words["fringe"] = HEADINGS["fringe"][int(fringe(head) > FRINGE)]
    return words


def _length(head: MeasuredHead) -> str:
    far = reach(head)
    if head.hair_area < BALD_AREA:
        return "bald"
    if head.hair_area < SHAVED_AREA and far < 0.15:
        return "shaved"
    return HEADINGS["length"][2 + int(np.searchsorted((SHORT, CHIN, SHOULDER), far))]


def name_colour(lab: np.ndarray) -> str:
    """The word for a mean CIE Lab colour of hair, float (3,).

    Example:
        >>> name_colour(np.array([45.0, 8.0, 26.0])), name_colour(np.array([30.0, -5.0, -25.0]))
        ('blonde', 'fashion')
    """
    light, chroma = float(lab[0]), float(np.hypot(lab[1], lab[2]))
    angle = float(np.degrees(np.arctan2(lab[2], lab[1])))
    if chroma >= 10 and not 20 <= angle <= 100:
        return "fashion"  # nobody's hair grows in pink, blue or green
    if chroma < 10 and light >= 29:
        return "white" if light >= 62 else "grey"
    if chroma >= 16 and angle < 53:
        return "red"
    if (angle >= 66 and light >= 35) or light >= 52:
        return "blonde"
    if light < 16:
        return "black"
    return "dark brown" if light < 25 else "brown"


def split_tags(text: str) -> tuple[str, ...]:
    """The tags of a table's cell: divided by semicolons where there are any, else by spaces.

    Example:
        >>> split_tags("long wavy"), split_tags("long; dark brown")
        (('long', 'wavy'), ('long', 'dark brown'))
    """
    parts = text.split(";") if ";" in text else text.split()
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def completed(tags: Sequence[str], words: Mapping[str, str]) -> tuple[str, ...]:
    """The tags as given, and the measured word of each heading of which they hold none.

    Example:
        >>> completed(("bob", "brown"), {"length": "chin", "texture": "straight", "colour": "red"})
        ('bob', 'brown', 'straight')
    """
    said = {tag.lower() for tag in tags}
    if "bald" in said:
        return tuple(tags)
    missing = [h for h in words if not said & {*HEADINGS[h], *ALSO[h]}]
    return (*tags, *(words[heading] for heading in missing))


def name_styles(styles: Sequence[Mapping[str, str]]) -> list[str]:
    """A name for each style from its words, numbered where several would have the same.

    Example:
        >>> name_styles([{"length": "long", "colour": "red"}] * 2)
        ['long red', 'long red 2']
    """
    seen: Counter[str] = Counter()
    names = []
    for words in styles:
        said = [words[heading] for heading in ("length", "texture", "colour") if heading in words]
        if words["length"] in ("chin", "shoulder"):
            said[0] += " length"
        name = " ".join(said) + (" with fringe" if words.get("fringe") == "fringe" else "")
        seen[name] += 1
        names.append(f"{name} {seen[name]}" if seen[name] > 1 else name)
    return names
