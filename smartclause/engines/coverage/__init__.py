"""What the scenarios of a contract show of it: which statuses, which exceptions, which conditions, in which values."""
