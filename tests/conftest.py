"""What several tests share: one loaded mirror, a portrait, and a way to run the whole program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mirror.pipeline.mirror import Mirror
from mirror.sources.demo import DemoSource, read_portrait

ROOT = Path(__file__).resolve().parent.parent
Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """One person who looks at the camera: uint8 (512, 512, 3) RGB, read-only."""
    image = read_portrait().copy()
    image.flags.writeable = False
    return image


@pytest.fixture(scope="session")
def demo_frame() -> np.ndarray:
    """One picture of the demo: uint8 (360, 640, 3) RGB, read-only."""
    image = DemoSource((640, 360), pace="max").image(0)
    image.flags.writeable = False
    return image


@pytest.fixture(scope="session")
def loaded() -> Iterator[Mirror]:
    mirror = Mirror(seed=5)
    yield mirror
    mirror.close()


@pytest.fixture
def mirror(loaded: Mirror) -> Mirror:
    """A mirror with the style bob. Loaded once; whoever feeds it a stream begins with a faceless picture."""
    loaded.styling.choose("bob")
    return loaded


@pytest.fixture(scope="session")
def no_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty settings file: the settings of the person who runs the tests play no part."""
    path = tmp_path_factory.mktemp("settings") / "none.toml"
    path.touch()
    return path


@pytest.fixture(scope="session")
def program_flags(no_settings: Path) -> Callable[..., list[str]]:
    """The command line of the program, with the flags given; `root` is where run_mirror.py lies."""

    def flags(*given: str | Path, root: Path = ROOT) -> list[str]:
        return [sys.executable, str(root / "run_mirror.py"), "--settings", str(no_settings), *map(str, given)]

    return flags


@pytest.fixture(scope="session")
def program(program_flags: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Runs run_mirror.py to its end in a process of its own, in an empty folder unless `cwd` is given."""

    def run(
        *given: str | Path, root: Path = ROOT, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            program_flags(*given, root=root),
            cwd=cwd or tmp_path_factory.mktemp("run"),
            env=os.environ | (env or {}),
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture
def one_thread() -> Iterator[None]:
    """PyTorch on one thread: small networks are slower on several, much slower where others use the cores."""
    import torch  # the tests of the mirror itself do without

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def unseen_video(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SDL's video part, drawing where nobody sees it."""
    import pygame

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode((64, 64))
    yield
    pygame.display.quit()


@pytest.fixture(scope="session")
def distance_grid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The distance grid of the canonical head is worked out once for all tests, in a folder of theirs."""
    import train.groom.surface as surface

    folder = tmp_path_factory.mktemp("grid")
    with pytest.MonkeyPatch.context() as patch:
        # In that module alone: others ask the same library where their own files are.
        patch.setattr(surface, "platformdirs", SimpleNamespace(user_cache_dir=lambda *_: str(folder)))
        surface.signed_distance.cache_clear()
        yield
    surface.signed_distance.cache_clear()
