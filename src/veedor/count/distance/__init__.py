"""How near another outcome is, for each kind of electoral rule."""
