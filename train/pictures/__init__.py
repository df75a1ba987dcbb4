"""One picture of a data set, read."""
