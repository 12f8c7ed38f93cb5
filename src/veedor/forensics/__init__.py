"""Forensics: the field's statistical tests on tally sheets, each with what it cannot show."""
