"""Two versions are compared by sentences, and listed with the change that resulted in them."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.model import Kind
from aligner.storage.history import History, changed, open_history
from tests.aligner.storage.corrected import laid_out
from tests.aligner.storage.written_texts import transcript_of
from web.versions.comparing import Difference, Sentence, differences, sentences_of
from web.versions.listing import change_to

TALK = "Ana : Bonjour à tous. M. Roy est là, enfin !\n\nLeo : Avec plaisir.\n\nAna : On commence ?\n\nLeo : Oui.\n"


def told(before: str, after: str) -> list[tuple[Difference, str, str]]:
    found = differences(sentences_of(transcript_of(before), "fr"), sentences_of(transcript_of(after), "fr"))
    return [
        (row.difference, *("".join(f"[{r.text}]" if r.differs else r.text for r in side) for side in
         (row.before_runs, row.after_runs)))
        for part in found
        for row in part.rows
        if row.difference is not Difference.SAME
    ]  # fmt: skip


def test_sentences_end_as_in_captions():
    texts = [(each.speaker, each.text) for each in sentences_of(transcript_of(TALK), "fr")]
    assert texts == [
        ("Ana", "Bonjour à tous."),
        ("Ana", "M. Roy est là, enfin !"),
        ("Leo", "Avec plaisir."),
        ("Ana", "On commence ?"),
        ("Leo", "Oui."),
    ]


def test_a_changed_word_is_marked_in_its_sentence():
    after = TALK.replace("est là", "est arrivé")
    assert told(TALK, after) == [(Difference.CHANGED, "M. Roy est [là,] enfin !", "M. Roy est [arrivé,] enfin !")]


def test_added_and_removed_sentences_are_reported():
    after = TALK.replace("Bonjour à tous. ", "").replace("Leo : Oui.", "Leo : Oui. Voilà qui est dit.")
    assert told(TALK, after) == [
        (Difference.REMOVED, "[Bonjour à tous.]", ""),
        (Difference.ADDED, "", "[Voilà qui est dit.]"),
    ]


def test_another_speaker_is_a_change():
    after = TALK.replace("Leo : Avec", "Ana : Avec")
    assert told(TALK, after) == [(Difference.CHANGED, "Avec plaisir.", "Avec plaisir.")]


def test_a_rewritten_hour_has_no_common_sentence():
    before = [Sentence(Kind.SPEECH, "Ana", f"Phrase numéro {k} de l’heure, avec quelques mots.") for k in range(1500)]
    after = [Sentence(Kind.SPEECH, "Ana", f"Autre chose {k * 7919} qui n’a rien à voir.") for k in range(1500)]
    assert Counter(row.difference for part in differences(before, after) for row in part.rows) == {
        Difference.REMOVED: 1500,
        Difference.ADDED: 1500,
    }


SENTENCES = st.lists(
    st.builds(Sentence, st.just(Kind.SPEECH), st.sampled_from([None, "Ana"]), st.text("ab .", min_size=1))
)


@pytest.mark.nightly
@given(SENTENCES, SENTENCES)
@settings(max_examples=200, deadline=None)
def test_a_comparison_contains_both_texts_completely(before, after):
    for part in differences(before, after):
        assert before[: part.left_out] == after[: part.left_out]
        shown = [row.before for row in part.rows if row.before], [row.after for row in part.rows if row.after]
        before, after = before[part.left_out :], after[part.left_out :]
        assert (before[: len(shown[0])], after[: len(shown[1])]) == shown
        before, after = before[len(shown[0]) :], after[len(shown[1]) :]
    assert before == after == []


def with_text(history: History, sha256: str) -> History:
    transcript = replace(history.alignment.transcript, sha256=sha256)
    return changed(history, replace(history.alignment, transcript=transcript), {"kind": "aligned"}, "Ada")


def test_a_version_has_its_first_change(tmp_path: Path) -> None:
    history = open_history(laid_out(tmp_path / "episode"))
    first = history.alignment.transcript.sha256
    for sha256 in ("1" * 64, "2" * 64, "1" * 64, first):
        history = with_text(history, sha256)
    found = [change_to(history.path, sha256) for sha256 in (first, "1" * 64, "2" * 64)]
    assert [change and change.id for change in found] == [None, 2, 3]
