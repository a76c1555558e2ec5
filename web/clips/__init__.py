"""Clips of an episode: what one will be, the making of several, and those that were made. Knows no Flask."""
