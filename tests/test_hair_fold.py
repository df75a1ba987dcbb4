"""Layers in the light of now: decoded in a worker, within a bound, and only when something changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirror.compositing.skin_light import usual_light
from mirror.core.workers import Workers
from mirror.hair import store as store_file
from mirror.hair.fold import FoldedView, _shaded, fold
from mirror.hair.key_view import GrownStyle
from mirror.hair.lit_layer import LINEAR, Shade, brightness, rolled_off
from mirror.hair.store import LayerStore
from mirror.hair.styles.dye import Dye, find
from mirror.hair.tone_curves import REC709, ToneCurves
from tests.grown_fakes import grown_style, webp

DIM = {name: tuple(0.5 * one for one in tint) for name, tint in usual_light().items()}


def dye_of(name: str) -> Dye:
    dye = find(name)
    assert dye is not None
    return dye


def test_hair_follows_the_tones_of_a_persons_own_and_the_light_since() -> None:
    view = grown_style().views[0]
    random = np.random.default_rng(0)
    lights = random.uniform(0.02, 0.08, 4000)
    own = ToneCurves.of(lights[:, None] * np.array([1.2, 1.0, 0.6]))
    assert own is not None
    dyed = fold(view, usual_light(), Shade(dye_of("chestnut"))).front[80, 112, :3].astype(float)
    shades = [Shade(dye_of("chestnut"), own), Shade(dye_of("chestnut"), own, brightness(usual_light()) / 2)]
    toned, brighter = (fold(view, usual_light(), shade).front[80, 112, :3].astype(float) for shade in shades)
    # 0.05 is 63 in sRGB; red before blue, as the person's own.
    assert abs(toned.mean() - 63) < 14 and toned[0] > toned[1] > toned[2] + 8
    assert np.abs(dyed - toned).max() > 8 and brighter.mean() > 1.2 * toned.mean()


def test_what_lies_over_a_persons_picture_lies_over_their_new_hair_too() -> None:
    view, veil = grown_style().views[0], np.array([0.02, 0.03, 0.05], np.float32)
    clear, hazy = (
        fold(view, usual_light(), Shade(dye_of("black"), veil=one)).front[80, 112, :3] for one in (None, veil)
    )
    added = LINEAR[hazy] - LINEAR[clear]
    assert np.abs(added - veil).max() < 0.006


def test_light_adds_up_and_is_premultiplied() -> None:
    view = grown_style().views[0]
    bright, dim = fold(view, usual_light()), fold(view, DIM)
    middle = bright.front[80, 112]
    # The square root of light is half of 255, the weights add up to 1.21: a quarter of that in sRGB.
    light = 1.21 * 0.25
    assert abs(int(middle[0]) - 255 * (1.055 * light ** (1 / 2.4) - 0.055)) < 6 and middle[3] == 255
    assert abs(int(dim.front[80, 112, 0]) - 255 * (1.055 * (light / 2) ** (1 / 2.4) - 0.055)) < 6
    assert not bright.front[200:, :].any(), "nothing where there is no hair"
    assert (bright.front[..., :3].max(-1) <= bright.front[..., 3]).all()
    assert bright.back is None and not bright.shadow.any()
    x0, y0, x1, y1 = bright.boxes[0]
    assert x0 <= 64 and x1 >= 160 and y0 <= 46 and y1 >= 114 and y1 - y0 < 90


def test_the_body_of_hair_is_without_single_strands_that_stand_off() -> None:
    front = np.zeros((320, 224, 4), np.uint8)
    front[60:200, 70:150] = 255
    front[100, 20:70] = front[30:60, 110] = 255
    view = FoldedView(front, None, np.zeros((320, 224), np.uint8), ((20, 30, 150, 200),))
    (x0, y0, x1, y1), behind = view.body
    assert max(abs(x0 - 70), abs(y0 - 60), abs(x1 - 150), abs(y1 - 200)) <= 3
    assert behind == (0, 0, 0, 0)


def test_a_dye_colours_it_and_what_shines_through_dark_hair_is_brighter_in_grey_levels() -> None:
    view = grown_style().views[0]
    soft = np.zeros((320, 224), np.uint8)
    soft[60:120, 70:150] = np.linspace(10, 255, 80)
    view = replace(view, pictures=view.pictures | {"front/alpha": webp(soft)})
    plain = fold(view, usual_light())
    copper, black = (fold(view, usual_light(), Shade(dye_of(name))) for name in ("copper", "black"))
    assert copper.front[80, 140, 0] > copper.front[80, 140, 2] + 30
    alphas = [one.front[80, 80:140, 3].astype(int) for one in (plain, copper, black)]
    assert (np.diff(alphas[2]) >= -3).all() and (alphas[2] <= alphas[1]).all()
    assert (alphas[1] - alphas[2]).max() > 10, "it is a share of light, not of grey levels"


def test_scalp_between_roots_is_darker_than_skin_beside_hair() -> None:
    shade = np.full((40, 40), 120, np.uint8)
    alpha = np.zeros((40, 40), np.uint8)
    alpha[:, :20] = 255
    taken = _shaded(shade, alpha)
    assert taken[20, 5] == 255 - round(255 * (120 / 250) ** (2.2 * 0.45)), "through dense hair none shines"
    assert taken[20, 35] < taken[20, 5] - 20
    assert not _shaded(np.full_like(shade, 250), alpha).any()


def test_half_the_side_is_made_once() -> None:
    folded = fold(grown_style().views[0], usual_light())
    assert folded.half() is folded.half() and folded.half().front.shape == (160, 112, 4)


def test_the_front_is_enlarged_where_its_hair_is() -> None:
    folded = fold(grown_style().views[0], usual_light())
    assert folded.double is None and folded.soft
    before = folded.bytes
    double = folded.enlarge().double
    assert double is not None and not folded.soft and folded.bytes == before + double.picture.nbytes
    x0, y0, x1, y1 = folded.boxes[0]
    assert double.corner == (2 * x0, 2 * y0)
    assert double.picture.shape == (2 * (y1 - y0), 2 * (x1 - x0), 4)
    folded.shrink()
    assert folded.double is None


def test_the_nearest_view_comes_first_and_a_little_light_changes_nothing(monkeypatch) -> None:
    made = []

    def noted(view, tints, *worn):
        made.append((view.yaw, tints["dome"][0]))
        return fold(view, tints, *worn)

    monkeypatch.setattr(store_file, "fold", noted)
    style, store = grown_style(), LayerStore(Workers())
    store.light(usual_light())
    for _ in range(4):
        store.tend(style, None, [1, 0])
        store.finish()
    assert made == [(10.0, 0.3), (-10.0, 0.3)] and store.get(style, 0, None) is not None
    store.light({name: tuple(1.03 * one for one in tint) for name, tint in usual_light().items()})
    store.tend(style, None, [1, 0])
    store.finish()
    assert len(made) == 2
    store.light(DIM)
    store.tend(style, None, [0, 1])
    store.finish()
    assert made[2:] == [(-10.0, 0.15)]


def test_a_large_head_gets_the_nearest_views_enlarged_after_it_is_seen_and_as_long_as_it_is_large() -> None:
    style, store = grown_style(), LayerStore(Workers())
    store.light(usual_light())
    sharp = []
    for large in (True, True, True, True, False):
        store.tend(style, None, [1, 0], large=large)
        store.finish()
        sharp.append([view is not None and view.double is not None for view in _views(store, style)])
    assert sharp == [[False, False], [False, True], [False, True], [True, True], [False, False]]
    store.tend(style, None, [1, 0], large=True)
    store.finish()
    store.light(DIM)
    store.tend(style, None, [1, 0], large=True)
    store.finish()
    assert all(view is not None and view.double is not None for view in _views(store, style))


def _views(store: LayerStore, style: GrownStyle) -> list[FoldedView | None]:
    return [store.get(style, number, None) for number in (0, 1)]


def test_no_more_is_kept_than_is_allowed() -> None:
    style = grown_style()
    one = fold(style.views[0], usual_light()).bytes
    store = LayerStore(Workers(), most=one + 10)
    store.light(usual_light())
    for number in (0, 1):
        store.tend(style, None, [number])
        store.finish()
    assert store.get(style, 0, None) is None and store.get(style, 1, None) is not None
    assert store.bytes <= one + 10


def test_a_picture_that_cannot_be_decoded_is_empty() -> None:
    view = grown_style().views[0]
    broken = dict(view.pictures)
    broken["front/alpha"] = broken["front/alpha"][:30]
    import dataclasses

    folded = fold(dataclasses.replace(view, pictures=broken), usual_light())
    assert not folded.front.any()


def test_brights_are_rolled_off_in_their_own_colour() -> None:
    dark = np.array([[0.05, 0.03, 0.02], [0.2, 0.18, 0.1]], np.float32)
    assert np.abs(rolled_off(dark) - dark).max() < 1e-6, "what a camera shows as it is"
    levels = np.linspace(0.1, 6, 200, dtype=np.float32)
    shown = rolled_off(levels[:, None] * np.array([1.1, 1.0, 0.7], np.float32))
    tone = shown @ REC709
    assert (np.diff(tone) > -1e-6).all() and tone.max() <= 0.8 + 1e-4
    assert np.allclose(shown[:, 0] / shown[:, 2], 1.1 / 0.7, atol=1e-3)
