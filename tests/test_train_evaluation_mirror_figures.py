"""The figures of the mirror: each is what it says, on pictures of which the answer is known."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import train.evaluation.hand_labels
import train.evaluation.mirror_figures
import train.evaluation.output_folder
from mirror.core.errors import MirrorError
from mirror.core.face import INNER_FACE, Face
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.dye import find
from mirror.pipeline.mirror import Mirror
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from tests.train_tiny import some_face
from train.commands.evaluate import add_flags
from train.commands.evaluate import evaluate as command
from train.data.dataset_layouts import read_set
from train.data.exemplars import EXEMPLARS, collection, read_exemplars
from train.data.hair_outlines import Outline
from train.evaluation.contact_sheet import evenly, sheet
from train.evaluation.figure_definitions import MIRROR
from train.evaluation.figure_tables import save
from train.evaluation.hand_labels import Labelled, labelled_people, outlined_people
from train.evaluation.held_out_people import Person, Salon, faces_the_camera, held_out_people, meet, sex_of
from train.evaluation.output_folder import Strips, save_evaluation
from train.evaluation.person_figures import hull_pixels, judge_label, untouched_difference
from train.evaluation.teacher_mattes import mean_lab, open_teacher
from train.metrics.bootstrap import Tally
from train.stylebook.style_tags import split_tags

ON_A_FRAME = HeadTransform(x=160.0, y=118.0, scale=200.0, angle=0.0)


@pytest.fixture(scope="module")
def tracker() -> Iterator[FaceTracker]:
    try:
        tracker = open_tracker(still=True, faces=2)
    except MirrorError as error:
        pytest.skip(f"no face tracker: {error}")
    yield tracker
    tracker.close()


@pytest.fixture(scope="module")
def salon() -> Iterator[Salon]:
    if not (ENGINES_FOLDER / "manifest.json").exists():
        pytest.skip("there are no networks in engines/ yet")
    salon = Salon.open(ENGINES_FOLDER)
    yield salon
    salon.close()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory, portrait: np.ndarray) -> Path:
    """Held-out people: one portrait thrice, one a mirror image, and one that is turned away."""
    folder = tmp_path_factory.mktemp("photos")
    rows = [("a.png", 0, "val"), ("b.png", 3, "val"), ("c.png", 40, "val"), ("d.png", 0, "train")]
    for name, _, _ in rows:
        picture = portrait[:, ::-1] if name == "b.png" else portrait
        cv2.imwrite(str(folder / name), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    with (folder / "index.csv").open("w", newline="") as lines:
        csv.writer(lines).writerows([("file", "yaw_deg", "split"), *rows])
    return folder


def test_mean_lab_of_known_colours() -> None:
    """Mid grey has L 53.6; pure red has Lab 53.2, 80.1, 67.2 (sRGB, D65)."""
    image = np.full((320, 320, 3), 128, np.uint8)
    image[:, 160:] = (255, 0, 0)
    left, right = np.zeros((256, 256), bool), np.zeros((256, 256), bool)
    left[100:150, 40:100], right[100:150, 150:200] = True, True
    grey, red = mean_lab(image, ON_A_FRAME, left), mean_lab(image, ON_A_FRAME, right)
    assert grey == pytest.approx((53.6, 0, 0), abs=0.2)
    assert red == pytest.approx((53.2, 80.1, 67.2), abs=0.3)
    assert mean_lab(image, ON_A_FRAME, np.zeros((256, 256), bool)) is None


def test_a_changed_pixel_that_no_matte_reaches_is_found() -> None:
    new = np.zeros((256, 256), np.float32)
    new[20:60, 100:150] = 1
    layer = Layer(np.zeros((256, 256, 3), np.uint8), new, np.zeros_like(new), new)
    image = np.full((320, 320, 3), 90, np.uint8)
    person = Person("", image, some_face(), ON_A_FRAME, None)  # type: ignore[arg-type]
    top, left = (int(v) for v in ON_A_FRAME.to_frame(np.array([[0.5, 0.15]]))[0][::-1])
    picture = image.copy()
    picture[top, left] = 0
    assert untouched_difference(person, picture, layer) == 0, "within the new hair"
    picture[300, 10, 1] = 97
    assert untouched_difference(person, picture, layer) == 7


def test_a_changed_pixel_inside_the_hull_is_counted() -> None:
    """Where new hair lies it may change; elsewhere in the hull of eyes, nose and mouth it may not."""
    face = some_face(1)
    points = face.landmarks.copy()
    points[:, :2] = ON_A_FRAME.to_frame((points[:, :2] + 0.5) / 256)
    image = np.full((320, 320, 3), 90, np.uint8)
    person = Person("", image, Face(points), ON_A_FRAME, None)  # type: ignore[arg-type]
    x, y = points[list(INNER_FACE), :2].mean(0).round().astype(int)
    nothing = np.zeros((256, 256), np.float32)
    layer = Layer(np.zeros((256, 256, 3), np.uint8), nothing, nothing, nothing)
    picture = image.copy()
    picture[y : y + 2, x : x + 2, 2] += 1
    picture[0, 0] = 0
    assert hull_pixels(person, image, layer) == 0
    assert hull_pixels(person, picture, layer) == 4, "the corner of the room is not the face"
    hair = np.ones_like(nothing)
    assert hull_pixels(person, picture, Layer(layer.rgb, hair, nothing, hair)) == 0


def test_those_who_face_the_camera(photos: Path, tmp_path: Path, portrait: np.ndarray) -> None:
    pictures = read_set(photos)
    frontal = [p.name for p in pictures.pictures if faces_the_camera(pictures, p)]
    assert frontal == ["a.png", "b.png", "d.png"]
    (tmp_path / "index.csv").write_text("file,split\na.png,val\n")
    pictures = read_set(tmp_path)
    assert faces_the_camera(pictures, pictures.pictures[0]), "without yaw_deg all are taken"


def test_a_yaw_that_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,split,yaw_deg\na.png,val,\nb.png,val,left\n")
    pictures = read_set(tmp_path)
    assert faces_the_camera(pictures, pictures.pictures[0])
    with pytest.raises(MirrorError, match="yaw_deg left of b.png"):
        faces_the_camera(pictures, pictures.pictures[1])


def test_the_sex_is_what_the_set_says(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,split,sex\na.png,val,f\nb.png,val,\nc.png,train,m\n")
    assert sex_of(read_set(tmp_path)) == {"a.png": "f", "c.png": "m"}
    (tmp_path / "index.csv").write_text("file,split\na.png,val\n")
    assert sex_of(read_set(tmp_path)) == {}
    faces = tmp_path / "utkface"
    faces.mkdir()
    for name in ("25_1_2_20170116174525125.jpg", "40_0_1_20170116174525126.jpg"):
        (faces / name).touch()
    assert list(sex_of(read_set(f"utkface:{faces}")).values()) == ["female", "male"]


def test_held_out_people(photos: Path, tracker: FaceTracker, tmp_path: Path) -> None:
    assert [person.name for person in held_out_people(read_set(photos), tracker, 9)] == ["a.png", "b.png"]
    assert [person.name for person in held_out_people(read_set(photos), tracker, 1)] == ["a.png"]
    (tmp_path / "index.csv").write_text("file,split\na.png,train\n")
    with pytest.raises(MirrorError, match="nobody to judge by: of 0 pictures"):
        held_out_people(read_set(tmp_path), tracker, 3)
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9), np.uint8))
    with pytest.raises(MirrorError, match="cropped already"):
        held_out_people(read_set(f"anime:{tmp_path}"), tracker, 3)
    assert meet(tracker, tmp_path / "missing.png", "") is None


def test_a_swap_here_is_the_mirrors_swap(
    photos: Path, salon: Salon, tracker: FaceTracker, portrait: np.ndarray
) -> None:
    """To the bit what `Mirror.apply` makes of the same photograph."""
    person = held_out_people(read_set(photos), tracker, 1)[0]
    np.testing.assert_array_equal(person.image, portrait)
    style = salon.book.find("bob")  # which is painted
    picture, layer = salon.paint(person, style.code)
    mirror = Mirror(style=style.name)
    expected = mirror.apply(portrait)
    mirror.close()
    np.testing.assert_array_equal(picture, expected)
    assert untouched_difference(person, picture, layer) == 0
    assert hull_pixels(person, picture, layer) == 0
    assert np.abs(picture.astype(int) - portrait).max() > 20


class FakeTeacher:
    """Calls hair what is dark above the eyes."""

    def matte(self, head: np.ndarray) -> np.ndarray:
        dark = (head.max(-1) < 110).astype(np.float32)
        dark[head.shape[0] // 2 :] = 0
        return dark

    segment = matte


class SameTeacher:
    """Calls all of it hair, or nothing."""

    def __init__(self, alpha: float) -> None:
        self._alpha = alpha

    def matte(self, head: np.ndarray) -> np.ndarray:
        return np.full(head.shape[:2], self._alpha, np.float32)


def test_what_bald_leaves_of_labelled_hair(photos: Path, salon: Salon, tracker: FaceTracker) -> None:
    person = held_out_people(read_set(photos), tracker, 1)[0]
    labels = np.zeros((SIDE, SIDE), np.float32), salon.mattes(person).hair
    for label, teacher, left in (
        (labels[1], SameTeacher(1), 1.0),
        (labels[1], SameTeacher(0), 0.0),
        (labels[0], SameTeacher(1), None),
    ):
        tally = Tally()
        judge_label(salon, teacher, Labelled(person, label), tally)  # type: ignore[arg-type]
        found = tally.value("bald_left_labels") if "bald_left_labels" in tally.figures else None
        assert found == left, "nobody without hair is judged"


def test_two_folders_on_the_same_people(
    photos: Path, salon: Salon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same networks under two names give the same figures, and the record holds what it must."""
    monkeypatch.setattr(train.evaluation.mirror_figures, "open_teacher", lambda model: FakeTeacher())
    monkeypatch.setattr(train.evaluation.mirror_figures, "flicker", lambda *given: {"flicker": 1.5})
    again = tmp_path / "again"
    shutil.copytree(ENGINES_FOLDER, again)
    hand = tmp_path / "labels"
    hand.mkdir()
    cv2.imwrite(str(hand / "a.png"), np.zeros((512, 512), np.uint8))
    record = train.evaluation.mirror_figures.evaluate(
        photos, tmp_path, [ENGINES_FOLDER, again], count=9, hand_labels=hand
    )
    save(record, tmp_path / "figures.json")
    record = json.loads((tmp_path / "figures.json").read_text())
    ours, theirs = (record["columns"][name] for name in (ENGINES_FOLDER.name, "again"))
    assert record["people"] == 2 and record["seconds"] > 0
    assert list(ours["figures"]) == [name for name in MIRROR if name in ours["figures"]]
    for name, said in ours["figures"].items():
        if name != "matte_times_faster_than_teacher":
            assert theirs["figures"][name] == said, name
    figures = {name: said["value"] for name, said in ours["figures"].items()}
    assert figures["identity_worst_difference"] == 0 and figures["identity_hull_pixels"] == 0
    assert figures["flicker"] == 1.5 and figures["matte_times_faster_than_teacher"] > 0
    assert figures["psnr_hair"] > figures["psnr_hair_z_only"], "the detail map is of use"
    assert figures["ssim_hair"] > figures["ssim_hair_z_only"]
    assert figures["gradient_psnr_hair"] > figures["gradient_psnr_hair_z_only"]
    assert figures["matte_iou_labels"] == 0, "the label says that there is no hair"
    assert 0.5 < figures["matte_iou_teacher_itself"] <= 1 and 0 < figures["matte_iou_best"] < 1
    both = figures["style_fidelity_precision"], figures["style_fidelity_recall"]
    assert figures["style_fidelity_iou"] < min(both) and max(both) <= 1
    assert 1 / figures["style_fidelity_iou"] == pytest.approx(1 / both[0] + 1 / both[1] - 1)
    assert 0 < figures["bald_left"] < 1 and figures["bald_edge_step"] > 0
    manifest = json.loads((ENGINES_FOLDER / "manifest.json").read_text())
    assert ours["networks"]["matte"]["sha256"] == manifest["networks"]["matte"]["sha256"]
    assert ours["networks"]["stylebook"]["sha256"] == manifest["files"]["stylebook"]["sha256"]
    assert any("labels: 1 used" in note for note in record["notes"])
    assert any("motion: left out" in note for note in record["notes"])


