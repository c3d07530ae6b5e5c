"""Attacks that run longer than a test may: `python -m tests.attacks.<name> [ROUNDS]`, or all by `make attack`."""
