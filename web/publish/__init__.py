"""Compute what the publish page shows: an episode's files and tags for each target, and the targets' limits."""
