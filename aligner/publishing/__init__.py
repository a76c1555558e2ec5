"""Quotes as they are published: cut out of an episode's audio, as clips and audiograms with what goes beside."""

PODCAST_LUFS = -16.0
"""How loud a clip is unless something else is asked for: Apple Podcasts asks for -16 +- 1."""

QUIETEST_LUFS, LOUDEST_LUFS = -40.0, -5.0
"""What can be asked for."""
