"""The fuzz run: `python -m tests.fuzz --seconds 600`. Every reader, on changed samples, with a seed."""
