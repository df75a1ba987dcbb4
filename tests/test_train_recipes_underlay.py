"""The underlay network: what it is told, what it learns from, and how it is judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mirror.core.errors import MirrorError
from tests.train_tiny import tiny_shards
from train.data.downsized_shards import open_shards
from train.data.shards import Shards
from train.data.underlay_batches import UnderlayBatches, moved
from train.evaluation.run_figures import compare
from train.inference.underlay import beneath, judged, read_people
from train.loop.training_loop import Moment, to_tensors
from train.nets.discriminator import TwoScaleDiscriminator
from train.nets.spec import Spec, build, save_weights
from train.nets.underlay import Attention, UnderlayNet, composed, told
from train.recipes.by_name import open_recipe
from train.recipes.hyperparameters import Hyperparameters
from train.recipes.underlay import adversaries, coarse_error, held_out, loss
from train.report.build import report

pytestmark = pytest.mark.usefixtures("one_thread")
SIDE = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("people"), people=True)


def batch_of(folder: Path, size: int = 4, seed: int = 0) -> dict[str, torch.Tensor]:
    batches = UnderlayBatches(open_shards([folder], SIDE), size, seed=seed)
    return to_tensors(batches.make(0, 0.0, range(size)).arrays, torch.device("cpu"))


def test_it_sees_nothing_of_what_is_hidden(folder: Path) -> None:
    torch.manual_seed(0)
    net, batch = UnderlayNet().eval(), batch_of(folder)
    hole = batch["hole"] > 0.5
    assert 0.02 < hole.float().mean() < 0.98
    other = batch | {
        "image": torch.where(hole, 1 - batch["image"], batch["image"]),
        "person": torch.where(hole, 1 - batch["person"], batch["person"]),
    }
    with torch.inference_mode():
        assert torch.equal(net(*told(batch)), net(*told(other)))
        beside = batch | {"image": torch.where(hole, batch["image"], 1 - batch["image"])}
        assert not torch.equal(net(*told(batch)), net(*told(beside)))


def test_body_and_wall_are_guessed_from_what_is_seen_of_either() -> None:
    """Before it has learnt anything: the body in the hole is of the body's colour, the wall of the wall's."""
    net = UnderlayNet().eval()
    for weight in (net.head.weight, net.head.bias):
        torch.nn.init.zeros_(weight)
    side = 128
    person = torch.zeros(1, 1, side, side)
    person[..., 32:96] = 1
    image = torch.where(person > 0, torch.tensor(0.8), torch.tensor(0.2)).expand(1, 3, side, side)
    hole = torch.zeros_like(person)
    hole[..., 40:70, 16:112] = 1
    maps = torch.cat([hole, person, torch.ones_like(person), person * (1 - hole)], 1)
    with torch.inference_mode():
        out = net(image * (1 - hole), maps)
    assert (out[0, :3, 45:65, 24:104] - 0.8).abs().max() < 0.02
    assert (out[0, 3:6, 45:65, 24:104] - 0.2).abs().max() < 0.02
    mixed = composed(out, person)
    assert (mixed - image).abs().max() < 0.05


def test_own_hair_is_no_lesson(folder: Path) -> None:
    """What is beneath it nobody knows: whatever its colour, the loss is the same."""
    torch.manual_seed(0)
    net, batch = UnderlayNet().eval(), batch_of(folder)
    # All own hair lies in the hole, so the network itself cannot see it.
    assert (batch["hole"][batch["matte"] > 0.5] == 1).all()
    green = torch.tensor([0.0, 1.0, 0.0])[None, :, None, None]
    dyed = batch | {
        name: torch.where(batch["matte"] > 0.05, green, batch[name]) for name in ("image", "beneath")
    }
    moment = Moment(0, 0.5, None)  # type: ignore[arg-type]
    assert loss(net, batch, moment)["loss"].item() == pytest.approx(
        loss(net, dyed, moment)["loss"].item(), abs=1e-6
    )
    hidden = (batch["hole"] > 0.5) & (batch["matte"] < 0.01)
    shirt = batch | {name: torch.where(hidden, 1 - batch[name], batch[name]) for name in ("image", "beneath")}
    assert loss(net, shirt, moment)["paint"] > loss(net, batch, moment)["paint"] + 0.01


def as_pairs(shards: Path) -> Path:
    """The same heads with brown hair laid over the lower part of their shirts."""
    for shard in sorted(shards.glob("[0-9]*")):
        before = {path.stem: np.load(path) for path in shard.glob("*.npy")}
        cover = np.zeros_like(before["matte"])
        cover[:, 180:, 60:200] = 255
        own = before["matte"]
        hair = np.where(cover[..., None] > 0, np.uint8([60, 40, 20]), before["image"])
        pairs = {
            "image": hair, "beneath": before["image"], "matte": cover, "own": own,
            "known": np.where(own > 0, 0, before["valid"]), "person_beneath": before["person"],
            "person": np.maximum(before["person"], cover),
        }  # fmt: skip
        for name, array in pairs.items():
            np.save(shard / f"{name}.npy", array.astype(np.uint8))
    return shards


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return as_pairs(tiny_shards(tmp_path_factory.mktemp("pairs"), people=True))


def test_pairs_tell_what_their_hair_hides(paired: Path) -> None:
    """Truth is the shirt and never the hair; what is hidden is known there, and is in the loss."""
    batch = batch_of(paired, 8)
    hidden = (batch["matte"] > 0.95) & (batch["known"] > 0.95) & (batch["valid"] > 0.95)
    assert hidden.float().mean() > 0.05 and (batch["hole"][hidden] == 1).all()
    clear = (batch["matte"] < 0.01).expand_as(batch["image"])
    assert torch.equal(batch["image"][clear], batch["beneath"][clear]), "moved and coloured alike"
    red, blue = (batch["beneath"][:, c : c + 1] for c in (0, 2))
    shirt = hidden & (batch["person"] > 0.99) & (batch["face"] < 0.01)
    assert (blue[shirt] > red[shirt]).all() and shirt.float().mean() > 0.02
    assert (batch["person"] < 0.5)[hidden].any(), "beneath the hair there is wall too, and it is none of it"
    torch.manual_seed(0)
    net, moment = UnderlayNet().eval(), Moment(0, 0.5, None)  # type: ignore[arg-type]
    before = loss(net, batch, moment)["paint"]
    other = torch.where(hidden, torch.ones(()), batch["beneath"])
    assert loss(net, batch | {"beneath": other}, moment)["paint"] > before + 0.01
    unknown = batch | {"known": torch.where(hidden, 0.0, batch["known"])}
    assert loss(net, unknown | {"beneath": other}, moment)["paint"].item() == pytest.approx(
        loss(net, unknown, moment)["paint"].item(), abs=1e-6
    )


def test_pairs_and_plain_heads_are_learnt_together(folder: Path, paired: Path) -> None:
    shards = open_shards([folder, paired], SIDE)
    made = open_recipe(Spec("underlay", SIDE), shards, Hyperparameters(8, 2e-3))
    torch.manual_seed(0)
    net = build(made.spec).train()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    paid = []
    for step in range(40):
        batch = to_tensors(made.batches.make(step, 0.0, range(8)).arrays, torch.device("cpu"))
        optimiser.zero_grad()
        parts = made.loss(net, batch, Moment(step, step / 40, None))  # type: ignore[arg-type]
        parts["loss"].backward()
        optimiser.step()
        paid.append(float(parts["loss"].detach()))
    assert np.mean(paid[-8:]) < 0.8 * np.mean(paid[:8])


def test_pairs_are_judged_by_what_lies_beneath(folder: Path, paired: Path) -> None:
    shards = open_shards([paired, folder], SIDE)
    heads = read_people(shards, np.array([0, len(shards) - 1]), SIDE)
    assert (heads["beneath"][0] != heads["image"][0]).any()
    assert (heads["beneath"][1] == heads["image"][1]).all()
    found = beneath(UnderlayNet().eval(), heads)
    assert (found.where[0] & (heads["matte"][0] > 250)).sum() > 50
    right = type(found)(found.seen, heads["beneath"] / np.float32(255), found.alpha, found.where)
    hair = type(found)(found.seen, heads["image"] / np.float32(255), found.alpha, found.where)
    scores = [judged(one, heads, 0)[0] for one in (right, hair)]
    assert scores[0] is not None and scores[1] is not None and scores[0] > 50 > 25 > scores[1]


def test_it_learns_what_a_shirt_looks_like(folder: Path) -> None:
    made = open_recipe(Spec("underlay", SIDE), open_shards([folder], SIDE), Hyperparameters(8, 2e-3))
    assert made.check is not None
    torch.manual_seed(0)
    net = build(made.spec).train()
    assert set(made.check(net.eval())) == {"psnr_beneath", "body_iou"}
    optimiser = torch.optim.AdamW(net.train().parameters(), 2e-3)
    paid: list[dict[str, float]] = []
    for step in range(40):
        batch = to_tensors(made.batches.make(step, 0.0, range(8)).arrays, torch.device("cpu"))
        optimiser.zero_grad()
        parts = loss(net, batch, Moment(step, step / 40, None))  # type: ignore[arg-type]
        parts["loss"].backward()
        optimiser.step()
        paid.append({name: float(value.detach()) for name, value in parts.items()})
    for name in ("paint", "mixed", "body"):
        first, last = (np.mean([one[name] for one in some]) for some in (paid[:8], paid[-8:]))
        assert last < 0.8 * first, name


def test_the_discriminator_trains_along(folder: Path) -> None:
    made = open_recipe(
        Spec("underlay", SIDE), open_shards([folder], SIDE), Hyperparameters(4, 1e-3, adversary=0.1)
    )
    assert made.discriminator is not None
    parts = made.loss(build(made.spec), batch_of(folder), Moment(9, 0.9, None))  # type: ignore[arg-type]
    parts["loss"].backward()
    assert {"told_apart", "adversary"} <= set(parts)
    assert all(p.grad is not None for p in made.discriminator.parameters())


def test_two_scales_learn_to_tell_and_the_painter_teaches_neither() -> None:
    torch.manual_seed(0)
    net = TwoScaleDiscriminator((16, 24, 24))
    real, hole = torch.rand(2, 3, 64, 64), torch.ones(2, 1, 64, 64)
    fake = torch.full((2, 3, 64, 64), 0.5, requires_grad=True)
    told_apart, fooled, unlike = adversaries(net, fake, real, hole, hole)
    (fooled + unlike).backward(retain_graph=True)
    assert fake.grad is not None and fake.grad.abs().sum() > 0
    assert all(p.grad is None or not p.grad.any() for p in net.parameters())
    optimiser = torch.optim.Adam(net.parameters(), 2e-3)
    for _ in range(60):
        optimiser.zero_grad()
        told_apart = adversaries(net, fake.detach(), torch.rand(2, 3, 64, 64), hole, hole)[0]
        told_apart.backward()
        optimiser.step()
    assert told_apart < 1.0
    assert adversaries(net, real, real, hole, hole)[2] < 0.01 < unlike, "nothing is unlike itself"


def test_tones_may_be_right_where_pixels_are_not() -> None:
    truth = (torch.arange(64) % 2).float().expand(1, 3, 64, 64)
    moved_by_one, weight = truth.roll(1, 3), torch.ones(1, 1, 64, 64)
    assert coarse_error(moved_by_one, truth, weight) < 1e-6
    assert coarse_error(torch.ones_like(truth), truth, weight) == pytest.approx(0.5)


def test_attention_passes_a_map_through_until_it_has_learnt_and_then_looks_far() -> None:
    torch.manual_seed(0)
    layer, x = Attention(16).eval(), torch.rand(1, 16, 8, 8)
    assert (layer(x) - x).abs().max() < 0.02
    torch.nn.init.normal_(layer.join.weight)
    far = x.clone()
    far[..., 7, 7] += 1
    assert (layer(far) - layer(x))[..., 0, 0].abs().max() > 1e-5


def test_the_hair_that_is_lent_varies() -> None:
    hair = np.zeros((64, 64), np.float32)
    hair[10:50, 15:50] = 1
    areas = [float(moved(hair, np.random.default_rng(seed)).sum()) for seed in range(30)]
    assert np.std(areas) > 50 and all(moved(hair, np.random.default_rng(3)).max() == 1 for _ in range(2))


def test_judged_on_what_was_hidden_alone(folder: Path) -> None:
    """A network that answers with the truth is faultless; one that is off by a tenth has 20 dB."""
    shards = open_shards([folder], SIDE)
    heads = read_people(shards, shards.numbers("val"), SIDE)
    found = beneath(UnderlayNet().eval(), heads)
    image = heads["image"].astype(np.float32) / 255
    person = heads["person"].astype(np.float32) / 255
    assert not (found.where & (heads["matte"] > 127)).any() and found.where.any()
    assert (found.seen[found.where] == 0).all()
    for off, good in ((0.1, 20.0), (0.0, 60.0)):
        same = type(found)(found.seen, image + off * found.where[..., None], person, found.where)
        psnr, (both, either) = judged(same, heads, 0)
        assert psnr is not None and psnr >= good - 0.01 and both == either > 0
        assert off == 0 or psnr == pytest.approx(good, abs=0.01)
    wrong = type(found)(found.seen, image, 1 - person, found.where)
    assert judged(wrong, heads, 0)[1][0] == 0


def test_a_run_is_compared_and_reported(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "underlay"
    run.mkdir()
    save_weights(build(Spec("underlay", SIDE)), Spec("underlay", SIDE), run / "average.safetensors")
    column = compare([run], [folder])["columns"]["underlay"]
    assert column["kind"] == "underlay" and set(column["figures"]) == {"psnr_beneath", "body_iou"}
    page = report(run, [folder])
    assert "beneath.png" in page.read_text() and (page.parent / "beneath.png").stat().st_size > 1000
    with pytest.raises(MirrorError, match="the underlay network has none"):
        report(run, [folder], photo=tmp_path / "face.jpg")


def test_shards_without_people_are_refused(tmp_path: Path) -> None:
    shards = open_shards([tiny_shards(tmp_path)], SIDE)
    with pytest.raises(MirrorError, match="masks of the person"):
        UnderlayBatches(shards, 2)
    with pytest.raises(MirrorError, match="masks of the person"):
        held_out(shards, SIDE)


@pytest.mark.parametrize("name", ["person_beneath", "known"])
def test_pairs_that_do_not_say_what_their_hair_hides_are_refused(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """After plain heads too, and in one line that says which shards, what they lack and what to do."""
    pairs = as_pairs(tiny_shards(tmp_path / "pairs", people=True))
    (pairs / "00001" / f"{name}.npy").unlink()
    shards = Shards([folder, pairs])
    with pytest.raises(MirrorError, match=rf"pairs/00001 holds pairs without {name}\.npy.*prepare --groom"):
        UnderlayBatches(shards, 2)


def test_a_second_folder_without_people_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="masks of the person.*plain/00000 for one"):
        UnderlayBatches(Shards([folder, tiny_shards(tmp_path / "plain")]), 2)
