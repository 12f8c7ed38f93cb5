"""What the columns of a dossier's tables mean, for people and for programs."""
