"""Audiograms: a quote as a video of its words, lit as they are said, over a waveform that moves with the voice."""
