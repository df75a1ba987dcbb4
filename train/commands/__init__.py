"""The commands of `python -m train`: their flags, and which part of the package answers."""
