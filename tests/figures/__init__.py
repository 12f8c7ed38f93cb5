"""Have the figures of an earlier state of the program stayed? A command, and the comparison that it is made of."""
