"""Saved quotes are exported as they are said now; removed and lost ones are not."""

import json
from dataclasses import replace
from pathlib import Path

from aligner.formats import Quote, lost_quotes, spoken_quotes
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


def exported(folder: Path, alignment: Alignment) -> tuple[Quote, ...]:
    return spoken_quotes(current_quotes(folder, alignment))


def saved(alignment: Alignment, words: range) -> SavedQuote:
    first, last = (alignment.words[k].word for k in (words[0], words[-1]))
    version = alignment.transcript.sha256[:HASH_DIGITS]
    return SavedQuote("1", "as it was", None, first.char_start, last.char_end, 0.0, 0.1, version, "2026-01-01")


def test_a_quote_saved_in_the_app_is_exported_with_its_words_speaker_and_times(tmp_path: Path) -> None:
    save_quote(tmp_path, FERRY, 5, 11)
    save_quote(tmp_path, FERRY, 0, 5)
    spans = [word.span for word in FERRY.words if word.span]
    assert exported(tmp_path, FERRY) == (
        Quote("The ferry leaves at nine.", "Ana", spans[0].start, spans[4].end),
        Quote("And the tide waits for nobody.", "Bo", spans[5].start, spans[9].end),
    )


@over_rows(
    "quote",
    [
        replace(saved(FERRY, range(0, 5)), removed="2026-01-02T00:00:00+00:00"),
        replace(saved(FERRY, range(0, 5)), hash="another"),
        replace(saved(FERRY, range(0, 5)), char_end=10**9),
        saved(FERRY, range(11, 14)),
    ],
)
def test_a_removed_or_lost_quote_is_not_exported(tmp_path: Path, quote: SavedQuote) -> None:
    write(tmp_path, [quote])
    assert read(tmp_path) == [quote]
    assert exported(tmp_path, FERRY) == ()
    assert lost_quotes(current_quotes(tmp_path, FERRY)) == (() if quote.removed else ("as it was",))


def test_damaged_quotes_do_not_stop_an_export_that_does_not_need_them(alignment: Path) -> None:
    (alignment.parent / FILE).write_text(json.dumps({"quotes": 3}), encoding="utf-8")
    run = quotecast_here("export", alignment, "--to", "podcast-vtt")
    assert run.returncode == 0, run.stderr
    assert "Warning   " in run.stdout
    assert f"{FILE}: is damaged (Expected `array`, got `int`" in run.stdout
