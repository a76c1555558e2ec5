"""What lies on the disk: alignments, outputs, backups, the user's folders. Nothing is left half written."""
