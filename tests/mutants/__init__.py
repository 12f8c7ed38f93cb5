"""Would the tests notice? Small seeded changes to a room's code, each tried by the tests that run the changed line.

    make mutants ROOM=count SEED=1 EACH=25

A change that no test notices is a hole in the tests, or changes nothing: a person decides which. `changes` makes the
changes, `tracing` finds which tests run which lines, `trials` tries the changes in a temporary copy of the tree.
"""
