"""The trying-on controls over the live picture: one idea a file, `Tools` holds them all."""

from mirror.screen.panels.again import Again
from mirror.screen.panels.tools import Tools

__all__ = ["Again", "Tools"]
