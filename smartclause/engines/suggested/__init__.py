"""Scenarios that are found rather than written: what a contract turns on, and how to reach what none shows yet."""
