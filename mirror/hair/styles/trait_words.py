"""Trait words: what a person reads of what styles are filtered by."""

from __future__ import annotations

from mirror.translation.message import Message

KINDS = {
    "people": Message("Offered to"), "length": Message("Length"), "texture": Message("Texture"),
    "occasion": Message("Occasion"), "loss": Message("Kind"),
}  # fmt: skip
# What a person reads on a chip.
SAID = {
    "women": Message("Women"), "men": Message("Men"), "short": Message("Short"), "medium": Message("Medium"),
    "long": Message("Long"), "straight": Message("Straight"), "wavy": Message("Wavy"),
    "curly": Message("Curly"), "coily": Message("Coily"), "every day": Message("Every day"),
    "work": Message("Work"), "party": Message("Party"), "sport": Message("Sport"),
    "haircut": Message("Haircuts"), "hair loss": Message("Hair loss"),
}  # fmt: skip
