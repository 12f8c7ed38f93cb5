"""What a record says of an election: tally sheets as entries of a log, and which of them are there unchanged."""
