"""Move an alignment to audio that was cut, mixed or encoded again, by locating the old audio in the new."""
