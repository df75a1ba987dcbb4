"""Hair that is grown: heads, grooms of strands on them, and their rendering."""
