"""What a machine has of what a plan needs; for people, and for the steps that fall away without."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from mirror.core.errors import MirrorError
from train.plan.step import Given, Step
from train.plan.steps import heads_in


@dataclass(frozen=True)
class Found:
    """Whether something is there, and what: or why not, and what to do about it."""

    there: bool
    what: str


def training(given: Given) -> Found:
    """PyTorch on the GPU."""
    try:
        import torch
    except ImportError as error:
        return Found(False, f"PyTorch cannot be imported ({error}): pip install -r requirements-train.txt")
    if not torch.cuda.is_available():
        return Found(
            False, f"PyTorch {torch.__version__} sees no GPU: install its CUDA build, see pytorch.org"
        )
    memory = torch.cuda.get_device_properties(0).total_memory / 2**30
    return Found(True, f"PyTorch {torch.__version__} on {torch.cuda.get_device_name(0)}, {memory:.0f} GiB")


def blender(given: Given) -> Found:
    """Blender's module, on whatever."""
    from train.groom.child import Child

    try:
        with Child() as child:
            return Found(True, f"Blender {child.blender}")
    except MirrorError as error:
        return Found(False, str(error))


def cycles(given: Given) -> Found:
    """Blender's path tracer on the GPU."""
    device = cycles_device()
    if device == "CPU":
        why = blender(given)
        return Found(
            False, "it finds neither OPTIX nor CUDA: is NVIDIA's driver there?" if why.there else why.what
        )
    return Found(True, device)


def cycles_device() -> str:
    """The best of what Cycles finds: "OPTIX", "CUDA" or "CPU"."""
    from train.groom.child import Child

    for kind in ("OPTIX", "CUDA"):
        try:
            with Child() as child:
                child.ask("device", kind=kind)
        except MirrorError:
            continue
        return kind
    return "CPU"


def tensorrt(given: Given) -> Found:
    """TensorRT with a GPU to run on."""
    from mirror.engines.cuda import Cuda
    from mirror.engines.tensorrt import import_tensorrt

    try:
        runtime, gpu = import_tensorrt(), Cuda().gpu()
    except MirrorError as error:
        return Found(False, str(error))
    return Found(True, f"{runtime.__name__} {runtime.__version__} on {gpu.name}")


def heads(given: Given) -> Found:
    """Something to learn from."""
    ready = sum(map(heads_in, given.heads()))
    if ready:
        return Found(True, f"{ready:,} in {', '.join(map(str, given.heads()))}")
    if given.shards:
        return Found(False, f"{given.shards[0]} holds no shards: make them with python -m train prepare")
    found = photographs(given)
    return Found(True, f"to be prepared: {found.what}") if found.there else found


def photographs(given: Given) -> Found:
    """People to prepare, and to lay hair over."""
    if given.photos is None or given.teacher is None:
        return Found(False, "give --photos FOLDER and --teacher hair_segmenter.tflite")
    for path in (given.photos, given.teacher):
        if not path.exists():
            return Found(False, f"{path} is not there")
    return Found(True, f"those of {given.photos}")


CHECKS: dict[str, Callable[[Given], Found]] = {
    "training on the GPU": training,
    "Blender on the GPU": cycles,
    "Blender": blender,
    "TensorRT": tensorrt,
    "heads": heads,
    "photographs": photographs,
}
# What a miniature, which runs on a processor, has instead; None: nothing.
IN_MINIATURE: dict[str, str | None] = {
    "training on the GPU": None,
    "TensorRT": None,
    "Blender on the GPU": "Blender",
}


def needs_of(step: Step, given: Given) -> list[str]:
    """What a step needs here."""
    wanted = [IN_MINIATURE.get(need, need) if given.miniature else need for need in step.needs]
    return [need for need in wanted if need is not None]


def look(steps: Sequence[Step], given: Given) -> dict[str, Found]:
    """Each check that one of the steps needs, in the order of CHECKS."""
    wanted = {need for step in steps for need in needs_of(step, given)}
    return {name: check(given) for name, check in CHECKS.items() if name in wanted}


def missing(step: Step, given: Given, found: dict[str, Found]) -> str:
    """Why a step falls away; empty where it does not."""
    return "; ".join(
        f"no {name}: {found[name].what}" for name in needs_of(step, given) if not found[name].there
    )


def hardware() -> dict[str, str]:
    """GPU and driver as nvidia-smi has them, memory, and the packages that matter."""
    told = {"GPU": _smi()}
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        told["memory"] = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    for package in ("torch", "onnx", "onnxruntime", "tensorrt", "tensorrt-rtx", "cuda-bindings"):
        try:
            told[package] = version(package)
        except PackageNotFoundError:
            told[package] = "not installed"
    return told


def _smi() -> str:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "none: there is no nvidia-smi"
    query = [tool, "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return f"nvidia-smi fails ({error})"
    return "; ".join(said.split("\n")).strip("; ")
