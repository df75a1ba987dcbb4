"""Head crop + matte + style -> the layer to lay over the head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from mirror.core.face_lighting import gains
from mirror.core.head_crop import SIDE
from mirror.core.layer import Layer
from mirror.core.pose_warp import differs
from mirror.engines import Engine
from mirror.hair.painting.edge_colour import own_coloured
from mirror.hair.painting.flyaways import faded, scraps, wisps
from mirror.hair.painting.high_frequency_detail import sharpen, tinted
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import dyed
from mirror.removal.crop_edge import tips, window
from mirror.removal.ears import Ear, ears_of
from mirror.removal.hair_removal import (
    HAND,
    LITTLE,
    Surroundings,
    Uncovered,
    focus_of,
    uncovered,
    without_hair,
)
from mirror.removal.head_outlines import OUTLINE_SIDE, Outlines
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole
from mirror.removal.long_hair import attached
from mirror.removal.underlay_network import UnderlayNetwork

# What the painter paints: RGB of the hair and its alpha; the body beside it is the underlay network's.
HAIR, ALPHA = slice(0, 3), 6
# Alpha of which on hair is tinted and dyed as a whole, as its inverse.
_STEEP = 4.0
_GROW = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
# Single strands over a forehead are faint in the matte and plain to the eye: there they count so much more.
_FAINT = 2.0
_GROW_EAR = np.ones((3, 3), np.uint8)
_GROW_INSIDE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (11, 11))
# How far down grows on a forehead and how softly its cover ends, in pixels of `OUTLINE_SIDE`; and rows, as
# shares of the side, at which the forehead ends.
_DOWN, _FADING, _FOREHEAD_ENDS = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13)), 2.0, (0.33, 0.38)
# The same of its shade on a throat, and rows at which that begins: chins lie at 0.71 to 0.84.
_SHADE, _THROAT_BEGINS = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)), (0.74, 0.79)
# Twice the alpha, of 255, from which on it is hair there for certain.
_SURE = 200
# Alpha from which on a person is all there, as its inverse, and by how much its edge may be off.
_WHOLE, _EDGE = 2.0, np.ones((7, 7), np.uint8)
_NO_TINT = np.ones(3, np.float32)
_NO_HAIR = np.zeros((HOLE_SIDE, HOLE_SIDE), np.float32)
_REACH = 4  # cells of 64: how far from where a style says it lies, its hair may be painted


def _down_to(low: float, high: float) -> np.ndarray:
    """float32 (OUTLINE_SIDE, 1): 1 above the first row, 0 below the second, shares of the side."""
    place = (np.arange(OUTLINE_SIDE, dtype=np.float32) + 0.5) / OUTLINE_SIDE
    return np.clip((high - place) * (1 / (high - low)), 0, 1)[:, None].astype(np.float32)


# Own hair goes down to where the square ends: what hangs below goes too (`mirror.removal.long_hair`), or is
# not there.
_WINDOW, _FADES, _TIPS = window(SIDE, below=1 / 100), window(SIDE, below=1 / 7), tips(SIDE)
_FOREHEAD, _THROAT = _down_to(*_FOREHEAD_ENDS), 1 - _down_to(*_THROAT_BEGINS)


class Uncovers(Protocol):
    """Says what lies beneath somebody's hair: a `Swap`, or who remembers what one has said."""

    def uncover(self, subject: Subject) -> Layer:
        """See `Swap.uncover`."""


