"""Mirror: one picture in, the same person with other hair out. No threads, no screen.

A photograph, a test, a notebook, a video converter and the live loop all run this very code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from mirror.apart import apart, in_front_last
from mirror.below import below
from mirror.card import paint
from mirror.company import Company
from mirror.compose import compose, lay
from mirror.dresser import Dresser
from mirror.dye import NONE
from mirror.dye import find as find_dye
from mirror.encode import encode_head
from mirror.engine import ENGINES_FOLDER, Engine, open_engine
from mirror.engine.choose import prove
from mirror.engine.manifest import open_file
from mirror.errors import MirrorError
from mirror.face import Face
from mirror.follow import Follower, faces_by_size
from mirror.frame import Frame, check_frame, check_picture
from mirror.grid import SIZES, Grid
from mirror.guests import Guests
from mirror.head import SIDE, Head, look_at
from mirror.headspace import HeadTransform, paste_back
from mirror.life import Life
from mirror.light import measure
from mirror.loss import TODAY
from mirror.photo import style_of
from mirror.picture_file import read_photograph
from mirror.plate import Plate
from mirror.reach import check_reach
from mirror.shown import Seen, Shown
from mirror.smooth import FaceSmoother
from mirror.strands import drawn
from mirror.style import StyleCode
from mirror.stylebook import StyleBook
from mirror.styling import Styling, is_random
from mirror.trackers import FaceTracker, open_tracker
from mirror.wipe import blacken
from mirror.worn import Worn, worn_of

OWN_HAIR = "your own hair"

Progress = Callable[[str, float], None]


class Mirror:
    """The mirror as a library.

    Args:
        style: a name or number of the style book, or "random".
        engine: "auto", "openvino", "onnxruntime" or "tensorrt".
        engines: folder of the networks and their manifest.
        face_model: `face_landmarker.task`, where the installed MediaPipe needs one.
        seed: of random styles.
        dye: a shade of `mirror.dye.DYES` by name, or "none".
        progress: called with (what is loading, share done) while the networks load.

    Raises:
        MirrorError: unknown style or dye, damaged weights, an engine that cannot run, no face model.

    Example:
        >>> import skimage.data
        >>> mirror = Mirror(style="bob")
        >>> mirror.apply(skimage.data.astronaut()).shape
        (512, 512, 3)
    """

    def __init__(
        self,
        style: str = "bob",
        *,
        engine: str = "auto",
        engines: Path = ENGINES_FOLDER,
        face_model: Path | None = None,
        seed: int | None = None,
        progress: Progress | None = None,
        dye: str = NONE,
    ) -> None:
        progress = progress or (lambda what, share: None)
        progress("the style book", 0.05)
        book = StyleBook.load(open_file("stylebook", engines))
        if not is_random(style):
            book.index(style)  # a misspelt name is said before the slow part
        find_dye(dye)
        self.engines: dict[str, Engine] = {}
        for share, name in ((0.1, "matte"), (0.3, "painter"), (0.5, "body"), (0.6, "shape")):
            progress(f"the {name} network", share)
            self.engines[name] = open_engine(name, engine, folder=engines)
        progress("the face tracker", 0.75)
        self._face_model = face_model
        self._follower: Follower | None = None
        self._single: FaceTracker | None = None
        self._folder = engines
        self._engine_choice = engine
        self._worn_at_first = (style, dye, seed)
        self._begin(book)

    def _begin(self, book: StyleBook) -> None:
        """Everything that comes to know the person in front of the mirror, made new."""
        style, dye, seed = self._worn_at_first
        self.styling = Styling(book, seed)
        self.styling.choose(style)
        self.styling.choose_dye(dye)
        self._plate = Plate()
        self._dresser = self._new_dresser()
        self._grid: Grid | None = None
        self._wants_own = False
        self._smoother = FaceSmoother()
        self._since = 0.0  # of the face that `look` follows
        self._company = Company(self._face_model)
        self._life = Life()
        self._guests = Guests(self._new_dresser)

    @property
    def book(self) -> StyleBook:
        """The style book in use."""
        return self.styling.book

    def warm_up(self) -> None:
        """Opens the trackers of the live stream and runs every network once, so that no frame waits."""
        self._follow()
        nothing = np.zeros((SIDE, SIDE), np.uint8)
        head = Head(
            np.zeros((1, 3, SIDE, SIDE), np.float32), nothing, nothing, nothing, self.styling.book.face_shape
        )
        mattes = self._dresser.matting.look(head.image, still=True)
        code = self.styling.code(head.shape)
        self._dresser.swap.paint(head, mattes.hair, code, person=mattes.person)

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Puts the current style on the largest face of one picture.

        Args:
            image: uint8 (H, W, 3) RGB.

        Returns:
            A new picture of the same size; an unchanged copy where there is no face.

        Raises:
            MirrorError: `image` is not such an array; the head in it is too small, or too much of its hair
                leaves the part round it that can be changed (`mirror.reach`).
        """
        faces = self._find_faces(image)
        if not faces:
            return image.copy()
        face, *others = faces
        transform = HeadTransform.from_face(face)
        head = look_at(image, face, transform)
        mattes = self._dresser.matting.look(head.image, still=True)
        mattes = apart(mattes, transform, [HeadTransform.from_face(other) for other in others])
        code, lit = self.styling.code(head.shape), measure(head, mattes.hair)
        under = below(image, transform, mattes.hair, mattes.front)
        check_reach(mattes.hair, under, transform, (image.shape[1], image.shape[0]))
        layer = self._dresser.swap.paint(
            head,
            mattes.hair,
            code,
            front=mattes.front,
            person=mattes.person,
            lit=lit,
            under=under,
        )
        return compose(image, drawn(layer, code, head.shape), transform)

    def matte(self, image: np.ndarray) -> np.ndarray | None:
        """Soft alpha of the hair of the largest face: float32 (H, W), 0 to 1; None without a face.

        Raises:
            MirrorError: `image` is not a uint8 (H, W, 3) array.
        """
        face = self.find_face(image)
        if face is None:
            return None
        transform = HeadTransform.from_face(face)
        alpha = self._dresser.matting.matte(look_at(image, face, transform).image, still=True)
        height, width = image.shape[:2]
        out = np.zeros((height, width), np.float32)
        left, top, right, bottom = transform.frame_rectangle(width, height)
        out[top:bottom, left:right] = paste_back(alpha, transform, (left, top, right, bottom))
        return np.clip(out, 0, 1)

    def encode(self, image: np.ndarray) -> StyleCode | None:
        """The code of the hair on the largest face of a picture; None without a face.

        Raises:
            MirrorError: `image` is not a uint8 (H, W, 3) array, or the encoder's weights are damaged.
        """
        face = self.find_face(image)
        if face is None:
            return None
        head = look_at(image, face, HeadTransform.from_face(face))
        matte = self._dresser.matting.matte(head.image, still=True)
        return encode_head(self._encoder(), head, matte)

    def find_face(self, image: np.ndarray) -> Face | None:
        """The largest face of one picture, uint8 (H, W, 3) RGB, or None."""
        return next(iter(self._find_faces(image)), None)

    def _find_faces(self, image: np.ndarray) -> list[Face]:
        """The two largest faces of one picture, uint8 (H, W, 3) RGB."""
        check_picture(image)
        if self._single is None:
            self._single = open_tracker(still=True, faces=2, model=self._face_model)
        return faces_by_size(self._single, image)

    def process(self, frame: Frame) -> Shown:
        """One frame of a stream: tracked, smoothed and faded in from the frames before.

        Raises:
            MirrorError: it is no frame, its picture is no uint8 (H, W, 3) array, or its time no number.
        """
        return self.dress(self.look(frame))

    def look(self, frame: Frame) -> Seen:
        """The first half of `process`: whose face, and where the head is. Frames come in order.

        `look` and `dress` share no state, so two threads may run them, each its own. Raises as `process`.
        """
        check_frame(frame)
        clock = time.perf_counter()
        stages: dict[str, float] = {}
        face = self._follow().follow(frame)
        face = self._person(face, frame)
        if face is None:
            self._smoother.reset()
            _lap(stages, "track", clock)
            return Seen(frame, stages=stages)
        face, fresh = self._smoother.smooth(face, frame.captured_at, frame.image)
        if fresh:
            self._since = frame.captured_at
        transform = HeadTransform.from_face(face)
        others = self._company.follow(frame, face, self._follow().others)
        clock = _lap(stages, "track", clock)
        head = look_at(frame.image, face, transform)
        _lap(stages, "crop", clock)
        beside = self._company.beside(face)
        return Seen(frame, face, transform, head, self._since, stages, others=others, beside=beside)

    def dress(self, seen: Seen) -> Shown:
        """The second half of `process`: matte, swap, compose."""
        frame, stages, dresser = seen.frame, dict(seen.stages), self._dresser
        if seen.face is None or seen.transform is None or seen.head is None:
            self._forget()
            self._plate.learn(frame.image, frame.captured_at)
            image = frame.image if self._grid is None else self._grid.show(seen, dresser, 0.0)
            return Shown(frame, image, stages=stages)
        if dresser.meet(seen.since):
            self._forget(seen.since)
        if self._wants_own:
            self._wants_own = False
            self.styling.wear(dresser.own_code(seen), OWN_HAIR, frame.captured_at)
        strength, advice = dresser.strength(seen), dresser.reach.advice
        clock = time.perf_counter()
        if self._grid is not None:
            image = self._grid.show(seen, dresser, strength)
            _lap(stages, "swap", clock)
            return Shown(
                frame, image, seen.face, None, seen.transform, strength, stages, self._worn(frame), advice
            )
        layer = dresser.layer(seen, stages)
        clock = time.perf_counter()
        if dresser.loss.amount is None:
            strength *= self.styling.presence
        heads = [(seen.transform, layer, strength)]
        if seen.others and dresser.loss.amount is None:
            heads += self._guests.layers(seen.others)
        image = frame.image.copy()
        for number in in_front_last([transform for transform, _, _ in heads]):
            transform, over, amount = heads[number]
            lay(image, over, transform, amount, self._plate)
        _lap(stages, "compose", clock)
        return Shown(
            frame, image, seen.face, layer, seen.transform, strength, stages, self._worn(frame), advice
        )

    def wear_own(self, now: float | None = None) -> None:
        """Puts the person's own hair on, as a style that can be changed: "my own hair, but longer".

        Raises:
            MirrorError: nobody is in the picture.
        """
        if self._dresser.since is None:
            raise MirrorError("Nobody is in front of the mirror: your own hair cannot be read. Come closer.")
        self.set_loss(None)
        self._wants_own = True

    def wear_photo(self, path: Path, now: float | None = None) -> None:
        """Puts on the hair of a photograph.

        Raises:
            MirrorError: the file is no picture, or its hair cannot be read; says why.
        """
        image = read_photograph(path)
        code = style_of(
            image, self.find_face(image), self._dresser.matting, self._dresser.swap, self._encoder()
        )
        self.set_loss(None)
        self.styling.wear(code, path.stem, now)

    @property
    def loss(self) -> float | None:
        """The place of the hair loss slider, -1 (bald) to 1 (full); None: styles are shown."""
        return self._dresser.loss.amount

    def set_loss(self, amount: float | None, now: float | None = None) -> None:
        """Shows the person's own hair thinner (down to -1, bald) or fuller (up to 1); None: styles again."""
        self._dresser.loss.set(amount)

    def loss_words(self, amount: float) -> str:
        """What a clinic would call a place of the hair loss slider, for the person who is there."""
        return self._dresser.loss.words(amount)

    @property
    def loss_shades(self) -> tuple[str, ...]:
        """Natural colours to choose from where hair is to grow whose colour nothing says; else ()."""
        return self._dresser.loss.choices

    @property
    def loss_shade(self) -> str | None:
        """Which of them was chosen; None: none yet."""
        return self._dresser.loss.shade

    def choose_loss_shade(self, name: str, now: float | None = None) -> None:
        """Says which colour the hair had that is to grow back.

        Raises:
            MirrorError: it is none of `loss_shades`; the message lists all.
        """
        self._dresser.loss.choose(name)

    @property
    def grid(self) -> tuple[int, ...]:
        """Numbers of the styles that are shown at once; () where one is worn."""
        return () if self._grid is None else self._grid.numbers

    def set_grid(self, numbers: tuple[int, ...], now: float | None = None) -> None:
        """Shows 4 or 9 styles of the book at once on the live face; () goes back to one.

        Raises:
            MirrorError: another number of styles.
        """
        if numbers and len(numbers) not in SIZES:
            raise MirrorError(f"A grid of {len(numbers)} styles is not known. Give 4 or 9, or none.")
        self._grid = Grid(tuple(numbers)) if numbers else None

    def card(self, shown: Shown, looks: Sequence[Worn]) -> Iterator[np.ndarray | None]:
        """A moment that has a face, in each of some looks: see `mirror.card`. The dressing thread's."""
        return paint(self._dresser, shown, looks)

    def forget(self) -> None:
        """Wipes everything of the person: afterwards it is as if it had just been made, networks loaded.

        What it remembers is overwritten, the networks run on nothing, the trackers are closed and opened
        again with the next picture. Not while another thread is in `look` or `dress`.

        Raises:
            MirrorError: a network failed; close this mirror and make another.
        """
        blacken(
            self._plate, self._dresser, self._grid, self._smoother, self._life, self._guests, self._company
        )
        for tracker in (self._follower, self._single, self._company):
            if tracker is not None:
                tracker.close()
        self._follower = self._single = None
        for engine in self.engines.values():
            prove(engine)  # its buffers still hold the last head
        self._begin(self.book)

    def close(self) -> None:
        """Gives engines and trackers back."""
        for engine in self.engines.values():
            engine.close()
        for tracker in (self._follower, self._single, self._company):
            if tracker is not None:
                tracker.close()

    def _follow(self) -> Follower:
        if self._follower is None:
            self._follower = Follower(self._face_model)
        return self._follower

    def _person(self, face: Face | None, frame: Frame) -> Face | None:
        """The followed face, or, where that is only a picture, somebody who moves."""
        if face is None:
            self._life = Life()
            self._company.follow(frame, None, [])
            return None
        self._life.note(face, frame.captured_at)
        if self._life.alive is False and self._company.lively:
            person = max(self._company.lively, key=lambda other: other.height)
            self._life = Life()
            return self._follow().pass_by(face, person, frame.image) or face
        return face

    def _worn(self, frame: Frame) -> Worn:
        """What a picture of this frame shows, told when it is painted."""
        if self._grid is not None:
            styles = [self.book[number % len(self.book)] for number in self._grid.numbers]
            hair_loss = any(style.code.hair_loss for style in styles)
            return Worn(" / ".join(style.name for style in styles), hair_loss)
        loss = self._dresser.loss
        if loss.amount is not None:
            words = loss.words(loss.amount)
            return Worn(words, hair_loss=True, loss=None if words == TODAY else loss.amount)
        return worn_of(self.styling, frame.captured_at)

    def _new_dresser(self) -> Dresser:
        return Dresser(self.engines, self.styling, self._plate, self._encoder)

    def _encoder(self) -> Engine:
        if "encoder" not in self.engines:
            self.engines["encoder"] = open_engine("encoder", self._engine_choice, folder=self._folder)
        return self.engines["encoder"]

    def _forget(self, since: float | None = None) -> None:
        """Another person, or nobody, is there; a face that is there since then has been met."""
        if since is None:
            self._dresser.forget()
        if self._grid is not None:
            self._grid.reset()
        self._wants_own = False
        self.styling.meet(None)


def _lap(stages: dict[str, float], name: str, since: float) -> float:
    now = time.perf_counter()
    stages[name] = now - since
    return now
