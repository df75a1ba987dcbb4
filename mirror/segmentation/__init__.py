"""Alpha mattes of the hair, the person and what is held in front; whose hair is whose."""
