"""What a groom is: one small typed record a style, all numbers, no code.

Lengths are centimetres on the canonical head (its skull's centre is the origin: eyes at -3.3, chin at
-13.6, top of the head at +7.7, shoulders at some -19); heights follow the face of the head that hair is grown
on. Sides are the wearer's: left is positive. Every knob's unit, range and effect stand beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from train.groom.knobs import knob, knobs


@dataclass(frozen=True)
class Lengths:
    """Length of hair by region of the scalp; between the regions it changes smoothly."""

    front: float = knob(10, 0.02, 130, "cm", "hair at the middle of the hairline")
    top: float = knob(10, 0.02, 130, "cm", "hair on top")
    crown: float = knob(10, 0.02, 130, "cm", "hair round the whorl")
    temples: float = knob(10, 0.02, 130, "cm", "hair at the corners of the forehead")
    sides: float = knob(10, 0.02, 130, "cm", "hair above the ears")
    sideburns: float = knob(10, 0.02, 130, "cm", "hair before the ears")
    back: float = knob(10, 0.02, 130, "cm", "hair at the back of the head")
    nape: float = knob(10, 0.02, 130, "cm", "hair at the neck")
    jitter: float = knob(0.08, 0, 0.6, "share", "strands beside each other differ in length: softer ends")


@dataclass(frozen=True)
class Fade:
    """Clippers: hair gets shorter downwards, on all of the head below a line that falls to the back.

    With `bottom` right below `top` it is an undercut's edge; with a `strip` a mohawk.
    """

    bottom: float = knob(-6.0, -12, 6, "cm", "height at and below which hair is shortest")
    top: float = knob(1.0, -10, 8, "cm", "height from which hair keeps its length")
    length: float = knob(0.1, 0.01, 3, "cm", "shortest length")
    slope: float = knob(
        -0.15, -0.8, 0.8, "cm a cm", "how the line rises (or, negative, falls) towards the back"
    )
    around: float = knob(180, 60, 180, "degrees", "clipped so far round from the face")
    strip: float = knob(0.0, 0, 6, "cm", "half the width of a strip that alone stays long")


@dataclass(frozen=True)
class Hairline:
    """Where hair begins. The person's own is laid in its place where a photograph or camera shows it."""

    height: float = knob(0.0, -2, 6, "cm", "a higher forehead")
    recession: float = knob(0.0, -0.5, 6, "cm", "deeper corners at the temples")
    peak: float = knob(0.0, 0, 1.5, "cm", "a widow's peak")
    irregularity: float = knob(0.2, 0, 1, "cm", "a line that wanders, as all do")
    softness: float = knob(1.1, 0.1, 4, "cm", "width over which hair grows denser, longer and thicker")
    baby: float = knob(0.5, 0, 1, "share", "short fine hair along the edge")
    sideburns: float = knob(0.0, -3, 5, "cm", "shorter (positive) or longer sideburns")
    nape: float = knob(0.0, -3, 4, "cm", "a higher (shaved) nape")
    own: tuple[float, ...] = knobs(
        -4, 4, "cm", "how much higher this person's own hairline is, at `scalp.OWN_ANGLES`; none: the usual"
    )
    cowlick: float = knob(0.0, -90, 90, "degrees", "hair at the hairline turned to one side of its middle")


@dataclass(frozen=True)
class Parting:
    """A line from which hair falls to both sides."""

    at: float = knob(0.0, -6, 6, "cm", "left of the middle")
    width: float = knob(0.08, 0, 1.5, "cm", "bare skin")
    waver: float = knob(0.15, 0, 1, "cm", "a line drawn by hand")
    back: float = knob(1.5, -9, 9, "cm", "how far behind the skull's centre it ends")
    lift: float = knob(0.25, 0, 1.5, "share", "hair rises before it falls")
    zigzag: float = knob(0.0, 0, 2, "cm", "the line runs to and fro in points")
    dense: float = knob(3.5, 1, 6, "times", "roots right at the line, as many as elsewhere")


