"""Publish quotes: cut a quote out of an episode as an audio clip or a video, with captions and a text to post."""

PODCAST_LUFS = -16.0
"""The default loudness of a clip; Apple Podcasts asks for -16 +- 1."""

QUIETEST_LUFS, LOUDEST_LUFS = -40.0, -5.0
"""The range of loudness that can be asked for."""
