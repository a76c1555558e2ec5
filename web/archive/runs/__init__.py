"""A run over an archive: its stages, the workers that do them, and what became of each."""
