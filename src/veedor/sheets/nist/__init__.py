"""The common data format of NIST SP 1500-100, read and written."""
