"""Decode, measure, edit and encode audio and pictures. This package imports none of the project's other packages.

- ``safe_fs``: open files from untrusted sources
- ``pictures``: read covers
- ``decode``: blocks of samples with their times in the episode, tags, warnings about damage
- ``waveform``: peaks and spectrogram of a passage of audio, for drawing
- ``seekable``: detect files in which browsers seek to a wrong time, and write a copy in which they seek exactly
- ``mastering``: turn a passage of audio into a clip to post
- ``video``: draw audiograms, videos of words and audio
- ``ffmpeg``: run the encoder
"""
