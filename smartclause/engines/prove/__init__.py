"""Proofs over every possible act: the rails in z3. What is found is replayed through the reference, then told."""
