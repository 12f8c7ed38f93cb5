"""The rim: the few places where the program touches what others made.

Helper processes, tables for spreadsheets, the terminal, JSON of unknown authors, files of foreign folders, the network:
each has one module here, and `tests/rim/test_tree.py` keeps everybody else from doing it in a way of their own. The
room lies at the ground: it imports the standard library, `veedor.errors` and `veedor.saying`, and every other room may
import it.
"""
