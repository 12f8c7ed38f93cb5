"""Fuzzing: inputs that nobody would write, for every parser, and what became of them.

    make fuzz                       all targets, ten minutes in all
    make fuzz MINUTES=30
    python -m tests.fuzz --help

target      what a target is: seeds, how to change an input, what to run on it
targets/    the targets, one module a room
mutate/     changes to inputs: of bytes, tables, trees (JSON, TOML, XML), archives, signed notes, whole folders
judge       how one input ended, and whether that is allowed
worker      the process that fuzzes one target: guided by coverage where atheris is installed
supervise   workers side by side; those that died are looked at and started again
shrink      a find made as small as it can be made
finds/      what was found, by target: `make test` runs each of them again
"""
