"""Engines: who executes a network, behind one protocol."""

from mirror.engine.choose import ENGINES_FOLDER, open_engine
from mirror.engine.protocol import Engine

__all__ = ["ENGINES_FOLDER", "Engine", "open_engine"]
