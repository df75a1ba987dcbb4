"""Engines: who executes a network, behind one protocol."""

from mirror.engine.choose import ENGINE_CHOICES, ENGINES_FOLDER, open_engine
from mirror.engine.protocol import Engine

__all__ = ["ENGINES_FOLDER", "ENGINE_CHOICES", "Engine", "open_engine"]
