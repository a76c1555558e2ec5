"""Sound and pictures of any file: decoded, measured, edited, encoded. Imports nothing of the other packages.

- ``container``: a file opened safely; what its header says of its sound, and its tags
- ``confinement``: the opening of files that somebody may have sent
- ``pictures``: the reader of covers
- ``decode``: its sound as blocks of samples on the episode's time
- ``waveform``: a stretch of sound in memory
- ``peaks``: how loud it is along its time, for drawing
- ``seekable``: whether browsers find any moment of it, and a copy in which they do
- ``mastering``: clips, from a stretch of sound to a file that can be posted
- ``video``: audiograms, from words and sound to a video
- ``ffmpeg``: the encoder that all of them run
"""
