"""Audiograms: a quote as a video whose words light up as they are spoken, over a waveform that moves with the voice.

``screens`` splits the words into screens and lines; ``setting`` chooses the type size. ``paint`` paints the frames on a
``backdrop``, in one of three shapes. ``render`` encodes the frames as a video or saves one as a picture. ``colours``,
``fonts``, ``lettering`` and ``drawing`` are tools for painting.
"""
