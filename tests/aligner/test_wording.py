"""Words for speech that the transcript lacks: asked of the ear for that speech, and for nothing else."""

from pathlib import Path

from aligner.model import HeardWord, Span, Untranscribed
from aligner.recognition import Hearing, Progress, Sound, silent
from aligner.wording import with_wording

SOUND = Sound(Path("episode.mp3"), "5" * 64, 60.0, (Span(0, 10), Span(12, 20), Span(21, 30), Span(40, 50)))


class EverySecond:
    """Hears a word, its second, in the middle of every second that it is given."""

    name, model = "words", "planted"

    def __init__(self) -> None:
        self.asked: list[tuple[Span, ...]] = []

    def identity(self) -> dict[str, object]:
        return {}

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        self.asked.append(sound.speech)
        seconds = (s for span in sound.speech for s in range(int(span.start), int(span.end)))
        return Hearing(tuple(HeardWord(str(s), s + 0.4, s + 0.6) for s in seconds), "en")


def test_only_the_speech_of_passages_without_text_is_listened_to_as_whole_spans() -> None:
    ear = EverySecond()
    passages = (Untranscribed(13.0, 16.0, ""), Untranscribed(22.0, 24.0, "said"), Untranscribed(41.0, 43.0, ""))
    worded = with_wording(passages, SOUND, ear, silent)
    assert ear.asked == [(Span(12, 20), Span(40, 50))]
    assert [passage.text for passage in worded] == ["13 14 15", "said", "41 42"]
    assert [(p.start, p.end) for p in worded] == [(p.start, p.end) for p in passages]


def test_a_passage_over_several_spans_gets_the_words_of_all_and_two_in_one_span_their_own() -> None:
    ear = EverySecond()
    passages = (Untranscribed(8.0, 14.0, ""), Untranscribed(17.0, 19.0, ""))
    worded = with_wording(passages, SOUND, ear, silent)
    assert ear.asked == [(Span(0, 10), Span(12, 20))]
    assert [passage.text for passage in worded] == ["8 9 12 13", "17 18"]


def test_nobody_listens_where_every_passage_has_its_text_or_there_is_none() -> None:
    ear = EverySecond()
    told = (Untranscribed(13.0, 16.0, "said"),)
    assert with_wording(told, SOUND, ear, silent) == told
    assert with_wording((), SOUND, ear, silent) == ()
    assert ear.asked == []


def test_what_was_put_into_words_once_is_not_listened_to_again() -> None:
    ear = EverySecond()
    passages = (Untranscribed(13.0, 16.0, ""),)
    sound = Sound(Path("other.mp3"), "6" * 64, 60.0, SOUND.speech)
    assert with_wording(passages, sound, ear, silent) == with_wording(passages, sound, ear, silent)
    assert len(ear.asked) == 1
