"""One module a published test of figures."""
