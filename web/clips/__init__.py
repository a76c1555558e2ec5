"""Clips of an episode: what one will be, the jobs that make several, and those that were made. Knows no Flask."""
