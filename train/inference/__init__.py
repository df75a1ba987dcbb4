"""Trained networks applied to prepared heads."""
