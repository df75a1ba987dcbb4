"""One picture after the other: the library `Mirror`, what is known of a person, the loop with its threads."""
