"""Mattes: hair, person and what is held in front; whose hair is whose."""
