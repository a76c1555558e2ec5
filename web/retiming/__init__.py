"""Replace an episode's audio: store the new file apart, and report which times would move. Independent of Flask."""
