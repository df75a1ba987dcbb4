"""Measures of pictures, mattes, codes and hair, and their means with intervals."""
