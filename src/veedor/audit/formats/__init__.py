"""Files that other programs for audits read and write."""
