"""The sample of a quick count: how many stations of each stratum, and the draw in public."""
