"""Sound and pictures of any file: decoded, measured, edited, encoded. Imports nothing of the other packages.

- ``safe_fs``: the opening of files that somebody may have sent
- ``pictures``: the reader of covers
- ``decode``: its audio as blocks of samples on the episode's time, its tags, what is damaged in it
- ``waveform``: a passage of audio in memory, and its peaks and spectrogram for drawing
- ``seekable``: whether browsers find any moment of it, and a copy in which they do
- ``mastering``: clips, from a stretch of sound to a file that can be posted
- ``video``: audiograms, from words and sound to a video
- ``ffmpeg``: the encoder that all of them run
"""
