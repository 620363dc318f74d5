"""What a leaf on history says at a place, without going through all records (design 2.6)."""
