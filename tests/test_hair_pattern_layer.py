"""Hair in two shades: where each of them is, and that nothing of it is a bar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.compositing.skin_light import usual_light
from mirror.hair.fold import fold
from mirror.hair.lit_layer import Shade, decoded, tones_now
from mirror.hair.pattern_layer import PatternedShade, along_strands
from mirror.hair.strand_flow import StrandFlow
from mirror.hair.styles.dye import find
from mirror.hair.styles.dye_pattern import KINDS, PatternedDye
from tests.grown_fakes import grown_style

REACH = 40.0  # cm


def pattern(said: str) -> PatternedDye:
    found = find(said)
    assert isinstance(found, PatternedDye)
    return found


def hanging() -> StrandFlow:
    """Straight hair of 40 cm, 500 strands across, each with a streak of its own."""
    streak = np.random.default_rng(0).standard_normal(500).astype(np.float32)
    length = np.linspace(0, REACH, 200, dtype=np.float32)[:, None] + np.zeros((1, 500), np.float32)
    side = np.linspace(-9, 9, 500, dtype=np.float32) + np.zeros((200, 1), np.float32)
    return StrandFlow(np.repeat(streak[None], 200, 0), length, side)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_share_is_out_of_range_and_both_shades_are_seen(kind) -> None:
    share = along_strands(pattern(f"{kind.name}:black+rose"), hanging(), REACH)
    assert share.shape == (200, 500) and share.min() >= 0 and share.max() <= 1
    assert share.min() < 0.05 and share.max() > 0.7


def test_highlights_are_a_share_of_the_strands_from_near_the_root_to_the_tip() -> None:
    few, many = (
        along_strands(pattern(f"highlights:black+rose,{share}"), hanging(), REACH)[150]
        for share in (0.2, 0.5)
    )
    assert abs((few > 0.375).mean() - 0.2) < 0.04 and abs((many > 0.375).mean() - 0.5) < 0.04
    share = along_strands(pattern("highlights:black+rose"), hanging(), REACH)
    assert share[0].max() < 0.1 and np.allclose(share[60], share[199]), "a foil goes to the tip"


@pytest.mark.parametrize("kind", ["ombre", "balayage", "roots"])
def test_lengths_pass_softly_into_the_second_shade_and_not_in_a_bar(kind: str) -> None:
    dye = pattern(f"{kind}:black+rose")
    share = along_strands(dye, hanging(), REACH)
    assert share[round(200 * dye.begins * 0.3)].mean() < 0.15 < 0.75 < share[198].mean()
    # Within a centimetre, 5 rows, no strand goes more than a third of the way.
    assert np.abs(share[5:] - share[:-5]).max() < 0.5
    half = np.argmax(share > 0.5 * share[-1], axis=0) * REACH / 200
    assert half.std() > 0.5, "strands begin at different heights"


def test_balayage_leaves_pieces_out_and_ombre_does_not() -> None:
    dyes = (pattern(f"{kind}:black+rose") for kind in ("balayage", "ombre"))
    ends = [along_strands(dye, hanging(), REACH)[-1] for dye in dyes]
    assert ends[0].min() < 0.7 and ends[1].min() > 0.95


def test_where_it_begins_is_as_written() -> None:
    heights = []
    for begins in (0.2, 0.6):
        share = along_strands(pattern(f"ombre:black+rose,1,{begins}"), hanging(), REACH)
        heights.append(np.argmax(share.mean(1) > 0.1) / 200)
    assert abs(heights[1] - heights[0] - 0.4) < 0.05


def test_split_is_first_on_the_wearers_left_and_its_share_moves_the_border() -> None:
    share = along_strands(pattern("split:black+rose"), hanging(), REACH)
    assert share[:, 450].max() == 0 and share[:, 50].min() == 1
    less = along_strands(pattern("split:black+rose,0.25"), hanging(), REACH)
    assert less.mean() < share.mean() - 0.15


def worn(said: str) -> PatternedShade:
    dye = pattern(said)
    first, second = (None if one is None else Shade(one) for one in (dye.first, dye.second))
    return PatternedShade(dye, first, second)


def test_each_half_of_a_split_head_is_as_if_dyed_alone() -> None:
    view = grown_style().views[0]
    split = fold(view, usual_light(), worn("split:black+platinum")).front
    black, platinum = (
        fold(view, usual_light(), Shade(dye)).front for name in ("black", "platinum") if (dye := find(name))
    )
    assert np.array_equal(split[70:90, 145:155], black[70:90, 145:155]), "the wearer's left"
    assert np.array_equal(split[70:90, 70:85], platinum[70:90, 70:85])
    assert np.array_equal(split[..., 3] > 0, black[..., 3] > 0), "colour alone changes"


def test_the_colour_that_is_there_stays_where_the_second_shade_is_not() -> None:
    view = grown_style().views[0]
    plain = fold(view, usual_light()).front
    split = fold(view, usual_light(), worn("split:none+platinum")).front
    assert np.array_equal(split[70:90, 145:155], plain[70:90, 145:155])
    assert not np.array_equal(split[70:90, 70:85], plain[70:90, 70:85])


def test_it_is_the_same_every_time() -> None:
    view = grown_style().views[1]
    one, other = (fold(view, usual_light(), worn("balayage:5/0+8/3")).front for _ in range(2))
    assert np.array_equal(one, other)


def test_too_little_hair_is_left_as_it_is() -> None:
    view = grown_style().views[0]
    bare = {name: view.pictures[name.replace("front/", "back/")] for name in view.pictures}
    view = replace(view, pictures=bare)
    assert tones_now(decoded(view, "front", usual_light())) is None
    dyed, plain = (fold(view, usual_light(), one) for one in (worn("roots:black+rose"), None))
    assert np.array_equal(dyed.front, plain.front) and not plain.front.any()
