"""Kept quotes whose words were moved in the text, while the sound is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aligner.model import Alignment
from tests.aligner.captions.spoken import Paragraph, spoken
from tests.tables import over_rows
from web.quotes.facts import page_of_quotes
from web.quotes.kept import keep, placed

PORT, SEA, BOATS = "Le port dort encore ce soir.", "La mer monte sans attendre.", "Les bateaux rentrent un par un."
OTHER = "Personne ne sait pourquoi."
UNSAID = " ".join(f"~{word}" for word in SEA.split())
LANDLORD = ("Bo", "Bonjour, et bienvenue au marché.")


def version(letter: str, *paragraphs: Paragraph) -> Alignment:
    alignment = spoken(*paragraphs)
    return replace(alignment, transcript=replace(alignment.transcript, sha256=letter * 64))


def place_now(folder: Path, *new: Paragraph) -> str | None:
    """Where the quote of the sea is, kept where it is the second of three sentences: its words and who says them."""
    old = version("a", ("Ana", f"{PORT} {SEA} {BOATS}"), LANDLORD, ("Ana", OTHER))
    keep(folder, old, 6, 11)
    now = version("b", *new)
    [told], _ = page_of_quotes(now, placed(folder, now))
    return None if told["first"] is None else f"{told['first']} {told['text']}"


@over_rows(
    "first, new",
    [
        (0, (("Ana", f"{UNSAID} {PORT} |2 {BOATS}"), LANDLORD, ("Ana", OTHER))),
        (12, (("Ana", f"{PORT} |2 {BOATS}"), ("Ana", UNSAID), LANDLORD, ("Ana", OTHER))),
    ],
)
def test_a_sentence_that_was_moved_in_its_paragraph_or_beside_it_is_still_the_quote(
    tmp_path: Path, first: int, new: tuple[Paragraph, ...]
) -> None:
    assert place_now(tmp_path, *new) == f"{first} {SEA}"


@over_rows(
    "new",
    [
        (("Ana", f"{PORT} |2 {BOATS}"), ("Bo", UNSAID), ("Ana", OTHER)),  # another says it
        (("Ana", f"{PORT} |2 {BOATS}"), LANDLORD, ("Ana", f"{UNSAID} {OTHER}")),  # far away
        (("Ana", f"{PORT} |2 {BOATS} {SEA}"), LANDLORD, ("Ana", OTHER)),  # said once more, later
        (("Ana", f"{UNSAID} {PORT} |2 {BOATS} {UNSAID}"), LANDLORD, ("Ana", OTHER)),  # twice
        (("Ana", f"{UNSAID.replace('monte', 'descend')} {PORT} |2 {BOATS}"), LANDLORD, ("Ana", OTHER)),
    ],
)
def test_what_another_says_or_stands_far_away_or_is_said_at_another_time_is_another_quote(
    tmp_path: Path, new: tuple[Paragraph, ...]
) -> None:
    assert place_now(tmp_path, *new) is None


def test_a_quote_in_which_words_changed_their_places_ends_with_its_sentence(tmp_path: Path) -> None:
    text = "Auch dort ist der Held ein Narr und ein Weiser zugleich."
    old = version("a", ("Ana", f"So ist es. {text} Und so weiter."))
    keep(tmp_path, old, 3, 14)
    moved = "Auch dort ist der Held ein Narr und |0.8 zugleich ~ein ~Weiser."
    now = version("b", ("Ana", f"So ist es. {moved} Und so weiter."))
    [told], _ = page_of_quotes(now, placed(tmp_path, now))
    assert told["text"] == "Auch dort ist der Held ein Narr und zugleich ein Weiser."
    assert told["was"] == text


def test_what_a_sentence_goes_on_with_that_the_quote_never_had_is_not_added(tmp_path: Path) -> None:
    text = "Auch dort ist der Held ein Narr und ein Weiser."
    keep(tmp_path, version("a", ("Ana", text)), 0, 10)
    now = version("b", ("Ana", "Auch dort ist der Held ein Narr, ein Weiser und ein König."))
    [told], _ = page_of_quotes(now, placed(tmp_path, now))
    assert not told["text"].endswith("König.")
