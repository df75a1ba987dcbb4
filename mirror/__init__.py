"""A mirror that shows your own live face with another hairstyle.

from mirror import Mirror
picture_with_hair = Mirror(style="bob").apply(picture)  # uint8 (H, W, 3) RGB in and out
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mirror.pipeline.mirror import Mirror

__all__ = ["Mirror"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Loaded on first use: the training scripts need head space, but no engine and no tracker.
    if name == "Mirror":
        from mirror.pipeline.mirror import Mirror

        return Mirror
    raise AttributeError(f"module 'mirror' has no attribute '{name}'")
