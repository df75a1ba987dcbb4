"""The plate: the wall behind the person, remembered wherever it has once been seen.

A mirror does not move. What the mattes call background is learnt in frame space, at the camera's own
resolution, so that hair that is taken away uncovers the true wall. Each picture teaches one band of the
frame, so a look at all of it is spread over `BANDS` pictures and costs a fraction of a millisecond each.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import HeadTransform, paste_back
from mirror.segmentation.matting import Mattes

WALL_SIDE = 128  # pixels of the square in which others are told of it
BANDS = 8
DOT, CELL = 4, 16  # pixels: where wall is, is told in dots; light is compared in cells
LOOKS = 3  # so many make a pixel known
FACELESS_SECONDS = 1.0
NOBODY, NO_HAND = 0.1, 0.3  # mattes below this see nobody, and nothing held in front
# Pixels of the small square in which the mattes are widened, and by how much: people move, mattes lag.
_SMALL = 128
_MARGIN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
_NEAR = np.ones((9, 9), np.uint8)  # cells: what is this near to something that moves may move
_AROUND = np.ones((5, 5), np.uint8)  # cells that are forgotten with one that has changed
# How far a pixel may follow the camera at its first, second ... look: a running median (sign steps, McFarlane
# & Schofield 1995) that begins with what it sees.
_STEPS = np.ones(256, np.uint8)
_STEPS[:8] = (255, 24, 12, 8, 6, 4, 3, 2)
_LASTING = 8  # looks in a row after which a changed cell is believed
_SETTLED = 4  # looks without movement after which a faceless frame is believed
_MOST_GAIN = float(np.log(2.0))  # exposure and white balance wander so far; beyond is another light
_LEAST_GAIN = 0.015  # less is not seen

Part = tuple[int, int, int, int]  # top, bottom, left, right, in cells
Rectangle = tuple[int, int, int, int]  # left, top, right, bottom, in frame pixels


class _Memory:
    """What is remembered of frames of one size."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        height, width = shape[:2]
        rows, columns = -(-height // CELL), -(-width // CELL)
        dots = (rows * (CELL // DOT), columns * (CELL // DOT))
        # In the light of the first look.
        self.image = np.zeros((height, width, 3), np.uint8)
        self.looks = np.zeros((height, width), np.uint8)
        # In dots: the same image, and 255 where all of a dot is known.
        self.small = np.zeros((*dots, 3), np.uint8)
        self.known = np.zeros(dots, np.uint8)
        # 255 where nobody has seen it and it was put together, 1 where that was given up; and in dots, where
        # it was put together or is known.
        self.assumed = np.zeros((height, width), np.uint8)
        self.there = np.zeros(dots, np.uint8)
        # In cells: log of camera over plate, where the last look saw known wall only; looks in a row in
        # which a cell was not what it had been; the means of the last look at an empty room, and the looks
        # since it moved.
        self.ratio = np.zeros((rows, columns, 3), np.float32)
        self.seen = np.zeros((rows, columns), np.float32)
        self.wrong = np.zeros((rows, columns), np.uint8)
        self.last = np.full((rows, columns, 3), -99, np.float32)
        self.still = np.zeros((rows, columns), np.uint8)

    def forget(self, cells: np.ndarray) -> None:
        """Forgets some cells, uint8 (rows, columns), where they are not 0."""
        self.wrong[cells > 0] = 0
        height, width = self.looks.shape
        gone, dots = _magnified(cells, CELL)[:height, :width] > 0, _magnified(cells, CELL // DOT) > 0
        self.looks[gone] = self.assumed[gone] = 0
        self.known[dots] = self.there[dots] = 0

    def sum_up(self, part: Part) -> None:
        """Brings the dots of a part up to date."""
        where, dots = _slices(part, CELL), _slices(part, CELL // DOT)
        size = self.known[dots].shape[::-1]
        self.small[dots] = cv2.resize(self.image[where], size, interpolation=cv2.INTER_AREA)
        known = cv2.compare(self.looks[where], LOOKS, cv2.CMP_GE)
        there = cv2.max(known, self.assumed[where])
        for plane, of in ((known, self.known), (there, self.there)):
            of[dots] = cv2.compare(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), 254, cv2.CMP_GT)


class Plate:
    """The remembered wall of one camera.

    One thread looks; others may ask for what is known meanwhile, and get a band of it as it was or as it is.

    Example:
        >>> plate, wall = Plate(), np.full((90, 160, 3), 80, np.uint8)
        >>> for n in range(60):
        ...     plate.learn(wall, n / 10)
        >>> rgb, known = plate.behind(HeadTransform(80.0, 45.0, 40.0, 0.0), 32)
        >>> bool((known > 0.9).all()), bool(np.allclose(rgb, 80 / 255, atol=0.01))
        (True, True)
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets everything: another camera, another place."""
        self._memory: _Memory | None = None
        self._gain = np.zeros(3, np.float32)  # log of the light now over the light of the memory
        self._lit: np.ndarray | None = None  # the same by cell
        self._band = 0
        self._face_at: float | None = None

    def begin(self, shape: tuple[int, ...]) -> _Memory:
        """Makes room for frames of a shape, where there is none; what was known of others is forgotten."""
        memory = self._memory
        if memory is None or memory.image.shape != shape:
            self.reset()
            self._memory = memory = _Memory(shape)
        return memory

    def learn(
        self,
        image: np.ndarray,
        now: float,
        mattes: Mattes | None = None,
        transform: HeadTransform | None = None,
    ) -> None:
        """Looks at one band of a picture.

        Args:
            image: uint8 (H, W, 3) RGB, as the camera gave it; another size begins anew.
            now: seconds of the frame clock.
            mattes, transform: of the head in it. Without them nobody is there, and after a second without
                anybody all that stands still is wall.
        """
        memory = self.begin(image.shape)
        if self._face_at is None or now < self._face_at or transform is not None:
            self._face_at = now
        rows, columns = memory.seen.shape
        edges = np.linspace(0, rows, min(BANDS, rows) + 1).astype(int).tolist()
        if mattes is None or transform is None:
            if now - self._face_at > FACELESS_SECONDS:
                self._band = (self._band + 1) % (len(edges) - 1)
                part = (edges[self._band], edges[self._band + 1], 0, columns)
                self._look(image, part, _standing_still(memory, image, part))
            return
        left, top, right, bottom = transform.frame_rectangle(image.shape[1], image.shape[0])
        if right <= left or bottom <= top:
            return
        low, high = top // CELL, -(-bottom // CELL)
        reached = [b for b in range(len(edges) - 1) if edges[b] < high and edges[b + 1] > low]
        self._band = next((b for b in reached if b > self._band), reached[0])
        part = (edges[self._band], edges[self._band + 1], left // CELL, -(-right // CELL))
        # What lies elsewhere was seen in the light of another moment.
        elsewhere = np.ones((rows, columns), bool)
        elsewhere[edges[reached[0]] : edges[reached[-1] + 1], part[2] : part[3]] = False
        memory.seen[elsewhere] = 0
        memory.still[...] = 0
        self._look(image, part, _background(mattes, transform, part))

    def behind(self, transform: HeadTransform, side: int) -> tuple[np.ndarray, np.ndarray]:
        """The wall behind a head, in head space and in the light of now: to decide by, softer than `view`.

        Returns:
            float32 (side, side, 3) RGB, 0 to 1, and float32 (side, side): 1 where it is known or assumed,
            falling softly to 0 before it is not. All 0 before anything was learnt.
        """
        memory = self._memory
        if memory is None:
            return np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
        known = _cut(memory.there, _in_grid(transform, DOT), side)
        known = cv2.erode(cv2.compare(known, 252, cv2.CMP_GT), np.ones((3, 3), np.uint8))
        rgb = _cut(memory.small, _in_grid(transform, DOT), side).astype(np.float32) * (1 / 255)
        light = _cut(self._light(memory), _in_grid(transform, CELL), side)
        return cv2.multiply(rgb, light), cv2.blur(known, (3, 3)).astype(np.float32) * (1 / 255)

    def view(self, rectangle: Rectangle) -> np.ndarray:
        """The plate itself in the light of now; what is unknown is black, or old.

        Args:
            rectangle: left, top, right, bottom in frame pixels, inside the frame.

        Returns:
            uint8 (bottom - top, right - left, 3), not to be written to.
        """
        left, top, right, bottom = rectangle
        memory = self._memory
        if memory is None or memory.looks.shape[0] < bottom or memory.looks.shape[1] < right:
            return np.zeros((bottom - top, right - left, 3), np.uint8)
        view = memory.image[top:bottom, left:right]
        light = self._light(memory)[top // CELL : -(-bottom // CELL), left // CELL : -(-right // CELL)]
        if np.abs(light - 1).max(initial=0) < _LEAST_GAIN:
            return view
        # Light changes so slowly from cell to cell that it does not matter where in its cell a pixel lies.
        gain = cv2.resize(light, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        return cv2.multiply(view, gain, dtype=cv2.CV_8U)

    def missing(self, rectangle: Rectangle) -> np.ndarray:
        """Where nothing is known of the wall, assumed or given up: bool (bottom - top, right - left)."""
        looks, assumed = self._part(rectangle)
        return (looks == 0) & (assumed == 0)

    def told(self, rectangle: Rectangle) -> np.ndarray:
        """Where `view` shows wall, seen or assumed: bool (bottom - top, right - left)."""
        looks, assumed = self._part(rectangle)
        return (looks > 0) | (assumed == 255)

    def give_up(self, rectangle: Rectangle, where: np.ndarray) -> None:
        """Nothing can be assumed, bool (bottom - top, right - left): it is `missing` no longer."""
        self._part(rectangle)[1][where] = 1

    def _part(self, rectangle: Rectangle) -> tuple[np.ndarray, np.ndarray]:
        """Looks at a part of the frame, and what is assumed of it; nothing of frames that are not known."""
        left, top, right, bottom = rectangle
        memory = self._memory
        if memory is None or memory.looks.shape[0] < bottom or memory.looks.shape[1] < right:
            nothing = np.zeros((bottom - top, right - left), np.uint8)
            return nothing, nothing.copy()
        part = np.s_[top:bottom, left:right]
        return memory.looks[part], memory.assumed[part]

    def assume(self, image: np.ndarray, rectangle: Rectangle, where: np.ndarray) -> None:
        """Takes a guess for the wall where nothing is known of it, until it is seen.

        Args:
            image: uint8 (bottom - top, right - left, 3) RGB, in the light of now.
            where: bool (bottom - top, right - left).
        """
        left, top, right, bottom = rectangle
        memory = self._memory
        if memory is None or memory.looks.shape[0] < bottom or memory.looks.shape[1] < right:
            return  # forgotten since, or a camera of another size
        x, y, width, height = cv2.boundingRect(where.astype(np.uint8))
        left, top, right, bottom = left + x, top + y, left + x + width, top + y + height
        part, inner = np.s_[top:bottom, left:right], np.s_[y : y + height, x : x + width]
        where = where[inner] & (memory.looks[part] == 0)
        if not where.any():
            return
        np.copyto(memory.image[part], cv2.LUT(image[inner], _unlit(self._gain)), where=where[..., None])
        memory.assumed[part][where] = 255
        memory.sum_up((top // CELL, -(-bottom // CELL), left // CELL, -(-right // CELL)))

    def _light(self, memory: _Memory) -> np.ndarray:
        """float32 (rows, columns, 3): the light now over the memory's, where the wall is hidden too.

        That of the whole frame, and what is off besides where wall is in sight: the person's shadow.
        """
        lit = self._lit
        if lit is None:
            # A cell that is something else now says nothing of light.
            weight = memory.seen * (memory.wrong == 0)
            off = (memory.ratio - self._gain) * weight[..., None]
            near = cv2.GaussianBlur(cv2.merge([*cv2.split(off), weight]), (19, 19), 3.0)
            off = np.clip(near[..., :3] / (near[..., 3:] + 0.02), -0.25, 0.25)
            self._lit = lit = np.exp(off + self._gain)
        return lit

    def _look(self, image: np.ndarray, part: Part, free: np.ndarray) -> None:
        """One look at a part of the frame; `free` is uint8, in dots, 255 where wall is seen."""
        memory = self._memory
        assert memory is not None
        self._lit = None
        self._compare(image, part, free)
        if self._memory is not memory:  # all forgotten
            return
        where = _slices(part, CELL)
        camera, plate, looks = image[where], memory.image[where], memory.looks[where]
        if np.abs(self._gain).max() > 0.006:
            camera = cv2.LUT(camera, _unlit(self._gain))
        height, width = looks.shape
        wide = (free.shape[1] * DOT, free.shape[0] * DOT)
        free = cv2.resize(free, wide, interpolation=cv2.INTER_NEAREST)[:height, :width]
        step = cv2.bitwise_and(cv2.LUT(looks, _STEPS), free)
        steps = cv2.merge([step, step, step])
        up = cv2.min(cv2.subtract(camera, plate), steps)
        down = cv2.min(cv2.subtract(plate, camera), steps)
        memory.image[where] = cv2.subtract(cv2.add(plate, up), down)
        memory.looks[where] = cv2.add(looks, cv2.bitwise_and(free, 1))
        memory.sum_up(part)

    def _compare(self, image: np.ndarray, part: Part, free: np.ndarray) -> None:
        """Follows the light where known wall is seen, and forgets what is no longer so."""
        memory = self._memory
        assert memory is not None
        cells, dots = _slices(part, 1), _slices(part, CELL // DOT)
        size = memory.seen[cells].shape[::-1]
        known = cv2.bitwise_and(free, memory.known[dots])
        memory.seen[cells] = cv2.resize(known, size, interpolation=cv2.INTER_AREA) > 250
        camera = cv2.resize(image[_slices(part, CELL)], size, interpolation=cv2.INTER_AREA).astype(np.float32)
        plate = cv2.resize(memory.small[dots], size, interpolation=cv2.INTER_AREA).astype(np.float32)
        # Near black a ratio is mostly noise.
        memory.ratio[cells] = np.log((camera + 8) / (plate + 8))
        seen = memory.seen > 0
        count = int(seen.sum())
        if count < 12:
            return
        self._gain = np.median(memory.ratio[seen], axis=0).astype(np.float32)
        off = np.abs(memory.ratio[cells] - self._gain).max(-1)
        apart = np.abs(camera - plate * np.exp(self._gain)).max(-1)
        changed = (off > 0.2) & (apart > 14)
        wrong = memory.wrong[cells]
        wrong[...] = np.where(seen[cells], np.where(changed, np.minimum(wrong + 1, 200), 0), wrong)
        if np.abs(self._gain).max() > _MOST_GAIN or ((memory.wrong >= 3) & seen).sum() > 0.4 * count:
            face_at = self._face_at
            self.reset()
            self._face_at = face_at
        elif (memory.wrong >= _LASTING).any():
            memory.forget(cv2.dilate((memory.wrong >= _LASTING).astype(np.uint8), _AROUND))


def _background(mattes: Mattes, transform: HeadTransform, part: Part) -> np.ndarray:
    """uint8, in dots, 255 where a part of the frame is background for certain; 0 outside the head square."""
    taken = cv2.max(cv2.max(mattes.person, mattes.hair), mattes.front * np.float32(NOBODY / NO_HAND))
    small = cv2.resize(taken, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    free = cv2.erode(cv2.compare(small, NOBODY, cv2.CMP_LT), _MARGIN)
    free[[0, 1, -2, -1]] = 0
    free[:, [0, 1, -2, -1]] = 0
    top, bottom, left, right = (edge * (CELL // DOT) for edge in part)
    pasted = paste_back(free, _in_grid(transform, DOT), (left, top, right, bottom))
    return cv2.compare(pasted, 254, cv2.CMP_GT)


def _standing_still(memory: _Memory, image: np.ndarray, part: Part) -> np.ndarray:
    """uint8, in dots, 255 where nothing near has moved for some looks."""
    cells = _slices(part, 1)
    size = memory.seen[cells].shape[::-1]
    means = cv2.resize(image[_slices(part, CELL)], size, interpolation=cv2.INTER_AREA)
    moved = np.abs(means - memory.last[cells]).max(-1) > 2.5
    memory.last[cells] = means
    still = memory.still[cells]
    still[...] = np.where(cv2.dilate(moved.astype(np.uint8), _NEAR) > 0, 0, np.minimum(still + 1, 200))
    return _magnified((still >= _SETTLED).astype(np.uint8) * np.uint8(255), CELL // DOT)


def _unlit(gain: np.ndarray) -> np.ndarray:
    """uint8 (256, 1, 3): levels of a camera's picture, as they were in the light of the memory."""
    levels = np.arange(256, dtype=np.float32)[:, None] * np.exp(-gain)
    return np.clip(np.round(levels), 0, 255).astype(np.uint8)[:, None]


def _slices(part: Part, size: int) -> tuple[slice, slice]:
    """A part as rows and columns of an array with `size` elements a cell."""
    top, bottom, left, right = (edge * size for edge in part)
    return slice(top, bottom), slice(left, right)


def _magnified(plane: np.ndarray, times: int) -> np.ndarray:
    return np.repeat(np.repeat(plane, times, 0), times, 1)


def _in_grid(transform: HeadTransform, size: int) -> HeadTransform:
    """Where the head square lies in a grid of squares of `size` pixels."""
    x, y = (transform.x + 0.5) / size - 0.5, (transform.y + 0.5) / size - 0.5
    return HeadTransform(x, y, transform.scale / size, transform.angle)


def _cut(plane: np.ndarray, transform: HeadTransform, side: int) -> np.ndarray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(plane, transform.matrix(side), (side, side), flags=flags)
