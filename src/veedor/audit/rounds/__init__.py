"""Sheets drawn, read by two people, and the risk that is left: round by round."""
