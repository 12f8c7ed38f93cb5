"""Every format of results file, from its bytes to a frame of figures."""
