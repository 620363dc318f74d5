"""The meaning: truth, terms, contracts, time, evaluation. Imports nothing above it."""
