from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom.colour import COLOURS, LEVELS, HairColour, find_colour, pigment

EVEN = {"tips": 0.0, "sun": 0.0, "stray": 0.0}


@pytest.fixture(scope="module")
def strands():
    """4,000 straight strands of 20 cm, over a sphere, in 60 locks."""
    random = np.random.default_rng(1)
    root = random.standard_normal((4000, 3))
    root *= 8 / np.linalg.norm(root, axis=1, keepdims=True)
    down = np.linspace(0, 20, 9)[None, :, None] * np.array([0, 0, -1])
    return SimpleNamespace(
        points=(root[:, None] + down).astype(np.float32), radius=np.full((4000, 9), 0.005, np.float32),
        clump=random.integers(0, 60, 4000).astype(np.int32), root=root.astype(np.float32),
        finer=(),
    )  # fmt: skip


def depth(strands, colour, seed=0):
    """Optical depth of pigment, (N, K)."""
    return -np.log1p(-pigment(strands, colour, seed).melanin.astype(np.float64))


def test_levels_get_lighter_one_by_one(strands):
    natural = ("black", "darkest brown", "dark brown", "brown", "light brown", "dark blond", "blond",
               "light blond", "very light blond", "platinum")  # fmt: skip
    means = [np.median(depth(strands, COLOURS[name])) for name in natural]
    assert means == sorted(means, reverse=True)
    assert means == pytest.approx(LEVELS, rel=0.15)


def test_every_colour_is_within_what_the_tracer_takes(strands):
    for name, colour in COLOURS.items():
        found = pigment(strands, colour, 3)
        for values in (found.melanin, found.redness, found.tint, found.roughness):
            assert values.dtype == np.float32 and np.isfinite(values).all(), name
            assert values.min() >= 0 and values.max() <= 1, name


def test_the_same_seed_gives_the_same_hair_and_another_one_other_hair(strands):
    colour = COLOURS["highlights"]
    assert np.array_equal(pigment(strands, colour, 5).melanin, pigment(strands, colour, 5).melanin)
    assert not np.array_equal(pigment(strands, colour, 5).melanin, pigment(strands, colour, 6).melanin)


def test_tone_varies_by_lock_and_by_strand(strands):
    logs = np.log(depth(strands, HairColour(lock_spread=0.3, strand_spread=0.1, **EVEN))[:, 0])
    by_lock = np.array([logs[strands.clump == lock].mean() for lock in range(60)])
    assert by_lock.std() == pytest.approx(0.3, abs=0.08)
    within = np.concatenate([logs[strands.clump == lock] - by_lock[lock] for lock in range(60)])
    assert within.std() == pytest.approx(0.1, abs=0.03)


def test_locks_within_locks_have_their_own_tone_and_gloss(strands):
    finer = np.random.default_rng(2).integers(0, 300, len(strands.root)).astype(np.int32)
    colour = HairColour(lock_spread=0.3, strand_spread=0.1, **EVEN)

    def between(values):
        return np.array([values[finer == lock].mean() for lock in range(300)]).std()

    within = SimpleNamespace(**{**vars(strands), "finer": (finer,)})
    tones = [np.log(depth(one, colour)).mean(1) for one in (strands, within)]
    assert between(tones[1]) > 2 * between(tones[0])
    glosses = [np.log(pigment(one, colour, 0).roughness) for one in (strands, within)]
    assert between(glosses[1]) > 1.5 * between(glosses[0])


def test_a_few_strands_are_far_off_the_rest(strands):
    def logs(stray):
        colour = HairColour(lock_spread=0, strand_spread=0.1, **{**EVEN, "stray": stray})
        return np.log(depth(strands, colour)[:, 0] / colour.pigment)

    assert np.abs(logs(0.0)).max() < 0.45 < np.abs(logs(0.1)).max()
    assert np.median(np.abs(logs(0.1))) == pytest.approx(np.median(np.abs(logs(0.0))), rel=0.15)


