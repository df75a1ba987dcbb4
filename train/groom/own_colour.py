"""The hair colour that a person would be believed with: nearest to the hair they have, or to their brows."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.face import BROWS
from train.groom.colour import COLOURS, HairColour
from train.groom.lay_over import REC709, card_of, to_linear
from train.groom.people import Sitter

# Fewer pixels of a matte this sure are no hair to tell a colour from.
LEAST, SURE = 600, 0.9
# Hair shades itself: what is seen of it is so much darker than one strand's wall would be in the face's
# light. Measured on renders of the eight first styles in the lights of eight held-out faces.
SHADED = 0.45
# A brow is hair before skin: so much of it is hair.
BROW_COVER = 0.6
# Absorption of the two pigments at red, green and blue (d'Eon et al. 2011, as Chiang et al. 2016 have it).
EUMELANIN, PHEOMELANIN = np.array([0.506, 0.841, 1.653]), np.array([0.343, 0.733, 1.924])


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
    seen = _hair(sitter, linear)
    if seen is None:
        seen = _brow(sitter, linear, linear[skin].mean(0))
    if seen is None:
        return None
    own = _lab(seen / (card_of(linear[skin].mean(0)) * SHADED))
    # A highlight or a shade changes brightness more than colour: brightness counts half.
    far = {
        name: float(np.linalg.norm((_lab(apparent(colour)) - own) * [0.5, 1, 1]))
        for name, colour in COLOURS.items()
        if _grows(colour)
    }
    return min(far, key=far.__getitem__)


def apparent(colour: HairColour) -> np.ndarray:
    """What a wall of this hair throws back of white light, linear float64 (3,)."""
    grown = _albedo(colour.pigment, colour) * colour.tint
    bare = _albedo(0.02, colour)
    return grown * (1 - colour.grey) + bare * colour.grey


def _albedo(depth: float, colour: HairColour) -> np.ndarray:
    """From absorption to the colour of many strands: the inverse of Chiang et al. 2016, equation 9."""
    absorbed = depth * ((1 - colour.redness) * EUMELANIN + colour.redness * PHEOMELANIN)
    rough = colour.radial
    spread = 5.969 - 0.215 * rough + 2.532 * rough**2 - 10.73 * rough**3 + 5.574 * rough**4 + 0.245 * rough**5
    return np.exp(-np.sqrt(absorbed) * spread) + 0.01


def _grows(colour: HairColour) -> bool:
    plain = colour.lights == 0 and colour.ends == 1 and colour.roots == 0 and colour.split is None
    return plain and min(colour.tint) > 0.8


def _hair(sitter: Sitter, linear: np.ndarray) -> np.ndarray | None:
    """Mean linear colour of the hair that is there; None where there is too little."""
    sure = (sitter.hair > SURE) & (sitter.inside > 0.5)
    if sure.sum() < LEAST:
        return None
    colours = linear[sure]
    light = colours @ REC709
    low, high = np.quantile(light, [0.25, 0.9])
    return colours[(light >= low) & (light <= high)].mean(0)


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
    coded = np.clip(linear, 0, 1).astype(np.float32)[None, None]
    coded = np.where(coded <= 0.0031308, 12.92 * coded, 1.055 * coded ** (1 / 2.4) - 0.055)
    return cv2.cvtColor(coded.astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0].astype(np.float64)
