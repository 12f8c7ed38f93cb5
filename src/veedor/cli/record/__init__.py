"""veedor record: one module a part of the record."""
