"""Groups of people, so that a mean does not hide whom the mirror serves badly.

    skin          thirds of the individual typology angle of the cheeks
    hair_area     thirds of the hair's area over the face oval's
    hair_length   thirds of how far down the head-space square the hair reaches: the row above which 97% of
                  its area lies, in sides (the eyes are at 0.46, most chins at 0.7); of almost no hair 0
    sex           as the set says (index.csv, UTKFace's file names, CelebA's list); nobody's is guessed

The thirds are those of the people judged: as many in each. The angle (Chardon et al. 1991) is
atan2(L* - 50, b*) in degrees, of the median CIE Lab of bare skin on both cheeks: above 55 very light, below
-30 dark. It is read off photographs whose light and camera nobody knows: it sorts pictures as much as skin.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import crop, fill_polygon
from train.evaluation.held_out_people import Person

CHEEKS = (50, 280)  # the cheekbones of MediaPipe's mesh
CHEEK_RADIUS = 0.025  # of the square's side
THIRDS = {
    "skin": ("dark", "medium", "light"),
    "hair_area": ("little", "some", "much"),
    "hair_length": ("short", "medium", "long"),
}
LEAST = 6  # people; fewer are not worth three groups
LEAST_HAIR = 200  # pixels of the square


def cheek_lab(person: Person, matte: np.ndarray) -> np.ndarray | None:
    """Median CIE Lab of the skin of both cheeks, float64 (3,); None where hair or the frame hides them."""
    side = matte.shape[0]
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    circle = CHEEK_RADIUS * np.stack([np.cos(turn), np.sin(turn)], 1)
    centres = person.transform.to_unit(person.face.landmarks[list(CHEEKS), :2])
    inside = np.maximum(*(fill_polygon(centre + circle, side) for centre in centres)) > 127
    inside &= (matte < 0.05) & (person.head.valid > 127)
    if inside.sum() < 50:
        return None
    square = crop(person.image, person.transform, side).astype(np.float32) / 255
    return np.median(cv2.cvtColor(square, cv2.COLOR_RGB2Lab)[inside], 0).astype(np.float64)


def typology_angle(lab: np.ndarray) -> float:
    """Individual typology angle in degrees, Chardon et al. 1991.

    Example:
        >>> typology_angle(np.array([60.0, 15.0, 10.0]))
        45.0
    """
    return float(np.degrees(np.arctan2(lab[0] - 50, lab[2])))


def measured(people: list[Person], mattes: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """What people are grouped by: attribute -> person -> value.

    Args:
        mattes: the teacher's, float32 (256, 256), by name.
    """
    out: dict[str, dict[str, float]] = {name: {} for name in THIRDS}
    for person in people:
        matte = mattes[person.name]
        lab = cheek_lab(person, matte)
        if lab is not None:
            out["skin"][person.name] = typology_angle(lab)
        hair = matte > 0.5
        out["hair_area"][person.name] = float(hair.sum() / (person.head.face > 127).sum())
        out["hair_length"][person.name] = hair_length(hair)
    return out


def hair_length(hair: np.ndarray) -> float:
    """How far down a square the hair, bool (S, S), reaches: 0 (almost none) to 1 (its lower edge)."""
    if hair.sum() < LEAST_HAIR:
        return 0.0
    above = np.cumsum(hair.sum(1))
    return float((np.searchsorted(above, 0.97 * above[-1]) + 1) / hair.shape[0])


def thirds(values: dict[str, float], names: tuple[str, str, str]) -> tuple[dict[str, str], list[float]]:
    """People in three groups of equal size, by rank.

    Returns:
        Group by person, and the first value of the second and of the third group.

    Example:
        >>> thirds({"a": 3.0, "b": 1.0, "c": 2.0}, ("low", "middle", "high"))
        ({'b': 'low', 'c': 'middle', 'a': 'high'}, [2.0, 3.0])
    """
    ranked = sorted(values, key=lambda person: values[person])
    parts = np.array_split(np.array(ranked, object), 3)
    groups = {person: name for name, part in zip(names, parts, strict=True) for person in part}
    return groups, [values[part[0]] for part in parts[1:]]


def group(
    people: list[Person], mattes: dict[str, np.ndarray], sexes: dict[str, str]
) -> tuple[dict[str, dict[str, str]], dict[str, dict], list[str]]:
    """Everybody's groups.

    Args:
        mattes: the teacher's, by name.
        sexes: by name, of whom it is known.

    Returns:
        Attribute -> person -> group; what the JSON says of each attribute (people in each group, edges of
        the thirds); and a line for each attribute that could not be told.
    """
    groups: dict[str, dict[str, str]] = {}
    told: dict[str, dict] = {}
    notes = []
    for attribute, values in measured(people, mattes).items():
        if len(values) < LEAST:
            notes.append(f"by {attribute}: left out, {len(values)} people are too few for thirds")
            continue
        groups[attribute], edges = thirds(values, THIRDS[attribute])
        told[attribute] = {"edges": [round(edge, 3) for edge in edges]}
    names = {person.name for person in people}
    sex = {person: value for person, value in sexes.items() if person in names}
    if len(set(sex.values())) > 1:
        groups["sex"], told["sex"] = sex, {}
    else:
        notes.append("by sex: left out, the pictures' index does not say it (a column sex)")
    for attribute, by_person in groups.items():
        everyone = list(by_person.values())
        told[attribute]["people"] = {name: everyone.count(name) for name in sorted(set(everyone))}
    return groups, told, notes
