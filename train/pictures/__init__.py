"""One picture, read or written."""
