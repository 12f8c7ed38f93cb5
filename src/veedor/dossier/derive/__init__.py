"""What the dossier shows, computed by the rooms and kept as documents and tables."""
