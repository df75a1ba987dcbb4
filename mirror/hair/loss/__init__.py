"""Hair loss and regrowth: the stages of a hairline, and the own hair at each of them."""
