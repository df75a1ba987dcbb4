"""Head crop + matte + style -> the layer to lay over the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.detail import sharpen, tinted
from mirror.dye import dyed
from mirror.edge import match_kept, scalp_of
from mirror.engine import Engine
from mirror.fill import FILL_SIDE
from mirror.halves import mirrored
from mirror.head import SIDE, Head
from mirror.hole import HOLE_SIDE, cut_hole
from mirror.light import Lit, gains, measure
from mirror.neck import carried_on
from mirror.skull import Skull
from mirror.smooth import Calm
from mirror.style import StyleCode
from mirror.turn import differs
from mirror.wall import WALL_SIDE, Outlines, textured, uncover, wall_of
from mirror.wisps import wisps

# Alphas of what is held in front: from the first on hair gives way, at the second it is gone.
_HAND = (0.3, 0.8)
# What the painter paints: RGB of the hair, RGB of the body; their alphas.
_HAIR, _BODY, _ALPHA, _SOLID = slice(0, 3), slice(3, 6), 6, 7
# Alpha of which on hair is tinted and dyed as a whole, as its inverse.
_STEEP = 4.0
# Share of the square: where less than that of the old hair is uncovered, nobody asks for wall or wisps.
LITTLE = 0.002
_GROW = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
# Single strands over a forehead are faint in the matte and plain to the eye: there they count so much more.
_FAINT = 2.0
_GROW_INSIDE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (11, 11))
# How far down grows on a forehead and how softly its cover ends, in pixels of `WALL_SIDE`; and rows, as
# shares of the side, at which the forehead ends.
_DOWN, _FADING, _FOREHEAD_ENDS = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13)), 2.0, (0.33, 0.38)
# Alpha from which on a person is all there, as its inverse, and by how much its edge may be off.
_WHOLE, _EDGE = 2.0, np.ones((7, 7), np.uint8)
_NO_TINT = np.ones(3, np.float32)
_NO_HAIR = np.zeros((HOLE_SIDE, HOLE_SIDE), np.float32)
# Shares of the side: over which all hair fades at the square's edges; how far above the lower one long hair
# may end; widths of the locks in which it does, and how much each counts; how far a lock tapers.
_EDGES, _LOCKS_END, _LOCK_WIDTHS, _LOCK_SHARES, _TAPER = 1 / 32, 0.13, (0.006, 0.03), (0.8, 0.6), 0.03
_WALL_ALIKE = 0.15  # how far a colour may be off the wall's and still be wall, of 1
_REACH = 4  # cells of 64: how far from where a style says it lies, its hair may be painted


def window(side: int, below: float = _EDGES) -> np.ndarray:
    """float32 (side, side): 1 inside, falling to 0 at the square's edges, over `below` at the lower one."""
    place = (np.arange(side) + 0.5) / side
    across = np.clip(np.minimum(place, 1 - place) / _EDGES, 0, 1)
    down = np.clip(np.minimum(place / _EDGES, (1 - place) / below), 0, 1)
    ramp = np.outer(down, across)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


