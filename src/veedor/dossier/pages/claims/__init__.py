"""The page of the claims and of the events."""
