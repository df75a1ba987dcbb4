"""The trying-on controls over the live picture: one idea a file, `Tools` holds them all."""

from mirror.screen.panels.tools import Tools

__all__ = ["Tools"]
