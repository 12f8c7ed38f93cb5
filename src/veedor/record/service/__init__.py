"""A witness, and the small server it runs in."""
