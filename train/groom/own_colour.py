"""The hair colour that a person would be believed with: nearest to the hair they have, or to their brows."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import BROWS
from mirror.hair.tone_curves import ToneCurves, seen
from train.groom.colour import COLOURS, HairColour
from train.groom.lay_over import card_of
from train.groom.look import draft_albedo
from train.groom.people import Sitter
from train.groom.tones import REC709, coded, to_linear

# Hair shades itself and shines: what is seen of it, of a white card, is this share of its colour and this
# much gloss. So that dark hair of held-out people comes out between black and dark brown.
SHADED, GLOSS = 0.45, 0.022
# A brow is hair before skin: so much of it is hair.
BROW_COVER = 0.6
# Fewer grey strands than this are no colour of the whole.
GREY = 0.3
# Red hair is rare, and warm light makes grey hair look it: it must be nearer by this much (CIE76).
RARE, RED = 8.0, 0.5


def own_colour(sitter: Sitter) -> str | None:
    """Name of the colour, of those that grow, nearest to a person's own hair, else to their brows.

    Dyes, highlights and grown-out roots are not guessed.

    Returns:
        None where neither hair nor brows are seen.
    """
    skin = sitter.face_map() > 0.5
    linear = cv2.GaussianBlur(to_linear(sitter.picture), (0, 0), 1.0)
    if skin.sum() < 200:
        return None
    tones = own_tones(sitter)
    found = _brow(sitter, linear, linear[skin].mean(0)) if tones is None else tones.middle
    if found is None:
        return None
    own = _lab(found / card_of(linear[skin].mean(0)))
    # A highlight or a shade changes brightness more than colour: brightness counts less.
    far = {
        name: float(np.linalg.norm((_lab(apparent(colour)) - own) * [0.8, 1, 1]))
        + RARE * (colour.redness >= RED)
        for name, colour in COLOURS.items()
        if _grows(colour)
    }
    return min(far, key=far.__getitem__)


def own_tones(sitter: Sitter) -> ToneCurves | None:
    """Of the hair that a person has; None: too little is seen of it."""
    return seen(to_linear(sitter.picture), sitter.hair, sitter.inside)


def apparent(colour: HairColour) -> np.ndarray:
    """What is seen of this hair beside a white card of brightness 1, linear float64 (3,)."""
    return SHADED * np.array(draft_albedo(colour)) + GLOSS


def _grows(colour: HairColour) -> bool:
    plain = colour.lights == 0 and colour.ends == 1 and colour.roots == 0 and colour.split is None
    return plain and min(colour.tint) > 0.8 and (colour.grey == 0 or colour.grey > GREY)


def _brow(sitter: Sitter, linear: np.ndarray, skin: np.ndarray) -> np.ndarray | None:
    """Linear colour of the brows' hair, the skin between it taken off."""
    found = []
    for brow in BROWS:
        canvas = np.zeros(sitter.hair.shape, np.uint8)
        outline = sitter.landmarks[[*brow[:5], *brow[:4:-1]], :2]
        cv2.fillPoly(canvas, [np.round(outline).astype(np.int32)], 1)
        inside = linear[(canvas > 0) & (sitter.inside > 0.5)]
        if len(inside) > 20:
            light = inside @ REC709
            found.append(inside[light <= np.quantile(light, 0.5)].mean(0))
    if not found:
        return None
    mixed = np.mean(found, 0)
    return np.clip((mixed - (1 - BROW_COVER) * skin * 0.8) / BROW_COVER, 0.003, 1)


def _lab(linear: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(coded(linear).astype(np.float32)[None, None], cv2.COLOR_RGB2LAB)[0, 0].astype(
        np.float64
    )
