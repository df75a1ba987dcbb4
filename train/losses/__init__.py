"""Terms of a loss, each a small function of tensors."""
