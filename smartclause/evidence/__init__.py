"""Keys, envelopes, Merkle tree, ledger. Knows no clauses."""
