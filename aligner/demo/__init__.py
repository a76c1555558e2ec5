"""The demo: a sample episode whose every word has a known time."""

from importlib import resources

SAMPLE = resources.files(__name__) / "sample"
"""The folder with its audio, transcript, details and truth, as it was installed."""

SAMPLES = {"fr": SAMPLE, "en": resources.files(__name__) / "sample_en"}
"""The samples of the app, by the language that is spoken."""
