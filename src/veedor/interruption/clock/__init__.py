"""When each sheet was published: gaps, order and timelines."""
