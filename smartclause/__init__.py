"""Contracts on AI training data as programs with one meaning."""
