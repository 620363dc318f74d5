"""The duties of a contract, kept as records come (design 2.8, 2.9)."""
