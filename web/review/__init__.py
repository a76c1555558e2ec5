"""The review of an episode on its page."""
