"""Hair that was seen, as a code: own hair, a photograph, and what the code leaves out."""
