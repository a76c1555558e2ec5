"""Clips as a user gets them: the command, the files beside the sound, what is told about both."""
