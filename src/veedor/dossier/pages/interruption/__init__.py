"""The page of the interruption."""
