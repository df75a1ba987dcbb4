"""The gate of hats, headscarves and helmets: a template over coarse maps of the upper head.

Head space puts every head in the same place, so a hat can be told from the coarse maps of what the
teacher calls hair, where it is in doubt, what of the person is neither hair nor of the skin's colour, and
where edges run across or down. The template is a logistic regression on these, 660 weights in hats.npz;
`fit_hat_gate.py` makes it.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from train.data.quality_gates import Finding, light_and_colour

TEMPLATE = Path(__file__).with_name("hats.npz")
TEMPLATE_SHA256 = "0760a7779660a220a53e293d78ea211a00c738912be132e54ad6f02d1d5c2527"
HAT_LIMIT = 1.5  # log-odds; of portraits not seen in fitting, 69% of the hats and 0.17% of the others
SIDE = 128
ROWS, COLUMNS = 10, 12  # of the maps; the mirrored halves are one
BELOW = 100  # the maps reach down to the chin
SKIN = (slice(62, 80), slice(50, 78))  # nose and cheeks in head space
TINT_MOST = 0.7  # so that hair of any dye counts as much as brown


def hat(head: np.ndarray, matte: np.ndarray, valid: np.ndarray, person: np.ndarray) -> Finding:
    """How much the upper head looks like a hat, as log-odds of the template.

    Args:
        head: uint8 RGB (S, S, 3); matte, valid, person: uint8 (S, S), in head space.
    """
    weights, bias = _template()
    value = float((weights * hat_maps(head, matte, valid, person)).sum() + bias)
    return Finding("hat", value, HAT_LIMIT, value > HAT_LIMIT)


def hat_maps(head: np.ndarray, matte: np.ndarray, valid: np.ndarray, person: np.ndarray) -> np.ndarray:
    """What the template is laid on: float32 (10, 6, 11), the halves of the head taken together.

    The last axis: hair; person; doubt about hair; tint and light of what is neither hair nor wall; tint and
    light of the hair; edges down and across; tint of the person; edges inside the hair. Tint and light are
    measured from the skin, in stops.
    """
    head, matte, valid, person = (_shrink(a) for a in (head, matte, valid, person))
    light, colour = light_and_colour(head)
    light = np.clip(light - np.median(light[SKIN]), -3, 2)
    skin = np.median(colour[SKIN].reshape(-1, 3), 0)
    tint = np.minimum(np.linalg.norm(colour - skin, axis=-1), TINT_MOST)
    seen = valid / np.float32(255)
    hair, body = matte / 255 * seen, person / 255 * seen
    down = np.abs(cv2.Sobel(light, cv2.CV_32F, 1, 0)) * seen
    across = np.abs(cv2.Sobel(light, cv2.CV_32F, 0, 1)) * seen
    bare = (1 - hair) * body
    maps = (
        hair, body, 4 * hair * (1 - hair), bare * tint, bare * light, hair * tint, hair * light, down, across,
        tint * body, np.hypot(down, across) * hair,
    )  # fmt: skip
    coarse = np.stack([_coarse(one) for one in maps], -1)
    return ((coarse + coarse[:, ::-1]) / 2)[:, : COLUMNS // 2]


def _shrink(array: np.ndarray) -> np.ndarray:
    return cv2.resize(array, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _coarse(one: np.ndarray) -> np.ndarray:
    upper = np.ascontiguousarray(one[:BELOW], dtype=np.float32)
    return cv2.resize(upper, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)


@cache
def _template() -> tuple[np.ndarray, float]:
    data = TEMPLATE.read_bytes()
    if hashlib.sha256(data).hexdigest() != TEMPLATE_SHA256:
        raise MirrorError(
            f"{TEMPLATE} is not the file that this version was made with (its SHA-256 differs). Take it from "
            "the repository again; if you have fitted it anew, put the SHA-256 that fit_hats printed into "
            "train/data/hat_gate.py."
        )
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return file["weights"], float(file["bias"])