def test_daylight_takes_pigment_from_tips_and_from_the_top_and_from_some_locks_more(strands):
    found = depth(strands, HairColour(lock_spread=0, strand_spread=0, stray=0, tips=0.3, sun=0.4))
    top, nape = strands.root[:, 2] > 6, strands.root[:, 2] < -7
    assert found[nape].mean() == pytest.approx(np.exp(0.4) * found[top].mean(), rel=0.03)
    kept = found[:, -1] / found[:, 0]
    assert kept.mean() == pytest.approx(0.7, abs=0.03)
    by_lock = np.array([kept[strands.clump == lock].mean() for lock in range(60)])
    assert by_lock.std() > 0.08 and by_lock.max() < 0.95


def test_worn_hair_is_redder(strands):
    red = pigment(strands, HairColour(tips=0.6, hue_spread=0), 0).redness
    assert (red[:, -1] > red[:, 0] + 0.05).mean() > 0.9


@pytest.mark.parametrize("temples", [0.0, 1.0])
@pytest.mark.parametrize("share", [0.15, 0.5, 0.9])
def test_grey_is_the_share_asked_for(strands, share, temples):
    grey = depth(strands, HairColour(pigment=2.2, grey=share, grey_temples=temples))[:, 0] < 0.3
    assert grey.mean() == pytest.approx(share, abs=0.06)


def test_grey_gathers_at_the_temples_when_asked(strands):
    grey = depth(strands, HairColour(pigment=2.2, grey=0.15, grey_temples=1.0))[:, 0] < 0.3
    temple = np.abs(strands.root[:, 0]) > 5
    front = strands.root[:, 1] < 0
    assert grey[temple & front].mean() > 3 * grey[~front].mean()


def test_roots_have_their_own_tone_as_far_as_asked(strands):
    found = depth(strands, replace(COLOURS["roots"], roots=5.0, strand_spread=0, lock_spread=0, **EVEN))
    assert found[:, 0] == pytest.approx(1.6, rel=0.02) and found[:, -1] == pytest.approx(LEVELS[8], rel=0.02)
    assert (found[:, 1] > 1.0).mean() > 0.9 and (found[:, 4] < 0.4).all()


def test_ombre_keeps_the_roots_and_lightens_the_ends(strands):
    found = depth(strands, replace(COLOURS["ombre"], lock_spread=0, strand_spread=0, **EVEN))
    assert found[:, 0] == pytest.approx(LEVELS[2], rel=0.02)
    assert (found[:, -1] < 0.4).all()


def test_highlights_take_their_share_in_strips(strands):
    light = (
        depth(strands, replace(COLOURS["highlights"], strand_spread=0, lock_spread=0, lights=0.3))[:, 4] < 0.7
    )
    assert light.mean() == pytest.approx(0.3, abs=0.03)
    # A strip is wider than a strand: what is near one is likely another.
    apart = np.linalg.norm(strands.root[light][:, None] - strands.root[None], axis=2)
    near = (apart > 0) & (apart < 0.15)
    assert light[None].repeat(light.sum(), 0)[near].mean() > 0.45


def test_split_dye_has_a_colour_a_side(strands):
    found = depth(strands, COLOURS["split dye"])[:, 0]
    left = strands.root[:, 0] > 0
    assert found[left].min() > 2 and found[~left].max() < 1


def test_what_is_out_of_range_is_told_with_its_range():
    with pytest.raises(MirrorError, match=r"pigment 9 is out of range. Give 0 to 8"):
        HairColour(pigment=9)
    with pytest.raises(MirrorError, match=r"tint .* is out of range. Give 0.01 to 1"):
        HairColour(tint=(1.0, 0.0, 1.0))
    with pytest.raises(MirrorError, match="grey nan is out of range"):
        HairColour(grey=float("nan"))


def test_an_unknown_colour_is_told_the_closest():
    with pytest.raises(MirrorError, match="No hair colour is called 'blonde'. Choose one of: .*blond"):
        find_colour("blonde")
