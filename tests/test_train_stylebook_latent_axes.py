"""The measures of hair, the regression on codes, the axes, and whether networks follow them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from train_tiny import SIDE, SQUARE, some_face, some_item, write_shard

from mirror.core.errors import MirrorError
from mirror.core.head_space import face_map, face_shape
from mirror.engines.protocol import Port
from mirror.hair.styles.book import StyleBook
from train.data.shards import Shards
from train.inference.style_codes import encode_heads
from train.metrics.hair_properties import (
    MEASURES,
    MeasuredHead,
    curl,
    cut_off,
    fringe,
    grey,
    hairline,
    hue,
    length,
    lightness,
    mean_colour,
    measure,
    reach,
    volume,
)
from train.stylebook import axes_sheet, axis_response
from train.stylebook.axes_sheet import save_axes_sheet
from train.stylebook.axis_response import (
    STEPS,
    Sitter,
    choose_sitters,
    measure_painted,
    paint,
    respond,
    seat,
    slopes,
    try_axes,
    useful_range,
)
from train.stylebook.latent_axes import (
    Found,
    Regression,
    choose_strength,
    cross_talk,
    directions,
    find_axes,
    measure_heads,
    r_squared,
    regress,
    ridge,
)

FACE = some_face(yaw=0.0)
EYES, HEIGHT = round(0.46 * SIDE), 140


def head(matte: np.ndarray | None = None, colour: tuple[int, int, int] = (90, 60, 40)) -> MeasuredHead:
    """A face with hair of one colour, where `matte` says so, before a white wall."""
    alpha = np.zeros((SIDE, SIDE), np.float32) if matte is None else matte
    image = np.full((SIDE, SIDE, 3), 255, np.uint8)
    image[alpha > 0] = colour
    valid = np.full((SIDE, SIDE), 255, np.uint8)
    return MeasuredHead(image, alpha, face_map(FACE, SQUARE, SIDE), valid, face_shape(FACE, SQUARE))


def cap(down_to: int = EYES, out_to: int = 90, bare_from: int = 75) -> np.ndarray:
    """A matte: hair from the crown to a row, so far to both sides, the face below a row left bare."""
    matte = np.zeros((SIDE, SIDE), np.float32)
    matte[25:down_to, 128 - out_to : 128 + out_to] = 1
    matte[bare_from:, 74:182] = 0
    return matte


def striped(turn: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> MeasuredHead:
    """A head whose strands are stripes of a phase given by row and column."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    found = head(cap(out_to=120))
    found.image[:] = (128 + 60 * np.sin(turn(rows, columns)))[..., None].astype(np.uint8)
    return found


def test_length_is_where_the_hair_ends() -> None:
    ends = [length(head(cap(row))) for row in (EYES - 30, EYES, EYES + 40, EYES + 80, EYES + 130)]
    assert np.all(np.diff(ends) > 0.1), ends
    # In face heights: 80 rows below the eyes of a face of about 140.
    assert ends[3] == pytest.approx(80 / head().face_height, abs=0.03)
    assert length(head()) == pytest.approx(-0.6, abs=0.01), "bald"


def test_stray_pixels_and_the_shadow_of_a_neck_are_no_length() -> None:
    matte = cap(EYES)
    short = length(head(matte))
    stray = matte.copy()
    stray[200:230, 30:32] = 1
    assert length(head(stray)) - short < 0.1
    stray[EYES:230, 85:110] = 1  # before the neck and the cheek
    assert length(head(stray)) - short < 0.1


def test_hair_that_the_picture_cuts_off_has_no_length_and_no_volume() -> None:
    for rows, what, other in ((slice(0, 48), volume, length), (slice(180, None), length, volume)):
        found = head(cap(EYES + 100))
        found.valid[rows] = 0
        found = replace(found, matte=found.matte * (found.valid > 0))
        assert np.isnan(what(found)) and np.isfinite(other(found))
    assert np.isfinite(reach(found)), "as far as it is seen"
    # Hair that goes on below the square is not cut off by the picture.
    assert cut_off(head(cap(SIDE)))[1] == 0 and np.isfinite(length(head(cap(SIDE))))


