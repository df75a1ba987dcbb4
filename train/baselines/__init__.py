"""Ours beside the networks of the five seed systems, trained alike."""
