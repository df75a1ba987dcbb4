"""What every figure of `python -m train evaluate` is, in one place, and which way is better.

`python -m train.evaluation.figure_definitions` prints the two tables in Markdown.

A figure is a ratio of two sums over people: of pixels for what is pooled (IoU), else of one value a person
and 1, which is the mean. Its interval is the middle 95% of 2,000 such ratios over people drawn with
replacement (percentile bootstrap, Efron 1979). Head space is the 256-pixel square of the networks; hair is
where the teacher's matte is above 0.5, in valid pixels, unless something else is said.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        better: "higher", "lower", or "" where it only tells.
        unit: of the value; "" for a share or a plain number.
        says: the definition.
    """

    better: str
    unit: str
    says: str


# Through the engines and the code of the live mirror: `evaluate --photos --teacher`.
MIRROR = {
    "matte_iou": Figure(
        "higher",
        "",
        "our matte against the teacher's, both at 0.5, in valid pixels of head space, pooled",
    ),
    "matte_iou_best": Figure(
        "higher",
        "",
        "our matte against the teacher's best effort (the mean of six looks at three crops), the same way",
    ),
    "matte_iou_teacher_itself": Figure(
        "",
        "",
        "the teacher's matte against its own best effort: how far it agrees with itself, and so about the "
        "most that `matte_iou` can be",
    ),
    "matte_mae": Figure("lower", "", "mean absolute difference of the first two alphas, valid pixels"),
    "matte_iou_labels": Figure(
        "higher",
        "",
        "our matte against hand labels (`data/outlines.jsonl`, or `--labels`), both at 0.5, valid pixels, "
        "pooled",
    ),
    "matte_iou_labels_teacher": Figure("", "", "the teacher's matte against the same hand labels"),
    "matte_mae_labels": Figure(
        "lower",
        "",
        "mean absolute difference of our alpha and the hand label's, valid pixels",
    ),
    "matte_times_faster_than_teacher": Figure(
        "higher",
        "",
        "time of one run of the teacher over one of our matte, in turns, median of 12 rounds",
    ),
    "psnr_hair": Figure(
        "higher",
        "dB",
        "a person with the style code of their own hair: PSNR of the painted head inside the hair",
    ),
    "ssim_hair": Figure("higher", "", "the same by structural similarity"),
    "gradient_psnr_hair": Figure("higher", "dB", "the same by the PSNR of neighbours' differences"),
    "psnr_hair_z_only": Figure("higher", "dB", "`psnr_hair` with the detail map set to 0"),
    "ssim_hair_z_only": Figure("higher", "", "`ssim_hair` with the detail map set to 0"),
    "gradient_psnr_hair_z_only": Figure("higher", "dB", "`gradient_psnr_hair` with the detail map set to 0"),
    "psnr_hair_as_seen": Figure(
        "higher",
        "dB",
        "`psnr_hair` of the finished picture, with the residual that a person's own photograph keeps",
    ),
    "style_fidelity_iou": Figure(
        "higher",
        "",
        "a style of the book put on: the matte the swap painted against the teacher's matte of the "
        "finished picture, both at 0.5, pooled",
    ),
    "style_fidelity_precision": Figure(
        "higher",
        "",
        "the same two: share of the hair we painted that the teacher calls hair",
    ),
    "style_fidelity_recall": Figure(
        "higher",
        "",
        "the same two: share of what the teacher calls hair that we painted",
    ),
    "style_colour_cie76": Figure(
        "lower",
        "",
        "distance in CIE Lab between the mean colour of the painted hair and of the hair on the "
        "style's own photograph (about 2 is just visible)",
    ),
    "bald_left": Figure("lower", "", 'style "bald": share of the hair that the teacher still calls hair'),
    "bald_left_labels": Figure(
        "lower",
        "",
        "the same of the hair that hand labels say is there: a hat that the teacher calls hair is none",
    ),
    "bald_edge_step": Figure(
        "lower",
        "",
        'style "bald": 95th percentile of the colour step (CIE76) across the edge of where hair was '
        "and is gone; exactly: `train/evaluation/removal_edge.py`",
    ),
    "bald_edge_ratio": Figure(
        "lower",
        "",
        "the part of that edge that lies on skin: its 95th percentile over that of the same steps on "
        "untouched skin (1: no larger steps than bare skin has of itself)",
    ),
    "uncovered_psnr": Figure(
        "higher",
        "dB",
        'the hair of another person laid over this one and taken away by the style "bald": what is shown '
        "where it hung below the eyes, against the photograph; exactly: "
        "`train/evaluation/removal_ground_truth.py`",
    ),
    "uncovered_psnr_body": Figure("higher", "dB", "the same where there is neck, shoulder or cloth"),
    "identity_worst_difference": Figure(
        "lower",
        "of 255",
        "largest change of a pixel that neither feathered matte reaches; must be 0",
    ),
    "identity_hull_pixels": Figure(
        "lower",
        "pixels",
        "pixels changed inside the hull of eyes, nose and mouth where the new hair's matte is 0, mean "
        "of a finished picture (a style and bald of each person); must be 0",
    ),
    "flicker": Figure(
        "lower",
        "",
        "a still photograph with sensor noise (sigma 2 of 255) and 1 px jitter, 120 frames, aligned: "
        "deviation over time of the new hair over that of the untouched face (1: the camera's own "
        "noise)",
    ),
    "motion_iou": Figure(
        "higher",
        "",
        "clips (`--clips`): the new hair's matte in head space against that of the frame before, pooled",
    ),
    "motion_iou_teacher": Figure("", "", "the same of the teacher's matte of the hair that is there"),
    "motion_pairs": Figure("", "", "pairs of frames that those two are of"),
    "motion_least_lead": Figure(
        "higher",
        "",
        "the same clip by clip: ours less the teacher's, on the clip where that is least (0: as steady)",
    ),
    "held_iou": Figure(
        "higher",
        "",
        "hands, arms and brushes before a head, frames of clips (`--clips`, `data/held.jsonl`): the matte of "
        "what is held in front against outlines by eye, both at 0.5, valid pixels, pooled",
    ),
    "held_seen": Figure("higher", "", "the same two: share of what is outlined that ours finds"),
    "held_frames": Figure("", "", "frames that those two are of"),
}

