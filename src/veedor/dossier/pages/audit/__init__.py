"""The page of the audit, planned and carried out."""
