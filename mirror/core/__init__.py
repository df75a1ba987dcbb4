"""What all packages hand to each other: frame, face, head crop, head space, layer, light, errors."""
