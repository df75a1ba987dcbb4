"""The figures that the shipped weights are held to, on two public-domain portraits.

    python -m tests.shipped_figures

prints what the weights in engines/ come to now, beside the table below. After new weights: look at pictures
first (`python -m train evaluate`), then copy the column "now" into `shipped`. `tests/test_shipped_figures.py`
holds them to it.

The portraits are of Eileen Collins (NASA, in scikit-image) and Grace Hopper (US Navy, in matplotlib; she
wears a cap). Nobody but our own networks judges here, so the figures say that something broke, not how good
it is: that is in engines/MODEL_CARD.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import skimage.data

from mirror.compositing.alpha_compositing import compose
from mirror.core.errors import MirrorError
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.engines import ENGINES_FOLDER
from mirror.hair.encoding.encoder import encode_head
from mirror.segmentation.matting import Mattes
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from train.evaluation.held_out_people import Person, Salon
from train.evaluation.person_figures import hull_pixels, untouched_difference
from train.evaluation.temporal_stability import flicker
from train.metrics.similarity import iou, psnr

STYLES = 12  # of the book, evenly, without hair loss
FRAMES = 40  # of the still that is looked at for flicker


@dataclass(frozen=True)
class Held:
    """One figure, and how far it may fall.

    Attributes:
        shipped: what the shipped weights came to.
        margin: how much worse it may be: other processors round otherwise. 0 allows nothing.
        higher: whether more is better.
        says: what it is.
    """

    shipped: float
    margin: float
    higher: bool
    says: str

    @property
    def limit(self) -> float:
        """The worst value that passes."""
        return self.shipped - self.margin if self.higher else self.shipped + self.margin

    def holds(self, value: float) -> bool:
        """Whether a value passes; NaN never does."""
        return value >= self.limit if self.higher else value <= self.limit


HELD = {
    "matte_area": Held(1.090, 0.044, True, "Collins: hair, in areas of her face oval"),
    "matte_mirrored": Held(0.934, 0.024, True, "Collins: IoU of her matte with that of her mirror image"),
    "cap_is_hair": Held(0.0, 0.05, False, "Hopper: share of her cap that is taken for hair"),
    "cap_is_worn": Held(0.864, 0.146, True, "Hopper: share of her cap that hair stays under"),
    "psnr_hair": Held(25.354, 0.505, True, "Collins with the code of her own hair: PSNR in it, dB"),
    "detail_gains": Held(7.853, 0.822, True, "what the detail map adds to that, dB"),
    "style_fidelity": Held(0.910, 0.04, True, "Collins, in 12 styles: IoU of painted hair with seen hair"),
    "styles_differ": Held(6.069, 0.408, True, "both: mean difference of two such styles in a row, of 255"),
    "bald_left": Held(0.089, 0.056, False, "Collins bald: share of her hair that is still seen"),
    "identity": Held(0.0, 0.0, False, "both: largest change where no matte reaches, of 255"),
    "inner_face": Held(0.0, 0.0, False, "both: pixels repainted in the hull of eyes, nose and mouth"),
    "flicker": Held(0.977, 0.25, False, "Collins standing still: noise of her new hair over her face's"),
}  # fmt: skip


def measured(engines: Path = ENGINES_FOLDER) -> dict[str, float]:
    """Every figure of `HELD` of a folder of networks.

    Raises:
        MirrorError: networks that cannot be used, a portrait that is not installed, or no face tracker.
    """
    salon, tracker = Salon.open(engines), open_tracker(still=True, faces=1)
    try:
        collins = met(tracker, skimage.data.astronaut(), "Collins")
        hopper = met(tracker, hopper_portrait(), "Hopper")
        mattes = {person.name: salon.mattes(person) for person in (collins, hopper)}
        out = matte_figures(salon, tracker, collins, hopper, mattes)
        out |= reconstruction_figures(salon, collins, mattes["Collins"])
        out |= style_figures(salon, [collins, hopper], mattes)
        # Under a cap there is little of a style to be seen: how well is said of a bare head.
        bareheaded = style_figures(salon, [collins], mattes)
        out["style_fidelity"] = bareheaded["style_fidelity"]
        out |= {"bald_left": bald_left(salon, collins, mattes["Collins"])}
    finally:
        salon.close()
        tracker.close()
    still = flicker([collins.image], engines, "bob", FRAMES)
    return out | {"flicker": still.get("flicker", float("nan"))}


def hopper_portrait() -> np.ndarray:
    """uint8 RGB (600, 512, 3). Raises MirrorError where matplotlib came without it."""
    import matplotlib

    bgr = cv2.imread(str(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"))
    if bgr is None:
        raise MirrorError("matplotlib came without its sample pictures. Install it from PyPI.")
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def met(tracker: FaceTracker, image: np.ndarray, name: str) -> Person:
    """The person on a portrait."""
    face = max(tracker.track(np.ascontiguousarray(image)), key=lambda face: face.height)
    transform = HeadTransform.from_face(face)
    return Person(name, image, face, transform, look_at(image, face, transform))


def matte_figures(
    salon: Salon, tracker: FaceTracker, collins: Person, hopper: Person, mattes: dict[str, Mattes]
) -> dict[str, float]:
    """Is the hair found, as well on the left as on the right, and is a cap none?"""
    hair, oval = mattes["Collins"].hair, collins.head.face
    turned = met(tracker, np.ascontiguousarray(collins.image[:, ::-1]), "mirrored")
    both, either = iou(hair, salon.mattes(turned).hair[:, ::-1], collins.head.valid)
    # Her cap fills the square above her forehead.
    top = np.flatnonzero(hopper.head.face.max(1) > 127)[0]
    wide = np.flatnonzero(hopper.head.face.max(0) > 127)
    where = np.s_[top - 50 : top - 5, wide[0] : wide[-1]]
    cap, worn = mattes["Hopper"].hair[where], mattes["Hopper"].front[where]
    return {
        "matte_area": float(hair.sum() / (oval > 127).sum()),
        "matte_mirrored": both / either,
        "cap_is_hair": float((cap > 0.5).mean()),
        "cap_is_worn": float((worn > 0.5).mean()),
    }


def reconstruction_figures(salon: Salon, person: Person, mattes: Mattes) -> dict[str, float]:
    """A person with the code of their own hair."""
    own = encode_head(salon.engines["encoder"], person.head, mattes.hair)
    camera = person.head.image[0].transpose(1, 2, 0)
    inside = (mattes.hair > 0.5).astype(np.float32)
    with_detail, without = (
        psnr(salon.layer(person, mattes, code).rgb.astype(np.float32) / 255, camera, inside)
        for code in (own, replace(own, detail=np.zeros_like(own.detail)))
    )
    return {"psnr_hair": with_detail, "detail_gains": with_detail - without}


def style_figures(salon: Salon, people: Sequence[Person], mattes: dict[str, Mattes]) -> dict[str, float]:
    """Styles put on: are they seen where they were painted, and is all else left alone?"""
    haired = [s for s in salon.book.styles if not {"bald", "hair loss"} & {*s.tags}]
    chosen = np.linspace(0, len(haired) - 1, STYLES).round().astype(int)
    both = either = 0.0
    changes, hull, differences = 0.0, 0, []
    for person in people:
        before = None
        for style in (haired[i] for i in chosen):
            layer = salon.layer(person, mattes[person.name], style.code)
            picture = compose(person.image, layer, person.transform)
            seen = salon.mattes(replace(person, head=look_at(picture, person.face, person.transform))).hair
            found = iou(layer.new, seen, person.head.valid)
            both, either = both + found[0], either + found[1]
            changes = max(changes, untouched_difference(person, picture, layer))
            hull += hull_pixels(person, picture, layer)
            if before is not None:
                differences.append(np.abs(picture.astype(float) - before).mean())
            before = picture
    return {
        "style_fidelity": both / either,
        "styles_differ": float(np.mean(differences)),
        "identity": changes,
        "inner_face": float(hull),
    }


def bald_left(salon: Salon, person: Person, mattes: Mattes) -> float:
    """Share of the person's hair that the matte network still sees when it was removed."""
    bald = next(style for style in salon.book.styles if "bald" in style.tags)
    layer = salon.layer(person, mattes, bald.code)
    picture = compose(person.image, layer, person.transform)
    seen = salon.mattes(replace(person, head=look_at(picture, person.face, person.transform))).hair
    hair = mattes.hair > 0.5
    return float((hair & (seen > 0.5)).sum() / hair.sum())


def main() -> None:
    """Prints what the shipped weights come to now."""
    print(f"{'figure':<16} {'now':>9} {'shipped':>9} {'limit':>9}")
    for name, value in measured().items():
        held = HELD[name]
        verdict = "" if held.holds(value) else "  FAILS"
        print(f"{name:<16} {value:9.3f} {held.shipped:9.3f} {held.limit:9.3f}{verdict}  {held.says}")


if __name__ == "__main__":
    main()
