"""Small changes to a contract, to see whether its scenarios notice them."""