def test_volume_is_width_above_the_eyes_alone() -> None:
    slim, full = volume(head(cap(out_to=60))), volume(head(cap(out_to=100)))
    assert full > slim + 0.3
    assert volume(head(cap(SIDE, out_to=60))) == pytest.approx(slim), "long hair is not voluminous"
    assert volume(head()) == 0


def test_fringe_and_hairline() -> None:
    brow = round(head().brow_line)
    values = [
        (fringe(head(cap(bare_from=row))), hairline(head(cap(bare_from=row))))
        for row in (brow, brow - 15, brow - 40)
    ]
    assert values[0][0] > 0.95 and values[0][1] < 0.02
    assert values[0][0] > values[1][0] > values[2][0] and values[0][1] < values[1][1] < values[2][1]
    assert values[1][1] == pytest.approx(15 / head().face_height, abs=0.02)
    assert fringe(head()) == 0 and hairline(head()) > 0.5, "bald"


def test_curl_tells_parallel_strands_from_curls() -> None:
    straight = curl(striped(lambda rows, columns: columns * 1.2 + rows * 0.2))
    waves = curl(striped(lambda rows, columns: columns * 1.2 + 4 * np.sin(rows / 6)))
    noise = head(cap(out_to=120))
    noise.image[:] = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 1))
    assert straight < 0.1 < waves < curl(noise) <= 1
    # Shading across the head is no strand.
    shaded = striped(lambda rows, columns: columns * 1.2 + rows * 0.2)
    shade = (np.hypot(*np.mgrid[-128:128, -128:128]) / 3)[..., None]
    shaded.image[:] = np.clip(shaded.image - shade, 0, 255)
    assert curl(shaded) < 0.15


@pytest.mark.parametrize(
    ("colour", "warm", "light", "share"),
    [
        ((12, 12, 12), 0, 3, 0.0),
        ((245, 245, 245), 0, 96, 1.0),
        ((140, 140, 140), 0, 58, 0.9),
        ((190, 150, 80), 40, 64, 0.0),
        ((60, 80, 160), -35, 36, 0.0),
    ],
)
def test_colours(colour: tuple[int, int, int], warm: float, light: float, share: float) -> None:
    found = head(cap(), colour)
    assert hue(found) == pytest.approx(warm, abs=8)
    assert lightness(found) == pytest.approx(light, abs=3)
    assert grey(found) == pytest.approx(share, abs=0.12)


def test_a_bald_head_has_no_colour_and_no_texture() -> None:
    values = dict(zip(MEASURES, measure(head()), strict=True))
    assert {name for name, value in values.items() if np.isnan(value)} == {"curl", "hue", "lightness", "grey"}
    assert mean_colour(head()) is None


def test_measures_depend_neither_on_size_nor_on_side() -> None:
    item = some_item(3)
    whole = measure(MeasuredHead.of(item))
    half = {k: cv2.resize(v, (128, 128), interpolation=cv2.INTER_AREA) for k, v in item.items() if v.ndim > 1}
    assert measure(MeasuredHead.of(half | {"shape": item["shape"]})) == pytest.approx(
        whole, abs=0.06, rel=0.05, nan_ok=True
    )
    oval = item["shape"][:72].reshape(-1, 2) * (-1, 1)
    flipped = {k: v[:, ::-1].copy() for k, v in item.items() if v.ndim > 1}
    flipped["shape"] = np.concatenate([np.roll(oval[::-1], 1, 0).ravel(), item["shape"][72:]])
    assert measure(MeasuredHead.of(flipped)) == pytest.approx(whole, abs=0.04, rel=0.02, nan_ok=True)


