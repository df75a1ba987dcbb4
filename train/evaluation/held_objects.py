"""Whether what is held before a head is seen: hands, arms and brushes, outlined by eye on frames of clips.

`data/held.jsonl` has a frame a line: the clip's file name, the frame's number, where the head's square lies
in it, and rings in thousandths of that square, drawn point by point by a general vision-language model from
the frame alone. None of these clips is ever trained on.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import cv2

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop, valid_map
from mirror.segmentation.matting import Matting
from mirror.sources.video import VideoSource
from train.data.hair_outlines import Outline

HELD = Path(__file__).parents[1] / "data" / "held.jsonl"

log = logging.getLogger("mirror")


def held(clips: Path, matting: Matting, outlines: Path = HELD) -> dict[str, float]:
    """How well the matte of what is held in front fits the outlines.

    Args:
        clips: the folder of videos that the outlines name; those that it lacks are passed over.
        outlines: as `data/held.jsonl`.

    Returns:
        `held_iou`, pooled over the frames at 0.5 in valid pixels; `held_seen`, the share of what is held that
        is found; `held_frames`, how many. Empty where none of the clips is there.
    """
    wanted: dict[str, list[dict]] = {}
    for line in outlines.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        wanted.setdefault(said["clip"], []).append(said)
    both = either = true = frames = 0.0
    for name, rows in wanted.items():
        if not (clips / name).is_file():
            continue
        try:
            source = VideoSource(clips / name, pace="max")
        except MirrorError as error:
            log.warning("held: %s", error)
            continue
        by_frame = {row["frame"]: row for row in rows}
        for number in range(max(by_frame) + 1):
            frame = source.read()
            if frame is None:
                break
            row = by_frame.get(number)
            if row is None:
                continue
            transform = HeadTransform(row["x"], row["y"], row["scale"], row["angle"])
            image = cv2.dnn.blobFromImage(crop(frame.image, transform, SIDE), 1 / 255)
            height, width = frame.image.shape[:2]
            valid = valid_map(width, height, transform, SIDE) > 127
            ours = (matting.look(image, still=True).front > 0.5) & valid
            theirs = (Outline([], held=row["held"]).hand(SIDE) > 0.5) & valid
            both += float((ours & theirs).sum())
            either += float((ours | theirs).sum())
            true += float(theirs.sum())
            frames += 1
        source.close()
    if not frames:
        return {}
    return {"held_iou": both / max(either, 1.0), "held_seen": both / max(true, 1.0), "held_frames": frames}
