"""The hair colour that a person would be believed with: nearest to the hair they have, or to their brows."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import BROWS
from mirror.hair.tone_curves import ToneCurves, seen
from train.groom.colour import COLOURS, HairColour
from train.groom.lay_over import IRISES, card_of
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
# Clipped hair has the scalp's colour in it: hair of no more than this area, squares of the eye distance, that
# lies no further than so much (CIE76) from the line between the colours of brows and skin, between these
# shares of it. On skin lighter than that (L) short hair is light by itself as often: of 29 held-out people
# with little hair the four who were given hair of a wrong colour are found, two with black hair beside them.
LITTLE, ASIDE, ALONG, LIGHT_SKIN = 1.8, 12.0, (0.2, 1.0), 57.0


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
    """Of the hair that a person has; None: too little is seen of it, or it is clipped so short that most of
    its colour is the scalp's."""
    picture = to_linear(sitter.picture)
    tones = seen(picture, sitter.hair, sitter.inside)
    return None if tones is None or _clipped(sitter, picture, tones.middle) else tones


def _clipped(sitter: Sitter, linear: np.ndarray, hair: np.ndarray) -> bool:
    """Whether scalp shines through hair whose linear colour is (3,)."""
    apart = float(np.linalg.norm(np.subtract(*sitter.landmarks[list(IRISES), :2])))
    face = sitter.face_map() > 0.5
    if (sitter.hair > 0.5).sum() > LITTLE * apart**2 or face.sum() < 200:
        return False
    skin = linear[face].mean(0)
    brow = _brow(sitter, cv2.GaussianBlur(linear, (0, 0), 1.0), skin)
    if brow is None:
        return False
    card = card_of(skin)
    own, of_skin, of_brow = (_lab(colour / card) for colour in (hair, skin, brow))
    towards = of_skin - of_brow
    along = float((own - of_brow) @ towards / max(float(towards @ towards), 1e-3))
    aside = float(np.linalg.norm(own - of_brow - along * towards))
    return of_skin[0] < LIGHT_SKIN and ALONG[0] < along < ALONG[1] and aside < ASIDE


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
