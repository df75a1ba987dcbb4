"""The trying-on controls over the live picture: one idea a file, `Tools` holds them all."""

from mirror.app.screen.panels.all_panels import Tools
from mirror.app.screen.panels.play_again import Again

__all__ = ["Again", "Tools"]
