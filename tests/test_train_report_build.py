"""The report of a run: its page, its pictures, its figures, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from tests.train_runs import a_run
from tests.train_tiny import tiny_shards, write_pictures, write_shard
from train.data.shards import Shards
from train.inference.codec import open_codec, read_heads
from train.nets.spec import Spec
from train.report import nearest_neighbours, samples
from train.report.build import report
from train.report.encoded_pictures import Codes, diagnose, gather, principal_axes
from train.report.html_page import Page
from train.report.latent_statistics import correlation_matrix
from train.report.latent_traversals import STEPS, traverse
from train.report.loss_curves import last_row, read_columns, running_mean
from train.report.measured_attributes import LEAST, measure, names, rank_correlations, recorded
from train.report.nearest_neighbours import nearest, typical_distance
from train.report.photo_input import read_photo
from train.report.picture_grid import grid

pytestmark = pytest.mark.usefixtures("one_thread")


WITH_A_CODE = {
    *("reconstructions", "samples", "plane", "traversals_prior", "traversals_posterior", "interpolations"),
    *(
        "extremes",
        "neighbours",
        "closest",
        "diagnosis",
        "distributions",
        "cloud",
        "correlations",
        "losses",
        "held_out",
    ),
}


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_run(tmp_path_factory.mktemp("runs") / "a <b> & c", Spec("burgess", 64, 3), told=True)


@pytest.fixture(scope="module")
def page(run: Path, shards: Path) -> Path:
    """The report of a small VAE."""
    return report(run, [shards])


def pictures(page: Path) -> dict[str, np.ndarray]:
    """The pictures that a page shows, by name."""
    sources = re.findall(r'src="([^"]+)"', page.read_text())
    return {source: cv2.imread(str(page.parent / source)) for source in sources}


def record(page: Path) -> dict:
    return json.loads((page.parent / "report.json").read_text())


def test_every_picture_is_there_and_shows_something(page: Path) -> None:
    shown = pictures(page)
    assert {name.removesuffix(".png") for name in shown} == WITH_A_CODE
    for name, picture in shown.items():
        assert picture is not None and picture.std() > 1, f"{name} is empty"
    assert set(record(page)["files"]) == set(shown)


def test_the_page_needs_no_network_and_no_script(page: Path) -> None:
    text = page.read_text()
    assert "<script" not in text and "http" not in text and "@import" not in text
    assert all("/" not in link for link in re.findall(r'(?:src|href)="([^"#]+)"', text))


def test_the_page_says_what_was_trained_and_that_it_is_private(page: Path) -> None:
    text = page.read_text()
    assert "a &lt;b&gt; &amp; c: burgess, 64 pixels" in text and "<b>" not in text
    for said in ("not to be published", "1,234,567", "1.5 minutes", "psnr 16.25", "3 numbers", "beta 4.0"):
        assert said in text, said


def test_the_figures_stand_in_json_beside_the_page(page: Path) -> None:
    said = record(page)
    assert said["spec"]["net"] == "burgess" and said["held_out"] == {"psnr": 16.25}
    dimensions = said["diagnosis"]["dimensions"]
    assert sorted(d["dimension"] for d in dimensions) == [0, 1, 2]
    kls = [d["kl"] for d in dimensions]
    assert kls == sorted(kls, reverse=True) and said["diagnosis"]["kl"] == pytest.approx(sum(kls))
    assert said["reconstruction_psnr"]["from the code"] > 3


def test_extremes_are_the_pictures_with_the_lowest_and_highest_codes(
    page: Path, run: Path, shards: Path
) -> None:
    material = gather(open_codec(run), Shards([shards]), 4000)
    leading = material.diagnosis.order[0]
    files = [material.shards.files[n] for n in material.train.numbers]
    values = material.train.mean[:, leading]
    table = re.search(r"Their files</summary>.*?</table>", page.read_text(), re.S)
    assert table is not None
    first_row = re.findall(r"<td[^>]*>([^<]*)</td>", table[0])[:9]
    assert first_row[:2] == [f"z{leading}", files[values.argmin()]]
    assert first_row[8] == files[values.argmax()]


def test_an_older_report_is_replaced_and_nothing_else(run: Path, shards: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = a_run(tmp_path / "matte", Spec("matte", 64))
    page = report(small, [shards], out)
    (out / "index.html").write_text("old")
    assert report(small, [shards], out) == page and page.read_text() != "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["matte", "out"]
    (out / "notes.txt").write_text("mine")
    with pytest.raises(MirrorError, match="holds other things .notes.txt"):
        report(small, [shards], out)
    assert (out / "notes.txt").read_text() == "mine" and page.exists()


def test_a_matte_network_is_shown_beside_its_teacher(shards: Path, tmp_path: Path) -> None:
    page = report(a_run(tmp_path / "matte", Spec("matte", 64), told=True), [shards])
    assert set(pictures(page)) == {"mattes.png", "losses.png", "held_out.png"}
    assert "has no code" in page.read_text()
    assert 0 <= record(page)["mattes"]["iou_pooled"] <= 1
    with pytest.raises(MirrorError, match="Leave --photo out"):
        report(tmp_path / "matte", [shards], photo=tmp_path / "face.jpg")


def test_the_hair_vae_has_its_report_too(shards: Path, tmp_path: Path) -> None:
    page = report(a_run(tmp_path / "hair", Spec("hair_vae", 64, 2)), [shards])
    shown = pictures(page)
    assert "plane.png" in shown and "losses.png" not in shown
    assert "z and own detail" in page.read_text() and "no curves" in page.read_text()
    assert set(record(page)["reconstruction_psnr"]) == {"z alone", "z and own detail"}


def test_nearest_neighbours_of_a_photograph(tmp_path: Path) -> None:
    sets = Shards([write_pictures(tmp_path / "shards", 48, side=64)])
    codec = open_codec(a_run(tmp_path / "run", Spec("autoencoder", 64, 4)))
    number = int(sets.numbers("train")[5])
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), cv2.cvtColor(sets[number]["image"], cv2.COLOR_RGB2BGR))
    page = Page(tmp_path, "title")
    material = gather(codec, sets, 4000)
    nearest_neighbours.add(page, material, read_photo(photo, codec, heads=False), photo.name)
    found = page.figures["neighbours"][0]  # type: ignore[index]
    assert found["of"] == "photo.png" and (tmp_path / "neighbours.png").exists()
    assert found["nearest"][0] == {"file": sets.files[number], "distance": pytest.approx(0, abs=1e-4)}
    distances = [one["distance"] for one in found["nearest"]]
    assert distances == sorted(distances) and distances[1] > 0
    assert max(map(abs, material.diagnosis.correlations.ravel())) > 0.3, "48 pictures are enough to compare"


def test_an_autoencoder_is_drawn_from_where_its_codes_lie(tmp_path: Path) -> None:
    sets = Shards([write_pictures(tmp_path / "shards", 48, side=64)])
    material = gather(open_codec(a_run(tmp_path / "run", Spec("autoencoder", 64, 2))), sets, 4000)
    assert material.diagnosis.kl is None and material.diagnosis.active is None
    codes = traverse(material, material.centre, np.array([1]))
    mean, deviation = material.train.mean[:, 1].mean(), material.train.mean[:, 1].std()
    assert codes[0, 1] == pytest.approx(mean - 3 * deviation, rel=1e-4)
    page = Page(tmp_path, "title")
    samples.add(page, material)
    page.write()
    assert "an autoencoder knows nothing of" in (tmp_path / "index.html").read_text()
    assert (tmp_path / "plane.png").exists()


def test_a_face_is_aligned_before_it_is_compared(
    run: Path, shards: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    codec = open_codec(run)
    codes = []
    for shift in (0, 40):
        frame = np.zeros((640, 640, 3), np.uint8)
        frame[shift : shift + 512, shift : shift + 512] = portrait
        path = tmp_path / f"{shift}.png"
        cv2.imwrite(str(path), cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
        heads = read_photo(path, codec, heads=True)
        assert heads["image"].shape == (1, 64, 64, 3) and heads["shape"].shape == (1, 75)
        codes.append(heads["image"].astype(int))
    assert np.abs(codes[0] - codes[1]).mean() < 6, "moved in the frame, the head is cut out elsewhere"


def test_a_photograph_for_the_hair_vae_gets_its_matte(portrait: np.ndarray, tmp_path: Path) -> None:
    codec = open_codec(a_run(tmp_path / "hair", Spec("hair_vae", 64, 2)))
    cv2.imwrite(str(tmp_path / "photo.png"), cv2.cvtColor(portrait, cv2.COLOR_RGB2BGR))
    heads = read_photo(tmp_path / "photo.png", codec, heads=True)
    codec.check(heads)
    matte = heads["matte"][0] / 255
    assert 0.03 < matte.mean() < 0.5 and matte[8:24].mean() > 3 * matte[40:56, 24:40].mean()


def test_a_photograph_without_a_face_is_said_so(run: Path, shards: Path, tmp_path: Path) -> None:
    wall = tmp_path / "wall.png"
    cv2.imwrite(str(wall), np.full((240, 320, 3), 128, np.uint8))
    with pytest.raises(MirrorError, match="No face was found in .*wall.png"):
        report(run, [shards], tmp_path / "out", wall)
    with pytest.raises(MirrorError, match="cannot be read as a picture"):
        report(run, [shards], tmp_path / "out", tmp_path / "none.png")
    assert not list(tmp_path.glob("out*")), "half a report was left"


def test_too_few_pictures_are_counted(run: Path, tmp_path: Path) -> None:
    write_shard(tmp_path / "few", 0, ["train"] * 7 + ["val"] * 2)
    with pytest.raises(MirrorError, match="7 training pictures; a report needs 8"):
        report(run, [tmp_path / "few"], tmp_path / "out")
    write_shard(tmp_path / "one", 0, ["train"] * 8 + ["val"])
    with pytest.raises(MirrorError, match=r"1 held-out \(val\) pictures; a report needs 2"):
        report(run, [tmp_path / "one"], tmp_path / "out")


def test_a_held_out_picture_that_was_trained_on_is_shown_first(run: Path, tmp_path: Path) -> None:
    write_shard(tmp_path / "shards", 0, ["train"] * 8 + ["val"] * 3)
    for path in (tmp_path / "shards/00000").glob("*.npy"):
        array = np.load(path)
        array[9] = array[4]
        np.save(path, array)
    page = Page(tmp_path, "title")
    nearest_neighbours.add_closest(page, gather(open_codec(run), Shards([tmp_path / "shards"]), 4000))
    closest = page.figures["closest"]
    assert closest[0] == {  # type: ignore[index]
        "held_out": "0-9.png", "training": "0-4.png", "distance": pytest.approx(0, abs=1e-5)
    }  # fmt: skip
    assert closest[1]["distance"] > 1e-4  # type: ignore[index]


def test_nobody_is_a_neighbour_of_themselves(run: Path, tmp_path: Path) -> None:
    write_shard(tmp_path, 0, ["train"] * 9)
    page = Page(tmp_path, "title")
    nearest_neighbours.add(page, gather(open_codec(run), Shards([tmp_path]), 4000), None, "")
    for one in page.figures["neighbours"]:  # type: ignore[attr-defined]
        assert one["of"] not in [near["file"] for near in one["nearest"]] and len(one["nearest"]) == 7


def test_without_held_out_pictures_training_pictures_are_shown_and_called_so(
    run: Path, tmp_path: Path
) -> None:
    write_shard(tmp_path, 0, ["train"] * 9)
    material = gather(open_codec(run), Shards([tmp_path]), 4000)
    assert material.held_name == "training pictures" and len(material.held.numbers) == 9


@pytest.mark.parametrize(
    ("spec", "said"),
    [(Spec("hair_vae", 64, 4), "needs heads with matte"), (Spec("matte", 64), "needs heads with mattes")],
)
def test_shards_of_pictures_do_not_fit_networks_of_heads(tmp_path: Path, spec: Spec, said: str) -> None:
    folder = write_pictures(tmp_path / "shards", 24, side=64)
    with pytest.raises(MirrorError, match=said):
        report(a_run(tmp_path / "run", spec), [folder])


def test_shards_that_are_smaller_than_the_network_are_refused(tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "shards", 24, side=64)
    with pytest.raises(MirrorError, match="128 pixels, the shards hold 64"):
        report(a_run(tmp_path / "run", Spec("burgess", 128, 4)), [folder])


def test_no_run_and_no_folder(run: Path, shards: Path, tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="is missing"):
        report(tmp_path / "nothing", [shards], tmp_path / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(MirrorError, match="is a file. Give --out a folder"):
        report(run, [shards], tmp_path / "file")


def test_hair_is_not_painted_onto_somebody_whose_face_is_hidden(run: Path, tmp_path: Path) -> None:
    write_shard(tmp_path, 0, ["train"] * 8 + ["val"] * 2)
    codec = open_codec(run)
    first = gather(codec, Shards([tmp_path]), 4000).model_head()
    matte = np.load(tmp_path / "00000/matte.npy")
    both = read_heads(Shards([tmp_path]), np.array([8, 9]), 64)["image"]
    chosen = 8 if np.array_equal(first["image"][0], both[0]) else 9
    matte[chosen] = 255
    np.save(tmp_path / "00000/matte.npy", matte)
    other = gather(codec, Shards([tmp_path]), 4000).model_head()
    assert len(other["image"]) == 1 and not np.array_equal(first["image"], other["image"])


def test_only_so_many_training_pictures_are_encoded(run: Path, shards: Path) -> None:
    material = gather(open_codec(run), Shards([shards]), 5)
    assert len(material.train.numbers) == 5
    assert len(set(material.train.numbers)) == 5


def some_codes(count: int = 400) -> Codes:
    """Codes of three numbers: one that is the prior, one that is far off it, one that never moves."""
    rng = np.random.default_rng(3)
    mean = np.stack([0.8 * rng.normal(size=count), 2 + 3 * rng.normal(size=count), 0 * np.ones(count)], 1)
    logvar = np.log(np.array([[1 - 0.64, 0.01, 1.0]])).repeat(count, 0)
    measured = {"age": -mean[:, 1], "noise": rng.normal(size=count)}
    measured["age"][:50] = np.nan
    return Codes(np.arange(count), mean.astype(np.float32), logvar.astype(np.float32), measured)


def test_diagnosis_tells_the_prior_from_what_is_far_off_and_what_is_unused() -> None:
    found = diagnose(some_codes())
    assert list(found.order) == [1, 0, 2]
    assert found.active is not None and list(found.active) == [True, True, False]
    assert found.distance[0] < 0.07 and found.distance[2] < 0.07 and found.distance[1] > 0.3
    assert found.mean[1] == pytest.approx(2, abs=0.5) and found.deviation[1] == pytest.approx(3, abs=0.4)
    assert found.kl is not None and found.kl[2] == pytest.approx(0, abs=1e-6)


def test_a_number_is_named_after_what_it_goes_with_and_which_way() -> None:
    found = diagnose(some_codes())
    assert found.names == ["age -1.00", "", ""]
    assert found.label(0) == "z1\nage -1.00" and found.label(1) == "z0"


def test_few_pictures_name_nothing() -> None:
    few = LEAST - 1
    codes = np.arange(few, dtype=float)[:, None]
    assert names(rank_correlations(codes, {"age": codes[:, 0]}), ["age"]) == [""]


def test_attributes_of_data_sets_become_numbers() -> None:
    found = recorded([{"age": 30, "sex": "female", "hat": True}, {"age": 41, "sex": "male"}, {}])
    assert found["age"][:2].tolist() == [30, 41] and np.isnan(found["age"][2])
    assert found["sex female"][:2].tolist() == [1, 0] and np.isnan(found["sex male"][2])
    assert found["hat"][0] == 1 and np.isnan(found["hat"][1])


def test_attributes_of_pictures_follow_what_is_seen() -> None:
    image = np.zeros((3, 64, 64, 3), np.uint8)
    image[0, :, :32] = 200  # light on the left
    image[1] = (200, 40, 40)
    found = measure({"image": image, "valid": np.full((3, 64, 64), 255, np.uint8)})
    assert found["light from the left"][0] > 30 and abs(found["light from the left"][1]) < 1
    assert found["red against green"][1] > 30 and found["lightness"][2] == 0


def test_traversals_move_one_number_at_a_time(run: Path, shards: Path) -> None:
    material = gather(open_codec(run), Shards([shards]), 4000)
    codes = traverse(material, np.full(3, 0.5), np.array([2, 0])).reshape(2, len(STEPS), 3)
    assert np.array_equal(codes[0, :, 2], STEPS) and (codes[0, :, :2] == 0.5).all()
    assert np.array_equal(codes[1, :, 0], STEPS) and (codes[1, :, 1:] == 0.5).all()


def test_principal_axes_are_sorted_and_make_the_covariance() -> None:
    codes = np.random.default_rng(0).normal(size=(60, 3)) * (1, 5, 2)
    axes = principal_axes(codes)
    assert np.allclose(axes @ axes.T, np.cov(codes.T))
    assert np.abs(axes[:, 0]).argmax() == 1 and np.abs(axes[:, 2]).argmax() == 0


def test_noise_of_the_posteriors_does_not_turn_the_plane(run: Path, shards: Path) -> None:
    material = gather(open_codec(run), Shards([shards]), 4000)
    spread = (material.train.mean - material.train.mean.mean(0)) @ material.plane
    assert abs(np.corrcoef(spread.T)[0, 1]) < 1e-3, "the axes of the means are uncorrelated in the means"
    assert 0.5 < material.plane_share <= 1


def test_nearest_codes_come_first() -> None:
    codes = np.array([[0.0, 0], [3, 4], [1, 0]])
    order, distances = nearest(codes, np.zeros(2), 3)
    assert order.tolist() == [0, 2, 1] and distances.tolist() == [0, 1, 5]
    assert typical_distance(np.array([[0.0], [2.0]])) == 2


def test_correlations_of_a_number_that_never_moves_are_nothing() -> None:
    x = np.random.default_rng(0).normal(size=50)
    matrix = correlation_matrix(np.stack([x, -2 * x + 1, np.ones(50)], 1))
    assert matrix[0, 1] == pytest.approx(-1) and matrix[0, 2] == 0 and matrix[2, 2] == 1


def test_a_log_that_ends_in_the_middle_of_a_line_is_still_read(run: Path) -> None:
    columns = read_columns(run / "log.csv")
    assert len(columns["loss"]) == 101 and np.isnan(columns["loss"][-1])
    assert last_row(run / "held_out.csv") == {"psnr": 16.25}
    assert read_columns(run / "none.csv") == {}


def test_the_running_mean_leaves_out_what_is_no_number() -> None:
    assert running_mean(np.array([1.0, np.nan, 3.0]), 3).tolist() == [1, 2, 3]


def test_a_grid_puts_pictures_where_they_belong() -> None:
    red, blue = (np.full((8, 8, 3), colour, np.uint8) for colour in ((255, 0, 0), (0, 0, 255)))
    sheet = grid([[red, None, blue], [blue, None, red]], 8)
    assert sheet[4, 4].tolist() == [255, 0, 0] and sheet[4, -6].tolist() == [0, 0, 255]
    assert sheet[14, 4].tolist() == [0, 0, 255]
    labelled = grid([[red]], 8, labels=["hair area\n+0.52"], columns=["0"], below=[["3.1"]])
    assert labelled.shape[1] > 60 and (labelled.min(-1) < 100).sum() > 100


def test_words_from_file_names_cannot_become_markup(tmp_path: Path) -> None:
    page = Page(tmp_path, "<title>")
    page.section("a & b")
    page.table(["file"], [["<img src=x onerror=alert(1)>"]], "<caption>")
    page.picture("one", np.zeros((4, 4, 3), np.uint8), 'he said "<b>"')
    page.write()
    text = (tmp_path / "index.html").read_text()
    assert "<img src=x" not in text and "<caption>" not in text and "<b>" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text and "&quot;&lt;b&gt;&quot;" in text
