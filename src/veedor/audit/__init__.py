"""Audit: assertions, risk, sampling, planning, the plan and its consent, rounds, and the public bundle."""
