"""Mirror: one picture in, the same person with other hair out. No threads, no screen.

A photograph, a test, a notebook, a video converter and the live loop all run this very code.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from mirror.compose import compose, frame_mattes
from mirror.engine import ENGINES_FOLDER, Engine, open_engine
from mirror.engine.manifest import open_file
from mirror.errors import MirrorError
from mirror.face import Face
from mirror.follow import Follower
from mirror.frame import Frame
from mirror.headspace import HeadTransform, crop, face_map, face_shape, inner_face_map, paste_back, valid_map
from mirror.matte import Matting
from mirror.smooth import FaceSmoother
from mirror.style import StyleCode
from mirror.stylebook import StyleBook
from mirror.styling import Styling, is_random
from mirror.swap import SIDE, Head, Layer, Swap
from mirror.trackers import FaceTracker, open_tracker

FADE_SECONDS = 0.3
# Degrees of yaw that the training faces do not reach: from the first on the new hair fades, at the second
# it is gone.
YAW_FADE = (38.0, 55.0)

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame after tracking.

    Attributes:
        frame: the untouched input.
        face, transform, head: the followed face (smoothed), where its head lies, and the head as the
            networks see it; None where there is no face.
        since: `captured_at` of the frame in which this face appeared, or jumped to where it is.
        stages: seconds of each stage so far.
    """

    frame: Frame
    face: Face | None = None
    transform: HeadTransform | None = None
    head: Head | None = None
    since: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture after the mirror.

    Attributes:
        frame: the untouched input.
        image: uint8 (H, W, 3) RGB, with the new hair; `frame.image` itself where there is no face.
        face: the face that was followed, or None.
        layer, transform, strength: what was laid where, and how strongly (0 to 1).
        stages: seconds of each stage.
    """

    frame: Frame
    image: np.ndarray
    face: Face | None = None
    layer: Layer | None = None
    transform: HeadTransform | None = None
    strength: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def swapped(self) -> bool:
        """Whether this picture wears new hair."""
        return self.layer is not None and self.strength > 0

    def mattes(self) -> tuple[np.ndarray, np.ndarray]:
        """Feathered mattes of the old and the new hair, float32 (H, W), 0 to 1."""
        return frame_mattes(self.layer, self.transform, self.frame.size, self.strength)


class Mirror:
    """The mirror as a library.

    Args:
        style: a name or number of the style book, or "random".
        engine: "auto", "openvino", "onnxruntime" or "tensorrt".
        engines: folder of the networks and their manifest.
        face_model: `face_landmarker.task`, where the installed MediaPipe needs one.
        seed: of random styles.
        progress: called with (what is loading, share done) while the networks load.

    Raises:
        MirrorError: unknown style, damaged weights, an engine that cannot run, no face model.

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
    ) -> None:
        progress = progress or (lambda what, share: None)
        progress("the style book", 0.05)
        book = StyleBook.load(open_file("stylebook", engines))
        if not is_random(style):
            book.index(style)  # a misspelt name is said before the slow part
        self.engines: dict[str, Engine] = {}
        for share, name in ((0.1, "matte"), (0.3, "painter"), (0.6, "shape")):
            progress(f"the {name} network", share)
            self.engines[name] = open_engine(name, engine, folder=engines)
        progress("the face tracker", 0.75)
        self._face_model = face_model
        self._follower: Follower | None = None
        self._single: FaceTracker | None = None
        self._folder = engines
        self._engine_choice = engine
        self._matting = Matting(self.engines["matte"])
        self._swap = Swap(self.engines["painter"])
        self.styling = Styling(book, self.engines["shape"], seed)
        self.styling.choose(style)
        self._smoother = FaceSmoother()
        self._since = 0.0  # of the face that `look` follows
        self._shape: np.ndarray | None = None
        self._dressed: float | None = None  # since when the face is there that `dress` remembers

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
        self._swap.paint(head, self._matting.matte(head.image, still=True), self.styling.code(head.shape))

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Puts the current style on the largest face of one picture.

        Args:
            image: uint8 (H, W, 3) RGB.

        Returns:
            A new picture of the same size; an unchanged copy where there is no face.

        Raises:
            MirrorError: `image` is not such an array.
        """
        face = self.find_face(image)
        if face is None:
            return image.copy()
        transform = HeadTransform.from_face(face)
        head = look_at(image, face, transform)
        matte = self._matting.matte(head.image, still=True)
        layer = self._swap.paint(head, matte, self.styling.code(head.shape))
        return compose(image, layer, transform)

    def matte(self, image: np.ndarray) -> np.ndarray | None:
        """Soft alpha of the hair of the largest face: float32 (H, W), 0 to 1; None without a face.

        Raises:
            MirrorError: `image` is not a uint8 (H, W, 3) array.
        """
        face = self.find_face(image)
        if face is None:
            return None
        transform = HeadTransform.from_face(face)
        alpha = self._matting.matte(look_at(image, face, transform).image, still=True)
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
        matte = self._matting.matte(head.image, still=True)
        if "encoder" not in self.engines:
            self.engines["encoder"] = open_engine("encoder", self._engine_choice, folder=self._folder)
        return encode_head(self.engines["encoder"], head, matte)

    def find_face(self, image: np.ndarray) -> Face | None:
        """The largest face of one picture, uint8 (H, W, 3) RGB, or None."""
        if (
            not isinstance(image, np.ndarray)
            or image.dtype != np.uint8
            or image.ndim != 3
            or image.shape[2] != 3
        ):
            kind = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
            raise MirrorError(
                f"The mirror takes one uint8 (H, W, 3) RGB array, not {kind}. Convert it first."
            )
        if min(image.shape[:2]) < 32:
            raise MirrorError(
                f"A picture of {image.shape[1]}x{image.shape[0]} is too small; give at least 32x32."
            )
        if self._single is None:
            self._single = open_tracker(still=True, faces=2, model=self._face_model)
        faces = self._single.track(np.ascontiguousarray(image))
        return max(faces, key=lambda face: face.height, default=None)

    def process(self, frame: Frame) -> Shown:
        """One frame of a stream: tracked, smoothed and faded in from the frames before."""
        return self.dress(self.look(frame))

    def look(self, frame: Frame) -> Seen:
        """The first half of `process`: whose face, and where the head is. Frames come in order.

        `look` and `dress` share no state, so two threads may run them, each its own.
        """
        clock = time.perf_counter()
        stages: dict[str, float] = {}
        face = self._follow().follow(frame)
        if face is None:
            self._smoother.reset()
            _lap(stages, "track", clock)
            return Seen(frame, stages=stages)
        face, fresh = self._smoother.smooth(face, frame.captured_at)
        if fresh:
            self._since = frame.captured_at
        transform = HeadTransform.from_face(face)
        clock = _lap(stages, "track", clock)
        head = look_at(frame.image, face, transform)
        _lap(stages, "crop", clock)
        return Seen(frame, face, transform, head, self._since, stages)

    def dress(self, seen: Seen) -> Shown:
        """The second half of `process`: matte, swap, compose."""
        frame, stages, now = seen.frame, dict(seen.stages), seen.frame.captured_at
        if seen.face is None or seen.transform is None or seen.head is None:
            self._forget()
            return Shown(frame, frame.image, stages=stages)
        # Not a mark on the first frame of a face: that frame may be lost between `look` and `dress`.
        if seen.since != self._dressed:
            self._forget()
            self._dressed = seen.since
        clock = time.perf_counter()
        matte = self._matting.matte(seen.head.image)
        clock = _lap(stages, "matte", clock)
        # The shape moves slowly but is measured anew each frame: its noise would make the hair breathe.
        measured = seen.head.shape
        self._shape = measured if self._shape is None else self._shape + (measured - self._shape) * 0.35
        layer = self._swap.paint(seen.head, matte, self.styling.code(self._shape, now))
        clock = _lap(stages, "swap", clock)
        strength = strength_of(now - seen.since, seen.face)
        image = compose(frame.image, layer, seen.transform, strength)
        _lap(stages, "compose", clock)
        return Shown(frame, image, seen.face, layer, seen.transform, strength, stages)

    def close(self) -> None:
        """Gives engines and trackers back."""
        for engine in self.engines.values():
            engine.close()
        for tracker in (self._follower, self._single):
            if tracker is not None:
                tracker.close()

    def _follow(self) -> Follower:
        if self._follower is None:
            self._follower = Follower(self._face_model)
        return self._follower

    def _forget(self) -> None:
        self._matting.reset()
        self._shape = None
        self._dressed = None


def strength_of(seconds: float, face: Face) -> float:
    """How strongly the new hair shows, 0 to 1, on a face that has been there for so long."""
    # The first frame with a face already shows a trace of the new hair: the person sees it coming.
    faded = min(1.0, seconds / FADE_SECONDS + 0.05)
    low, high = YAW_FADE
    return faded * float(np.clip((high - abs(face.pose[0])) / (high - low), 0, 1))


def look_at(image: np.ndarray, face: Face, transform: HeadTransform) -> Head:
    """Cuts a head out of a picture, uint8 (H, W, 3) RGB, the way the networks see it."""
    height, width = image.shape[:2]
    square = crop(image, transform, SIDE)
    return Head(
        cv2.dnn.blobFromImage(square, 1 / 255),
        face_map(face, transform, SIDE),
        inner_face_map(face, transform, SIDE),
        valid_map(width, height, transform, SIDE),
        face_shape(face, transform),
    )


def encode_head(encoder: Engine, head: Head, matte: np.ndarray) -> StyleCode:
    """The code of the hair of a head, `matte` float32 (256, 256)."""
    maps = {"alpha": matte[None, None], "face": head.face[None, None].astype(np.float32) / 255}
    out = encoder.run(image=head.image, **maps)
    coarse = cv2.resize(matte, (64, 64), interpolation=cv2.INTER_AREA)
    return StyleCode(out["z"][0].copy(), out["detail"][0].copy(), coarse, head.shape)


def _lap(stages: dict[str, float], name: str, since: float) -> float:
    now = time.perf_counter()
    stages[name] = now - since
    return now
