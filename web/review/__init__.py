"""Reviewing an episode in its page: the queue, and what is seen of the sound."""
