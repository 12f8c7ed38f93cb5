"""The finite mixture models: their densities."""
