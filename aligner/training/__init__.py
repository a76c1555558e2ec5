"""Train the acoustic model in ``aligner/recognition/acoustic/model.npz`` from scratch: ``python -m aligner.training``.

Speech is synthesised in six languages with known word times, degraded like real recordings, and encoded by the Whisper
encoder that quotecast uses. A small network then learns which character is spoken in each frame of 20 ms. Installations
of quotecast omit this package. It needs the ``training`` extra, espeak-ng and npm.
"""
