"""Styles as codes: the style book, edits such as longer or lighter, dyes, and what is chosen."""
