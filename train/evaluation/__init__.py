"""Figures on held-out people and pictures, and what there is to look at."""
