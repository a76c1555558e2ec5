"""Replace an episode's audio: store the new file separately and report which times would move. Independent of Flask."""
