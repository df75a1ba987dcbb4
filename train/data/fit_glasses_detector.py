"""Fits `mirror.removal.glasses_detection` on portraits that glasses.csv says have glasses (1) or none (0).

    python -m train.data.fit_glasses_detector --photos ../shared/photos

It prints the weights as they stand there, and how well they tell people apart whom they were not fitted on.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from mirror import Mirror
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.removal.glasses_detection import STEP, gradients_of

LABELS = Path(__file__).with_name("glasses.csv")
_DECAY, _STEPS, _FOLDS = 1e-3, 1000, 6
_RARER = 3.0  # how much more one with glasses counts: there are six times fewer


def fit(inputs: np.ndarray, worn: np.ndarray) -> np.ndarray:
    """Logistic regression by Nesterov's steps: float (N, D), bool (N,) -> weights (D + 1,), last the bias."""
    x = np.c_[inputs, np.ones(len(inputs))].astype(np.float64)
    count = np.where(worn, _RARER, 1.0)
    steepest = np.linalg.norm(x, 2) ** 2 * _RARER / 4 / len(x) + _DECAY
    weights = ahead = np.zeros(x.shape[1])
    for step in range(_STEPS):
        slope = x.T @ (count * (1 / (1 + np.exp(-x @ ahead)) - worn)) / len(x)
        slope[:-1] += _DECAY * ahead[:-1]
        new = ahead - slope / steepest
        ahead, weights = new + step / (step + 3) * (new - weights), new
    return weights


def main() -> None:
    """Prints weights and what each fold says of the people left out of it."""
    parser = argparse.ArgumentParser(
        prog="python -m train.data.fit_glasses_detector", description=main.__doc__
    )
    parser.add_argument("--photos", type=Path, required=True)
    photos = parser.parse_args().photos
    mirror, seen, worn, names = Mirror(style="bald"), [], [], []
    with LABELS.open(newline="") as listed:
        for row in csv.DictReader(listed):
            image = cv2.imread(str(photos / row["file"]))
            face = None if image is None else mirror.find_face(image[..., ::-1].copy())
            if image is None or face is None:
                continue
            head = look_at(image[..., ::-1].copy(), face, HeadTransform.from_face(face))
            other = head.image[..., ::-1]
            seen.append([gradients_of(head.image), gradients_of(other)])
            worn.append(row["glasses"] == "1")
            names.append(row["file"])
    x, y = np.array(seen), np.array(worn)
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(y))
    says = np.zeros(len(y))
    for out in range(_FOLDS):
        rest = fold != out
        weights = fit(np.concatenate([x[rest, 0], x[rest, 1]]), np.tile(y[rest], 2))
        says[~rest] = x[~rest, 0] @ weights[:-1] + weights[-1]
    for what, some in (("none", says * ~y - 99 * y), ("glasses", -says * y - 99 * ~y)):
        for which in np.argsort(-some)[:10]:
            print(f"{what}, most like the other: {says[which]:.2f} {names[which]}")
    weights = np.round(fit(np.concatenate([x[:, 0], x[:, 1]]), np.tile(y, 2)) / STEP).astype(int)
    print(
        "bias", weights[-1], "weights", "\n".join(map(str, weights[:-1].reshape(-1, 24).tolist())), sep="\n"
    )


if __name__ == "__main__":
    main()
