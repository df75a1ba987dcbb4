"""Data sets to shards, shards to batches: layouts, gates, teacher, augmentation."""
