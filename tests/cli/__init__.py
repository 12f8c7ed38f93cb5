"""Tests of the command line itself: its help, its tables, what it prints to be typed again."""