# Of training runs, in PyTorch, at each run's own size: `evaluate --runs --shards`.
RUNS = {
    "psnr": Figure("higher", "dB", "a picture from the mean of its own code, all valid pixels"),
    "ssim": Figure("higher", "", "the same by structural similarity"),
    "gradient_psnr": Figure("higher", "dB", "the same by the PSNR of neighbours' differences"),
    "psnr_hair": Figure(
        "higher",
        "dB",
        "the same inside the hair; the hair VAE paints it through a hole that another head's hair has "
        "widened, from z and the detail map",
    ),
    "ssim_hair": Figure("higher", "", "the same by structural similarity"),
    "gradient_psnr_hair": Figure("higher", "dB", "the same by the PSNR of neighbours' differences"),
    "psnr_hair_z_only": Figure("higher", "dB", "the hair VAE's from z alone, the shape decoder's outline"),
    "ssim_hair_z_only": Figure("higher", "", "the same by structural similarity"),
    "gradient_psnr_hair_z_only": Figure("higher", "dB", "the same by the PSNR of neighbours' differences"),
    "psnr_beneath": Figure(
        "higher",
        "dB",
        "hair VAE and underlay: what it painted in the hole outside the hair, against what is there",
    ),
    "body_iou": Figure(
        "higher", "", "underlay: how far there is body in that hole, against the mask of the person, pooled"
    ),
    "psnr_mean_picture": Figure(
        "",
        "dB",
        "the trivial predictor: the mean of 256 training pictures, all valid pixels",
    ),
    "kl": Figure("", "nats", "KL of the code to a standard normal, summed over dimensions"),
    "active_units": Figure(
        "",
        "",
        "dimensions whose mean varies over pictures by more than 0.01 (Burda et al. 2016)",
    ),
    "matte_iou": Figure("higher", "", "the matte against the shards', both at 0.5, valid pixels, pooled"),
    "matte_mae": Figure("lower", "", "mean absolute difference of those two alphas, valid pixels"),
}


def markdown(figures: dict[str, Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| figure | better | what it is |", "|---|---|---|"]
    for name, figure in figures.items():
        unit = f" ({figure.unit})" if figure.unit else ""
        rows.append(f"| `{name}`{unit} | {figure.better or '-'} | {figure.says} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(markdown(MIRROR), markdown(RUNS), sep="\n\n")
