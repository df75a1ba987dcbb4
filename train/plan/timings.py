"""How long each network of a folder takes on an engine, and how near it comes to float32 on a processor.

python -m train.plan.timings --engine tensorrt --out timings.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER, Engine, open_engine
from mirror.engines.manifest import read_manifest
from mirror.engines.protocol import TOLERANCE
from mirror.settings.options import ENGINES


def some_inputs(engine: Engine) -> dict[str, np.ndarray]:
    """Noise for every input: pictures and maps between 0 and 1, codes and detail normal."""
    draw = np.random.default_rng(0)
    given = {}
    for name, port in engine.inputs.items():
        values = (
            draw.normal(size=port.shape)
            if len(port.shape) < 4 or name == "detail"
            else draw.random(port.shape)
        )
        given[name] = values.astype(port.dtype)
    return given


def time_network(name: str, folder: Path, choice: str, runs: int) -> dict:
    """Milliseconds of one run (copies to and from the GPU included), seconds to open, distance to float32.

    Raises:
        MirrorError: the engine cannot run here, or is further from float32 than its precision allows.
    """
    began = time.perf_counter()
    engine = open_engine(name, choice, folder=folder)
    opened = time.perf_counter() - began
    exact = open_engine(name, "onnxruntime", folder=folder)
    try:
        given = some_inputs(engine)
        expected, found = exact.run(**given), engine.run(**given)
        pairs = [(value, found[output]) for output, value in expected.items()]
        apart = max(float((np.abs(a - b) / max(1.0, np.abs(a).max())).max()) for a, b in pairs)
        if not apart <= TOLERANCE[engine.precision][0]:
            raise MirrorError(
                f"{name} in {engine.name} {engine.precision} differs from float32 by {apart:.2g}, more than "
                f"{TOLERANCE[engine.precision][0]:g}. Times of wrong answers are worth nothing."
            )
        took = []
        for _ in range(runs):
            start = time.perf_counter()
            engine.run(**given)
            took.append(1e3 * (time.perf_counter() - start))
        return {
            "ms": round(float(np.median(took)), 3), "p95_ms": round(float(np.percentile(took, 95)), 3),
            "opened_s": round(opened, 2), "apart": float(f"{apart:.2g}"), "engine": engine.name,
            "precision": engine.precision, "device": engine.device, "reason": engine.reason,
        }  # fmt: skip
    finally:
        engine.close()
        exact.close()


def main() -> int:
    """Prints a line a network and writes them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engines", type=Path, default=ENGINES_FOLDER, help="folder of networks")
    parser.add_argument("--engine", choices=ENGINES, default="auto")
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True, help="a .json")
    args = parser.parse_args()
    try:
        told = {}
        for name in read_manifest(args.engines).networks:
            told[name] = one = time_network(name, args.engines, args.engine, max(1, args.runs))
            print(
                f"{name}: {one['ms']} ms, 95% below {one['p95_ms']} ms, opened in {one['opened_s']} s, at "
                f"most {one['apart']:g} from float32; {one['engine']} {one['precision']} on {one['device']}"
            )
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({"runs": args.runs, "networks": told}, indent=2) + "\n")
    except MirrorError as error:
        print(f"timings: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
