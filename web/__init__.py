"""The web app, which plays episodes in step with their transcripts, edits transcripts, and cuts clips of quotes."""
