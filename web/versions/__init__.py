"""The versions of an episode's transcript: a list of them, a comparison of two, and one restored. Knows no Flask."""
