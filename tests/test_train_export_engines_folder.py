"""The folder of networks during an export: the mirror can read it at every moment, whatever goes wrong."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.engines.manifest import FORMAT, read_manifest
from train.export.engines_folder import LOCK, OURS, WORK, publish, sha256, signed, workshop, write_manifest

PORTS = {"x": {"shape": [1, 2], "dtype": "float32"}}
NAMES = ("matte", "encoder", "vae.decoder")


def release(engines: Path, version: str, names: tuple[str, ...] = NAMES) -> list[str]:
    """An export of networks that are a line of text each."""
    with workshop(engines) as work:
        networks = {}
        for name in names:
            path = work / f"{name}.onnx"
            path.write_text(f"{name}.onnx {version}")
            networks[name] = signed(path, name) | {"inputs": PORTS, "outputs": PORTS}
        path = work / "beside.onnx"
        path.write_text(f"beside {version}")
        return publish(work, engines, networks, {"beside": signed(path, "beside")})


def version_there(engines: Path) -> str:
    """The mirror's own check of the folder, every SHA-256 compared; says which version lies there."""
    manifest = read_manifest(engines)
    read = [network.file.read() for network in manifest.networks.values()]
    read += [file.read() for file in manifest.files.values()]
    versions = {data.decode().split()[-1] for data in read}
    assert len(read) >= 3 and len(versions) == 1, versions
    return versions.pop()


def unnamed(engines: Path) -> set[str]:
    """What lies in the folder besides the manifest and what it names."""
    text = (engines / "manifest.json").read_text()
    return {p.name for p in engines.iterdir() if p.name != "manifest.json" and f'"{p.name}"' not in text}


def contents(folder: Path) -> dict[str, str]:
    return {p.name: sha256(p) for p in folder.iterdir()}


def test_files_are_named_by_their_content_and_old_ones_go(tmp_path: Path) -> None:
    release(tmp_path, "1")
    before = contents(tmp_path)
    for name, digest in before.items():
        if name != "manifest.json":
            ours = OURS.fullmatch(name)
            assert ours and ours["digest"] == digest[:8]
    assert read_manifest(tmp_path).network("matte").file.size == len("matte.onnx 1")
    release(tmp_path, "1")
    assert contents(tmp_path) == before, "the same networks again change nothing"
    release(tmp_path, "2")
    assert version_there(tmp_path) == "2" and not unnamed(tmp_path)
    assert set(before) & set(contents(tmp_path)) == {"manifest.json"}


def test_networks_not_given_stay(tmp_path: Path) -> None:
    release(tmp_path, "1")
    release(tmp_path, "2", ("vae.decoder",))
    manifest = read_manifest(tmp_path)
    assert manifest.network("matte").file.read() == b"matte.onnx 1"
    assert manifest.network("vae.decoder").file.read() == b"vae.decoder.onnx 2"


def test_names_without_a_hash_stay_until_they_are_replaced(tmp_path: Path) -> None:
    """As exports named their files before; weights that no entry names are nobody's to remove."""
    (tmp_path / "matte.onnx").write_text("1")
    (tmp_path / "matte.safetensors").write_text("weights 1")
    entry = {
        "file": "matte.onnx",
        "sha256": sha256(tmp_path / "matte.onnx"),
        "inputs": PORTS,
        "outputs": PORTS,
    }
    manifest = {"format": FORMAT, "headspace": VERSION, "networks": {"matte": entry}, "made by": "hand"}
    write_manifest(manifest, tmp_path / "manifest.json")
    release(tmp_path, "2", ("encoder",))
    assert read_manifest(tmp_path).network("matte").file.read() == b"1"
    release(tmp_path, "3", ("matte",))
    assert not (tmp_path / "matte.onnx").exists()
    assert (tmp_path / "matte.safetensors").exists()
    assert json.loads((tmp_path / "manifest.json").read_text())["made by"] == "hand"


def test_only_files_that_hold_what_their_name_says_are_removed(tmp_path: Path) -> None:
    release(tmp_path, "1")
    theirs = ["notes-deadbeef.onnx", "matte-1a2b3c4d.safetensors", "readme.md", "other.onnx"]
    for name in theirs:
        (tmp_path / name).write_text("not ours")
    left = signed_file(tmp_path, "matte", "left behind by a killed export")
    (tmp_path / f"{WORK}killed").mkdir()
    (tmp_path / f"{WORK}killed" / "matte.onnx").write_text("half of i")
    release(tmp_path, "2")
    assert unnamed(tmp_path) == set(theirs) and not left.exists()


