"""Move an alignment to a new version of its audio (cut, mixed or encoded again), by finding the old audio in it."""
