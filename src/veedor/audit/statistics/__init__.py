"""The arithmetic of risk: martingales, sample sizes, what a sheet or ballot that was read says of an assertion."""
