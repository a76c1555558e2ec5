"""The web app: play episodes in step with their transcripts, correct the transcripts, and cut clips of quotes."""
