"""The maker's tool for style packs: python -m mirror.app.packs --help."""
