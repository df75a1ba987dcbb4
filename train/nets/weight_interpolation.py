"""Weight interpolation: between a network and the same one after it learnt on for another loss.

One that a discriminator taught paints edges and, where anything may be, patterns of its own; the same one
after more lessons of colours alone paints a haze there. Weights between them give what lies between (Wang et
al. 2018, ESRGAN, section 3.4).
"""

from __future__ import annotations

from pathlib import Path

from mirror.core.errors import MirrorError
from train.nets.spec import open_run, save_weights


def interpolate(first: Path, second: Path, share: float, out: Path) -> Path:
    """Writes `average.safetensors` into a folder; where it lies.

    Args:
        first, second: folders of runs, or safetensors that say what they hold; the second learnt on from the
            first, or their weights have nothing to do with each other.
        share: of the second, 0 to 1.

    Raises:
        MirrorError: they hold different networks, or the share is none.
    """
    if not 0 <= share <= 1:
        raise MirrorError(f"--share {share:g} is out of range. Give 0 (the first) to 1 (the second).")
    (spec, net), (other_spec, other) = open_run(first), open_run(second)
    if spec != other_spec:
        raise MirrorError(
            f"{first} holds {spec}, {second} {other_spec}: only the same network has weights between."
        )
    theirs = other.state_dict()
    mixed = {
        name: (one.float() * (1 - share) + theirs[name].float() * share).to(one.dtype)
        if one.is_floating_point()
        else one
        for name, one in net.state_dict().items()
    }
    net.load_state_dict(mixed)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "average.safetensors"
    save_weights(net, spec, path)
    return path
