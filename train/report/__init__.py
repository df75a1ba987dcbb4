"""All there is to see of one trained network, in a folder."""