@dataclass(frozen=True)
class Flow:
    """Which way hair is combed, before gravity has its say."""

    whorl: float = knob(0.35, -1.5, 1.5, "turn", "swirl round the crown; the sign is its sense")
    whorl_side: float = knob(0.8, -3, 3, "cm", "the crown's whorl left of the middle")
    whorl_second: float = knob(0.0, 0, 6, "cm", "a second whorl, so far right, turning against the first")
    down: float = knob(1.0, 0, 4, "weight", "sides and back combed down")
    back: float = knob(0.25, -2, 2, "weight", "sides combed back (negative: to the face)")
    top: float = knob(0.0, 0, 1, "weight", "how much of the top is combed as the next three say")
    top_left: float = knob(0.0, -1, 1, "share", "top combed to the left")
    top_back: float = knob(0.0, -1, 1, "share", "top combed back (negative: forward)")
    top_from: float = knob(3.6, -4, 7.5, "cm", "height above which hair counts as top")
    jitter: float = knob(0.12, 0, 1, "share", "strands and locks that leave the comb's way")
    parted_back: float = knob(0.25, -1, 2, "weight", "hair at a parting goes back as well as aside")


@dataclass(frozen=True)
class Fringe:
    """Hair combed forward over the forehead and cut there."""

    line: float = knob(-1.3, -9, 6, "cm", "height of its cut; brows are at -1.7")
    width: float = knob(6.0, 1, 9, "cm", "half its width")
    depth: float = knob(4.5, 0.5, 12, "cm", "how far behind the hairline it is taken from")
    sweep: float = knob(0.0, -2, 2, "share", "swept to the left")
    curve: float = knob(0.03, -0.2, 0.4, "1/cm", "cut longer towards its ends")
    jitter: float = knob(0.35, 0, 4, "cm", "ragged (wispy) instead of blunt")
    density: float = knob(1.0, 0.05, 1, "share", "how much hair is in it")
    open: float = knob(0.0, 0, 5, "cm", "parted in its middle, as a curtain, by so much to each side")
    left: float = knob(0.0, -6, 6, "cm", "its middle left of the face's")


@dataclass(frozen=True)
class Shape:
    """How hair stands and falls."""

    lift: float = knob(0.5, 0, 12, "share", "hair leaves the skin more upright")
    lift_sides: float = knob(0.4, 0, 3, "times", "the same at the sides, as a multiple")
    lift_front: float = knob(0.0, 0, 4, "share", "hair at the front stands up (quiff)")
    volume: float = knob(1.0, 0, 8, "cm", "hair from the top lies so far above the skull")
    volume_front: float = knob(0.0, -1, 8, "cm", "more of it above the forehead")
    volume_sides: float = knob(0.15, 0, 3, "times", "the same at the sides, as a multiple")
    volume_reach: float = knob(4.0, 0.3, 20, "cm", "length after which hair has its volume")
    cling: float = knob(0.25, 0, 1, "share", "hair that hugs the head")
    cling_above: float = knob(-6.0, -20, 6, "cm", "height below which it no longer does")
    gravity: float = knob(1.0, -0.5, 3, "times", "weight")
    stiffness: float = knob(2.2, 0.5, 60, "cm", "length that stands against its weight")
    stiff_until: float = knob(0.0, 0, 20, "cm", "gravity begins after so much length")
    face: float = knob(0.8, 0, 1.6, "times", "size of the room round the face that hair is kept out of")
    shoulder: float = knob(0.0, 0, 3, "weight", "long hair taken before or behind the shoulders")
    before: float = knob(
        80, 0, 180, "degrees", "hair rooted nearer to the face than this falls before the shoulder"
    )
    before_left: float = knob(
        0.0, -120, 120, "degrees", "added to `before` on the left, taken from it on the right"
    )
    over: float = knob(0.0, -2, 2, "weight", "long hair taken over the left (negative: right) shoulder")
    tuck: float = knob(0.0, -4, 4, "weight", "ends turned in to the neck (negative: out)")
    tuck_from: float = knob(-10, -40, 0, "cm", "height from which ends turn")
    behind_ears: float = knob(0.0, 0, 1, "share", "hair of the sides laid behind the ears")
    one_ear: float = knob(0.0, -1, 1, "share", "so much less of it on the right (negative: left)")


