"""A style decoded onto a head: the hair layer, its strands, its edge."""
