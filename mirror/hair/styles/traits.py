"""Traits: length, texture, occasion and for whom, as one looks for a style; read off its tags and its name.

A style has as many of each kind as are true of it. Where a salon's own style carries one of the words below
as a tag, that counts, and nothing of its kind is derived.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mirror.hair.styles.groups import group_of

# Kinds, and what there is of each, in the order in which they are shown.
TRAITS: dict[str, tuple[str, ...]] = {
    "people": ("women", "men"),
    "length": ("short", "medium", "long"),
    "texture": ("straight", "wavy", "curly", "coily"),
    "occasion": ("every day", "work", "party", "sport"),
    "loss": ("haircut", "hair loss"),
}
GATHERED = frozenset({"up", "bun"})
PLAITED = frozenset({"braids", "cornrows", "locs", "twists"})
CLIPPED = frozenset({"shaved", "bald"})
_LENGTHS = {
    "short": frozenset({"short", "pixie"}) | CLIPPED,
    "medium": frozenset({"bob", "chin", "lob", "shoulder"}),
    "long": frozenset({"long"}) | GATHERED,  # what is gathered has to be long before
}

# Whom a style is offered to, as price lists of salons and barbers sort them: by custom, not by a face.
# Whatever is not named here is anybody's, and found under both.
_WOMENS_TAGS = frozenset({"pixie", "bob", "lob"})
_WOMENS = frozenset({
    "soft silver crop", "copper layers", "blond layers", "layers", "fringe", "curtain fringe",
    "chestnut waves", "blond waves", "copper waves", "silver waves", "long waves", "ringlets",
    "updo with fringe", "thinning bob",
    "Ludwig II",  # the scale of women's hair loss, as Norwood's is of men's
})  # fmt: skip
_MENS = frozenset({
    "crew cut", "silver crew cut", "platinum crew cut", "fade", "mid fade", "white fade", "high top fade",
    "textured crop", "grey crop", "French crop", "quiff", "blond quiff", "pompadour", "black pompadour",
    "side part", "side swept", "salt and pepper", "two block", "brushed up", "spiky", "curtains",
    "ivy league", "silver taper", "slick back", "silver slick back",
})  # fmt: skip
_MENS_SCALE = "Norwood"


@dataclass(frozen=True, slots=True)
class Rule:
    """Why styles suit an occasion.

    Attributes:
        occasion: one of those in `TRAITS`.
        because: in words.
        needs: of each of these sets of tags a style has one; none: it goes by `names` alone.
        without: tags that it must not have.
        names: styles that it holds for besides, whatever their tags.
        but: styles that it does not hold for, whatever their tags.
    """

    occasion: str
    because: str
    needs: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def holds(self, name: str, tags: Collection[str]) -> bool:
        """Whether it holds for a style."""
        if name in self.names:
            return True
        tagged = bool(self.needs) and all(not one.isdisjoint(tags) for one in self.needs)
        return tagged and name not in self.but and self.without.isdisjoint(tags)


# Made anew each time with a brush, an iron, pins or product.
_SET = frozenset({
    "pin curls", "updo with fringe", "pompadour", "black pompadour", "quiff", "blond quiff", "brushed up",
    "spiky", "red spikes", "ringlets", "swept silver", "beaded braids",
})  # fmt: skip
_LOSS = frozenset({"hair loss"})
_ANY_LENGTH = frozenset().union(*_LENGTHS.values())
# The occasions are our own judgement, made of what is seen: nobody counts them, and no style is forbidden
# anywhere. Of work: natural and plaited hair is as formal as any, as the CROWN Act has it (California SB 188,
# 2019, and the states that followed).
RULES: tuple[Rule, ...] = (
    Rule("every day", "falls into place by itself, or stays as it was made for weeks", (_ANY_LENGTH,),
         but=_SET),
    Rule("work", "straight, with a clean line",
         (frozenset({"straight"}), frozenset({"pixie", "bob", "lob", "shoulder", "long"})),
         _LOSS | {"dye"} | GATHERED),
    Rule("work", "close to the head, with a clean outline", (CLIPPED,), _LOSS),
    Rule("work", "a barber's classic: parted, combed back or tapered", names=frozenset({
        "crew cut", "silver crew cut", "side part", "side swept", "ivy league", "mid fade", "fade",
        "white fade", "silver taper", "slick back", "silver slick back", "salt and pepper", "grey crop",
        "French crop", "soft silver crop", "swept silver",
    })),
    Rule("work", "natural or plaited hair, as formal as any", (PLAITED | {"coily"},), _LOSS | {"dye"}),
    Rule("work", "gathered, nothing hanging", (GATHERED,), but=frozenset({"messy bun", "black messy bun"})),
    Rule("party", "made for the evening with a brush, an iron, pins or product", names=_SET),
    Rule("party", "gathered up", (GATHERED,), but=frozenset({"ponytail", "blond ponytail"})),
    Rule("party", "waves or curls down to the shoulders and below",
         (frozenset({"wavy", "curly"}), frozenset({"lob", "shoulder", "long"})), _LOSS),
    Rule("party", "volume that is meant to be seen", (frozenset({"volume"}),), _LOSS),
    Rule("party", "a colour that is meant to be seen", (frozenset({"dye"}),), _LOSS, frozenset({
        "cherry bob", "platinum bob", "platinum pixie", "bleached buzz", "platinum crew cut",
    })),
    Rule("sport", "off face and neck, and it stays there", (GATHERED | CLIPPED | {"cornrows"},), _LOSS,
         but=frozenset({"updo with fringe"})),
    Rule("sport", "too short to get into the eyes", names=frozenset({
        "crew cut", "silver crew cut", "platinum crew cut", "mid fade", "fade", "white fade", "ivy league",
        "cropped natural", "short natural", "silver taper", "French crop", "short twists",
    })),
)  # fmt: skip


def occasions_of(name: str, tags: Collection[str]) -> dict[str, str]:
    """What a style suits, and why, in words.

    Example:
        >>> occasions_of("ponytail", ("up", "straight"))["sport"]
        'off face and neck, and it stays there'
    """
    said = {one: "the style book says so" for one in TRAITS["occasion"] if one in tags}
    if said:
        return said
    found: dict[str, str] = {}
    for rule in RULES:
        if rule.holds(name, tags):
            found.setdefault(rule.occasion, rule.because)
    return found


@lru_cache(maxsize=2048)
def traits_of(name: str, tags: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """By kind, what is true of a style.

    Example:
        >>> sorted(traits_of("bob", ("bob", "straight"))["length"])
        ['medium']
    """
    return {
        "people": _said("people", tags) or _people(name, tags),
        "length": frozenset(one for one, words in _LENGTHS.items() if not words.isdisjoint(tags)),
        "texture": _texture(tags),
        "occasion": frozenset(occasions_of(name, tags)),
        "loss": frozenset({"hair loss" if group_of(tags) == "loss" else "haircut"}),
    }


def _said(kind: str, tags: Collection[str]) -> frozenset[str]:
    return frozenset(TRAITS[kind]).intersection(tags)


def _people(name: str, tags: Collection[str]) -> frozenset[str]:
    if name in _WOMENS or not _WOMENS_TAGS.isdisjoint(tags):
        return frozenset({"women"})
    if name in _MENS or name.startswith(_MENS_SCALE):
        return frozenset({"men"})
    return frozenset(TRAITS["people"])


def _texture(tags: Collection[str]) -> frozenset[str]:
    """Of plaits that of the hair they are made of; where hair is clipped none is seen: it may be any."""
    said = _said("texture", tags)
    if not said and not PLAITED.isdisjoint(tags):
        return frozenset({"coily"})
    if not said and not CLIPPED.isdisjoint(tags):
        return frozenset(TRAITS["texture"])
    return said
