"""Measurements, never part of the test suite: `python -m tests.bench`."""
