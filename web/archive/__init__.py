"""A whole show at once: its episodes found, paired with their transcripts, made, and kept up to date."""
