"""Compute what there is to review in an episode, for the episode's page."""
