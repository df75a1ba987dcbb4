"""What is done to one picture, and to one shard of them: read, measured, aligned, written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mirror.core.head_space import (
    VERSION,
    HeadTransform,
    crop,
    face_map,
    face_shape,
    inner_face_map,
    valid_map,
)
from mirror.tracking.mediapipe import FaceTracker
from train.data import quality_gates
from train.data.dataset_layouts import Picture
from train.data.hair_pairs import Dressed, Dresser, Pair
from train.data.hat_gate import hat
from train.data.quality_gates import GATE_SIDE, Finding
from train.data.teacher_segmenter import TEACHER_SIDE, Segmenter, best_matte, without_beard
from train.pictures.reading import read_picture

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Settings:
    """What decides how a picture is prepared: a shard made with others is not gone on with.

    Attributes:
        kind: "heads" or "pictures"; side: pixels of the prepared square.
        keep: gates that are switched off; min_eyes: pixels between the eyes.
        person: whether there is a mask of the whole person.
        groom: folder of renders that are laid over the heads; None: heads as they are.
    """

    kind: str
    side: int
    keep: tuple[str, ...] = ()
    min_eyes: float = quality_gates.EYES_LIMIT
    person: bool = False
    groom: str | None = None

    def as_record(self) -> dict[str, object]:
        """As JSON gives it back."""
        return asdict(self) | {"keep": list(self.keep)}


@dataclass(frozen=True)
class Tools:
    """What a worker keeps open; the two masks and the tracker are None for pictures taken as they are, the
    dresser where no hair is laid over them; `last` is the photograph of the last pair, as prepared."""

    tracker: FaceTracker | None = None
    teacher: Segmenter | None = None
    person: Segmenter | None = None
    dresser: Dresser | None = None
    last: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a picture is left out, and what was measured."""

    reason: str
    measured: str = ""


def prepare_one(
    picture: Picture, settings: Settings, tools: Tools, attributes: Mapping[str, object] | None = None
) -> Arrays | Dressed | Rejected:
    """One picture as arrays of a shard, or why it is left out.

    Returns:
        Of a head: image (S, S, 3), matte, valid, face, inner and, with a mask of the person, person (S, S),
        all uint8, and shape float32 (75,). Of a picture as it is: image and valid. Of a pair: see
        `train.data.hair_pairs.Dresser.dress`.
    """
    image = read_picture(picture.path)
    if isinstance(image, str):
        return Rejected("unreadable", image)
    try:
        if settings.kind == "pictures":
            return letterbox(image, settings.side)
        if tools.dresser is None:
            return _head(image, settings, tools, attributes or {})
        assert isinstance(picture, Pair)
        if tools.last.get("path") != picture.path:  # the pairs of a photograph come one after the other
            tools.last.update(path=picture.path, head=_head(image, settings, tools, attributes or {}))
        if isinstance(head := tools.last["head"], Rejected):
            return head
        dressed = tools.dresser.dress(picture, head)
        return Rejected("no pair", dressed) if isinstance(dressed, str) else dressed
    except (ValueError, cv2.error) as error:
        return Rejected("failed", str(error).splitlines()[0])


