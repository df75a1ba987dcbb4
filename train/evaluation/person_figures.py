"""Everything that is measured on one held-out person through one folder of networks, added to a tally."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from skimage.draw import polygon

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.core.face import INNER_FACE
from mirror.core.head_crop import SIDE
from mirror.core.head_space import crop
from mirror.core.layer import Layer
from mirror.hair.encoding.encoder import encode_head
from mirror.hair.encoding.own_hair import as_seen
from mirror.hair.encoding.reconstruction_residual import seen_at
from mirror.hair.styles.code import Style
from mirror.segmentation.matting import Mattes
from train.data.teacher_segmenter import HairTeacher
from train.evaluation.hand_labels import Labelled
from train.evaluation.held_out_people import Person, Salon
from train.evaluation.removal_edge import seam
from train.evaluation.teacher_mattes import mean_lab, teacher_matte
from train.metrics.bootstrap import Tally
from train.metrics.similarity import alpha_error, gradient_psnr, iou, psnr, ssim

LEAST_HAIR = 400  # pixels of the square; less is nothing to judge paint by


@dataclass(frozen=True)
class Subject:
    """A person to judge by, and what the teacher calls hair on them.

    Attributes:
        theirs: float32 (256, 256), of one look.
        best: float32 (256, 256), its best effort, the mean of several looks.
    """

    person: Person
    theirs: np.ndarray
    best: np.ndarray


def judge_matte(salon: Salon, subject: Subject, tally: Tally) -> Mattes:
    """Our matte against the teacher's; returns ours."""
    person, theirs, best = subject.person, subject.theirs, subject.best
    mattes = salon.mattes(person)
    mine = mattes.hair
    tally.add("matte_iou", person.name, *iou(mine, theirs, person.head.valid))
    tally.add("matte_iou_best", person.name, *iou(mine, best, person.head.valid))
    tally.add("matte_iou_teacher_itself", person.name, *iou(theirs, best, person.head.valid))
    tally.add("matte_mae", person.name, alpha_error(mine, theirs, person.head.valid))
    return mattes


def judge_reconstruction(salon: Salon, subject: Subject, mine: Mattes, tally: Tally) -> None:
    """The person rebuilt from their own code, with and without detail map and residual, inside the hair."""
    person = subject.person
    inside = ((subject.theirs > 0.5) & (person.head.valid > 127)).astype(np.float32)
    if inside.sum() < LEAST_HAIR:
        return
    own = encode_head(salon.engines["encoder"], person.head, mine.hair)
    camera = person.head.image[0].transpose(1, 2, 0)
    for suffix, code in (("", own), ("_z_only", replace(own, detail=np.zeros_like(own.detail)))):
        painted = salon.layer(person, mine, code, own=True).rgb.astype(np.float32) / 255
        for metric in (psnr, ssim, gradient_psnr):
            tally.add(f"{metric.__name__}_hair{suffix}", person.name, metric(painted, camera, inside))
    seen = seen_at(person.image, person.transform)
    layer = salon.layer(person, mine, as_seen(salon.swap, person.head, mine.hair, own, seen))
    picture = crop(compose(person.image, layer, person.transform), person.transform, SIDE)
    finished = picture.astype(np.float32) / 255
    tally.add("psnr_hair_as_seen", person.name, psnr(finished, camera, inside))


def judge_style(
    salon: Salon, subject: Subject, mine: Mattes, style: Style, colour: np.ndarray | None,
    teacher: HairTeacher, tally: Tally,
) -> None:  # fmt: skip
    """Another's style put on.

    Args:
        colour: mean Lab of the hair on the style's own photograph, where that is known.
    """
    person = subject.person
    layer = salon.layer(person, mine, style.code)
    picture = compose(person.image, layer, person.transform)
    judged = teacher_matte(teacher, picture, person.face, person.transform)
    both, either = iou(layer.new, judged, person.head.valid)
    tally.add("style_fidelity_iou", person.name, both, either)
    # Which side fails: what was painted is not taken for hair, or hair is seen where none was painted.
    ours, theirs = (float(((m > 0.5) & (person.head.valid > 127)).sum()) for m in (layer.new, judged))
    tally.add("style_fidelity_precision", person.name, both, ours)
    tally.add("style_fidelity_recall", person.name, both, theirs)
    painted = mean_lab(picture, person.transform, (layer.new > 0.5) & (person.head.valid > 127))
    if colour is not None and painted is not None:
        tally.add("style_colour_cie76", person.name, float(np.linalg.norm(painted - colour)))
    judge_identity(person, picture, layer, tally)


