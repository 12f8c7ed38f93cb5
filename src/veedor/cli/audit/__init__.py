"""veedor audit: one module a part of the audit."""
