"""Bytes to characters, exactly."""

from __future__ import annotations

import pytest

from aligner.errors import TranscriptError
from aligner.transcript.formats import decode

TEXT = "Déjà l’été — « cœur »\r\nfin\u00a0!\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_comes_back_whatever_its_encoding(encoding):
    assert decode(TEXT.encode(encoding), "t.txt") == TEXT


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_with_a_mark_needs_no_latin_letters(bom):
    encoding = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    assert decode(bom + "こんにちは".encode(encoding), "t.txt") == "こんにちは"


def test_a_lost_byte_does_not_garble_every_accent():
    damaged = ("é" * 100).encode() + b"\xc3 fin"
    assert decode(damaged, "t.txt") == "é" * 100 + "\ufffd fin"


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8():
    assert decode("Příliš".encode("iso-8859-2"), "t.html", "iso-8859-2") == "Příliš"


def test_utf8_wins_over_a_wrong_declaration():
    assert decode("été".encode(), "t.html", "iso-8859-1") == "été"


def test_an_unknown_declaration_is_passed_over():
    assert decode("été".encode("cp1252"), "t.html", "x-klingon") == "été"


@pytest.mark.parametrize(
    "data", [b"\xff\xfeA", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\x7fELF\x02\x01\x01\x00\x00\x00"]
)
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(TranscriptError, match=r"t\.txt"):
        decode(data, "t.txt")
