"""What of a transcript may be read aloud, and whether its letters are ones that the letters ear knows."""

from pathlib import Path

from aligner.locating.spoken_words import breaks_after, is_latin, spoken_tokens
from aligner.model import Kind
from aligner.transcript import read_transcript
from tests.aligner.episodes import transcript_of
from tests.tables import over_rows


def test_speech_and_headings_may_be_read_aloud_notes_and_stage_directions_are_not() -> None:
    transcript = transcript_of((Kind.HEADING, "The weather"), "It rains.", (Kind.NOTE, "Laughs"), (Kind.STAGE, "Music"))
    assert spoken_tokens(transcript, "en") == ["The", "weather", "It", "rains.", None, None]


def test_a_tag_is_not_read_whichever_ear_listens(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("They came <vocnoise> and went.\n", encoding="utf-8")
    assert spoken_tokens(read_transcript(path), "en") == ["They", "came", None, "and", "went."]


def test_a_sign_that_stands_alone_is_read_with_the_word_before_it() -> None:
    assert spoken_tokens(transcript_of("près de 80 % des gens"), "fr") == ["près", "de", "80%", "des", "gens"]


def test_money_is_read_after_its_number_where_the_language_writes_it_before() -> None:
    written = transcript_of("het kost € 3,50 of 80 % meer, dus € veel")
    assert spoken_tokens(written, "nl") == ["het", "kost", "€3,50", "of", "80%", "meer,", "dus€", "veel"]
    assert spoken_tokens(transcript_of("coûte 3 € 50 fois"), "fr") == ["coûte", "3€", "50", "fois"]


def test_a_dash_that_stands_alone_is_not_read() -> None:
    assert spoken_tokens(transcript_of("wait – not here - yet"), "en") == ["wait", "not", "here", "yet"]


def test_a_clause_ends_at_a_stop_and_a_sentence_at_a_full_one_or_with_its_paragraph() -> None:
    transcript = transcript_of("“Not so!” he said – and left, at 3.50", "We stayed")
    ends = dict(zip([word.text for word in transcript.words], breaks_after(transcript).tolist(), strict=True))
    assert [ends[word] for word in ("he", "“Not", "and", "at", "We")] == [0] * 5
    assert (ends["said"], ends["left,"]) == (1, 1)
    assert (ends["so!”"], ends["3.50"], ends["stayed"]) == (2, 2, 2)


@over_rows("text", ["Ça alors, près de l'île !", "Đà Nẵng", "Łódź", "plain words", "straße и"])
def test_latin_letters_with_or_without_marks_are_latin(text: str) -> None:
    assert is_latin(transcript_of(text))


@over_rows("text", ["Добрый вечер", "Καλησπέρα σας", "مساء الخير", "こんばんは", "Вечер FM", "1984", ""])
def test_other_scripts_and_texts_without_letters_are_not(text: str) -> None:
    assert not is_latin(transcript_of(text) if text else transcript_of())
