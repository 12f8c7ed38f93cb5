"""Lateness as a predictor: what late places bring, as far as those that were counted tell."""