@dataclass(frozen=True)
class Clump:
    """One scale of locks."""

    size: float = knob(1.2, 0.1, 8, "cm", "width of a lock where it is rooted")
    tight: float = knob(0.6, 0, 1, "share", "how near its strands come to each other at the end")
    power: float = knob(1.0, 0.2, 4, "exponent", "higher: only towards the ends")
    stray: float = knob(0.12, 0, 0.6, "share", "strands that change over to the lock beside them")
    point: float = knob(0.12, 0, 0.8, "share", "outer strands of a lock are shorter: pointed ends")
    wander: float = knob(0.07, 0, 1, "share", "locks swing aside and lie over each other, by their width")


@dataclass(frozen=True)
class Curl:
    """One scale of wave, curl or coil; strands of a lock share it."""

    radius: float = knob(0.6, 0.01, 4, "cm", "width of the wave")
    length: float = knob(12.0, 0.3, 60, "cm", "hair in one turn")
    round: float = knob(0.6, 0, 1, "share", "0 a flat wave, 1 a round curl")
    start: float = knob(4.0, 0, 40, "cm", "length after which it begins")
    jitter: float = knob(0.12, 0, 0.8, "share", "locks differ in width and length of their turns")
    loose: float = knob(0.25, 0, 3, "radians", "strands of a lock out of step")
    level: int = knob(0, 0, 3, "number", "which scale of locks turns together; 0 is the coarsest")
    reach: float = knob(1.0, 0, 1, "share", "how far the width grows on to the ends")
    together: float = knob(0.0, 0, 1, "share", "locks beside each other in step: waves of the whole head")


@dataclass(frozen=True)
class Finish:
    """Single strands."""

    frizz: float = knob(0.05, 0, 2, "cm", "strands that leave their lock in soft waves")
    frizz_length: float = knob(6.0, 0.5, 30, "cm", "length of such a wave")
    frizz_start: float = knob(3.0, 0, 20, "cm", "length after which it begins")
    flyaways: float = knob(0.03, 0, 0.3, "share", "strands that fly alone")
    flyaway_width: float = knob(0.25, 0, 3, "cm", "how far they wave")
    flyaway_lift: float = knob(0.6, 0, 5, "cm", "how far they stand off")
    radius: float = knob(0.042, 0.015, 0.12, "mm", "half the thickness of a strand")
    thick: float = knob(0.15, 0, 0.5, "share", "strands differ in thickness")
    tip: float = knob(0.3, 0.05, 1, "share", "thickness of the tip")


@dataclass(frozen=True)
class Cut:
    """Where the scissors went, as heights in space, as a hairdresser cuts."""

    line: float | None = knob(None, -80, 6, "cm", "height of the lower edge; none: length alone decides")
    slope: float = knob(0.0, -1, 1, "cm a cm", "longer (positive) towards the face")
    aside: float = knob(0.0, -1, 1, "cm a cm", "longer to the left (negative: to the right)")
    jitter: float = knob(0.3, 0, 10, "cm", "textured instead of blunt")
    locks: float = knob(0.0, 0, 10, "cm", "the same, whole locks at a time")
    frame: float | None = knob(
        None,
        -40,
        2,
        "cm",
        "height of the shortest hair beside the face, longer further back; none: all alike",
    )
    frame_blunt: float = knob(0.0, 0, 1, "share", "that hair all of one length: sidelocks")
    frame_depth: float = knob(4.0, 0.5, 12, "cm", "so far behind the hairline hair is cut as the rest is")
    layers: float = knob(0.0, 0, 1, "share", "hair rooted higher is cut shorter, up to this share")
    top: float | None = knob(
        None, 6, 25, "cm", "height at which what stands up is cut level (flat top); none: it is not"
    )
    box: float | None = knob(None, 5, 14, "cm", "standing hair is cut so far aside, 1.8 further ahead")


