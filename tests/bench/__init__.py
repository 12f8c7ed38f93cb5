"""Tests of the benchmarks' own tools; no benchmark is run."""
