"""The page of the forensic tests."""
