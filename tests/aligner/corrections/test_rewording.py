"""A change of the text costs a search where it stands, and comes to what aligning anew comes to."""

from collections.abc import Callable

from aligner.attempts import locate
from aligner.corrections.text import with_transcript
from aligner.model import Alignment, Located, Transcript
from tests.aligner.corrections.test_repair import SENTENCES, episode
from tests.aligner.episodes import transcript_of
from tests.tables import over_rows

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


def differing(transcript: Transcript, now: Alignment) -> list[int]:
    """The words that start elsewhere than in an alignment made anew, by more than 20 ms."""
    pairs = enumerate(zip(now.words, anew(transcript).placements, strict=True))
    return [
        k
        for k, (word, placement) in pairs
        if (word.span is None) != (placement.span is None)
        or (word.span and placement.span and abs(word.span.start - placement.span.start) > 0.02)
    ]


@over_rows("change", [typo, sentence_out, sentence_in, lambda all_: all_[1:], lambda all_: all_[:-1]])
def test_a_changed_text_comes_to_what_aligning_it_anew_does(change: Callable[[Sentences], Sentences]) -> None:
    right, heard = episode()
    transcript = transcript_of(*change(list(SENTENCES)))
    now = with_transcript(right, transcript, heard)
    assert now.transcript == transcript
    assert len(differing(transcript, now)) < 0.005 * len(now.words)


def test_words_that_stay_keep_their_times_to_the_last_digit() -> None:
    right, heard = episode()
    sentences = list(SENTENCES)
    now = with_transcript(right, transcript_of(*sentence_out(sentences)), heard)
    first = sum(len(sentence.split()) for sentence in sentences[:29])
    assert now.words[:first] == right.words[:first]
    assert [word.span for word in now.words[first + 15 :]] == [
        word.span for word in right.words[first + 15 + len(sentences[30].split()) :]
    ]
