"""Source text to contract: scanner, parser, names, types, lints, formatter."""