def signed_file(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.onnx"
    path.write_text(text)
    return folder / signed(path, name)["file"]


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("exception", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left on device")])
def test_a_failure_at_every_replacement_leaves_one_whole_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exception: BaseException, done: bool
) -> None:
    release(tmp_path, "1")
    real, calls, fail_at = os.replace, 0, 0

    def replace(old: Path, new: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == fail_at and not done:
            raise exception
        real(old, new)
        if calls == fail_at:
            raise exception

    monkeypatch.setattr(os, "replace", replace)
    for fail_at in range(1, 100):
        calls = 0
        before = version_there(tmp_path)
        try:
            release(tmp_path, str(fail_at + 1))
        except (KeyboardInterrupt, MirrorError) as error:
            assert isinstance(error, KeyboardInterrupt) or "No space left on device" in str(error)
        else:
            assert calls < fail_at
            break
        # The manifest is replaced last: only then, and only if that was done, is the new version there.
        after = version_there(tmp_path)
        assert after == (str(fail_at + 1) if done and fail_at == 5 else before)
        assert not unnamed(tmp_path)
    assert fail_at == 6, "four files and the manifest"


KILLED_EVERYWHERE = """
import os, sys
from pathlib import Path
from tests.test_train_export_engines_folder import release, version_there

engines = Path(sys.argv[1])
release(engines, "0")
watched = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate"}
seen = set()
for step in range(1, 1000):
    before, child = version_there(engines), os.fork()
    if not child:
        count = 0
        def hook(event, args):
            global count
            if event in watched and str(engines) in str(args[0]):
                count += 1
                if count == step:
                    os._exit(9)
        sys.addaudithook(hook)
        release(engines, str(step))
        os._exit(0)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    after = version_there(engines)
    assert after in (before, str(step)), (before, after, step)
    seen.add(after == before)
    if not killed:
        assert after == str(step)
        print(step - 1, seen)
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows starts processes in another way")
def test_killed_at_every_step_the_folder_is_whole(tmp_path: Path) -> None:
    """Nothing is cleaned up, no `finally` runs: the process is gone before its n-th touch of the disk."""
    result = subprocess.run(
        [sys.executable, "-c", KILLED_EVERYWHERE, str(tmp_path / "engines")],
        cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    steps, seen = result.stdout.split(maxsplit=1)
    assert int(steps) > 30 and "True" in seen and "False" in seen, "killed before and after the manifest"
    assert version_there(tmp_path / "engines") == str(int(steps) + 1)
    assert not unnamed(tmp_path / "engines"), "what killed exports left behind is gone"


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    release(tmp_path, "1")
    before = contents(tmp_path)
    with (
        pytest.raises(MirrorError, match=r"cannot be written \(No space left on device\).*Make room"),
        workshop(tmp_path) as work,
    ):
        (work / "matte.onnx").write_text("half of i")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert contents(tmp_path) == before


def test_other_errors_are_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), workshop(tmp_path):
        (tmp_path / "nowhere").read_text()


def test_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("")
    with pytest.raises(MirrorError, match="engines cannot be written .*--engines"):
        release(tmp_path / "engines", "1")


def test_two_exports_into_one_folder(tmp_path: Path) -> None:
    release(tmp_path, "1")
    with workshop(tmp_path) as work:
        with pytest.raises(MirrorError, match="another export is writing"):
            release(tmp_path, "2")
        assert work.is_dir(), "the one at work keeps its folder"
    assert version_there(tmp_path) == "1" and not (tmp_path / LOCK).exists()
    release(tmp_path, "3")


def _other_head_space(manifest: dict) -> None:
    manifest["headspace"] = "0"


def _no_hash(manifest: dict) -> None:
    del manifest["networks"]["matte"]["sha256"]


@pytest.mark.parametrize(
    ("spoil", "said"), [(_other_head_space, "head space '0'"), (_no_hash, "'sha256' is missing")]
)
def test_a_manifest_that_the_mirror_cannot_read_is_not_written_over(
    tmp_path: Path, spoil: Callable[[dict], None], said: str
) -> None:
    release(tmp_path, "1")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    spoil(manifest)
    write_manifest(manifest, tmp_path / "manifest.json")
    before = contents(tmp_path)
    with pytest.raises(MirrorError, match=f"{said}.*Or export into an empty folder"):
        release(tmp_path, "2")
    assert contents(tmp_path) == before


def test_a_manifest_is_written_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    write_manifest({"format": 1, "networks": {}}, path)
    before = path.read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_manifest({"format": 1, "networks": {"matte": {}}}, path)
    assert contents(tmp_path) == {"manifest.json": sha256(path)} and path.read_bytes() == before


def test_everything_is_on_the_disk_before_the_manifest_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_replace, real_fsync = os.replace, os.fsync

    def replace(old: Path, new: Path) -> None:
        order.append(Path(new).name)
        real_replace(old, new)

    def fsync(handle: int) -> None:
        order.append("fsync")
        real_fsync(handle)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "fsync", fsync)
    release(tmp_path, "1", ("matte",))
    files, end = order[:4], order[4:]
    assert files[::2] == ["fsync"] * 2 and all(OURS.fullmatch(name) for name in files[1::2])
    folder = ["fsync"] if os.name != "nt" else []
    assert end == [*folder, "fsync", "manifest.json", *folder]


def add_style_book(engines: Path, text: str) -> None:
    """As train/stylebook/build.py signs one."""
    path = engines / "styles.safetensors"
    path.write_text(text)
    manifest = json.loads((engines / "manifest.json").read_text())
    manifest["files"]["stylebook"] = {"file": path.name, "sha256": sha256(path)}
    write_manifest(manifest, engines / "manifest.json")


def test_a_style_book_of_another_encoder_is_pointed_out(tmp_path: Path) -> None:
    assert release(tmp_path, "A") == []
    add_style_book(tmp_path, "of A")
    assert release(tmp_path, "A") == []
    assert "style book" in release(tmp_path, "B")[0]
    assert "style book" in release(tmp_path, "B")[0], "it is of A still"
    assert "style book" in release(tmp_path, "B", ("matte",))[0]
    assert read_manifest(tmp_path).file("stylebook").read() == b"of A"
    assert release(tmp_path, "A") == [], "its own encoder is back"
    release(tmp_path, "B")
    add_style_book(tmp_path, "of B")
    assert release(tmp_path, "B") == []
    assert "style book" in release(tmp_path, "C")[0]
