"""Published files downloaded once, checked against their SHA-256, kept."""
