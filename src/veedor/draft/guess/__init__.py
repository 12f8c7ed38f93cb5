"""What each column of a results file is: figures, votes, the station, its places, and what is there twice."""
