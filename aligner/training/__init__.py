"""How the head in ``aligner/recognition/acoustic/model.npz`` was made, from nothing: ``python -m aligner.training``.

Speech is synthesised in six languages with the time of every word known, disturbed in the ways recordings are, encoded
by the Whisper encoder that quotecast listens with, and a small network learns which letter sounds in each 20 ms.
Not part of the installed package; needs the ``training`` extra, espeak-ng and npm.
"""