class Swap:
    """From a head to what is laid over it: painted hair, and what lies beneath the hair that was there.

    Args:
        painter, underlay: engines of the networks of these names. Without `underlay`, or a matte of the
            person, nothing is taken away: the camera's picture lies beneath new hair.
    """

    def __init__(self, painter: Engine, underlay: Engine | None = None) -> None:
        self._painter = painter
        self._underlay = None if underlay is None else UnderlayNetwork(underlay)
        self._maps = np.zeros((1, 3, SIDE, SIDE), np.float32)
        self._outlines: tuple[np.ndarray, Outlines] | None = None

    def uncover(self, subject: Subject) -> Layer:
        """The head without hair: a layer without new hair."""
        none = np.zeros_like(subject.hair)
        old = self._old(subject, none, _FADES, all_of_it=True)
        found = self._beneath(subject, old)
        free = self._free(subject)
        if free is not None:
            old = old * free
        rgb, wall = _bytes(found.mixed), None if found.sure is None else found.sure * (1 - found.alpha)
        bare = _bytes(found.person), _bytes(found.wall)
        layer = Layer(rgb, old, old, none, wall, hair=rgb, beneath=rgb, body=found.alpha, bare=bare)
        return attached(layer, subject.under)

    def paint(self, subject: Subject, style: StyleCode, *, own: bool = False) -> Layer:
        """Paints a style on a head.

        Args:
            style: already fitted to this face shape.
            own: it is the hair that the person has or has brought: at the lower edge it passes over into what
                hangs below. So does any style with a residual.
        """
        head = subject.head
        hole = self._hole(subject, style.coarse)
        self._maps[0, 0] = hole
        np.multiply(head.face, np.float32(1 / 255), out=self._maps[0, 1])
        np.multiply(head.valid, np.float32(1 / 255), out=self._maps[0, 2])
        painted = self._painter.run(
            image=head.image,
            maps=self._maps,
            coarse=style.coarse[None, None],
            detail=(style.detail * style.coarse)[None],
            z=style.z[None],
            shape=head.shape[None],
        )["layer"][0]
        # A stray lock far from where the style has hair is none.
        reach = cut_hole(_NO_HAIR, style.coarse, SIDE, radius=_REACH)
        own = own or style.residual is not None
        inside, ends = (_FADES, _FADES) if own else (_WINDOW, _TIPS)
        new = feather_new(painted[ALPHA], cv2.min(hole, reach)) * cv2.min(inside, ends)
        old = self._old(subject, new, inside, all_of_it=not own)
        cover = cv2.max(old, new)
        found = self._beneath(subject, cover)
        beneath, wall = found.mixed, None if found.sure is None else found.sure * (1 - found.alpha)
        gain = gains(subject.lit.light, style.light) if subject.lit is not None else None
        hair = cv2.merge(list(painted[HAIR]))
        if not own:  # what a person has or brings is shown as it was seen, wall between the strands and all
            hair = own_coloured(hair, new)
        hair = sharpen(_coloured(hair, new, style, gain), new)
        # Of what covers, so much is hair that, laid over the camera's picture, it is `new` of the whole.
        share = cv2.divide(new, cv2.max(cover, 1e-3))
        rgb = cv2.blendLinear(hair, beneath, share, 1 - share)
        if wall is not None:
            wall = cv2.multiply(wall, 1 - share)
        free = self._free(subject)
        if free is not None:
            new, old, cover = new * free, old * free, cover * free
        layer = Layer(
            _bytes(rgb), cover, old, new, wall, hair=_bytes(hair), beneath=_bytes(beneath), body=found.alpha
        )
        return layer if own else attached(layer, subject.under)

    def _hole(self, subject: Subject, coarse: np.ndarray) -> np.ndarray:
        own = cv2.resize(subject.hair, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
        return cut_hole(own, coarse, SIDE, radius=3)

    def _beneath(self, subject: Subject, cover: np.ndarray) -> Uncovered:
        """See `without_hair`."""
        head, person, calm, network = subject.head, subject.person, subject.calm, self._underlay
        if network is None or person is None:
            seen = cv2.merge(list(head.image[0]))
            return Uncovered(seen, seen, np.ones_like(cover) if person is None else person, None)

        def look() -> np.ndarray:
            return network.look(head, subject.hair, person, subject.front)

        painted = look() if calm is None else calm.underlay(look)
        assert painted is not None
        around = Surroundings(person, subject.hair, subject.front, subject.behind)
        return without_hair(painted, head, cover, around, calm)

    def _old(self, subject: Subject, new: np.ndarray, inside: np.ndarray, *, all_of_it: bool) -> np.ndarray:
        """Feathered matte of the hair that goes, single hairs that stand off it too.

        Args:
            new: of the hair that comes; inside: where hair may be in the square.
            all_of_it: scraps that hang together with nobody go too.
        """
        head, matte, front, person = subject.head, subject.hair, subject.front, subject.person
        hole, outlines, calm = self._hole(subject, _NO_HAIR), self._outlines_of(head.shape), subject.calm
        old = feather_old(matte, hole, head.inner, outlines, person, ears_of(head.shape, matte)) * inside
        if person is None or uncovered(old, new) < LITTLE:
            return old
        sharp = focus_of(head, cv2.max(old, new), person, front, calm)
        beyond, even = outlines.beyond, cv2.max(sharp, 1 - faded(hole))

        def found() -> np.ndarray:
            return wisps(head.image, matte, person, head.face, head.valid, beyond, even)

        stray = found() if calm is None else calm.wisps(found)
        assert stray is not None
        stray = cv2.resize(stray, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        old = cv2.max(old, stray * hole * inside)
        if all_of_it:
            old = cv2.max(old, scraps(person, old, head.inner) * inside)
        return old

    def _free(self, subject: Subject) -> np.ndarray | None:
        """Where nothing is held in front that is to be cut out, float32 (256, 256); None: nothing is."""
        if subject.front is None or not subject.carved:
            return None
        return 1 - np.clip((subject.front - HAND[0]) * (1 / (HAND[1] - HAND[0])), 0, 1)

    def _outlines_of(self, shape: np.ndarray) -> Outlines:
        """Drawing them takes a millisecond: as long as a face keeps its shape they are kept."""
        if self._outlines is None or differs(self._outlines[0], shape):
            self._outlines = shape.copy(), Outlines.of(shape)
        return self._outlines[1]


def _bytes(picture: np.ndarray) -> np.ndarray:
    return cv2.convertScaleAbs(np.maximum(picture, 0), alpha=255)


def _coloured(rgb: np.ndarray, new: np.ndarray, style: StyleCode, gain: np.ndarray | None) -> np.ndarray:
    """Painted hair in the style's tint or dye, and in the person's light."""
    # It was painted as if alone: nothing shines through at its rim.
    new = np.minimum(new * np.float32(_STEEP), 1)
    if style.dye is None:
        return tinted(rgb, new, style.tint, gain)
    # A dye takes the light away with the colour, so it comes first.
    return tinted(dyed(tinted(rgb, new, style.tint), new, style.dye), new, _NO_TINT, gain)


def feather_new(alpha: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The new hair's matte: its faint tail cut to exactly 0, and nothing outside the hole."""
    cut = np.clip((alpha - 0.06) * (1 / 0.88), 0, 1)
    return cut * cv2.blur(hole, (5, 5))


def feather_old(
    matte: np.ndarray,
    hole: np.ndarray,
    inner: np.ndarray,
    outlines: Outlines | None = None,
    person: np.ndarray | None = None,
    ears: Sequence[Ear] = (),
) -> np.ndarray:
    """The old hair's matte, grown a little so that no rim of it is left, clear of the inner face.

    Args:
        outlines: of the head. Beside skin and before the wall the finest rim is seen: where there is nothing
            else, it is grown further.
        person: float32 (S, S), alpha of the person, beyond which nothing need be covered.
        ears: of the head. Those that are seen are somebody's own: there it is hardly grown.
    """
    # In bytes: four times as fast, and finer than anybody can see.
    matte = cv2.convertScaleAbs(matte, alpha=255)
    grown, faint = cv2.dilate(matte, _GROW), cv2.convertScaleAbs(matte, alpha=_FAINT)
    if outlines is not None:
        skull = cv2.resize(cv2.convertScaleAbs(1 - outlines.between, alpha=255), matte.shape[::-1])
        wall = cv2.resize(cv2.convertScaleAbs(outlines.beyond, alpha=255), matte.shape[::-1])
        grown = cv2.max(grown, cv2.min(cv2.dilate(faint, _GROW_INSIDE), cv2.max(skull, wall)))
    if person is not None:
        edge = cv2.dilate(cv2.convertScaleAbs(person, alpha=_WHOLE * 255), _EDGE)
        grown = cv2.min(grown, edge)
    for ear in ears:
        part, seen = grown[ear.box], cv2.convertScaleAbs(ear.alpha, alpha=255 * (1 - ear.hidden))
        grown[ear.box] = cv2.min(part, cv2.max(cv2.dilate(matte[ear.box], _GROW_EAR), 255 - seen))
    soft = cv2.GaussianBlur(grown, (0, 0), 1.6).astype(np.float32) * (1 / 255)
    soft = np.clip((soft - 0.2) * 2, 0, 1)
    if outlines is not None:
        # A hairline ends in down and shadow on the forehead: they go too, and the skin begins unnoticed.
        # At half size, where it is smooth enough.
        half = cv2.resize(faint, outlines.beyond.shape[::-1], interpolation=cv2.INTER_AREA)
        down = cv2.dilate(half, _DOWN).astype(np.float32) * (1 - outlines.beyond)
        down = cv2.GaussianBlur(down, (0, 0), _FADING) * (_FOREHEAD * np.float32(1 / 255))
        # So does the shade that long hair throws on a throat; a faint matte there is the shade of a chin.
        sure = cv2.dilate(cv2.subtract(half, _SURE), _SHADE).astype(np.float32)
        shade = cv2.GaussianBlur(sure, (0, 0), _FADING) * (_THROAT * np.float32(1 / (255 - _SURE)))
        down = cv2.max(down, shade)
        soft = cv2.max(soft, cv2.resize(down, matte.shape[::-1], interpolation=cv2.INTER_LINEAR))
    keep = 1 - cv2.blur(inner, (9, 9)).astype(np.float32) / 255
    # One pixel more: pasted larger than it is, the square is sampled between its pixels.
    clear = cv2.dilate(inner, np.ones((3, 3), np.uint8)) > 0
    return soft * np.where(clear, 0, keep) * cv2.blur(hole, (3, 3))
