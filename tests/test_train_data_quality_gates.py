"""The quality gates on generated pictures: what each lets through and what it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_space import HeadTransform, crop, valid_map
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from tests.train_layouts import astronaut, grey, hopper
from tests.train_tiny import some_face, some_item
from train.data import fit_hat_gate, hat_gate, quality_gates
from train.data.hat_labels import read_labels
from train.data.quality_gates import GATE_SIDE, Finding
from train.data.teacher_segmenter import PersonMask

Image = np.ndarray


@pytest.fixture(scope="module")
def tracker() -> Iterator[FaceTracker]:
    try:
        tracker = open_tracker(still=True, faces=2)
    except MirrorError as error:
        pytest.skip(f"no face tracker: {error}")
    yield tracker
    tracker.close()


@pytest.fixture(scope="module")
def face(tracker: FaceTracker) -> Face:
    return tracker.track(astronaut())[0]


def head_of(image: Image, face: Face) -> tuple[Image, HeadTransform]:
    """The square that the gates look at."""
    transform = HeadTransform.from_face(face)
    return cv2.resize(crop(image, transform, 512), (256, 256), interpolation=cv2.INTER_AREA), transform


def test_a_finding_tells_what_was_measured() -> None:
    assert str(Finding("pose", 47.23, 40.0, True)) == "47.2, limit 40"


@pytest.mark.parametrize("yaw, rejected", [(0, False), (38, False), (43, True), (-43, True)])
def test_pose(yaw: float, rejected: bool) -> None:
    found = quality_gates.pose(some_face(yaw=yaw))
    assert found.rejected is rejected
    if abs(yaw) > 30:
        assert found.value == pytest.approx(abs(yaw), abs=1) and found.limit == quality_gates.YAW_LIMIT


def test_a_head_that_looks_up() -> None:
    landmarks = some_face(yaw=0).landmarks.copy()
    landmarks[152, 2] = landmarks[10, 2] - 120
    found = quality_gates.pose(Face(landmarks))
    assert found.rejected and found.limit == quality_gates.PITCH_LIMIT
    assert found.value == pytest.approx(39.9, abs=2)


def test_several_faces_are_those_of_like_size() -> None:
    large = some_face()
    small = Face(large.landmarks * 0.4)
    assert not quality_gates.several_faces([large]).rejected
    assert not quality_gates.several_faces([large, small]).rejected
    assert quality_gates.several_faces([large, Face(large.landmarks * 0.6)]).rejected


def test_too_small_is_about_the_eyes() -> None:
    celeba = HeadTransform(89, 111, 36 / 0.18, 0.0)  # eyes 36 pixels apart in 178 x 218
    assert not quality_gates.too_small(celeba).rejected
    assert quality_gates.too_small(celeba, 40).rejected
    assert quality_gates.too_small(HeadTransform(0, 0, 22.9 / 0.18, 0.0)).rejected


def sepia(image: Image) -> Image:
    return (grey(image) / 255.0 * (255, 226, 178)).astype(np.uint8)


def darker(image: Image) -> Image:
    """Less light, and skin as dark as it gets."""
    return np.clip(255 * (image / 255.0) ** 2 * (0.8, 0.62, 0.5), 0, 255).astype(np.uint8)


def faded(image: Image) -> Image:
    return (0.45 * image + 0.55 * grey(image)).astype(np.uint8)


@pytest.mark.parametrize(
    "change, rejected", [(np.copy, False), (darker, False), (faded, False), (grey, True), (sepia, True)]
)
def test_greyscale_with_and_without_a_tint(
    change: Callable[[Image], Image], rejected: bool, face: Face
) -> None:
    head, transform = head_of(change(astronaut()), face)
    # As a camera would keep it: JPEG adds some colour of its own.
    head = cv2.imdecode(cv2.imencode(".jpg", head)[1], cv2.IMREAD_COLOR)
    assert quality_gates.greyscale(head, valid_map(512, 512, transform, GATE_SIDE)).rejected is rejected


@pytest.mark.parametrize("scale", [1.0, 0.55])
def test_blur_is_not_taken_for_few_pixels(scale: float, face: Face) -> None:
    """Few but sharp pixels pass; the same picture blurred does not."""
    image = cv2.resize(astronaut(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    moved = Face(((face.landmarks + 0.5) * scale - 0.5).astype(np.float32))
    assert quality_gates.blur(*_looked_at(image, moved)).value > 0.5
    assert quality_gates.blur(*_looked_at(cv2.GaussianBlur(image, (0, 0), 4 * scale), moved)).rejected


def _looked_at(image: Image, face: Face) -> tuple[Image, Face, HeadTransform]:
    head, transform = head_of(image, face)
    return head, face, transform


def with_lenses(image: Image, face: Face, colour: tuple[int, int, int], cover: float = 1.0) -> Image:
    """Round lenses before both eyes; `cover` is how much of the light they take."""
    painted = image.copy()
    for eye in face.eyes:
        x, y = eye + (0, 3)
        cv2.ellipse(painted, (round(x), round(y)), (20, 13), 0, 0, 360, colour, -1, cv2.LINE_AA)
    return cv2.addWeighted(painted, cover, image, 1 - cover, 0)


def shaded(image: Image, face: Face) -> Image:
    """Eyes in deep shadow, as under a lamp overhead."""
    mask = np.zeros(image.shape[:2], np.float32)
    for eye in face.eyes:
        cv2.ellipse(mask, (round(eye[0]), round(eye[1])), (18, 9), 0, 0, 360, 1, -1)
    return (image * (1 - 0.7 * cv2.GaussianBlur(mask, (0, 0), 3)[..., None])).astype(np.uint8)


@pytest.mark.parametrize(
    "change, rejected",
    [
        (lambda image, face: image, False),
        (lambda image, face: darker(image), False),
        (shaded, False),
        (lambda image, face: with_lenses(image, face, (230, 230, 235), 0.15), False),  # clear glasses
        (lambda image, face: with_lenses(image, face, (14, 14, 16)), True),
        (lambda image, face: with_lenses(image, face, (30, 90, 200)), True),  # blue mirrors
        (lambda image, face: with_lenses(darker(image), face, (8, 8, 9)), True),
    ],
)
def test_sunglasses(change: Callable[[Image, Face], Image], rejected: bool, face: Face) -> None:
    head, transform = head_of(change(astronaut(), face), face)
    assert quality_gates.sunglasses(head, face, transform).rejected is rejected


def test_one_dark_eye_is_no_pair_of_sunglasses(face: Face) -> None:
    image, painted = astronaut(), with_lenses(astronaut(), face, (60, 30, 30))
    middle = round(float(np.mean([eye[0] for eye in face.eyes])))
    painted[:, middle:] = image[:, middle:]
    head, transform = head_of(painted, face)
    alone = quality_gates.sunglasses(head, face, transform)
    both = quality_gates.sunglasses(head_of(with_lenses(image, face, (60, 30, 30)), face)[0], face, transform)
    assert alone.value == pytest.approx(both.value / 2, abs=0.2)


def test_the_set_itself_knows_best() -> None:
    assert quality_gates.by_attribute("hat", {}) is None
    assert quality_gates.by_attribute("sunglasses", {"Eyeglasses": True}) is None, (
        "clear glasses are no sunglasses"
    )
    said = [quality_gates.by_attribute("hat", {"Wearing_Hat": worn}) for worn in (True, False)]
    assert [finding.rejected for finding in said if finding] == [True, False]
    assert quality_gates.by_attribute("blur", {"Blurry": True}) == Finding("blur", 1.0, 0.0, True)


CAP = (122, 92)


def mattes_of(cap: bool) -> tuple[Image, Image]:
    """By hand: the hair and the person of the astronaut in head space; a cap leaves hair at the sides."""
    hair, person = np.zeros((256, 256), np.uint8), np.zeros((256, 256), np.uint8)
    cv2.ellipse(hair, (122, 100), (58, 62), 0, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.ellipse(hair, (128, 138), (40, 48), 0, 0, 360, 0, -1, cv2.LINE_AA)
    cv2.ellipse(person, (124, 112), (60, 76), 0, 0, 360, 255, -1, cv2.LINE_AA)
    person[190:] = 255
    if cap:
        hair[:98] = 0
        cv2.ellipse(person, CAP, (64, 66), 0, 180, 360, 255, -1)
    return hair, person


def test_a_cap_drawn_on(face: Face) -> None:
    head, _ = head_of(astronaut(), face)
    valid = np.full((256, 256), 255, np.uint8)
    bare = hat_gate.hat(head, *_in_order(mattes_of(False), valid))
    capped = head.copy()
    cv2.ellipse(capped, CAP, (64, 66), 0, 180, 360, (40, 60, 150), -1, cv2.LINE_AA)
    worn = hat_gate.hat(capped, *_in_order(mattes_of(True), valid))
    assert worn.rejected and not bare.rejected and worn.value > bare.value + 4
    # The mirror image is the same head.
    turned = [array[:, ::-1] for array in (head, *_in_order(mattes_of(False), valid))]
    assert hat_gate.hat(*turned).value == pytest.approx(bare.value, abs=1e-3)


def _in_order(mattes: tuple[Image, Image], valid: Image) -> tuple[Image, Image, Image]:
    return mattes[0], valid, mattes[1]


def test_a_real_cap(tracker: FaceTracker) -> None:
    try:
        mask = PersonMask()
    except MirrorError as error:
        pytest.skip(str(error))
    image = hopper()
    face = tracker.track(image)[0]
    head, transform = head_of(image, face)
    valid = valid_map(512, 600, transform, GATE_SIDE)
    person = (mask.matte(head) * 255 * (valid > 127)).astype(np.uint8)
    assert person[140, 128] > 250 and person[60, 128] > 200 and person[150, 4] < 30
    # The teacher sees hair below the cap alone; without the teacher, none at all.
    assert hat_gate.hat(head, np.zeros_like(person), valid, person).rejected


@pytest.mark.parametrize("light", [1.0, 0.35])
def test_a_bald_head_is_no_hat(light: float) -> None:
    """Skin up to the crown, light or dark, with the shine of a lamp on it."""
    skin = np.array([212, 165, 140]) * light
    head = np.full((256, 256, 3), 170, np.uint8)
    person = np.zeros((256, 256), np.uint8)
    cv2.ellipse(person, (128, 130), (50, 78), 0, 0, 360, 255, -1, cv2.LINE_AA)
    person[215:] = 255
    head[person > 127] = skin
    shine = np.zeros((256, 256), np.float32)
    cv2.ellipse(shine, (128, 75), (22, 10), 0, 0, 360, 1, -1)
    shine = cv2.GaussianBlur(shine, (0, 0), 6)[..., None]
    head = (head * (1 - 0.5 * shine) + 255 * 0.5 * shine).astype(np.uint8)
    head[215:] = (40, 50, 90)
    none = np.zeros((256, 256), np.uint8)
    assert not hat_gate.hat(head, none, np.full_like(none, 255), person).rejected


def person_item(seed: int) -> dict[str, Image]:
    item = some_item(seed)
    return item | {"person": np.maximum(item["matte"], item["face"])}


def test_what_the_template_is_taught_by() -> None:
    rng = np.random.default_rng(0)
    item = person_item(1)
    close = fit_hat_gate.narrowed(item, rng)
    gone = close["valid"] == 0
    assert 0.2 < gone.mean() < 0.9 and not close["image"][gone].any() and not close["person"][gone].any()
    tinted = fit_hat_gate.dyed(item, rng)
    bare = item["matte"] == 0
    assert (tinted["image"][bare] == item["image"][bare]).all()
    assert (
        np.abs(tinted["image"][item["matte"] == 255].astype(int) - item["image"][item["matte"] == 255]).max()
        > 20
    )


def test_the_template_is_learnt(tmp_path: Path) -> None:
    """Red squares above the brow are told from hair by a template fitted on a few of each."""
    pytest.importorskip("torch")
    items = [person_item(n) for n in range(24)]
    for item in items[::2]:
        item["image"][20:80, 90:166], item["matte"][20:80, 90:166] = (200, 20, 30), 0
        item["person"][20:80, 90:166] = 255
    maps = np.stack([hat_gate.hat_maps(i["image"], i["matte"], i["valid"], i["person"]) for i in items])
    worn = np.arange(24) % 2 == 0
    weights, bias = fit_hat_gate.fit_template(maps[:16], worn[:16], maps[:0], worn[:0])
    scores = (maps[16:] * weights).sum((1, 2, 3)) + bias
    assert ((scores > 0) == worn[16:]).all()
    assert weights.shape == (10, 6, 11) and weights.dtype == np.float32


def test_the_list_of_hats_holds_names_alone() -> None:
    labels = read_labels()
    assert len(labels) > 200 and set(labels.values()) == {"hat", "unsure"}
    assert all(name.endswith(".jpg") for name in labels)


def test_another_template_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "hats.npz"
    np.savez(other, weights=np.zeros((10, 6, 11)), bias=np.float32(0))
    monkeypatch.setattr(hat_gate, "TEMPLATE", other)
    with pytest.raises(MirrorError, match="SHA-256 differs"):
        hat_gate._template.__wrapped__()
