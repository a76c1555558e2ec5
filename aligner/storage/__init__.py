"""Read and write files safely: alignments, outputs, backups, and the user's own folders."""
