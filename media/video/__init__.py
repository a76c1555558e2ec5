"""Draw audiograms: videos of a quote in which each word is highlighted when it is spoken, with a moving waveform.

``screens`` splits the words into screens and lines; ``setting`` chooses the type size. ``paint`` paints the frames on a
``backdrop``, in one of three shapes of picture. ``render`` encodes the frames as a video or saves one as a picture.
``colours``, ``fonts``, ``lettering`` and ``drawing`` are tools for painting.
"""
