"""Reviewing an episode in its page."""
