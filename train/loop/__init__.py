"""The training loop: budget and rate, optimiser, checkpoints, processes, log."""
