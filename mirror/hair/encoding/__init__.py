"""Hair that was seen, as a code: own hair, that of a photograph, and what the code leaves out."""
