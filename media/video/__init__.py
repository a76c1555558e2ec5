"""Audiograms: a quote as a video of its words, lit as they are said, over a waveform that moves with the voice.

``screens`` holds the words and lays them out; ``paint`` paints the frames, on a ``backdrop``, within one of three
shapes; ``render`` writes them as a video or one of them as a still picture. ``colours``, ``fonts``, ``lettering`` and
``drawing`` are what it is painted with.
"""
