"""Decode, measure, edit and encode audio and pictures. This package imports none of the project's other packages.

- ``safe_fs``: open files from untrusted sources
- ``pictures``: read cover pictures
- ``decode``: read audio as blocks of samples with their times in the episode; read tags; warn about damage
- ``waveform``: measure the peaks and the spectrogram of a passage of audio, for drawing
- ``seekable``: detect audio files in which browsers seek to a wrong time, and write copies in which they seek exactly
- ``mastering``: turn a passage of audio into a clip to post
- ``video``: draw audiograms, videos that show the words of a quote as they are spoken
- ``ffmpeg``: run the encoder
"""
