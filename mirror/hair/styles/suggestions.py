"""Suggestions: styles that hairdressing counts as becoming to a shape of face, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mirror.hair.styles.traits import traits_of
from mirror.tracking.face_proportions import Proportions
from mirror.translation.message import Message

Tags = frozenset[str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Styles that one reason holds for.

    Attributes:
        because: what they do for a face.
        numbers: of the styles, in the order of the book.
    """

    because: Message
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where a face is beyond a bound by more than the doubt about it, some styles are suggested.

    Attributes:
        measure: of the face, and which of its doubts is meant.
        above: the bound lies below; False: above.
    """

    measure: tuple[str, int]
    bound: float
    above: bool
    because: Message
    fits: Callable[[Tags], bool]

    def holds(self, face: Proportions) -> bool:
        value, doubt = getattr(face, self.measure[0]), face.doubt[self.measure[1]]
        beyond = value - self.bound if self.above else self.bound - value
        return beyond > max(_MARGIN, doubt)


# Each bound is about the tenth of faces that are most so: measured as here on 1,025 portraits of people who
# look straight ahead (length 1.18 on average, a tenth above 1.24 and below 1.12; jaw 0.82, 0.84 and 0.80;
# forehead 0.84, 0.86 and 0.82). All others are told that their shape asks for nothing.
_LONG, _ROUND, _WIDE_JAW, _NARROW_JAW, _WIDE_FOREHEAD = 1.236, 1.128, 0.836, 0.802, 0.859
_MARGIN = 0.004
_CHIN = frozenset({"bob", "chin", "lob"})


def _has(tags: Tags, *words: str) -> bool:
    return not tags.isdisjoint(words)


# Rules of thumb as hairdressers give them, with the oval as what is aimed at. Long: a fringe, width at the
# sides; round: height, length below the chin; strong jaw: waves past it; narrow chin: width there; wide
# forehead: a fringe (harlanyaffe.com/html/beauty29.html, ronbeautyamazement.com/facial-shapes and
# thehairplaceapplewood.com/oval-and-square-shape-faces agree). They are taste, not science.
RULES = (
    _Rule(("length", 0), _LONG, True, Message("Balances a long face: a fringe shortens it"),
          lambda tags: _has(tags, "fringe")),
    _Rule(("length", 0), _LONG, True, Message("Balances a long face: width at the sides"),
          lambda tags: bool(tags & (_CHIN | {"shoulder"})) and _has(tags, "wavy", "curly", "volume")),
    _Rule(("length", 0), _ROUND, False, Message("Lengthens a round face: height on top"),
          lambda tags: _has(tags, "up", "volume") and _has(tags, "short", "up", "pixie")),
    _Rule(("length", 0), _ROUND, False, Message("Lengthens a round face: falls past the chin, no fringe"),
          lambda tags: _has(tags, "long", "lob", "shoulder") and _has(tags, "no fringe")
          and not _has(tags, "volume")),
    _Rule(("jaw", 2), _WIDE_JAW, True, Message("Softens a strong jaw: waves or curls past it"),
          lambda tags: _has(tags, "lob", "shoulder", "long") and _has(tags, "wavy", "curly")),
    _Rule(("jaw", 2), _NARROW_JAW, False, Message("Fills out beside a narrow chin: ends at the chin"),
          lambda tags: bool(tags & _CHIN)),
    _Rule(("forehead", 1), _WIDE_FOREHEAD, True, Message("Narrows a wide forehead: a fringe over it"),
          lambda tags: _has(tags, "fringe")),
)  # fmt: skip


def suggest(
    face: Proportions,
    names: Sequence[str],
    tags: Sequence[tuple[str, ...]],
    left: Sequence[int] | None = None,
) -> tuple[Suggestion, ...]:
    """What a face's shape calls for, at most two reasons; () where it is not clear, or calls for nothing.

    Args:
        names, tags: of the styles of the book.
        left: numbers of those to choose from; None: all. Hair loss is never suggested.
    """
    numbers = range(len(names)) if left is None else left
    haircuts = [number for number in numbers if "haircut" in traits_of(names[number], tags[number])["loss"]]
    found: dict[Message, tuple[int, ...]] = {}
    taken: set[int] = set()
    for rule in RULES:
        if not rule.holds(face):
            continue
        fitting = tuple(n for n in haircuts if n not in taken and rule.fits(frozenset(tags[n])))
        if fitting and len(found) < 2:
            found[rule.because] = fitting
            taken.update(fitting)
    return tuple(Suggestion(because, fitting) for because, fitting in found.items())