def test_damaged_networks_are_said_before_the_slow_part(photos: Path, salon: Salon, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(ENGINES_FOLDER, bad)
    painter = json.loads((bad / "manifest.json").read_text())["networks"]["painter"]["file"]
    (bad / painter).write_bytes(b"short")
    with pytest.raises(MirrorError, match=f"{painter} are"):
        # No teacher is needed to find that out.
        train.evaluation.mirror_figures.evaluate(photos, tmp_path / "none.tflite", [ENGINES_FOLDER, bad])


def test_hand_labels(photos: Path, tracker: FaceTracker, tmp_path: Path) -> None:
    label = np.zeros((512, 512), np.uint8)
    label[:100] = 255
    for name in ("a.png", "c.png", "d.png", "nobody.png"):
        cv2.imwrite(str(tmp_path / name), label)
    found, said = labelled_people(tmp_path, read_set(photos), tracker)
    assert [one.person.name for one in found] == ["a.png", "c.png"], "those turned away as well"
    assert said == "labels: 2 used, 1 name no photograph, 1 are not of the split val"
    matte = found[0].matte
    top, left = found[0].person.transform.to_unit(np.array([[256.0, 100.0]]))[0][::-1]
    column = matte[:, int(left * 256)]
    assert matte.shape == (256, 256) and matte.max() == 1
    assert abs(np.flatnonzero(column > 0.5).max() + 1 - top * 256) < 1.5
    for name, said in (("a.png", "is 100x512"), ("b.png", "cannot be read")):
        folder = tmp_path / name[0]
        folder.mkdir()
        cv2.imwrite(str(folder / name), label[:, :100])
        if name == "b.png":
            (folder / name).write_bytes(b"no picture")
        with pytest.raises(MirrorError, match=said):
            labelled_people(folder, read_set(photos), tracker)
    with pytest.raises(MirrorError, match="is not a folder"):
        labelled_people(tmp_path / "none", read_set(photos), tracker)
    (tmp_path / "empty").mkdir()
    with pytest.raises(MirrorError, match="holds no label to judge by"):
        labelled_people(tmp_path / "empty", read_set(photos), tracker)


def test_outlines_judge_people_who_are_held_out_and_there(
    photos: Path, tracker: FaceTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = Outline([[250, 250, 750, 250, 750, 750, 250, 750]])
    names = {"a.png": square, "b.png": square, "nobody.png": square}
    monkeypatch.setattr(train.evaluation.hand_labels, "outlined", lambda: names)
    found, said = outlined_people(read_set(photos), tracker)
    held_out = [p.name for p in read_set(photos).pictures if p.split == "val" and p.name in names]
    assert [one.person.name for one in found] == held_out and held_out
    assert f"{len(held_out)} of train/data/outlines.jsonl" in said
    assert found[0].matte.mean() == pytest.approx(0.25, abs=0.01)
    monkeypatch.setattr(train.evaluation.hand_labels, "outlined", dict)
    assert outlined_people(read_set(photos), tracker)[1].startswith("hand labels: left out")


def test_a_sheet_has_the_styles_and_the_originals(photos: Path, salon: Salon, tracker: FaceTracker) -> None:
    picture = sheet(photos, ENGINES_FOLDER, people=2, styles=3, drawn=1, tile=32)
    assert picture.shape == (32 * 5, 64, 3) and picture.dtype == np.uint8
    rows = picture.reshape(-1, 32, 64, 3).astype(int)
    assert len({row.tobytes() for row in rows}) == len(rows), "no two rows are alike"


def record_of(*engines: Path) -> dict:
    """The least that a record holds."""
    column = {
        "networks": {},
        "figures": {"flicker": {"value": 1.25}, "matte_iou": {"value": 0.9, "low": 0.88, "high": 0.92}},
        "by_group": {},
    }
    return {
        "command": "python -m train evaluate", "machine": {"system": "Test", "cores": 2}, "photos": "photos",
        "people": 2, "seconds": 3.0, "notes": ["motion: left out, no --clips"],
        "columns": {f"{path.parent.name}/{path.name}": column | {"folder": str(path)} for path in engines},
    }  # fmt: skip


def test_one_folder_holds_figures_tables_sheets_and_strips(
    photos: Path, salon: Salon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strips(folder: Path, clips: Path, engines: Path, style: str, every: int) -> list[Path]:
        assert (clips, engines, style, every) == (tmp_path, ENGINES_FOLDER, "quiff", 3)
        return [folder / "a.png"]

    monkeypatch.setattr(train.evaluation.output_folder, "save_filmstrips", strips)
    out = tmp_path / "new" / "out"
    written = save_evaluation(
        out, record_of(ENGINES_FOLDER), photos, Strips(tmp_path, "quiff", 3), people=1, styles=2
    )
    names = ["figures.json", "table.md", "sheet.png", "close-ups.png", "dyes.png", "hair-loss.png"]
    assert [path.relative_to(out).as_posix() for path in written] == [*names, "strips/a.png"]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    assert json.loads((out / "figures.json").read_text())["people"] == 2
    table = (out / "table.md").read_text()
    assert "| `matte_iou` | 0.900 [0.880, 0.920] | higher |" in table and "cores 2" in table
    assert "- motion: left out" in table
    heights = {path.name: cv2.imread(str(path)).shape[0] // 224 for path in written[2:-1]}
    stages = sum("hair loss" in style.tags for style in salon.book.styles)
    assert heights["sheet.png"] == 1 + 2 + 4 and heights["close-ups.png"] == 2 * (1 + 4)
    assert heights["dyes.png"] == 1 + 1 + 12 and heights["hair-loss.png"] == 1 + stages


def test_two_networks_have_a_folder_each(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    monkeypatch.setattr(train.evaluation.output_folder, "sheets", lambda *given: {"sheet": picture})
    written = save_evaluation(tmp_path, record_of(tmp_path / "a" / "x", tmp_path / "b" / "x"), photos)
    assert [str(path.relative_to(tmp_path)) for path in written[2:]] == ["a-x/sheet.png", "b-x/sheet.png"]
    with pytest.raises(MirrorError, match="table.md cannot be made.*another folder"):
        save_evaluation(tmp_path / "table.md", record_of(tmp_path / "x"), photos)


def test_the_sheets_swap_is_the_mirrors_in_a_dye_too(
    photos: Path, salon: Salon, tracker: FaceTracker, portrait: np.ndarray
) -> None:
    person = held_out_people(read_set(photos), tracker, 1)[0]
    code = replace(salon.book.find("bob").code, dye=find("copper"))
    mirror = Mirror(style="bob", dye="copper")
    expected = mirror.apply(portrait)
    mirror.close()
    np.testing.assert_array_equal(salon.paint(person, code)[0], expected)


def test_styles_are_chosen_evenly(salon: Salon) -> None:
    styles = salon.book.styles
    assert evenly(styles, 999) == list(styles)
    chosen = evenly(styles, 12)
    assert len({style.name for style in chosen}) == 12
    assert chosen[0] is styles[0] and chosen[-1] is styles[-1]


def test_the_exemplars_are_the_books_styles(salon: Salon) -> None:
    rows = read_exemplars(EXEMPLARS)
    given = sorted((r["name"], split_tags(r["tags"]), r["licence"], collection(r)) for r in rows)
    book = sorted((s.name, s.tags, s.licence, s.collection) for s in salon.book.styles)
    # Further tags are measured.
    assert len(book) == len(given)
    shortened = [
        (name, tags[: len(mine[1])], *rest) for (name, tags, *rest), mine in zip(book, given, strict=True)
    ]
    assert shortened == given


def evaluate_with(*flags: str | Path) -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    command(parser.parse_args([str(flag) for flag in flags]))


def test_bad_flags_get_one_line(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="no.tflite is missing"):
        open_teacher(tmp_path / "no.tflite")
    given = ("--photos", photos)
    for flags, said in (
        ((), "nothing to evaluate on"),
        (given, "Figures need a judge"),
        ((*given, "--teacher", tmp_path / "no.tflite"), "no.tflite is missing"),
        ((*given, "--teacher", tmp_path / "x", "--out", tmp_path / "f.json"), "x is missing"),
        ((*given, "--teacher", tmp_path / "x", "--out", tmp_path), "x is missing"),
        ((*given, "--teacher", tmp_path / "x", "--out", photos / "a.png"), "this is a file"),
        (("--runs", tmp_path, "--shards", tmp_path, "--out", tmp_path), "this is a folder"),
        ((*given, "--teacher", tmp_path / "x", "--clips", tmp_path / "no"), "holds no video"),
        ((*given, "--teacher", tmp_path / "x", "--engines", tmp_path), "manifest.json is missing"),
        ((*given, "--sheet", tmp_path / "no" / "x.png"), "is not a folder"),
        ((*given, "--sheet", tmp_path / "x.txt"), "ends in .png or .jpg"),
        ((*given, "--sheet", tmp_path / "x.png", "--people", "0"), "--people 0 is too few"),
        ((*given, "--sheet", tmp_path / "x.png", "--styles", "0"), "--styles 0 is too few"),
        ((*given, "--sheet", tmp_path / "x.png", "--engines", tmp_path), "manifest.json is missing"),
        ((*given, "--sheet", tmp_path / "x.png", "--engines", "a", "b"), "one folder of --engines"),
        (("--filmstrips", tmp_path), "give --clips"),
        (("--runs", tmp_path), "give --shards"),
        (("--against", "seeds"), "give --shards"),
    ):
        with pytest.raises(MirrorError, match=said) as caught:
            evaluate_with(*flags)
        assert len(str(caught.value).splitlines()) == 1
