"""What is there without hair: skull, face, neck, clothes and wall, from all that knows a part of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from mirror.core.face_lighting import Lit
from mirror.core.head_crop import SIDE, Head
from mirror.core.head_space import oval_of
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_pattern import Pattern
from mirror.removal.background_sharpness import in_focus
from mirror.removal.body_inpainting import BARE, COLOURS, THERE
from mirror.removal.colour_harmonization import match_kept, scalp_of
from mirror.removal.ears import Ear, bared, slimmed, with_ears
from mirror.removal.eyebrows import clear_of_brows, with_brows
from mirror.removal.face_symmetry import mirrored
from mirror.removal.glasses_temples import StillGlasses, Temple, temples_of, with_temples
from mirror.removal.neck_and_clothes import PaintedBody, carried_on
from mirror.removal.observed import Observed
from mirror.removal.skin_tone import cheeks, skin_beside
from mirror.removal.skull_shape import Skull
from mirror.removal.texture_synthesis import grain_of, wall_grain_of, with_grain
from mirror.removal.uncovered_background import NOBODY, Outlines, levelled, textured, wall_of, wall_share
from mirror.tracking.temporal_smoothing import Calm

# Alphas of what is held in front: from the first on hair gives way, at the second it is gone.
HAND = (0.3, 0.8)
# What the painter paints: RGB of the hair, RGB of the body; their alphas.
HAIR, BODY, ALPHA, SOLID = slice(0, 3), slice(3, 6), 6, 7
# Share of the square: where less than that of the old hair is uncovered, nobody asks for wall or wisps.
LITTLE = 0.002
# Over so much of the side, upwards from the chin, shoulders end.
_JAW = 0.06
_ROWS = ((np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE)[:, None]
_WHOLE = np.ones((SIDE, SIDE), np.float32)
_NEARLY = 0.3  # what a wall beside hair counts that goes with it
_SOFT = (11, 11)  # pixels of `WALL_SIDE`: finer than that nothing of a wall out of focus is carried on
_PLAIN = 0.03  # standard deviation, of 1, up to which a wall out of focus has no colours to carry on
_WALL_ALIKE = 0.15  # how far a colour may be off the wall's and still be wall, of 1


class Calming:
    """What a stream remembers so that uncovered wall does not tremble; see
    `mirror.tracking.temporal_smoothing.Calm`."""

    def __init__(self) -> None:
        self.wall = Calm(share=0.3, jump=1.0)  # cells of 64
        self.pattern = Pattern()
        self.focus = Calm(share=0.3, jump=0.3, every=3)  # of 1
        self.wall_grain = Calm(share=0.2, jump=0.1, every=5)  # of the wall's brightness
        self.skin_grain = Calm(share=0.2, jump=0.1, every=5)  # of the skin's
        self.body = Calm(share=0.5, jump=0.05, every=3)  # of 1; a network
        self.cloth = Calm(share=0.3, jump=1.0)
        self.collar = Calm(share=0.25, jump=0.2)  # of 1
        self.wisps = Calm(share=0.5, jump=0.05)
        self.glasses = StillGlasses()

    def reset(self) -> None:
        """Forgets the person."""
        for one in vars(self).values():
            one.reset()


@dataclass(frozen=True, slots=True)
class HairMattes:
    """Hair that goes and hair that comes: all float32 (S, S), 0 to 1.

    Attributes:
        there: alpha of the hair that is there.
        new: feathered, of the new hair; cover: of that and of the hair that was there.
        hole: 1 where the painter saw nothing.
        close: `cover` without what beside the hair goes with it (`mirror.hair.painting.flyaways`), which is
            mostly wall; None: that is all of it.
    """

    there: np.ndarray
    new: np.ndarray
    cover: np.ndarray
    hole: np.ndarray
    close: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is round a head, as far as it is known.

    Attributes:
        outlines: of the head.
        person: float32 (S, S), alpha of the whole person: beyond it the camera shows the wall.
        front: float32 (S, S), alpha of what is held in front of the head and stays there.
        behind: the wall and where it is known, 128 pixels a side, see `Plate.behind`.
        sharp: how sharp the wall is, see `focus_of`; None: found where it is asked for.
        hem: colours of clothes below the square and where they are, see `mirror.removal.long_hair.hem`.
    """

    outlines: Outlines
    person: np.ndarray | None = None
    front: np.ndarray | None = None
    behind: tuple[np.ndarray, np.ndarray] | None = None
    sharp: np.ndarray | None = None
    hem: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True, slots=True)
