"""Trained networks as ONNX files that the mirror runs, checked, proven to load, and signed in the manifest.

python -m train export runs/matte runs/hair_vae
"""

from train.export.engines_folder import sha256, write_manifest

__all__ = ["sha256", "write_manifest"]
