"""Train the acoustic model in ``aligner/recognition/acoustic/model.npz`` from scratch: ``python -m aligner.training``.

Speech is synthesised in six languages with known word times, degraded like real recordings, and encoded by the Whisper
encoder that quotecast uses; a small network then learns which character is spoken in each frame of 20 ms. This package
is not installed; it needs the ``training`` extra, espeak-ng and npm.
"""