class Beneath:
    """What is known of the body beneath the hair.

    Attributes:
        skin: the light that the face is in; None: it cannot be told.
        ears: see `mirror.removal.ears.ears_of`.
        hidden: what the network `body` says lies there, see `mirror.removal.body_inpainting.Body.look`; None:
            what the painter makes of it.
    """

    skin: Lit | None = None
    ears: list[Ear] = field(default_factory=list)
    hidden: np.ndarray | None = None


def without_hair(
    painted: np.ndarray,
    head: Head,
    hair: HairMattes,
    around: Surroundings,
    known: Beneath,
    calm: Calming | None = None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """The head and what is round it, as if it had no hair.

    Args:
        painted: float32 (8, S, S), the painter's planes: `HAIR`, `BODY`, `ALPHA`, `SOLID` name them.
        calm: of a stream that shows one style; None for a picture of its own.

    Returns:
        float32 (S, S, 3), 0 to 1; and float32 (S, S), how much of it the plate knows better, or None where
        there is no plate or nothing is uncovered.
    """
    new, cover = hair.new, hair.cover
    person, front, behind, sharp = around.person, around.front, around.behind, around.sharp
    skin, hidden = known.skin, known.hidden
    camera = cv2.merge(list(head.image[0]))
    if hidden is not None:
        body, solid = (
            cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
            for one in (hidden[..., COLOURS], hidden[..., THERE])
        )
        # Beside a cheek there is nothing, unless both networks say so: a head would have a bulge.
        chin = float(oval_of(head.shape)[:, 1].max())
        beside = np.clip((chin - _ROWS) * (1 / _JAW), 0, 1)
        solid = solid + (cv2.min(solid, painted[SOLID]) - solid) * beside
    else:
        body, solid = cv2.merge(list(painted[BODY])), painted[SOLID]
        body = match_kept(body, solid, camera, cover, hair.hole * (head.valid > 250), head.face)
    size = (FILL_SIDE, FILL_SIDE)
    free = _free(head, cover, front)
    partly = cv2.resize(free, size, interpolation=cv2.INTER_AREA)
    seen = np.floor(partly + 0.01)
    small = cv2.resize(camera, size, interpolation=cv2.INTER_AREA)
    cloth, collar = (None, None) if calm is None else (calm.cloth, calm.collar)
    skull = Skull.of(head.shape)
    bare = skull.alpha(SIDE, person, head.valid, solid, new)
    there = cv2.resize(solid if person is None else person, size, interpolation=cv2.INTER_AREA)
    told = seen
    if hair.close is not None:
        nearly = cv2.resize(_free(head, hair.close, front), size, interpolation=cv2.INTER_AREA)
        told = cv2.max(seen, np.floor(nearly + 0.01) * np.float32(_NEARLY))
    wall = wall_of(small, told, there)
    hems = None
    if around.hem is not None:
        # Beyond the shoulders hair hangs before the wall, which says nothing of clothes.
        colours, where = around.hem
        where = where & (np.abs(colours - wall[-1]).max(1) > _WALL_ALIKE)
        small[-1, where], seen[-1, where], there[-1, where] = colours[where], 1, 1
        hems = where
    observed = Observed(small, seen, there, hems)
    if skin is not None:
        tone = skin.skin(FILL_SIDE)
        scalp, where = scalp_of(tone, skull, bare, body, solid, observed, head.face)
        beside = skin_beside(small, seen, head.face, tone)
        if head.brows is not None:
            uncovers = cv2.subtract(cover, new)
            unbrowed = body
            body = with_brows(body, beside, observed, uncovers, head.brows, hair.there)
            if body is not unbrowed:
                where = clear_of_brows(where, head.brows)
        body = cheeks(body, beside, seen, head.face)
        body = mirrored(body, camera, free, tone, head.shape, head.brows)
        body = cv2.blendLinear(scalp, body, where, 1 - where)
        if hidden is not None:
            bare_skin, alpha = (
                cv2.resize(hidden[..., plane], size, interpolation=cv2.INTER_AREA) for plane in (BARE, THERE)
            )
            guess = PaintedBody(body, bare_skin, alpha)
            body = carried_on(guess, observed, tone, head.shape, head.image, cloth, collar)
        ears = bared(known.ears, cover, new)
        solid = slimmed(solid, head.shape, ears)
    share = wall_share(solid, around.outlines, bare)
    bares = uncovered(cover, new) >= LITTLE
    if not bares:
        behind = None
    else:
        hid = cv2.resize(cv2.multiply(cv2.subtract(cover, new), share), size, interpolation=cv2.INTER_AREA)
        if behind is not None:
            hid *= 1 - cv2.resize(behind[1], size, interpolation=cv2.INTER_AREA)
        if sharp is None:
            sharp = focus_of(head, cover, there, front, calm)
        wall = wall_behind(wall, head, partly, there, hid, sharp, calm)
        wall = levelled(wall, small, seen, hid)
    sure = None
    if behind is not None:
        plate, sure = behind
        wall = cv2.blendLinear(plate, wall, sure, 1 - sure)
    if skin is not None and bares:
        oval = cv2.blur(head.face, (9, 9)).astype(np.float32) * np.float32(1 / 255)

        def pores() -> np.ndarray:
            return grain_of(head, free)

        rough = pores() if calm is None else calm.skin_grain(pores)
        assert rough is not None
        body = with_grain(body, cv2.max(where, oval), rough)
    wall = cv2.resize(wall, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    if sure is not None:
        sure = cv2.resize(sure, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    if bares:

        def grain() -> np.ndarray:
            beside_it = free if person is None else np.where(person < NOBODY, free, np.float32(0))
            return wall_grain_of(head.image, beside_it)

        strong = grain() if calm is None else calm.wall_grain(grain)
        assert strong is not None
        wall = with_grain(wall, _WHOLE if sure is None else 1 - sure, strong)
    beneath = cv2.blendLinear(wall, body, share, 1 - share)
    if skin is not None:
        beneath, share = with_ears(beneath, share, beside, ears)

        def glasses() -> list[Temple]:
            return temples_of(head, hair.there)

        temples = glasses() if calm is None else calm.glasses(glasses)
        beneath = with_temples(beneath, share, temples, known.ears, head.shape)
    return beneath, None if sure is None else cv2.multiply(share, sure)


def _free(head: Head, cover: np.ndarray, front: np.ndarray | None) -> np.ndarray:
    """float32 (S, S): 1 where the camera shows what will be shown, else 0."""
    free = np.where((cover < 0.02) & (head.valid > 250), np.float32(1), np.float32(0))
    if front is not None:
        free[front > HAND[0]] = 0
    return free


def focus_of(
    head: Head, cover: np.ndarray, person: np.ndarray, front: np.ndarray | None, calm: Calming | None
) -> np.ndarray:
    """How sharp the wall is that is seen beside what covers, see
    `mirror.removal.background_sharpness.in_focus`. Arguments as for `without_hair`, but `person` of any
    side."""

    def found() -> np.ndarray:
        size = (FILL_SIDE, FILL_SIDE)
        seen = cv2.resize(_free(head, cover, front), size, interpolation=cv2.INTER_AREA)
        there = cv2.resize(person, size, interpolation=cv2.INTER_AREA)
        return in_focus(head.image, np.where(there < NOBODY, seen, np.float32(0)))

    sharp = found() if calm is None else calm.focus(found)
    assert sharp is not None
    return sharp


def wall_behind(
    wall: np.ndarray,
    head: Head,
    partly: np.ndarray,
    person: np.ndarray,
    hid: np.ndarray,
    sharp: np.ndarray,
    calm: Calming | None,
) -> np.ndarray:
    """The smooth wall (64, 64, 3) with the pattern of the wall beside it where that is in focus and its
    colours where it is not, (128, 128, 3); `hid`: float32 (64, 64), how much is wall that hair hid."""
    beside = np.where(person < NOBODY, partly, np.float32(0))
    if sharp.any() or cv2.meanStdDev(wall)[1].max() > _PLAIN:
        out = textured(wall, head.image, partly, person, None if calm is None else calm.wall)
        # Out of focus only light and colours go on: an edge of what is carried on would be the only one.
        if sharp.min() < 1:
            out = cv2.blendLinear(out, cv2.blur(out, _SOFT), sharp, 1 - sharp)
    else:
        out = cv2.resize(wall, sharp.shape, interpolation=cv2.INTER_LINEAR)
    pattern = Pattern() if calm is None else calm.pattern
    return pattern(out, head.image, beside, hid, sharp)


def uncovered(old: np.ndarray, new: np.ndarray) -> float:
    """How much of the old hair the new leaves bare, share of the square."""
    return float(cv2.subtract(old, new).clip(0).mean())
