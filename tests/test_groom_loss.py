"""Hair loss in stages over styles: each leaves less hair than the one before, sides stay whole."""

from __future__ import annotations

import numpy as np
import pytest

from train.__main__ import main
from train.groom.book import find_groom, read_book
from train.groom.head import load_head
from train.groom.loss import loss_stages, with_loss
from train.groom.scalp import place_roots

NORWOOD = [f"norwood {n}" for n in range(1, 8)]
LUDWIG = [f"ludwig {n}" for n in range(1, 4)]


@pytest.fixture(scope="module")
def head():
    return load_head()


def roots_of(stage: str | None, head, style: str = "loss_short") -> np.ndarray:
    groom = find_groom(style)
    return place_roots(with_loss(groom, stage) if stage else groom, head, 1, 0.08).canonical


def on_top(roots: np.ndarray) -> int:
    return int((roots[:, 2] > 4.5).sum())


def at_the_sides(roots: np.ndarray) -> int:
    return int(((np.abs(roots[:, 0]) > 6.5) & (roots[:, 1] > 0) & (roots[:, 2] < 0.5)).sum())


def test_each_stage_of_norwood_leaves_less_on_top_and_the_sides_whole_until_the_last(head):
    before = roots_of(None, head)
    stages = [roots_of(name, head) for name in NORWOOD]
    tops = [on_top(one) for one in stages]
    assert all(more > less for more, less in zip(tops, tops[1:], strict=False)), tops
    assert tops[-1] < 0.05 * on_top(before)
    for name, one in zip(NORWOOD[:-1], stages, strict=False):
        assert at_the_sides(one) == pytest.approx(at_the_sides(before), rel=0.06), name
    assert 0.5 < at_the_sides(stages[-1]) / at_the_sides(before) < 0.9, "the wreath itself is thin"


def test_temples_go_before_the_middle_of_the_front(head):
    def left(name: str, low: float, high: float) -> float:
        def count(roots: np.ndarray) -> int:
            x, y, z = np.abs(roots[:, 0]), roots[:, 1], roots[:, 2]
            return int(((x >= low) & (x < high) & (y < -4) & (z > 2)).sum())

        return count(roots_of(name, head)) / count(roots_of(None, head))

    assert left("norwood 3", 4.0, 7.0) < 0.35 < 0.7 < left("norwood 3", 0.0, 2.0)
    assert left("norwood 3a", 0.0, 2.0) < 0.5, "without a forelock"


def test_a_band_stays_between_front_and_vertex_in_the_fourth_stage_and_goes_in_the_sixth(head):
    def along_the_middle(name: str) -> tuple[float, float]:
        def count(roots: np.ndarray, back: float) -> int:
            on = (np.abs(roots[:, 0]) < 3) & (np.abs(roots[:, 1] - back) < 1.2) & (roots[:, 2] > 4)
            return int(on.sum())

        lost, full = roots_of(name, head), roots_of(None, head)
        return tuple(count(lost, back) / count(full, back) for back in (-1.5, 4.2))

    band, vertex = along_the_middle("norwood 4")
    assert band > 0.6 and vertex < 0.25
    assert max(along_the_middle("norwood 6")) < 0.15


def test_ludwig_keeps_the_hairline_and_bares_the_middle_more_and_more(head):
    def counts(name: str | None) -> tuple[int, int]:
        roots = roots_of(name, head, "loss_lob")
        middle = (np.abs(roots[:, 0]) < 3) & (np.abs(roots[:, 1] + 1.5) < 3)
        line = (np.abs(roots[:, 0]) < 5) & (roots[:, 1] < -7.4) & (roots[:, 2] > 2)
        return int(middle.sum()), int(line.sum())

    all_ = [counts(name) for name in (None, *LUDWIG)]
    assert all(more[0] > less[0] for more, less in zip(all_, all_[1:], strict=False)), all_
    assert all_[-1][1] > 0.6 * all_[0][1], "the hairline is kept"


def test_every_stage_lies_over_every_style():
    for groom in read_book().values():
        for stage in loss_stages():
            lost = with_loss(groom, stage)
            assert lost.length == groom.length and lost.gathered == groom.gathered


def test_stages_are_listed_and_drawn_over_a_style(capsys, tmp_path):
    assert main(["groom", "list", "--losses"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(loss_stages())
    words = [
        "groom",
        "look",
        "buzz",
        "--loss",
        "Norwood_4",
        "--draft",
        "--size",
        "56x80",
        "--out",
        str(tmp_path),
    ]
    assert main(words) == 0
    assert (tmp_path / "buzz-norwood_4.html").exists()


def test_an_unknown_stage_is_one_line_with_the_closest(capsys):
    assert main(["groom", "look", "buzz", "--loss", "norwod 4"]) == 2
    error = capsys.readouterr().err
    assert "no stage of hair loss 'norwod 4'. Closest: norwood 4" in error and len(error.splitlines()) == 1
