"""What was kept is exported as it is said now; what was removed or lost is not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import SavedQuotesError
from aligner.formats import Quote, lost_of, said_of
from aligner.model import HASH_DIGITS, Alignment
from aligner.saved_quotes import SavedQuote, current_quotes, read, write
from aligner.storage.file_names import QUOTES as FILE
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import quotecast_here
from tests.tables import over_rows
from web.quotes.saved import save_quote

FERRY = spoken(
    ("Ana", "The ferry leaves at nine."), ("Bo", "And the tide ~waits for nobody."), ("Ana", "~Nobody ~says ~this.")
)


def kept_in(folder: Path, alignment: Alignment) -> tuple[Quote, ...]:
    return said_of(current_quotes(folder, alignment))


def kept(alignment: Alignment, words: range) -> SavedQuote:
    first, last = (alignment.words[k].word for k in (words[0], words[-1]))
    version = alignment.transcript.sha256[:HASH_DIGITS]
    return SavedQuote("1", "as it was", None, first.char_start, last.char_end, 0.0, 0.1, version, "2026-01-01")


def test_what_the_app_keeps_is_exported_with_its_words_its_speaker_and_its_times(tmp_path: Path) -> None:
    save_quote(tmp_path, FERRY, 5, 11)
    save_quote(tmp_path, FERRY, 0, 5)
    spans = [word.span for word in FERRY.words if word.span]
    assert kept_in(tmp_path, FERRY) == (
        Quote("The ferry leaves at nine.", "Ana", spans[0].start, spans[4].end),
        Quote("And the tide waits for nobody.", "Bo", spans[5].start, spans[9].end),
    )


@over_rows(
    "quote",
    [
        replace(kept(FERRY, range(0, 5)), removed="2026-01-02T00:00:00+00:00"),
        replace(kept(FERRY, range(0, 5)), hash="another"),
        replace(kept(FERRY, range(0, 5)), hash=""),
        replace(kept(FERRY, range(0, 5)), char_start=9000, char_end=9001),
        replace(kept(FERRY, range(0, 5)), char_end=10**9),
        kept(FERRY, range(11, 14)),
    ],
)
def test_what_was_removed_or_is_not_said_here_is_not_exported(tmp_path: Path, quote: SavedQuote) -> None:
    write(tmp_path, [quote])
    assert read(tmp_path) == [quote]
    assert kept_in(tmp_path, FERRY) == ()
    assert lost_of(current_quotes(tmp_path, FERRY)) == (() if quote.removed else ("as it was",))


def test_a_damaged_file_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"quotes": 3}', encoding="utf-8")
    with pytest.raises(SavedQuotesError, match=r"quotes\.json: is damaged \(Expected `array`, got `int`.*; repair it"):
        kept_in(tmp_path, FERRY)


def test_an_export_that_needs_no_quotes_goes_on_without_them_and_says_so(alignment: Path) -> None:
    (alignment.parent / FILE).write_text(json.dumps({"quotes": 3}), encoding="utf-8")
    run = quotecast_here("export", alignment, "--to", "podcast-vtt")
    assert run.returncode == 0, run.stderr
    assert "Warning   " in run.stdout
    assert f"{FILE}: is damaged" in run.stdout