def tips(side: int) -> np.ndarray:
    """float32 (side, side): 1 above, 0 below where long hair ends, lock by lock.

    Long hair leaves the square at the bottom. A ruled line is no end for it, and neither is a fog: there each
    lock has its own length, the same on everybody and every day.
    """
    noise = np.random.default_rng(0).normal(size=(2, 2 * side))
    length = np.zeros(side)
    for one, width, share in zip(noise, _LOCK_WIDTHS, _LOCK_SHARES, strict=True):
        smooth = cv2.GaussianBlur(one[None], (0, 0), width * side)[0, side // 2 : side // 2 + side]
        length += share * smooth / smooth.std()
    length = 0.5 + 0.5 * np.tanh(length)
    place = (np.arange(side) + 0.5)[:, None] / side
    ends = 1 - _EDGES - (_LOCKS_END - _EDGES) * length
    return np.clip((ends[None, :] - place) * (1 / _TAPER) + 0.5, 0, 1).astype(np.float32)


def _down_to(low: float, high: float) -> np.ndarray:
    """float32 (WALL_SIDE, 1): 1 above the first row, 0 below the second, shares of the side."""
    place = (np.arange(WALL_SIDE, dtype=np.float32) + 0.5) / WALL_SIDE
    return np.clip((high - place) * (1 / (high - low)), 0, 1)[:, None].astype(np.float32)


# Own hair goes down to where the square ends: what hangs below goes too (`mirror.below`), or is not there.
_WINDOW, _FADES, _TIPS = window(SIDE, below=1 / 100), window(SIDE, below=1 / 7), tips(SIDE)
_FOREHEAD = _down_to(*_FOREHEAD_ENDS)


@dataclass(frozen=True, slots=True)
class Layer:
    """What the swap lays over a head, in head space.

    Attributes:
        rgb: uint8 (256, 256, 3), the painted head.
        cover: float32 (256, 256), how much of `rgb` shows: the larger of the two feathered mattes.
        old, new: float32 (256, 256), feathered mattes of the hair that was there (without eyes, nose
            and mouth) and of the new hair. Exactly 0 where they do not reach.
        wall: float32 (256, 256), how much of what `rgb` shows is the wall behind, which the plate knows
            better (`mirror.plate`); None where no wall is known.
        strands: uint8 (512, 512), what is laid on the hair besides (`mirror.strands`); None: nothing yet.
        hair, beneath: uint8 (256, 256, 3), of which `rgb` is mixed: the new hair as if it were alone, and
            what is there without it; None where nobody asks.
        fray: uint8 (512, 512), how the hair's edge ends in strands (`mirror.fray`); None: softly.
        fine: uint8 (512, 512, 4), what is shown instead of `rgb` and `cover`: RGB and how much of it shows,
            strands and all (`mirror.fine`); None: not finished.
        below: of the square below this one, where own hair hangs out of it (`mirror.below`); None: it does
            not.
    """

    rgb: np.ndarray
    cover: np.ndarray
    old: np.ndarray
    new: np.ndarray
    wall: np.ndarray | None = None
    strands: np.ndarray | None = None
    hair: np.ndarray | None = None
    beneath: np.ndarray | None = None
    fray: np.ndarray | None = None
    fine: np.ndarray | None = None
    below: Layer | None = None


class Calming:
    """What a stream remembers so that uncovered wall does not tremble; see `mirror.smooth.Calm`."""

    def __init__(self) -> None:
        self.wall = Calm(share=0.3, jump=1.0, every=3)  # cells of 64
        self.cloth = Calm(share=0.3, jump=1.0, every=3)
        self.wisps = Calm(share=0.5, jump=0.05, every=3)

    def reset(self) -> None:
        """Forgets the person."""
        self.wall.reset()
        self.cloth.reset()
        self.wisps.reset()


class Swap:
    """The painter network, from a head and a style to a layer.

    Args:
        painter: engine of the network `painter`.
    """

    def __init__(self, painter: Engine) -> None:
        self._painter = painter
        self._maps = np.zeros((1, 3, SIDE, SIDE), np.float32)
        self._outlines: tuple[np.ndarray, Outlines] | None = None

    def paint(
        self,
        head: Head,
        matte: np.ndarray,
        style: StyleCode,
        *,
        front: np.ndarray | None = None,
        person: np.ndarray | None = None,
        lit: Lit | None = None,
        behind: tuple[np.ndarray, np.ndarray] | None = None,
        calm: Calming | None = None,
        hem: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Layer:
        """Paints a style on a head.

        Args:
            matte: float32 (256, 256), alpha of the hair that is there.
            style: already fitted to this face shape.
            front: float32 (256, 256), alpha of what is held in front of the head and stays there.
            person: float32 (256, 256), alpha of the whole person: beyond it the camera shows the wall.
            lit: the light the face is in, which the new hair takes; None leaves it in the exemplar's.
            behind: the wall and where it is known, 128 pixels a side, see `Plate.behind`.
            calm: of a stream that shows one style; None for a picture of its own.
            hem: what lies beneath own hair that leaves the square below, see `mirror.below.hem`; None: it
                does not.
        """
        own_small = cv2.resize(matte, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
        hole = cut_hole(own_small, style.coarse, SIDE, radius=3)
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
        # Hair that the person brings goes on below as it is: there it passes over slowly.
        inside, ends = (_WINDOW, _TIPS) if style.residual is None else (_FADES, _FADES)
        new = feather_new(painted[_ALPHA], cv2.min(hole, reach)) * cv2.min(inside, ends)
        outlines = self._outlines_of(head.shape)
        old = feather_old(matte, hole, head.inner, outlines, person) * inside
        if person is not None and _uncovered(old, new) >= LITTLE:
            beyond = outlines.beyond

            def found() -> np.ndarray:
                return wisps(head.image, matte, person, head.face, head.valid, beyond)

            stray = found() if calm is None else calm.wisps(found)
            stray = cv2.resize(stray, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
            old = cv2.max(old, stray * hole * inside)
        cover = np.maximum(old, new)
        beneath, wall = _beneath(
            painted,
            head,
            new,
            cover,
            hole,
            outlines,
            behind,
            lit or measure(head, matte),
            person,
            front,
            calm,
            hem,
        )
        gain = gains(lit.light, style.light) if lit is not None else None
        hair = sharpen(_coloured(cv2.merge(list(painted[_HAIR])), new, style, gain), new)
        # Of what covers, so much is hair that, laid over the camera's picture, it is `new` of the whole.
        share = cv2.divide(new, cv2.max(cover, 1e-3))
        rgb = cv2.blendLinear(hair, beneath, share, 1 - share)
        if wall is not None:
            wall = cv2.multiply(wall, 1 - share)
        if front is not None:
            free = 1 - np.clip((front - _HAND[0]) * (1 / (_HAND[1] - _HAND[0])), 0, 1)
            new, old, cover = new * free, old * free, cover * free
        rgb, hair, beneath = (
            cv2.convertScaleAbs(np.maximum(one, 0), alpha=255) for one in (rgb, hair, beneath)
        )
        return Layer(rgb, cover, old, new, wall, hair=hair, beneath=beneath)

    def _outlines_of(self, shape: np.ndarray) -> Outlines:
        """Drawing them takes a millisecond: as long as a face keeps its shape they are kept."""
        if self._outlines is None or differs(self._outlines[0], shape):
            self._outlines = shape.copy(), Outlines.of(shape)
        return self._outlines[1]


def _beneath(
    painted: np.ndarray,
    head: Head,
    new: np.ndarray,
    cover: np.ndarray,
    hole: np.ndarray,
    outlines: Outlines,
    behind: tuple[np.ndarray, np.ndarray] | None,
    skin: Lit | None,
    person: np.ndarray | None,
    front: np.ndarray | None,
    calm: Calming | None,
    hem: tuple[np.ndarray, np.ndarray] | None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """What is there without hair, and how much of it the plate knows better."""
    camera, solid = cv2.merge(list(head.image[0])), painted[_SOLID]
    body = cv2.merge(list(painted[_BODY]))
    body = match_kept(body, solid, camera, cover, hole * (head.valid > 250), head.face)
    size = (FILL_SIDE, FILL_SIDE)
    free = np.where((cover < 0.02) & (head.valid > 250), np.float32(1), np.float32(0))
    if front is not None:
        free[front > _HAND[0]] = 0
    partly = cv2.resize(free, size, interpolation=cv2.INTER_AREA)
    seen = np.floor(partly + 0.01)
    small = cv2.resize(camera, size, interpolation=cv2.INTER_AREA)
    cloth_calm = None if calm is None else calm.cloth
    skull = Skull.of(head.shape)
    bare = skull.alpha(SIDE, person, head.valid, solid, new)
    there = cv2.resize(solid if person is None else person, size, interpolation=cv2.INTER_AREA)
    wall = wall_of(small, seen, there)
    if hem is not None:
        # Beyond the shoulders hair hangs before the wall, which says nothing of clothes.
        colours, where = hem
        where = where & (np.abs(colours - wall[-1]).max(1) > _WALL_ALIKE)
        small[-1, where], seen[-1, where], there[-1, where] = colours[where], 1, 1
    if skin is not None:
        tone = skin.skin(FILL_SIDE)
        scalp, where = scalp_of(tone, skull, bare, body, solid, small, seen, head.face)
        body = mirrored(body, camera, free, tone, head.shape)
        body = cv2.blendLinear(scalp, body, where, 1 - where)
        body = carried_on(body, small, seen, there, tone, head.shape, head.image, cloth_calm)
    if _uncovered(cover, new) < LITTLE:
        return uncover(body, solid, wall, outlines, bare)[0], None
    wall = textured(wall, head.image, partly, there, None if calm is None else calm.wall)
    if behind is None:
        return uncover(body, solid, wall, outlines, bare)[0], None
    plate, known = behind
    wall = cv2.blendLinear(plate, wall, known, 1 - known)
    beneath, share = uncover(body, solid, wall, outlines, bare)
    return beneath, cv2.multiply(share, cv2.resize(known, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR))


def _uncovered(old: np.ndarray, new: np.ndarray) -> float:
    """How much of the old hair the new leaves bare, share of the square."""
    return float(cv2.subtract(old, new).clip(0).mean())


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
) -> np.ndarray:
    """The old hair's matte, grown a little so that no rim of it is left, clear of the inner face.

    Args:
        outlines: of the head. Beside skin and before the wall the finest rim is seen: where there is nothing
            else, it is grown further.
        person: float32 (S, S), alpha of the person, beyond which nothing need be covered.
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
    soft = cv2.GaussianBlur(grown, (0, 0), 1.6).astype(np.float32) * (1 / 255)
    soft = np.clip((soft - 0.2) * 2, 0, 1)
    if outlines is not None:
        # A hairline ends in down and shadow on the forehead: they go too, and the skin begins unnoticed.
        # At half size, where it is smooth enough.
        half = cv2.resize(faint, outlines.beyond.shape[::-1], interpolation=cv2.INTER_AREA)
        down = cv2.dilate(half, _DOWN).astype(np.float32) * (1 - outlines.beyond)
        down = cv2.GaussianBlur(down, (0, 0), _FADING) * (_FOREHEAD * np.float32(1 / 255))
        soft = cv2.max(soft, cv2.resize(down, matte.shape[::-1], interpolation=cv2.INTER_LINEAR))
    keep = 1 - cv2.blur(inner, (9, 9)).astype(np.float32) / 255
    # One pixel more: pasted larger than it is, the square is sampled between its pixels.
    clear = cv2.dilate(inner, np.ones((3, 3), np.uint8)) > 0
    return soft * np.where(clear, 0, keep) * cv2.blur(hole, (3, 3))
