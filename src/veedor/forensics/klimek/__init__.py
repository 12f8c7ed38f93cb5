"""The model of Klimek and others (2012): fingerprints of turnout and share, fitted."""
