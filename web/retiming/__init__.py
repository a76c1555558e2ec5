"""Replace the audio of an episode: stage the new file and report which times would move. Independent of Flask."""
