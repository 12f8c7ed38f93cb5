"""Draft an election.toml from results files, with a reason for each line and a question for each doubt."""
