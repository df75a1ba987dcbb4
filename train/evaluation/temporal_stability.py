"""Figures over time, through `Mirror.process`: does the hair stand still when the person does?"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.core.head_crop import SIDE
from mirror.core.head_space import crop, face_map, paste_back
from mirror.pipeline.mirror import Mirror
from mirror.sources.video import VideoSource
from train.data.teacher_segmenter import HairTeacher
from train.evaluation.teacher_mattes import teacher_matte
from train.metrics.similarity import iou

RATE = 30.0
WARM_UP = 30  # frames before anything is measured: the new hair has faded in, the filters have settled
VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif")

log = logging.getLogger("mirror")


def flicker(photographs: list[np.ndarray], engines: Path, style: str, frames: int = 120) -> dict[str, float]:
    """How much more the new hair flickers than the camera itself does.

    Each photograph stands still in front of a camera: fresh noise of sigma 2 of 255 and a shift of -1, 0
    or 1 pixel each way in every frame. The finished frames are shifted back by what they were shifted, so
    that the face is aligned exactly, and the standard deviation over time is taken of every pixel.

    Args:
        photographs: uint8 (H, W, 3) RGB.
        frames: how many are measured, after a second of settling in.

    Returns:
        `flicker`: the mean deviation of the hair's pixels over that of untouched face pixels, mean over
        the photographs (1 is the camera's own noise). Empty where no face was followed throughout.
    """
    ratios = []
    for number, photograph in enumerate(photographs):
        mirror = Mirror(style=style, engines=engines)
        ratio = _flicker_of(mirror, photograph, frames, np.random.default_rng(number))
        mirror.close()
        if ratio is None:
            log.warning("flicker: the face of photograph %d was lost", number + 1)
        else:
            ratios.append(ratio)
    return {"flicker": float(np.mean(ratios))} if ratios else {}


def _flicker_of(
    mirror: Mirror, photograph: np.ndarray, frames: int, rng: np.random.Generator
) -> float | None:
    height, width = photograph.shape[:2]
    wide = np.pad(photograph, ((1, 1), (1, 1), (0, 0)), mode="edge")
    total, squares = np.zeros(photograph.shape), np.zeros(photograph.shape)
    hair, touched, face = (
        np.zeros((height, width)),
        np.zeros((height, width), bool),
        np.zeros((height, width)),
    )
    for i in range(WARM_UP + frames):
        right, down = rng.integers(-1, 2, 2)
        seen = wide[1 - down : 1 - down + height, 1 - right : 1 - right + width]
        noisy = np.clip(np.round(seen + rng.normal(0, 2, seen.shape)), 0, 255).astype(np.uint8)
        shown = mirror.process(Frame(noisy, i, i / RATE))
        if i < WARM_UP:
            continue
        if shown.face is None or shown.transform is None or not shown.swapped:
            return None
        old, new = shown.mattes()
        oval = paste_back(face_map(shown.face, shown.transform, 256), shown.transform, (0, 0, width, height))
        back = {"shift": (-down, -right), "axis": (0, 1)}
        aligned = np.roll(shown.image, **back).astype(np.float64)
        total += aligned
        squares += aligned**2
        hair += np.roll(new, **back)
        touched |= np.roll((old > 0) | (new > 0), **back)
        face += np.roll(oval, **back)
    deviation = np.sqrt(np.maximum(squares / frames - (total / frames) ** 2, 0)).mean(-1)
    # The outermost pixels came round from the other side when the frames were shifted back.
    inner = np.zeros((height, width), bool)
    inner[1:-1, 1:-1] = True
    of_hair = inner & (hair > 0.5 * frames)
    of_face = inner & (face > 254 * frames) & ~touched
    if not of_hair.any() or not of_face.any():
        return None
    return float(deviation[of_hair].mean() / deviation[of_face].mean())


def list_clips(clips: Path) -> list[Path]:
    """The videos of a folder, by name. Raises MirrorError where there are none."""
    paths = sorted(p for p in clips.glob("*") if p.suffix.lower() in VIDEOS) if clips.is_dir() else []
    if not paths:
        raise MirrorError(f"{clips} holds no video ({', '.join(VIDEOS)}). Give --clips another folder.")
    return paths


def motion(
    clips: Path, teacher: HairTeacher, engines: Path, style: str, frames: int = 60
) -> dict[str, float]:
    """How much the new hair's matte changes from frame to frame of real clips, aligned by the face.

    Args:
        clips: a folder of videos; what cannot be read or shows no face is passed over with a warning.
        frames: at most so many of each clip, after a second of settling in.

    Returns:
        `motion_iou` of the new hair's matte and `motion_iou_teacher` of the teacher's on the hair that is
        there, both between successive frames in head space, pooled; `motion_pairs`, how many pairs;
        `motion_least_lead`, ours less the teacher's on the clip where that is least.

    Raises:
        MirrorError: the folder is missing, or holds no video that shows a face.
    """
    paths = list_clips(clips)
    ours, theirs, pairs, leads = np.zeros(2), np.zeros(2), 0, []
    for path in paths:
        try:
            source = VideoSource(path, pace="max")
        except MirrorError as error:
            log.warning("motion: %s", error)
            continue
        mirror = Mirror(style=style, engines=engines)
        before: tuple[np.ndarray, np.ndarray] | None = None
        found = 0
        earlier = ours.copy(), theirs.copy()
        for i in range(WARM_UP + frames):
            frame = source.read()
            if frame is None:
                break
            # A file read as fast as it goes: the mirror is told the time at which a camera would have it.
            shown = mirror.process(Frame(frame.image, i, i / source.rate))
            if shown.laid is None or shown.face is None or shown.transform is None or shown.strength < 1:
                before = None
                continue
            if i < WARM_UP:
                continue
            mine = crop(shown.mattes()[1], shown.transform, SIDE)
            now = mine, teacher_matte(teacher, frame.image, shown.face, shown.transform)
            if before is not None:
                everywhere = np.full(now[0].shape, 255, np.uint8)
                ours += iou(now[0], before[0], everywhere)
                theirs += iou(now[1], before[1], everywhere)
                found += 1
            before = now
        mirror.close()
        source.close()
        pairs += found
        if not found:
            log.warning("motion: %s shows no face long enough", path.name)
            continue
        mine, its = (
            (now[0] - then[0]) / max(now[1] - then[1], 1.0)
            for now, then in zip((ours, theirs), earlier, strict=True)
        )
        log.info("motion: %s: ours %.3f, the teacher's %.3f, %d pairs", path.name, mine, its, found)
        leads.append(mine - its)
    if not pairs:
        raise MirrorError(
            f"{clips} holds no video with a face ({', '.join(VIDEOS)}). Give --clips another folder."
        )
    out = {"motion_iou": ours[0] / max(ours[1], 1.0), "motion_iou_teacher": theirs[0] / max(theirs[1], 1.0)}
    return out | {"motion_pairs": float(pairs), "motion_least_lead": float(min(leads))}
