"""A vocabulary is a file or a text with an entry on each line."""

from pathlib import Path

import pytest

from aligner.errors import AlignerError
from aligner.storage.vocabulary import read_vocabulary


def test_a_vocabulary_has_the_lines_of_a_file_or_text(tmp_path: Path) -> None:
    path, text = tmp_path / "names.txt", "Maëlle  Kerdoncuff\r\n\n Zoé\nZoé\n"
    with pytest.raises(AlignerError, match="cannot be read"):
        read_vocabulary(path)
    path.write_bytes(f"\ufeff{text}".encode())
    assert read_vocabulary(path) == read_vocabulary(text) == ("Maëlle Kerdoncuff", "Zoé")
    for content, problem in (("x" * 401, "401 characters, the limit is 400"), ("\0", "binary"), ("x" * 9000, "large")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(AlignerError, match=problem):
            read_vocabulary(path)
