"""Benchmarks: the same work as a peer, or a limit, as a ratio in one run. `python -m bench [NAME...]`.

A new benchmark is one new module here with `run() -> list[Result]`; it raises Skip with a reason where it cannot run.
"""
