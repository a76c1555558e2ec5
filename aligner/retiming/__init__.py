"""Move an alignment to new audio of the same episode, in which the audio was cut, mixed or encoded again."""
