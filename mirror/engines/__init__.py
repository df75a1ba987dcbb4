"""Engines: who executes a network, behind one protocol."""

from mirror.engines.choose import ENGINES_FOLDER, open_engine
from mirror.engines.protocol import Engine

__all__ = ["ENGINES_FOLDER", "Engine", "open_engine"]
