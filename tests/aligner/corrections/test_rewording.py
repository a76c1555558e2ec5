"""A change of the text costs a search where it stands, and comes to what aligning anew comes to."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from aligner.attempts import locate
from aligner.corrections.commands import Unspoken, corrected
from aligner.corrections.rewording import reworded
from aligner.model import Alignment, Located, Span, Status, Transcript
from aligner.pins import LostPin, PinKind
from tests.aligner.corrections.test_repair import SENTENCES, episode
from tests.aligner.episodes import spoken, transcript_of

Sentences = list[str]


def anew(transcript: Transcript) -> Located:
    _, heard = episode()
    return locate(transcript, heard.audio, heard.recognition, "en")


def typo(sentences: Sentences) -> Sentences:
    return [*sentences[:20], sentences[20].replace("e", "o", 2), *sentences[21:]]


def sentence_out(sentences: Sentences) -> Sentences:
    return sentences[:30] + sentences[31:]


def sentence_in(sentences: Sentences) -> Sentences:
    return [*sentences[:30], "Seventeen violins were quietly painted purple.", *sentences[30:]]


def first_out(sentences: Sentences) -> Sentences:
    return sentences[1:]


def last_out(sentences: Sentences) -> Sentences:
    return sentences[:-1]


def swapped(sentences: Sentences) -> Sentences:
    return [*sentences[:24], *sentences[28:32], *sentences[24:28], *sentences[32:]]


def far_apart(sentences: Sentences) -> Sentences:
    return [*sentences[:5], *sentences[6:50], "Nobody asked.", *sentences[50:]]


def differing(transcript: Transcript, now: Alignment) -> list[int]:
    """The words that start elsewhere than in an alignment made anew, by more than 20 ms."""
    pairs = enumerate(zip(now.words, anew(transcript).placements, strict=True))
    return [
        k
        for k, (word, placement) in pairs
        if (word.span is None) != (placement.span is None)
        or (word.span and placement.span and abs(word.span.start - placement.span.start) > 0.02)
    ]


@pytest.mark.parametrize(
    "change", [typo, sentence_out, sentence_in, first_out, last_out, far_apart], ids=lambda each: each.__name__
)
def test_a_changed_text_comes_to_what_aligning_it_anew_does(change: Callable[[Sentences], Sentences]) -> None:
    right, heard = episode()
    transcript = transcript_of(*change(list(SENTENCES)))
    now = reworded(right, transcript, heard)
    assert now.transcript == transcript
    assert len(differing(transcript, now)) < 0.005 * len(now.words)


def test_of_passages_that_were_swapped_one_is_found_and_all_around_them_stays() -> None:
    """Which one is anyone's guess: the sound has them in the other order."""
    right, heard = episode()
    transcript = transcript_of(*swapped(list(SENTENCES)))
    now = reworded(right, transcript, heard)
    first, middle, stop = (sum(len(s.split()) for s in swapped(list(SENTENCES))[:k]) for k in (24, 28, 32))
    assert set(differing(transcript, now)) <= set(range(first, stop))
    found = [
        sum(word.span is not None for word in now.words[part]) for part in (slice(first, middle), slice(middle, stop))
    ]
    assert max(found) >= 0.9 * min(middle - first, stop - middle)
    assert min(found) <= 0.1 * max(middle - first, stop - middle)


def test_words_that_stay_keep_their_times_to_the_last_digit() -> None:
    right, heard = episode()
    sentences = list(SENTENCES)
    now = reworded(right, transcript_of(*sentence_out(sentences)), heard)
    first = sum(len(sentence.split()) for sentence in sentences[:29])
    assert now.words[:first] == right.words[:first]
    assert [word.span for word in now.words[first + 15 :]] == [
        word.span for word in right.words[first + 15 + len(sentences[30].split()) :]
    ]


def test_a_paragraph_is_searched_in_some_seconds_of_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    right, heard = episode()
    sought: list[int] = []

    def counting(transcript: Transcript, *rest: object, **more: object) -> Located:
        sought.append(len(transcript.words))
        return locate(transcript, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("aligner.corrections.repair.locate", counting)
    reworded(right, transcript_of(*typo(list(SENTENCES))), heard)
    assert 0 < sum(sought) < len(right.words) / 3


def test_pins_survive_changes_all_around_them() -> None:
    right, heard = episode()
    at = 100
    span = Span(spoken(right.words[at]).start + 0.03, spoken(right.words[at]).end)
    kept = replace(right.words[at], span=span, status=Status.EXACT, confidence=1.0, pinned=True)
    now = replace(right, words=(*right.words[:at], kept, *right.words[at + 1 :]))
    sentences, rng = list(SENTENCES), random.Random(3)
    pinned = next(s for s in SENTENCES if kept.word.char_start < now.transcript.text.index(s) + len(s) + 1)
    for _ in range(6):
        change = rng.choice(sentences)
        if change != pinned:
            sentences.remove(change)
        now = reworded(now, transcript_of(*sentences), heard)
        assert [(w.word.text, w.span) for w in now.words if w.pinned] == [(kept.word.text, span)]
    sentences.remove(pinned)
    now = reworded(now, transcript_of(*sentences), heard)
    assert now.lost_pins == (LostPin(PinKind.WORD, kept.word.text, span),)
    assert not any(word.pinned for word in now.words)


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_word_that_replaces_one_that_nobody_says_is_sought(is_heard: bool) -> None:
    right, heard = episode()
    said = right.words[100].word
    sentences = [s.replace(said.text, "xylograph") if k == said.segment else s for k, s in enumerate(SENTENCES)]
    wrong = reworded(right, transcript_of(*sentences), heard)
    marked = corrected(wrong, Unspoken(100, 101), heard)
    assert (marked.words[100].word.text, marked.words[100].pinned) == ("xylograph", True)
    now = reworded(marked, transcript_of(*SENTENCES), heard if is_heard else None)
    assert not now.words[100].pinned
    if is_heard:
        assert abs(spoken(now.words[100]).start - spoken(right.words[100]).start) < 0.02
    else:
        assert (now.words[100].status, now.words[100].confidence) == (Status.UNSPOKEN, 0.0)
    assert now.lost_pins == (LostPin(PinKind.UNSPOKEN, "xylograph", None),)
    same = reworded(marked, transcript_of(*(s.replace("xylograph", "Xylógraph,") for s in sentences)), heard)
    assert same.words[100].pinned
