"""The style book: exemplars, tags, thumbnails and named axes."""
