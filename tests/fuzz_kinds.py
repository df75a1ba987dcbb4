"""The kinds of cases: each prepares a folder, and says what to do there and what must be true after it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from mirror.engines import ENGINES_FOLDER
from tests.fuzz_case import Case, kept, program
from tests.fuzz_files import damaged, films, hostile, pictures, tensors

ROOT = Path(__file__).resolve().parent.parent
BASIC = ("--size", "320x180", "--frames", "3", "--style", "bob", "--pace", "max")


def pictures_case(rng: random.Random, folder: Path) -> Case:
    """A damaged picture, at one of the doors that pictures come in by."""
    name = rng.choice(list(pictures()))
    data = damaged(rng, pictures()[name], list(pictures().values()))
    if rng.random() < 0.15:
        name = Path(name).stem + rng.choice((".jpg", ".png", ".tif", ".webp", ".mp4", ".gif"))
    path = folder / name
    path.write_bytes(data)
    door = rng.choices(("source", "lab", "prepare", "wear", "run", "style-from"), (43, 27, 23, 3, 2, 2))[0]

    def act() -> int:
        if door == "source":
            from mirror.sources import open_source

            open_source(str(path), pace="max").read()
        elif door == "lab":
            from mirror.app.lab import open_pictures

            found = open_pictures(folder)
            [found.read(number) for number in range(len(found))]
        elif door == "prepare":
            from train.pictures.reading import read_picture

            said = read_picture(path)
            assert isinstance(said, np.ndarray) or (said and "\n" not in said)
        elif door == "wear":
            from mirror.pipeline.mirror import Mirror

            Mirror("bob").wear_photo(path)
        elif door == "run":
            return program("--source", str(path), "--headless", *BASIC)()
        else:
            return program("--source", "demo", "--style-from", str(path), "--headless", *BASIC)()
        return 0

    return Case(act, f"{name} at {door}", kept(name, data))


def films_case(rng: random.Random, folder: Path) -> Case:
    """A damaged film, played, now and then by the program, which records it."""
    name = rng.choice(list(films()))
    data = damaged(rng, films()[name], [*films().values(), *pictures().values()])
    path = folder / name
    path.write_bytes(data)
    if rng.random() < 0.03:
        flags = ("--source", str(path), "--headless", "--record", "out.mp4", *BASIC)
        return Case(program(*flags), f"{name}, recorded", kept(name, data))

    def act() -> int:
        from mirror.sources import open_source

        source = open_source(str(path), size=rng.choice((None, (320, 180))), pace="max")
        for _ in range(60):
            if source.read() is None:
                break
        source.close()
        return 0

    return Case(act, name, kept(name, data))


def settings_case(rng: random.Random, folder: Path) -> Case:
    """A settings file with anything in it."""
    from mirror.settings.options import KEYS

    values = [
        "true", "1", "-1", "1e400", "nan", '""', '"none"', '"auto"', '"~nosuch/x"', '"a\\u0000b"', "[]",
        "{}", "[" * 300, "9" * 5000, "2026-01-01", '"1280x720"', '"x"', "0.5", "'" + "n" * 400 + "'", "3",
    ]  # fmt: skip
    keys = [*KEYS, "stlye", "a.b", "[table]", '""']
    lines = [f"{rng.choice(keys)} = {rng.choice(values)}" for _ in range(rng.choice((0, 1, 1, 2, 5)))]
    data = damaged(rng, "\n".join(lines).encode(), [b"\xff\xfe", b"[" * 9999, b'style = "bob"'])
    path = folder / "settings.toml"
    path.write_bytes(data)
    flags = ("--settings", str(path), "--headless", "--source", "gone.mp4")
    return Case(program(*flags), data[:80].decode(errors="replace"), kept("settings.toml", data))


@cache
def _manifest() -> bytes:
    return (ENGINES_FOLDER / "manifest.json").read_bytes()


def networks_case(rng: random.Random, folder: Path) -> Case:
    """A copied folder of networks of which one file is damaged, or something else."""
    engines = folder / "engines"
    engines.mkdir()
    names = sorted(path.name for path in ENGINES_FOLDER.iterdir())
    for name in names:
        (engines / name).symlink_to(ENGINES_FOLDER / name)
    manifest = json.loads(_manifest())
    network = rng.choice(list(manifest["networks"]))
    what = rng.choice((manifest["networks"][network]["file"], "manifest.json", "manifest.json", "styles"))
    target = engines / (manifest["files"]["stylebook"]["file"] if what == "styles" else what)
    whole = target.read_bytes()
    target.unlink()
    if rng.random() < 0.2:
        place = Path(hostile(rng, folder))
        if place.parent == folder and len(place.name) < 200 and os.path.lexists(place):
            place.rename(target)
    else:
        target.write_bytes(damaged(rng, whole, [_manifest(), b"{}" * 99]))
    backend = rng.choice(("onnxruntime", "openvino", "auto"))
    if what.endswith(".onnx") and target.is_file() and rng.random() < 0.4:
        # Signed anew, so that the damage reaches the libraries that run it.
        data, entry = target.read_bytes(), manifest["networks"][network]
        entry.update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        (engines / "manifest.json").unlink()
        (engines / "manifest.json").write_text(json.dumps(manifest))

    def act() -> int:
        from mirror.engines import open_engine
        from mirror.engines.manifest import open_file
        from mirror.hair.styles.book import StyleBook

        if what == "styles":
            # Unsigned too: whatever its SHA-256, the book must be read with care.
            return len(StyleBook.load(target if rng.random() < 0.7 else open_file("stylebook", engines))) * 0
        open_engine(network, backend, folder=engines).close()
        return 0

    return Case(act, f"{target.name}, for {network} in {backend}")


def codes_case(rng: random.Random, folder: Path) -> Case:
    """A code of the lab, damaged."""
    from mirror.app.lab.code_file import _PARTS, FORMAT, KIND, load_code
    from mirror.core.head_space import VERSION

    made = {name: np.zeros(part.shape, np.float32) for name, part in _PARTS.items()}
    if rng.random() < 0.4:
        name = rng.choice(list(made))
        made[name] = rng.choice((np.full(3, np.nan, np.float32), np.zeros(0, np.float32), made[name] + 1e30))
    said = {
        "kind": KIND,
        "format": FORMAT,
        "headspace": VERSION,
        "name": rng.choice(("bob", "\x1b[2J\n", "")),
    }
    data = damaged(rng, tensors(made, said), [tensors({"z": np.zeros(9)}, {}), b"\xff" * 99])
    path = folder / "hair.safetensors"
    path.write_bytes(data)

    def act() -> int:
        _, name, _ = load_code(path)
        assert "\n" not in name
        return 0

    return Case(act, f"{len(data)} bytes", kept("hair.safetensors", data))


def packs_case(rng: random.Random, folder: Path) -> Case:
    """A style pack, damaged before or after it was signed: what reads its parts meets the damage, too."""
    from mirror.hair.packs.pack import read_pack
    from mirror.hair.packs.sealed_file import Content
    from tests import pack_fakes

    kinds = {"style": pack_fakes.style_bytes(), "chart": pack_fakes.CHART, "logo": pack_fakes.logo(),
             "portrait": pack_fakes.portrait()}  # fmt: skip
    path = folder / "anna.hairpack"
    broken = rng.choice([*kinds, "list", "file"])
    contents = [
        Content(kind, damaged(rng, data, list(kinds.values())) if kind == broken else data,
                "Anna's cap" if kind == "portrait" else "")
        for kind, data in kinds.items()
    ]  # fmt: skip
    pack_fakes.pack_file(
        path, *contents, name="Anna" if broken != "list" else rng.choice(("", "a\nb", "x" * 999))
    )
    data = path.read_bytes()
    if broken == "file":
        data = damaged(rng, data, list(kinds.values()))
        path.write_bytes(data)

    def act() -> int:
        return len(read_pack(path, pack_fakes.TRUSTED).name) * 0

    return Case(act, f"{broken} of {len(data)} bytes", kept("anna.hairpack", data))


def options_case(rng: random.Random, folder: Path) -> Case:
    """Options of every program, with values that fit and values that do not."""
    from mirror.settings.command_line import build_parser

    values = ["", "0", "-1", "1", "3", "bob", "none", "demo", "1e999", "x" * 300, "640x360", "0x0",
              "out.mp4", "out.avi", "folder", "--", "ä\n", "max", "openvino", "auto", "~", "de"]  # fmt: skip
    flags: list[str] = []
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        action = rng.choice([a for a in build_parser()._actions if a.option_strings])
        flags.append(rng.choice(action.option_strings))
        if action.nargs != 0 and rng.random() < 0.95:
            flags.append(rng.choice(values))
    which = rng.random()
    if which < 0.15:
        words = ["fit", "prepare", "export", "report", "evaluate", "styles", "speed", *flags, *values]
        chosen = [rng.choice(words) for _ in range(rng.randrange(4))]

        def train() -> int:
            from train.__main__ import main

            return main(chosen)

        return Case(train, f"train {chosen}")
    flags += ["--frames", "2", "--headless"] * (rng.random() < 0.9)
    # Mostly something is asked for that there is not, so that no case takes long.
    flags += [["--source", "gone.mp4"], ["--style", "nosuch"], ["--source", "demo", *BASIC]][
        rng.choices((0, 1, 2), (48, 48, 4))[0]
    ]
    return Case(program(*flags), str(flags))


def paths_case(rng: random.Random, folder: Path) -> Case:
    """A hostile path for every option that takes one."""
    flag = rng.choice(("--source", "--style-from", "--record", "--record-pairs", "--report", "--face-model",
                       "--settings", "--lab-data", "--pack", "calibrate", "prepare", "export",
                       "pictures"))  # fmt: skip
    path = hostile(rng, folder)
    if flag == "calibrate":

        def calibrate() -> int:
            import calibrate

            parts = dataclasses.replace(calibrate.Parts(), list_cameras=list, screen=lambda: (False, "none"))
            return calibrate.main(["--report", "--settings", path], parts)

        return Case(calibrate, f"calibrate --settings {path[:80]!r}")
    if flag in ("prepare", "export"):
        given = (
            ["--data", path, "--out", "shards"] if flag == "prepare" else ["--matte", path, "--engines", "e"]
        )

        def train() -> int:
            from train.__main__ import main

            return main([flag, *given])

        return Case(train, f"train {flag} {path[:80]!r}")
    if flag == "pictures":
        (folder / "own.toml").write_text(f"pictures = {json.dumps(ascii(path)[1:-1])}\n")
        return Case(program("--settings", "own.toml", "--source", "gone.mp4"), f"pictures = {path[:80]!r}")
    ends = [] if flag == "--lab-data" else ["--headless"]
    ends += ["--style", "nosuch"] if flag != "--style-from" and rng.random() < 0.9 else list(BASIC)
    source = [] if flag == "--source" else ["--source", "demo"]
    return Case(program(flag, path, *source, *ends), f"{flag} {path[:80]!r}")


def _films_play(folder: Path) -> None:
    import av

    film = folder / "out.mp4"
    if film.exists() and b"moof" in film.read_bytes():  # its first fragment is there
        with av.open(str(film)) as container:
            assert sum(1 for _ in container.decode(video=0)), "the film has no picture"
    report = folder / "report.json"
    assert report.read_text() == "an earlier report" or json.loads(report.read_text())["frames"] >= 0
    assert not list(folder.glob(".hair-mirror-*")), "something half written is left"


RUN = ("--source", "demo", "--headless", "--size", "320x180", "--style", "bob", "--record", "out.mp4",
       "--report", "report.json", "--frames", "400")  # fmt: skip


def signals_case(rng: random.Random, folder: Path) -> Case:
    """The program, asked to end at any moment."""
    (folder / "report.json").write_text("an earlier report")
    (folder / "own.toml").touch()
    number, wait = rng.choice((signal.SIGINT, signal.SIGTERM)), rng.choice((0.08, 0.2, 0.5, 1, 2, 3, 4, 6, 8))
    wait *= rng.uniform(0.7, 1.3)
    command = [sys.executable, str(ROOT / "run_mirror.py"), "--settings", "own.toml", *RUN]
    return Case(lambda: 0, f"{signal.Signals(number).name} after {wait:.2f} s", _films_play,
                (number, wait), command)  # fmt: skip


def kills_case(rng: random.Random, folder: Path) -> Case:
    """The program, killed at any moment: what it recorded plays, and an earlier report is whole."""
    (folder / "report.json").write_text("an earlier report")
    wait = rng.uniform(1.0, 6.0)
    return Case(program(*RUN), f"killed after {wait:.2f} s", _films_play, (signal.SIGKILL, wait))


# What each kind is, and of 100 cases how many are of it.
KINDS: dict[str, tuple[Callable[[random.Random, Path], Case], int]] = {
    "pictures": (pictures_case, 31),
    "films": (films_case, 19),
    "settings": (settings_case, 10),
    "networks": (networks_case, 10),
    "codes": (codes_case, 5),
    "packs": (packs_case, 4),
    "options": (options_case, 8),
    "paths": (paths_case, 11),
    "signals": (signals_case, 1),
    "kills": (kills_case, 1),
}
