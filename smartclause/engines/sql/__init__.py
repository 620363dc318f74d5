"""The audit of many rows as SQL: a tree built with sqlglot, run on an engine of the reader's choice."""