def judge_removal(
    salon: Salon, subject: Subject, mine: Mattes, bald: Style, teacher: HairTeacher, tally: Tally
) -> None:
    """The style bald: what is left of the hair, and whether the edge shows. Nobody without hair is judged."""
    person, hair = subject.person, subject.theirs > 0.5
    if hair.sum() <= 200:
        return
    layer = salon.layer(person, mine, bald.code)
    picture = compose(person.image, layer, person.transform)
    judged = teacher_matte(teacher, picture, person.face, person.transform)
    tally.add("bald_left", person.name, float((hair & (judged > 0.5)).sum() / hair.sum()))
    found = seam(person, picture, layer)
    if found.step is not None:
        tally.add("bald_edge_step", person.name, found.step)
    if found.skin is not None and found.untouched is not None:
        tally.add("bald_edge_ratio", person.name, found.skin, found.untouched)
    judge_identity(person, picture, layer, tally)


def judge_identity(person: Person, picture: np.ndarray, layer: Layer, tally: Tally) -> None:
    """Whether anything changed that must not: the worst of all, and a sum of pixels."""
    tally.most("identity_worst_difference", person.name, untouched_difference(person, picture, layer))
    tally.add("identity_hull_pixels", person.name, hull_pixels(person, picture, layer))


def judge_label(salon: Salon, teacher: HairTeacher, one: Labelled, tally: Tally) -> None:
    """Our matte and the teacher's against a hand label; and what bald leaves of the hair it knows of."""
    person, valid = one.person, one.person.head.valid
    mattes = salon.mattes(person)
    mine = mattes.hair
    theirs = teacher_matte(teacher, person.image, person.face, person.transform)
    tally.add("matte_iou_labels", person.name, *iou(mine, one.matte, valid))
    tally.add("matte_mae_labels", person.name, alpha_error(mine, one.matte, valid))
    tally.add("matte_iou_labels_teacher", person.name, *iou(theirs, one.matte, valid))
    bald = next((style for style in salon.book.styles if "bald" in style.tags), None)
    hair = (one.matte > 0.5) & (valid > 127)
    if bald is None or hair.sum() <= LEAST_HAIR:
        return
    picture = compose(person.image, salon.layer(person, mattes, bald.code), person.transform)
    judged = teacher_matte(teacher, picture, person.face, person.transform)
    tally.add("bald_left_labels", person.name, float((hair & (judged > 0.5)).sum() / hair.sum()))


def untouched_difference(person: Person, picture: np.ndarray, layer: Layer) -> float:
    """The largest change of a pixel that no feathered matte reaches (should be 0)."""
    old, new = frame_mattes(layer, person.transform, (person.image.shape[1], person.image.shape[0]))
    change = np.abs(picture.astype(int) - person.image).max(-1)
    return float(change[(old == 0) & (new == 0)].max(initial=0))


def hull_pixels(person: Person, picture: np.ndarray, layer: Layer) -> int:
    """How many pixels in the hull of eyes, nose and mouth changed where no new hair lies (should be 0)."""
    height, width = person.image.shape[:2]
    corners = cv2.convexHull(person.face.landmarks[list(INNER_FACE), :2].astype(np.float32))[:, 0]
    # Pixels whose centre is inside; a filled drawing would count some beyond its rounded corners.
    rows, columns = polygon(corners[:, 1], corners[:, 0], (height, width))
    _, new = frame_mattes(layer, person.transform, (width, height))
    changed = (picture != person.image).any(-1) & (new == 0)
    return int(changed[rows, columns].sum())
