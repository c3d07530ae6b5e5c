"""Attacks longer than a test may be: `python -m tests.attacks.<name> [ROUNDS]`, or all by `make attack`."""
