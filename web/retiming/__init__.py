"""Replace the audio of an episode: store the new file apart, and report which times would move. Without Flask."""
