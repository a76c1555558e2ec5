"""Decode, measure, edit and encode audio and pictures. Imports nothing from the other packages.

- ``safe_fs``: open files from untrusted sources
- ``pictures``: read covers
- ``decode``: blocks of samples on the episode's time, tags, warnings about damage
- ``waveform``: a passage of audio in memory, its peaks and spectrogram for drawing
- ``seekable``: whether browsers seek exactly in a file, and a copy in which they do
- ``mastering``: turn a passage of audio into a clip to post
- ``video``: audiograms, from words and audio to a video
- ``ffmpeg``: the encoder that all of them run
"""
