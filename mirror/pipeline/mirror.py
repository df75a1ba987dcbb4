"""Mirror: one picture in, the same person with other hair out. No screen.

A photograph, a test, a notebook, a video converter and the live loop all run this very code. Only while it
opens do threads work beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from mirror.compositing.alpha_compositing import compose
from mirror.compositing.laid_tint import LaidTint, layer_colour
from mirror.core.erase import blacken
from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.face_lighting import measure
from mirror.core.frame import Frame, check_picture
from mirror.core.head_crop import SIDE, Head, look_at
from mirror.core.head_space import HeadTransform, paste_back
from mirror.core.thread_plan import follow, thread_plan
from mirror.core.workers import Workers
from mirror.engines import ENGINES_FOLDER, Engine, open_engine
from mirror.engines.choose import prove
from mirror.files.picture_file import read_photograph
from mirror.hair.encoding.encoder import encode_head
from mirror.hair.encoding.photograph import style_of
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.painting.strand_detail import drawn
from mirror.hair.painting.subject import Subject
from mirror.hair.shelf import open_book
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import NONE
from mirror.hair.styles.dye import find as find_dye
from mirror.hair.styles.selection import Styling, check_style
from mirror.pipeline.comparison_card import paint
from mirror.pipeline.distance_check import check_reach
from mirror.pipeline.facial_hair_following import follows, still_tint, tinted, worn_colour
from mirror.pipeline.grown_still import GrownStill, laid_on
from mirror.pipeline.head_extent import head_extent
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.stream_state import Stream
from mirror.pipeline.style_grid import SIZES, Grid
from mirror.pipeline.worn_style import Worn
from mirror.removal.background_completion import complete
from mirror.removal.background_plate import WALL_SIDE, Plate
from mirror.removal.long_hair import below
from mirror.segmentation.instance_separation import apart
from mirror.tracking.tracked_frame import Seen
from mirror.translation.message import Message

Progress = Callable[[str, float], None]


# What is loaded, as a person is told.
_LOADED = {
    "matte": Message("the matte network"), "painter": Message("the painter network"),
    "underlay": Message("the body network"), "shape": Message("the shape network"),
}  # fmt: skip


class Mirror:
    """The mirror as a library.

    Args:
        style: a name or number of the style book, or "random".
        engine: "auto", "openvino", "onnxruntime" or "tensorrt".
        engines: folder of the networks and their manifest.
        face_model: `face_landmarker.task`, where the installed MediaPipe needs one.
        seed: of random styles.
        dye: a shade by name, as `mirror.hair.styles.shade_names.find` takes it, or "none".
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
        progress(Message("the style book"), 0.05)
        book = open_book(engines)
        check_style(style, book)
        find_dye(dye)
        self.engines: dict[str, Engine] = {}
        self._folder, self._engine_choice, self._threads = engines, engine, thread_plan()
        # One after the other: while a network is compiled it takes as much memory again.
        for share, name in ((0.1, "matte"), (0.3, "painter"), (0.5, "underlay"), (0.6, "shape")):
            progress(_LOADED[name], share)
            self.engines[name] = self._open_engine(name)
        progress(Message("the face tracker"), 0.75)
        self._face_model = face_model
        self._worn_at_first = (style, dye, seed)
        self._hair_motion = 1.0
        self._brows_follow = False
        self.book = book
        self._workers = Workers()
        self._stream = self._new_stream()

    @property
    def styling(self) -> Styling:
        """What is worn."""
        return self._stream.styling

    @property
    def hair_motion(self) -> float:
        """How far grown hair swings after the head: 0 (not at all) to 2, 1 is as hair does."""
        return self._hair_motion

    @hair_motion.setter
    def hair_motion(self, amount: float) -> None:
        self._hair_motion = self.styling.hair_motion = amount

    @property
    def brows_follow(self) -> bool:
        """Whether brows and beard take the colour of the hair that is worn, for whoever comes; who is there
        may have chosen otherwise, see `Styling.brows_follow`."""
        return self._brows_follow

    @brows_follow.setter
    def brows_follow(self, wished: bool) -> None:
        self._brows_follow = self.styling.brows_follow = wished

    def start_workers(self, *, awaited: bool = True) -> None:
        """From now on hair is painted beside the frames of the stream and not between them: for what is live.

        Until then a stream is painted in the caller's own thread, and comes out the same each time.

        Args:
            awaited: every picture counts and waits for what it shows; else the newest is shown, however old.
        """
        follow(self._threads)
        self._workers.start(awaited=awaited)

    def warm_up(self) -> None:
        """Opens the trackers of the live stream and runs every network once, so that no frame waits."""
        with ThreadPoolExecutor(1) as beside:
            opened = beside.submit(self._stream.open)
            self._run_networks()
            opened.result()

    def _run_networks(self) -> None:
        nothing = np.zeros((SIDE, SIDE), np.uint8)
        head = Head(
            np.zeros((1, 3, SIDE, SIDE), np.float32), nothing, nothing, nothing, self.styling.book.face_shape
        )
        mattes = self._stream.dresser.matting.look(head.image, still=True)
        code = self.styling.code(head.shape)
        self._stream.dresser.swap.paint(Subject.of(head, mattes), code)

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Puts the current style on the largest face of one picture.

        Args:
            image: uint8 (H, W, 3) RGB.

        Returns:
            A new picture of the same size; an unchanged copy where there is no face.

        Raises:
            MirrorError: `image` is not such an array; the head in it is too small, or too much of its hair
                leaves the part round it that can be changed (`mirror.pipeline.distance_check`).
        """
        faces = self._find_faces(image)
        self._stream.settle()
        if not faces:
            return image.copy()
        face, *others = faces
        transform = HeadTransform.from_face(face)
        seen = Seen(Frame(image, 0, 0.0), face, transform)
        head, dresser = seen.head, self._stream.dresser
        mattes = dresser.matting.look(head.image, still=True)
        mattes = apart(mattes, transform, [HeadTransform.from_face(other) for other in others])
        under = below(image, transform, mattes.hair, mattes.front)
        check_reach(mattes.hair, under, transform, (image.shape[1], image.shape[0]))
        subject = Subject.of(head, mattes, measure(head, mattes.hair), under)
        (worn, dye), grown = self.styling.on, self.styling.grown
        wished = self.styling.brows_follow and follows(worn, grown, dye)
        if grown is not None:
            plate = Plate()
            plate.begin(image.shape)
            complete(plate, image, transform, mattes, head.shape)
            subject = replace(subject, behind=plate.behind(transform, WALL_SIDE))
            laid = GrownStill(dresser.swap, plate).wear(seen, mattes, subject, grown, dye)
            tint = still_tint(seen, mattes, worn_colour(laid, dye)) if wished else None
            return laid_on(image, laid if tint is None else LaidTint(laid, tint))
        code = self.styling.code(head.shape)
        layer = dresser.swap.paint(subject, code)
        tint = still_tint(seen, mattes, layer_colour(layer)) if wished else None
        return compose(tinted(image, tint), drawn(layer, code, head.shape), transform)

    def matte(self, image: np.ndarray) -> np.ndarray | None:
        """Soft alpha of the hair of the largest face: float32 (H, W), 0 to 1; None without a face.

        Raises:
            MirrorError: `image` is not a uint8 (H, W, 3) array.
        """
        face = self.find_face(image)
        if face is None:
            return None
        transform = HeadTransform.from_face(face)
        alpha = self._stream.dresser.matting.matte(look_at(image, face, transform).image, still=True)
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
        matte = self._stream.dresser.matting.matte(head.image, still=True)
        self._stream.settle()
        return encode_head(self._encoder(), head, matte)

    def find_face(self, image: np.ndarray) -> Face | None:
        """The largest face of one picture, uint8 (H, W, 3) RGB, or None."""
        return next(iter(self._find_faces(image)), None)

    def _find_faces(self, image: np.ndarray) -> list[Face]:
        """The two largest faces of one picture, uint8 (H, W, 3) RGB."""
        check_picture(image)
        return self._stream.faces(image)

    def process(self, frame: Frame) -> Shown:
        """One frame of a stream: tracked, smoothed and faded in from the frames before.

        Raises:
            MirrorError: it is no frame, its picture is no uint8 (H, W, 3) array, or its time no number.
        """
        shown = self.dress(self.look(frame))
        self.attend()
        return shown

    def look(self, frame: Frame) -> Seen:
        """The first half of `process`: whose face, and where the head is. Frames come in order.

        `look` and `dress` share no state, so two threads may run them, each its own. Raises as `process`.
        """
        return self._stream.look(frame)

    def dress(self, seen: Seen) -> Shown:
        """The second half of `process`: matte, swap, compose."""
        return self._stream.dress(seen)

    def attend(self) -> None:
        """What is left to do with the picture that `dress` has given, while that is shown; in its thread."""
        self._stream.attend()

    def wear_own(self) -> None:
        """Puts the person's own hair on, as a style that can be changed: "my own hair, but longer".

        Raises:
            MirrorError: nobody is in the picture.
        """
        if self._stream.dresser.since is None:
            raise MirrorError(
                Message("Nobody is in front of the mirror: your own hair cannot be read. Come closer.")
            )
        self.set_loss(None)
        self._stream.wants_own = True

    def wear_photo(self, path: Path, now: float | None = None) -> None:
        """Puts on the hair of a photograph.

        Raises:
            MirrorError: the file is no picture, or its hair cannot be read; says why.
        """
        image = read_photograph(path)
        self._stream.settle()
        dresser = self._stream.dresser
        code = style_of(image, self.find_face(image), dresser.matting, dresser.swap, self._encoder())
        self.set_loss(None)
        self.styling.wear(code, path.stem, now)

    @property
    def loss(self) -> float | None:
        """The place of the hair loss slider, -1 (bald) to 1 (full); None: styles are shown."""
        return self._stream.dresser.loss.amount

    def set_loss(self, amount: float | None) -> None:
        """Shows the person's own hair thinner (down to -1, bald) or fuller (up to 1); None: styles again."""
        self._stream.dresser.loss.set(amount)

    def loss_words(self, amount: float) -> str:
        """What a clinic would call a place of the hair loss slider, for the person who is there."""
        return self._stream.dresser.loss.words(amount)

    @property
    def loss_plan(self) -> LossPlan:
        """What is shown of single zones, the drawn hairline, and the scale whose stages the slider walks."""
        return self._stream.dresser.loss.place[0]

    @property
    def loss_grafts(self) -> GraftCount | None:
        """What the drawn area would take; None: none is drawn, or nothing behind the line is bare."""
        return self._stream.dresser.loss.grafts

    def set_loss_scale(self, scale: str) -> None:
        """Takes the stages of "Norwood" or "Ludwig". Raises MirrorError for another."""
        self._stream.dresser.loss.set_scale(scale)

    def set_loss_zone(self, zone: str, density: float) -> None:
        """Makes one zone of the scalp thinner (down to -1, bare) or fuller (up to 1).

        Raises:
            MirrorError: there is no such zone; the message lists all.
        """
        self._stream.dresser.loss.set_zone(zone, density)

    def draw_hairline(self, line: DrawnHairline | None) -> None:
        """Fills the head up behind a hairline that was drawn on it; None takes the line away."""
        self._stream.dresser.loss.draw_line(line)

    def clear_loss_plan(self) -> None:
        """All zones as they are today, and no drawn line."""
        self._stream.dresser.loss.clear_plan()

    @property
    def loss_shades(self) -> tuple[str, ...]:
        """Natural colours to choose from where hair is to grow whose colour nothing says; else ()."""
        return self._stream.dresser.loss.choices

    @property
    def loss_unknown(self) -> bool:
        """Whether hair was to grow lately that did not: nothing says its colour, and none was chosen."""
        return self._stream.dresser.loss.unknown

    @property
    def loss_shade(self) -> str | None:
        """Which of them was chosen; None: none yet."""
        return self._stream.dresser.loss.shade

    def choose_loss_shade(self, name: str) -> None:
        """Says which colour the hair had that is to grow back.

        Raises:
            MirrorError: it is none of `loss_shades`; the message lists all.
        """
        self._stream.settle()  # the colour is looked for where hair is painted, too
        self._stream.dresser.loss.choose(name)

    @property
    def grid(self) -> tuple[int, ...]:
        """Numbers of the styles that are shown at once; () where one is worn."""
        return () if self._stream.grid is None else self._stream.grid.numbers

    def set_grid(self, numbers: tuple[int, ...]) -> None:
        """Shows 4 or 9 styles of the book at once on the live face; () goes back to one.

        Raises:
            MirrorError: another number of styles.
        """
        if numbers and len(numbers) not in SIZES:
            raise MirrorError(f"A grid of {len(numbers)} styles is not known. Give 4 or 9, or none.")
        before = self._stream.grid
        if before is not None:
            before.settle()
        self._stream.grid = Grid(tuple(numbers), self.styling.number, before) if numbers else None

    @property
    def own_thumbnails(self) -> Mapping[int, np.ndarray]:
        """Of styles by number, on the face of the person who is there: uint8 (128, 128, 3) RGB."""
        return self._stream.own_thumbnails.made

    def want_thumbnails(self, numbers: tuple[int, ...]) -> None:
        """Has thumbnails of styles made on the person's own face, one at a time and in that order, where the
        live picture leaves time for it; () makes no more."""
        self._stream.own_thumbnails.wanted = tuple(numbers)

    def card(self, shown: Shown, looks: Sequence[Worn]) -> Iterator[np.ndarray | None]:
        """A moment that has a face, in each of some looks: see `mirror.pipeline.comparison_card`. The
        dressing thread's."""
        work = paint(self._stream.dresser, shown, looks)
        while True:
            self._stream.settle()  # between two pieces the stream goes on, and paints
            try:
                piece = next(work)
            except StopIteration:
                return
            yield piece

    def head_extent(self, shown: Shown) -> tuple[float, float, float, float]:
        """How far the head of a moment reaches, hair and all: see `mirror.pipeline.head_extent`. The dressing
        thread's."""
        self._stream.settle()
        return head_extent(self._stream.dresser, shown)

    def forget(self) -> None:
        """Wipes everything of the person: afterwards it is as if it had just been made, networks loaded.

        What it remembers is overwritten, the networks run on nothing, the trackers are closed and opened
        again with the next picture. Not while another thread is in `look` or `dress`.

        Raises:
            MirrorError: a network failed; close this mirror and make another.
        """
        left, self._stream = self._stream, self._new_stream()
        left.settle()
        blacken(left)
        left.close()
        for engine in self.engines.values():
            prove(engine)  # its buffers still hold the last head

    def close(self) -> None:
        """Gives engines and trackers back."""
        # First what still works with the engines.
        self._stream.close()
        self._workers.close()
        for engine in self.engines.values():
            engine.close()

    def _new_stream(self) -> Stream:
        style, dye, seed = self._worn_at_first
        styling = Styling(self.book, seed)
        styling.choose(style)
        styling.choose_dye(dye)
        styling.hair_motion = self._hair_motion
        styling.brows_follow = self._brows_follow
        return Stream(self.engines, styling, self._encoder, self._workers, self._face_model)

    def _encoder(self) -> Engine:
        if "encoder" not in self.engines:
            self.engines["encoder"] = self._open_engine("encoder")
        return self.engines["encoder"]

    def _open_engine(self, name: str) -> Engine:
        threads = self._threads.network
        return open_engine(name, self._engine_choice, folder=self._folder, threads=threads)