@dataclass(frozen=True)
class Density:
    """How much of the hair is there, by zone of the scalp, and how it thins."""

    strands: int = knob(90000, 2000, 200000, "strands", "on a full head")
    temples: float = knob(1.0, 0, 1, "share", "what is left at the corners")
    front: float = knob(1.0, 0, 1, "share", "what is left behind the hairline")
    top: float = knob(1.0, 0, 1, "share", "what is left on top")
    crown: float = knob(1.0, 0, 1, "share", "what is left round the whorl")
    crown_size: float = knob(4.5, 1, 10, "cm", "width of the crown's zone")
    parting: float = knob(1.0, 0, 1, "share", "what is left along the middle (Ludwig)")
    parting_size: float = knob(2.4, 0.5, 7, "cm", "half the width of that")
    rim: float = knob(0.0, 0, 5, "cm", "the wreath of sides and back begins so much lower (Norwood VII)")
    sides: float = knob(1.0, 0, 1, "share", "what is left at sides and back")
    fineness: float = knob(0.5, 0, 1, "share", "hair in thin zones is thinner and shorter, too")


@dataclass(frozen=True)
class Gathered:
    """Hair taken together: ponytails, buns, braids, locs. `train.groom.gathered.KINDS` names the kinds."""

    kind: str = ""
    count: int = knob(1, 1, 400, "number", "how many")
    at: float = knob(4.0, -14, 9, "cm", "height of the tie, of a roll, or of a halo over the forehead")
    side: float = knob(0.0, -9, 9, "cm", "left of the middle")
    size: float = knob(1.2, 0.1, 6, "cm", "half the thickness of the tail, braid, loc or bun's rope")
    length: float = knob(30, 0.5, 110, "cm", "of the tail, braid or loc")
    loose: float = knob(0.15, 0, 1, "share", "hair that slips out")
    tight: float = knob(0.8, 0, 1, "share", "how flat hair is drawn over the head")
    share: float = knob(1.0, 0, 1, "share", "how much of the hair is gathered, from the top down (half-up)")
    tilt: float = knob(0.35, -1, 1, "cm a cm", "how much lower what is gathered reaches at the back")
    free: float = knob(0.0, 0, 1, "share", "how much of a braid's or twist's end is left open")
    curl: float = knob(0.0, 0, 3, "cm", "curls of what hangs free: tails and open ends")
    curl_length: float = knob(7.0, 1, 40, "cm", "hair in one turn of them")
    bubbles: float = knob(0.0, 0, 20, "cm", "bands along the tail, so far apart; 0: none")
    messy: float = knob(0.0, 0, 1, "share", "ropes wander, their strands come loose")
    parted: float = knob(0.0, 0, 0.8, "cm", "bare skin between rows, fields or halves")
    aim: float = knob(0.0, -90, 90, "degrees", "rows run to the left instead of back")
    forward: float = knob(0.0, 0, 2, "weight", "falls before the shoulder")


@dataclass(frozen=True)
class Groom:
    """A style.

    Attributes:
        name: as it is asked for.
        group: one of `GROUPS`.
        words: what people call it, for searching.
        colour: the colour it is shown in by default, a name of `train.groom.colour.COLOURS`.
        loss: a stage of `train.groom.loss`, laid over it when the book is read; "": none.
    """

    name: str
    group: str = "medium"
    words: tuple[str, ...] = ()
    colour: str = "dark brown"
    length: Lengths = Lengths()
    fade: Fade | None = None
    hairline: Hairline = Hairline()
    parting: Parting | None = None
    flow: Flow = Flow()
    fringe: Fringe | None = None
    shape: Shape = Shape()
    clumps: tuple[Clump, ...] = ()
    curls: tuple[Curl, ...] = ()
    finish: Finish = Finish()
    cut: Cut = Cut()
    density: Density = Density()
    gathered: tuple[Gathered, ...] = field(default=())
    loss: str = ""


def fingerprint(groom: Groom) -> str:
    """Of all its numbers: what was made of another groom of the same name is told by it."""
    return hashlib.sha256(json.dumps(asdict(groom), sort_keys=True).encode()).hexdigest()[:16]


GROUPS = ("short", "medium", "long", "coily", "braids", "gathered", "updos", "loss")
