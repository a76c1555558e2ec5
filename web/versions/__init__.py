"""The versions of an episode's transcript: which there are, what differs between two, and one made the present text
again."""
