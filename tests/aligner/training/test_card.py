"""The model card describes the model in the package."""

import hashlib

from aligner.recognition.acoustic.model import MODEL_FILE, load_acoustic_model

_CARD = MODEL_FILE.with_name("MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_model_is_small():
    assert MODEL_FILE.stat().st_size < 1_500_000


def test_the_card_names_the_version_and_the_hash_of_the_file():
    assert load_acoustic_model().version in _CARD
    assert hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest() in _CARD
