"""Reviewing an episode: what deserves a person's look, in the order in which it pays."""
