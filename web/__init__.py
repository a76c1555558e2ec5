"""The web app: a library of episodes that play in step with their transcripts, and clips of their quotes."""
