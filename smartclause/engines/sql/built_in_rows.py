"""Rows of the built-in types that a table may have, and what they name besides the keys of a duty."""

OF_TABLES = ("termination", "waiver")
NAMING = ("contract", "clause", "sentence")
