"""The networks, and what a file of their weights is."""
