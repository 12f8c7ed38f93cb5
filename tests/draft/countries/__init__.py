"""Invented elections in the manner of real publications, described only by what the documentation says."""
