"""The plan, who signed it, the commitments and the seed: what is agreed on, in files that anyone can check."""
