"""Move an alignment to new audio of its episode, cut, mixed or encoded again, by locating the old audio in the new."""
