"""Styles as codes: the style book, edits, dyes, and what is chosen."""
