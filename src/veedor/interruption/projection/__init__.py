"""What the places missing at the stop were expected to bring, by each rule, with what the rule gets wrong."""
