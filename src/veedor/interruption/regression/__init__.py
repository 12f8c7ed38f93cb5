"""Did votes change at the stop within the same polling places? Regressions, with shuffles as placebo."""