def planted(count: int = 1200, noise: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Correlated codes (N, 128), and three properties that depend on their first three numbers."""
    rng = np.random.default_rng(seed)
    codes = rng.normal(0, 1, (count, 128)) * np.linspace(1.5, 0.2, 128)
    codes[:, 1] += 0.8 * codes[:, 0]
    values = 5 * codes[:, :3] + 2 + rng.normal(0, 5 * noise, (count, 3))
    return codes, values


NAMES = ("length", "volume", "curl")


def test_the_regression_finds_what_was_planted() -> None:
    codes, values = planted()
    found = regress(codes, values, np.arange(len(codes)) < 1000, NAMES)
    assert found.names == NAMES and found.held_out.tolist() == [200] * 3
    slopes_ = found.weights * found.spread[:, None]
    assert slopes_[:, :3] == pytest.approx(5 * np.eye(3), abs=0.3)
    # The variance that noise leaves: 1.5 squared of 7.5 squared and so on.
    assert np.all(found.explained > 0.9) and np.all(found.explained < 0.99)


def test_held_out_people_teach_nothing() -> None:
    codes, values = planted()
    train = np.arange(len(codes)) < 1000
    one = regress(codes, values, train, NAMES)
    values[~train] = np.random.default_rng(1).normal(0, 100, (200, 3))
    other = regress(codes, values, train, NAMES)
    assert np.array_equal(one.weights, other.weights) and np.array_equal(one.spread, other.spread)
    assert other.explained.max() < 0.1 < one.explained.min()


def test_what_the_code_does_not_know_is_not_explained() -> None:
    codes, values = planted(300)
    values[:, 2] = np.random.default_rng(2).normal(0, 1, 300)
    found = regress(codes, values, np.arange(300) < 200, NAMES)
    assert found.explained[2] < 0.1 and found.explained[0] > 0.8
    # The more there is to overfit, the more it is shrunk.
    assert found.strength[2] > found.strength[0]


def test_heads_without_hair_are_left_out_of_its_colour_only() -> None:
    codes, values = planted()
    values[::2, 2] = np.nan
    found = regress(codes, values, np.arange(len(codes)) < 1000, NAMES)
    assert found.held_out.tolist() == [200, 200, 100] and np.isfinite(found.weights).all()


def test_a_property_that_nobody_shows_has_no_axis(caplog: pytest.LogCaptureFixture) -> None:
    codes, values = planted(200)
    values[:, 0], values[:-5, 1] = 1.0, np.nan
    with caplog.at_level(logging.WARNING, "mirror"):
        found = regress(codes, values, np.ones(200, bool), NAMES)
    assert found.names == ("curl",) and found.weights.shape == (1, 128) and np.isnan(found.explained[0])
    assert "no axis length" in caplog.text and "no axis volume" in caplog.text
    with pytest.raises(MirrorError, match="No axis can be found"):
        regress(codes[:10], values[:10], np.ones(10, bool), NAMES)


def test_ridge_in_closed_form_solves_its_least_squares() -> None:
    codes, values = planted(150)
    penalty = np.sqrt(0.05 * codes.var(0).mean() * len(codes))
    rows = np.vstack([codes - codes.mean(0), penalty * np.eye(128)])
    wanted = np.concatenate([values[:, 0] - values[:, 0].mean(), np.zeros(128)])
    weights, intercept = ridge(codes, values[:, 0], 0.05)
    assert weights == pytest.approx(np.linalg.lstsq(rows, wanted, rcond=None)[0], abs=1e-8)
    assert intercept == pytest.approx(float(np.mean(values[:, 0] - codes @ weights)), abs=1e-8)
    assert choose_strength(codes, values[:, 0]) < 1
    assert r_squared(np.arange(4.0), np.arange(4.0)) == 1 and r_squared(np.arange(4.0), np.full(4, 1.5)) == 0


def test_an_axis_moves_its_property_and_no_other() -> None:
    codes, values = planted(noise=0.0)
    found = regress(codes, values, np.ones(len(codes), bool), NAMES)
    steps = directions(found, np.cov(codes.T), damping=1e-4)
    assert cross_talk(found, steps) == pytest.approx(np.eye(3), abs=0.02)
    # In the property's own unit: codes moved by one step change it by one standard deviation.
    moved = (codes + steps[0])[:, :3] * 5 + 2
    assert (moved - values).mean(0) == pytest.approx([values[:, 0].std(), 0, 0], abs=0.3)
    # Dearer steps are shorter and let the others come along.
    damped = directions(found, np.cov(codes.T), damping=2.0)
    assert np.diag(cross_talk(found, damped)) == pytest.approx(np.ones(3))
    assert abs(cross_talk(found, damped)[0, 1]) > 0.1


def test_a_fringe_may_take_the_hairline_along() -> None:
    """Held still, the hairline would leave a fringe nowhere to go."""
    weights = np.zeros((2, 128))
    weights[0, :2], weights[1, :2] = (1, -0.2), (-1, 0)
    found = Regression(("fringe", "hairline"), weights, *(np.ones(2) for _ in range(4)))
    talk = cross_talk(found, directions(found, np.eye(128), damping=1e-6))
    assert talk[0, 1] < -0.5 and talk[1, 0] == pytest.approx(0, abs=0.01)


def test_slopes_pool_heads_and_pass_over_what_is_missing() -> None:
    rng = np.random.default_rng(0)
    step = np.array(STEPS, float)[None, None, :, None]
    truth = np.array([[0.8, 0.0], [0.1, 0.02]])
    changes = truth[None, :, None] * step + rng.normal(0, 0.02, (9, 2, len(STEPS), 2))
    changes[0, 0, :3, 0] = np.nan
    assert slopes(changes) == pytest.approx(truth, abs=0.03)
    changes[:, 1, :, 1] = np.nan
    assert slopes(changes)[1, 1] == 0
    found = try_axes(NAMES[:2], np.ones((2, 128)), np.array([0.9, np.nan]), changes)
    assert (found["length"].low, found["length"].high) == (-3, 3)
    assert (found["volume"].felt, found["volume"].low, found["volume"].high) == (0, 0, 0)
    assert found["length"].direction.dtype == np.float32 and np.isnan(found["volume"].explained)


def test_the_useful_range_ends_where_nothing_more_happens() -> None:
    change = np.array([[-0.52, -0.51, -0.5, 0.5, 1.0, 1.02]])
    assert useful_range(change, 0.5) == (-1, 2)
    assert useful_range(np.where(change > 0, np.nan, change), 0.5) == (-1, 0)
    assert useful_range(change, 0.05) == (0, 0) == useful_range(-change, -0.5)


class Follows:
    """Networks of which the decoder follows the first number of z in length, and no other."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.inputs = {"previous": Port((1, 1, 256, 256), "float32")}

    def run(self, **given: np.ndarray) -> dict[str, np.ndarray]:
        if self.what == "encoder":
            return {"z": np.zeros((1, 128), np.float32), "detail": np.ones((1, 8, 64, 64), np.float32)}
        if self.what == "shape":
            coarse = np.zeros((1, 1, 64, 64), np.float32)
            coarse[0, 0, 10 : round(30 + 5 * float(given["z"][0, 0])), 8:56] = 1
            coarse[0, 0, 19:, 18:46] = 0
            return {"coarse": coarse}
        if self.what == "painter":
            layer = np.full((1, 8, 256, 256), 0.2, np.float32)
            layer[0, 6] = cv2.resize(given["coarse"][0, 0], (256, 256), interpolation=cv2.INTER_NEAREST)
            return {"layer": layer}
        hair = (given["image"].mean(1, keepdims=True) < 0.4).astype(np.float32)
        return {"mattes": hair.repeat(3, 1)}

    def close(self) -> None:
        pass


FAKES = {name: Follows(name) for name in axis_response.NETWORKS}


def some_sitter() -> Sitter:
    item = some_item(1) | {
        "matte": np.zeros((SIDE, SIDE), np.uint8),
        "image": np.full((SIDE, SIDE, 3), 230, np.uint8),
    }
    return seat(item | {"valid": np.full((SIDE, SIDE), 255, np.uint8)}, FAKES)


def test_only_what_the_decoder_follows_is_felt() -> None:
    steps = np.zeros((2, 128))
    steps[0, 0] = steps[1, 5] = 1
    changes = respond([some_sitter()], NAMES[:2], steps, np.array([0.2, 0.2]), FAKES)
    assert changes.shape == (1, 2, len(STEPS), 2)
    felt_ = slopes(changes)
    # Five cells of 64 a step are 20 rows, over a face of 140 and a deviation of 0.2.
    assert felt_[0, 0] == pytest.approx(20 / some_face().height / 0.2, rel=0.25)
    assert felt_[1].tolist() == [0, 0]


def test_a_sitter_is_painted_where_the_shape_decoder_says() -> None:
    sitter = some_sitter()
    short, long = (paint(sitter, np.full(128, z, np.float32), FAKES) for z in (0, 3))
    assert short.dtype == np.uint8 and short.shape == (SIDE, SIDE, 3)
    assert short[150, 40].tolist() == [230] * 3 and long[150, 40].mean() < 80
    assert measure_painted(sitter, long, FAKES)[0] > measure_painted(sitter, short, FAKES)[0] + 0.2


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    """26 training heads and 3 held-out ones."""
    folder = tmp_path_factory.mktemp("axes") / "heads"
    write_shard(folder, 0, ["train"] * 26 + ["val"] * 3)
    return Shards([folder])


def test_sitters_are_held_out_where_any_are(
    heads: Shards, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert choose_sitters(heads, 2) == [26, 28] and len(choose_sitters(heads, 9)) == 3
    assert not caplog.text
    write_shard(tmp_path / "all", 0, ["train"] * 3)
    assert choose_sitters(Shards([tmp_path / "all"]), 2) == [0, 2]
    assert "tried on training heads" in caplog.text
    write_shard(tmp_path / "cut", 0, ["val"] * 2)
    np.save(tmp_path / "cut" / "00000" / "valid.npy", np.zeros((2, SIDE, SIDE), np.uint8))
    with pytest.raises(MirrorError, match="No head of the shards shows its whole hair"):
        choose_sitters(Shards([tmp_path / "cut"]), 2)


@pytest.fixture(scope="module")
def found(heads: Shards) -> Found:
    """Axes of the shipped networks on those heads, each tried with one step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(axis_response, "STEPS", (-1, 1))
        from mirror.engines import ENGINES_FOLDER

        return find_axes(heads, ENGINES_FOLDER, heads=1)


def test_from_shards_to_axes(heads: Shards, found: Found) -> None:
    assert set(found.axes) <= set(MEASURES) and {"length", "volume", "lightness"} <= set(found.axes)
    for axis in found.axes.values():
        assert axis.direction.shape == (128,) and np.linalg.norm(axis.direction) > 0
        assert np.isfinite(axis.felt) and np.isnan(axis.explained), "3 held-out heads are too few to say"
    assert np.diag(found.predicted) == pytest.approx(np.ones(len(found.axes)))
    lines = found.table().splitlines()
    assert len(lines) == 1 + len(found.axes) and all(n in lines[0] for n in ("explains", "felt", "length"))
    values = measure_heads(heads, np.arange(2))
    assert values.shape == (2, len(MEASURES)) and np.isfinite(values[:, 0]).all()


def test_the_sheet_of_axes(
    heads: Shards, found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = StyleBook([], np.zeros(128), np.eye(128), np.zeros(75), found.axes)
    picture = axes_sheet.sheet(book, [some_sitter()], FAKES, tile=32)
    assert picture.shape == (len(found.axes) * (22 + 32), 5 * 32, 3) and picture.dtype == np.uint8

    from mirror.engines import ENGINES_FOLDER

    monkeypatch.setattr(StyleBook, "load", lambda path: StyleBook([], *book_parts(book)))
    with pytest.raises(MirrorError, match="has no axes. Find them first"):
        save_axes_sheet(tmp_path / "a.png", heads, ENGINES_FOLDER)
    with pytest.raises(MirrorError, match="--axes-sheet"):
        save_axes_sheet(tmp_path / "a.txt", heads, ENGINES_FOLDER)


def book_parts(book: StyleBook) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return book.prior_mean, book.prior_factor, book.face_shape


def test_codes_of_heads_are_those_of_the_shipped_encoder(heads: Shards) -> None:
    from mirror.engines import ENGINES_FOLDER

    codes = encode_heads(heads, np.array([0, 5, 0]), ENGINES_FOLDER)
    assert codes.shape == (3, 128) and codes.dtype == np.float32
    assert np.array_equal(codes[0], codes[2]) and not np.array_equal(codes[0], codes[1])
