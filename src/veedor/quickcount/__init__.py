"""The observers' own estimate from a sample of polling stations, honest about the stations that are missing."""
