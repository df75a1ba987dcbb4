"""The figures: each is what it says, on pictures of which the answer is known."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mirror.engine import ENGINES_FOLDER
from mirror.errors import MirrorError
from mirror.face import Face
from mirror.headspace import HeadTransform, paste_back
from mirror.mirror import Mirror, Shown
from mirror.swap import Layer
from mirror.trackers import open_tracker
from tests.train_tiny import some_face
from train.__main__ import main
from train.evaluate import untouched_difference
from train.judge import iou, mean_lab, open_teacher
from train.salon import Person, Salon, _frontal, held_out_people, meet
from train.sheet import sheet
from train.steadiness import _flicker_of, motion
from train.styles import EXEMPLARS, read_exemplars

ON_A_FRAME = HeadTransform(x=160.0, y=118.0, scale=200.0, angle=0.0)


@pytest.fixture(scope="module")
def salon() -> Iterator[Salon]:
    if not (ENGINES_FOLDER / "manifest.json").exists():
        pytest.skip("there are no networks in engines/ yet")
    try:
        open_tracker(still=True).close()
    except MirrorError as error:
        pytest.skip(f"no face tracker: {error}")
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


def test_iou_counts_valid_pixels() -> None:
    a, b, valid = np.zeros((4, 4)), np.zeros((4, 4)), np.full((4, 4), 255, np.uint8)
    a[:2], b[1:3] = 0.9, 0.6
    assert iou(a, b, valid) == (4, 12)
    valid[:, 0] = 0
    assert iou(a, b, valid) == (3, 9)
    assert iou(a * 0, b * 0, valid) == (0, 0)


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


class FakeMirror:
    """Lays hair over the top of the head that does not follow its jitter."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rng = np.random.default_rng(0)
        points = some_face(yaw=0).landmarks.copy()
        points[:, :2] = ON_A_FRAME.to_frame((points[:, :2] + 0.5) / 256)
        self._face = Face(points)

    def process(self, frame) -> Shown:
        new = np.zeros((256, 256), np.float32)
        new[10:80, 60:190] = 1
        layer = Layer(np.zeros((256, 256, 3), np.uint8), new, np.zeros_like(new), new)
        height, width = frame.image.shape[:2]
        matte = paste_back(new, ON_A_FRAME, (0, 0, width, height))[..., None] > 0
        boiling = self._rng.normal(120, 10, frame.image.shape)
        colour = {"still": 120, "lags": 40, "camera": frame.image, "boils": boiling}
        image = np.where(matte, colour[self._kind], frame.image).astype(np.uint8)
        return Shown(frame, image, self._face, layer, ON_A_FRAME, 1.0)


@pytest.mark.parametrize(
    "kind, low, high", [("still", 0, 0.3), ("lags", 0.4, 2), ("camera", 0.95, 1.05), ("boils", 4, 6)]
)
def test_flicker_is_measured_against_the_camera(kind: str, low: float, high: float) -> None:
    """Hair like the wall behind it does not flicker, hair of another colour does at its edge; hair with the
    camera's own noise of 2 flickers at 1, with a noise of 10 at 5."""
    # Small tiles: a shift that were not undone would show in the face too.
    tiles = np.random.default_rng(3).integers(100, 140, (60, 80, 3))
    photograph = tiles.repeat(4, 0).repeat(4, 1).astype(np.uint8)
    found = _flicker_of(FakeMirror(kind), photograph, 20, np.random.default_rng(0))  # type: ignore[arg-type]
    assert found is not None and low <= found <= high


def test_flicker_of_a_face_that_is_lost() -> None:
    nobody = SimpleNamespace(process=lambda frame: Shown(frame, frame.image))
    photograph = np.full((240, 320, 3), 120, np.uint8)
    assert _flicker_of(nobody, photograph, 2, np.random.default_rng(0)) is None  # type: ignore[arg-type]


def test_motion_without_a_clip(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(MirrorError, match="holds no video with a face"):
            motion(folder, None, ENGINES_FOLDER, "1")  # type: ignore[arg-type]


def test_those_who_face_the_camera(photos: Path, tmp_path: Path, portrait: np.ndarray) -> None:
    assert _frontal(photos) == {"a.png", "b.png", "d.png"}
    (tmp_path / "index.csv").write_text("file,split\na.png,val\n")
    assert _frontal(tmp_path) == {"a.png"}, "without yaw_deg all are taken"


def test_held_out_people(photos: Path, salon: Salon, tmp_path: Path) -> None:
    assert [person.name for person in held_out_people(photos, salon, 9)] == ["a.png", "b.png"]
    assert [person.name for person in held_out_people(photos, salon, 1)] == ["a.png"]
    (tmp_path / "index.csv").write_text("file,split\na.png,train\n")
    with pytest.raises(MirrorError, match="holds nobody to judge by"):
        held_out_people(tmp_path, salon, 3)
    assert meet(salon, tmp_path / "missing.png", "") is None


def test_a_swap_here_is_the_mirrors_swap(photos: Path, salon: Salon, portrait: np.ndarray) -> None:
    """To the bit what `Mirror.apply` makes of the same photograph."""
    person = held_out_people(photos, salon, 1)[0]
    np.testing.assert_array_equal(person.image, portrait)
    style = salon.book[len(salon.book) // 2]
    picture, layer = salon.paint(person, style.code)
    mirror = Mirror(style=style.name)
    expected = mirror.apply(portrait)
    mirror.close()
    np.testing.assert_array_equal(picture, expected)
    assert untouched_difference(person, picture, layer) == 0
    assert np.abs(picture.astype(int) - portrait).max() > 20


def test_a_sheet_has_every_style_and_the_originals(photos: Path, salon: Salon) -> None:
    picture = sheet(photos, ENGINES_FOLDER, people=2, drawn=1, tile=32)
    assert picture.shape == (32 * (len(salon.book) + 2), 64, 3) and picture.dtype == np.uint8
    rows = picture.reshape(-1, 32, 64, 3).astype(int)
    assert len({row.tobytes() for row in rows}) == len(rows), "no two rows are alike"


def test_the_exemplars_are_the_books_styles(salon: Salon) -> None:
    rows = read_exemplars(EXEMPLARS)
    assert [(r["name"], tuple(r["tags"].split())) for r in rows] == [
        (s.name, s.tags) for s in salon.book.styles
    ]


def test_tables_of_exemplars_that_cannot_be_used(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    with pytest.raises(MirrorError, match="table.csv is missing"):
        read_exemplars(table)
    for text, said in (
        ("file,style\na.jpg,bob\n", "lacks the column name and tags"),
        ("file,name,tags\n", "names no exemplar"),
        ("file,name,tags\na.jpg,bob,short\nb.jpg,Bob,long\n", "gives bob twice"),
    ):
        table.write_text(text)
        with pytest.raises(MirrorError, match=said):
            read_exemplars(table)


def test_bad_flags_get_one_line(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MirrorError, match="no.tflite is missing"):
        open_teacher(tmp_path / "no.tflite")
    for wrong, said in (
        ([], "Figures need a judge"),
        (["--teacher", str(tmp_path / "no.tflite")], "no.tflite is missing"),
        (["--sheet", str(tmp_path / "no" / "x.png")], "is not a folder"),
        (["--sheet", str(tmp_path / "x.png"), "--people", "0"], "--people 0 is too few"),
        (["--sheet", str(tmp_path / "x.png"), "--engines", str(tmp_path)], "manifest.json is missing"),
    ):
        assert main(["evaluate", "--photos", str(photos), *wrong]) == 2
        error = capsys.readouterr().err
        assert said in error and len(error.splitlines()) == 1