def letterbox(image: np.ndarray, side: int) -> Arrays:
    """A cropped picture made to fit a square: shrunk by area, centred, what it does not fill not valid.

    Nothing is cut off: in a picture that is cropped already, hair reaches to the edge.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    height, width = (max(1, round(size * scale)) for size in (height, width))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    top, left = (side - height) // 2, (side - width) // 2
    square, valid = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.uint8)
    square[top : top + height, left : left + width] = cv2.resize(image, (width, height), interpolation=method)
    valid[top : top + height, left : left + width] = 255
    return {"image": square, "valid": valid}


def _head(
    image: np.ndarray, settings: Settings, tools: Tools, attributes: Mapping[str, object]
) -> Arrays | Rejected:
    assert tools.tracker is not None and tools.teacher is not None
    fails = _gatekeeper(settings, attributes)
    if said := fails("blur") or fails("hat"):
        return said
    faces = sorted(tools.tracker.track(image), key=lambda one: -one.height)
    if not faces:
        return Rejected("no face")
    face = faces[0]
    transform = HeadTransform.from_face(face)
    if rejected := (
        fails("several faces", lambda: quality_gates.several_faces(faces))
        or fails("pose", lambda: quality_gates.pose(face))
        or fails("too small", lambda: quality_gates.too_small(transform, settings.min_eyes))
    ):
        return rejected
    height, width = image.shape[:2]
    large = crop(image, transform, TEACHER_SIDE)
    head = _resized(large, GATE_SIDE)
    valid = valid_map(width, height, transform, GATE_SIDE)
    if rejected := (
        fails("greyscale", lambda: quality_gates.greyscale(head, valid))
        or fails("blur", lambda: quality_gates.blur(head, face, transform))
        or fails("sunglasses", lambda: quality_gates.sunglasses(head, face, transform))
    ):
        return rejected
    matte = without_beard(best_matte(tools.teacher, image, transform), face, transform)
    person = tools.person.matte(large) if tools.person else None
    if person is not None:
        maps = (_masked(matte, valid), valid, _masked(person, valid))
        if rejected := fails("hat", lambda: hat(head, *maps)):
            return rejected
    side = settings.side
    valid = valid_map(width, height, transform, side)
    arrays = {
        "image": _resized(large, side),
        "matte": _masked(matte, valid),
        "valid": valid,
        "face": face_map(face, transform, side),
        "inner": inner_face_map(face, transform, side),
        "shape": face_shape(face, transform),
    }
    return arrays if person is None else arrays | {"person": _masked(person, valid)}


def _gatekeeper(settings: Settings, attributes: Mapping[str, object]) -> Callable[..., Rejected | None]:
    """Asks a gate, unless it is switched off; what the set itself says comes before what is measured."""

    def fails(reason: str, measure: Callable[[], Finding] | None = None) -> Rejected | None:
        if reason in settings.keep:
            return None
        said = quality_gates.by_attribute(reason, attributes)
        if said is not None:
            return Rejected(reason, "the set says so") if said.rejected else None
        finding = measure() if measure else None
        return Rejected(reason, str(finding)) if finding and finding.rejected else None

    return fails


def _resized(image: np.ndarray, side: int) -> np.ndarray:
    if image.shape[0] == side:
        return image
    method = cv2.INTER_AREA if image.shape[0] > side else cv2.INTER_LINEAR
    return cv2.resize(image, (side, side), interpolation=method)


def _masked(matte: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """A float matte as uint8 of the valid map's size, 0 where there is no picture."""
    return np.round(_resized(matte, valid.shape[0]) * (valid > 127) * 255).astype(np.uint8)


def prepare_shard(
    shard: Path, pictures: list[Picture], attributes: list[dict], settings: Settings, tools: Tools,
    step: Callable[[int], bool],
) -> None:  # fmt: skip
    """Prepares a shard and puts it in place as a whole.

    Args:
        shard: the folder it becomes; a half-made one of a killed run is made anew.
        attributes: what the set says about each picture.
        step: told how many are done; where it answers False, the shard is given up.
    """
    part = shard.with_name(shard.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    rows: Arrays = {}
    kept: list[int] = []
    rejected: list[tuple[str, str, str]] = []
    for number, picture in enumerate(pictures):
        result = prepare_one(picture, settings, tools, attributes[number])
        if isinstance(result, Rejected):
            rejected.append((picture.name, result.reason, result.measured))
        else:
            if isinstance(result, Dressed):
                attributes[number] = {**attributes[number], **result.said}
                result = result.arrays
            for name, array in result.items():
                if not kept:  # rows are touched, and so take memory, only as they are filled
                    rows[name] = np.empty((len(pictures), *array.shape), array.dtype)
                rows[name][len(kept)] = array
            kept.append(number)
        if not step(number + 1):
            return
    part.mkdir()
    for name, array in rows.items():
        np.save(part / f"{name}.npy", array[: len(kept)])
    record = {
        "headspace": VERSION,
        "kind": settings.kind,
        "side": settings.side,
        "settings": settings.as_record(),
        "files": [pictures[n].name for n in kept],
        "split": [pictures[n].split for n in kept],
        "person": [pictures[n].person or pictures[n].name for n in kept],
        "attributes": [attributes[n] for n in kept],
        "rejected": rejected,
    }
    (part / "shard.json").write_text(json.dumps(record))
    # The rename is the commit: a shard is either whole or not there.
    os.replace(part, shard)
