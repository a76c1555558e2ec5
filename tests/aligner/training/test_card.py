"""The head that is shipped is the one that its card describes."""

import hashlib

from aligner.recognition.letters.head import HEAD_FILE, load_head

_CARD = HEAD_FILE.with_name("MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_head_is_small():
    assert HEAD_FILE.stat().st_size < 1_500_000


def test_the_card_names_the_version_and_the_hash_of_the_file():
    assert load_head().version in _CARD
    assert hashlib.sha256(HEAD_FILE.read_bytes()).hexdigest() in _CARD
