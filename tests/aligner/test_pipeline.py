"""The pipeline from end to end and its way in for programs, on the sample with a perfect recogniser."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import aligner
from aligner.model import (
    Annotation,
    AnnotationKind,
    Audio,
    RecognisedWord,
    Recognition,
    Review,
    Span,
    Status,
    Untranscribed,
)
from aligner.pipeline import Aligned, AlignOptions, align, with_text
from aligner.publishing.audiograms import AudiogramOptions
from aligner.recognition import Progress, silent
from aligner.recognition.asr import AsrRecogniser
from media.errors import UserError
from tests.paths import SAMPLE
from tests.tables import over_rows

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
AUDIO = Audio(Path("episode.mp3"), "5" * 64, 60.0, (Span(0, 10), Span(12, 20), Span(21, 30), Span(40, 50)))


class PerfectRecogniser:
    """A recogniser that returns each word of the sample as written, at its true time."""

    name, model = "planted", "truth"

    def __init__(self, language: str = "fr") -> None:
        self._language = language

    def identity(self) -> dict[str, object]:
        return {"language": self._language}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        words = (w for w in TRUTH["words"] if w["start"] is not None)
        return Recognition(tuple(RecognisedWord(w["text"], w["start"], w["end"]) for w in words), self._language)


@pytest.fixture(scope="module")
def aligned() -> Aligned:
    return align(
        SAMPLE / "episode.mp3",
        SAMPLE / "transcript.txt",
        AlignOptions(show="Roue libre"),
        recognisers=(PerfectRecogniser(),),
    )


def test_every_spoken_word_is_where_it_is_said(aligned: Aligned) -> None:
    spoken = (w for w in TRUTH["words"] if w["start"] is not None and any(map(str.isalnum, w["text"])))
    said = {w["char_start"]: w["start"] for w in spoken}
    timed = {w.word.char_start: w.span.start for w in aligned.alignment.words if w.span}
    assert said.keys() <= timed.keys()
    assert all(abs(timed[k] - start) < 0.16 for k, start in said.items())


def test_what_is_not_said_is_unspoken(aligned: Aligned) -> None:
    silent = {w["char_start"]: w for w in TRUTH["words"] if w["why"] in ("heading", "note", "stage", "cut")}
    unspoken = {w.word.char_start for w in aligned.alignment.words if w.status is Status.UNSPOKEN}
    words = {w.word.char_start for w in aligned.alignment.words}
    assert silent.keys() & words <= unspoken


def test_aligning_again_keeps_annotations_and_a_review_if_no_word_differs(aligned: Aligned, tmp_path: Path) -> None:
    first = next(word.span for word in aligned.alignment.words if word.span)
    ad = Annotation(AnnotationKind.AD, 0.0, first.start)
    review = Review("Zoé", "2026-11-27T01:02:03Z", 1.0)
    earlier = replace(aligned.alignment, annotations=(ad,), review=review, machine_text=True)
    text = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    for number, changed in enumerate(
        (text, text.replace("vélo", "bicyclette"), "Lorem ipsum dolor sit amet consectetur.")
    ):
        path = tmp_path / f"{number}.txt"
        path.write_text(changed, encoding="utf-8")
        again = align(
            SAMPLE / "episode.mp3", path, AlignOptions(), recognisers=(PerfectRecogniser(),), previous=earlier
        ).alignment
        assert again.annotations == (ad,)
        assert again.review == (review if number == 0 else None)
        assert again.machine_text is (number < 2)


def test_the_episode_is_described_by_the_user_and_then_by_the_file(aligned: Aligned) -> None:
    assert aligned.alignment.episode.show == "Roue libre"
    assert aligned.alignment.episode.title == "episode"
    assert aligned.alignment.language == "fr"
    speakers = {s.segment.speaker for s in aligned.alignment.segments if s.segment.speaker}
    assert speakers == {"Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin"}


def test_aligning_again_keeps_the_episodes_details_unless_new_ones_are_given(aligned: Aligned) -> None:
    said = replace(
        aligned.alignment.episode, title="A ride", show="Freewheel", date="2025-03-15", cover="c.jpg", guid="7"
    )
    earlier = replace(aligned.alignment, episode=said)

    def again(**told: Any) -> object:
        files = SAMPLE / "episode.mp3", SAMPLE / "transcript.txt"
        return align(
            *files, AlignOptions(**told), recognisers=(PerfectRecogniser(),), previous=earlier
        ).alignment.episode

    assert again() == said
    assert again(show="Another", guid="8") == replace(said, show="Another", guid="8")
    assert getattr(again(folder_title=True), "show", "") != "Freewheel"  # where the options tell all there is


def test_an_episode_without_a_title_is_called_as_its_folder_where_that_is_asked_for(tmp_path: Path) -> None:
    audio = shutil.copy(SAMPLE / "episode.mp3", tmp_path / "audio.mp3")
    text = tmp_path / "transcript.txt"
    text.write_bytes((SAMPLE / "transcript.txt").read_bytes())
    folder = tmp_path / "Les marées, épisode 3"
    for title, named in ((None, folder.name), ("La digue", "La digue")):
        options = AlignOptions(folder=folder, title=title, folder_title=True)
        assert align(audio, text, options, recognisers=(PerfectRecogniser(),)).alignment.episode.title == named


@over_rows(
    "told, expected",
    [
        ({"date": "hier"}, "hier: not a date; expected one such as 2025-03-04"),
        ({"date": "2025-02-30"}, "2025-02-30: not a date"),
        ({"url": "javascript:alert(1)"}, "not an address of the web; expected one that begins with https://"),
        ({"url": "https://"}, "not an address of the web"),
        ({"url": "https://example.org/a b"}, "not an address of the web"),
        ({"guid": "one\ntwo"}, "not a GUID; expected a line of at most 2000 characters"),
        ({"guid": "x" * 2001}, "not a GUID"),
        ({"cover": SAMPLE / "transcript.txt"}, "expected a JPEG, PNG or WebP picture"),
    ],
)
def test_what_is_told_of_an_episode_and_cannot_be_used_is_refused_before_the_work(
    told: dict[str, Any], expected: str
) -> None:
    with pytest.raises(UserError, match=expected):
        align(SAMPLE / "episode.mp3", SAMPLE / "transcript.txt", AlignOptions(**told), recognisers=())


def test_paths_are_seen_from_where_the_alignment_will_lie(aligned: Aligned, tmp_path: Path) -> None:
    assert aligned.alignment.audio.file == "episode.mp3"
    shows, captions = tmp_path / "shows", tmp_path / "captions"
    shows.mkdir()
    audio = Path(shutil.copy(SAMPLE / "episode.mp3", shows / "episode.mp3"))
    cover = shows / "cover.jpg"
    Image.new("RGB", (8, 8)).save(cover)
    options = AlignOptions(cover=cover, folder=captions)
    moved = align(audio, SAMPLE / "transcript.txt", options, recognisers=(PerfectRecogniser(),)).alignment
    assert (moved.audio.file, moved.episode.cover) == ("../shows/episode.mp3", "../shows/cover.jpg")


def test_a_transcript_gives_the_language_if_the_recogniser_does_not(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    lines = (SAMPLE / "transcript.txt").read_text(encoding="utf-8").splitlines()
    body = "".join(f"<p>{line}</p>" for line in lines)
    page.write_text(f'<html lang="fr-FR"><body>{body}</body></html>', encoding="utf-8")
    assert align(SAMPLE / "episode.mp3", page, recognisers=(PerfectRecogniser("und"),)).alignment.language == "fr"


@over_rows("heard", ["la", "ca", "en", "fr"])
def test_the_words_of_a_transcript_tell_its_language_better_than_its_sound(heard: str) -> None:
    files, recognisers = (SAMPLE / "episode.mp3", SAMPLE / "transcript.txt"), (PerfectRecogniser(heard),)
    assert align(*files, recognisers=recognisers).alignment.language == "fr"
    asked = AlignOptions(language=heard)
    assert align(*files, asked, recognisers=recognisers).alignment.language == heard


@over_rows("said, expected", [("Καλησπέρα σας, είμαστε στο καφενείο του Μάνου", "el"), ("Bonsoir", None)])
def test_words_are_heard_in_the_language_of_a_text_in_another_script(
    said: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = list[object]()

    def recognised(recogniser: AsrRecogniser, _audio: Audio, _progress: Progress) -> Recognition:
        heard.append(recogniser.identity()["language"])
        return Recognition((RecognisedWord("Καλησπέρα", 1.0, 1.5),), "fr")

    monkeypatch.setattr(AsrRecogniser, "recognise", recognised)
    monkeypatch.setattr("aligner.pipeline.with_text", lambda *given: heard.append(given[2].vocabulary) or ())
    transcript = tmp_path / "text.txt"
    transcript.write_text(f"{said}.\n" * 20, encoding="utf-8")
    align(SAMPLE / "episode.mp3", transcript, AlignOptions(vocabulary="Zoé\n"), recognisers=(AsrRecogniser(),))
    assert set(heard) == {expected, ("Zoé",)}


class EverySecond:
    """A recogniser that returns a word, its second, in the middle of every second of speech."""

    name, model = "words", "planted"

    def __init__(self) -> None:
        self.asked: list[tuple[Span, ...]] = []

    def identity(self) -> dict[str, object]:
        return {}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        self.asked.append(audio.speech)
        seconds = (s for span in audio.speech for s in range(int(span.start), int(span.end)))
        return Recognition(tuple(RecognisedWord(str(s), s + 0.4, s + 0.6) for s in seconds), "en")


def test_only_the_speech_of_passages_without_text_is_recognised_in_whole_spans() -> None:
    recogniser = EverySecond()
    passages = (Untranscribed(8.0, 14.0, ""), Untranscribed(17.0, 19.0, ""), Untranscribed(22.0, 24.0, "said"))
    worded = with_text(passages, AUDIO, recogniser, silent)
    assert recogniser.asked == [(Span(0, 10), Span(12, 20))]
    assert [passage.text for passage in worded] == ["8 9 12 13", "17 18", "said"]
    assert [(p.start, p.end) for p in worded] == [(p.start, p.end) for p in passages]


def test_a_passage_is_transcribed_once() -> None:
    recogniser = EverySecond()
    passages = (Untranscribed(13.0, 16.0, ""),)
    sound = Audio(Path("other.mp3"), "6" * 64, 60.0, AUDIO.speech)
    assert with_text(passages, sound, recogniser, silent) == with_text(passages, sound, recogniser, silent)
    assert len(recogniser.asked) == 1


def test_paths_may_be_text(tmp_path: Path) -> None:
    options = aligner.AlignOptions(folder=str(tmp_path))  # type: ignore[arg-type]
    aligned = aligner.align(
        str(SAMPLE / "episode.mp3"), str(SAMPLE / "transcript.txt"), options, recognisers=(PerfectRecogniser(),)
    )
    written = aligner.write_outputs(aligned.alignment, str(tmp_path), "episode")
    assert written.paths[-1] == tmp_path / "episode.alignment.json"
    assert aligner.read_alignment(str(written.paths[-1])).words == aligner.read_alignment(written.paths[-1]).words
    episode = aligner.open_episode(str(written.paths[-1]))
    assert episode.audio.samefile(SAMPLE / "episode.mp3")
    clip = aligner.make_clip(
        episode,
        aligner.QuoteQuery("une promenade qui attend"),
        str(tmp_path / "quote.wav"),
        aligner.ClipOptions(listen=False),
    )
    assert clip.paths[0] == tmp_path / "quote.wav"


@over_rows(
    "options, given, refusal",
    [
        *[(aligner.ClipOptions, {"lufs": lufs}, "expected -40 to -5 LUFS") for lufs in (-500.0, 50.0, math.nan)],
        (AudiogramOptions, {"lufs": 50.0}, "expected -40 to -5 LUFS"),
        (aligner.OutputOptions, {"formats": ("vtt", "ass")}, "expected some of vtt, srt, json"),
        (aligner.OutputOptions, {"formats": "vtt"}, "expected some of vtt, srt, json"),
        (aligner.AlignOptions, {"method": "nose"}, "expected acoustic or asr"),
    ],
)
def test_an_option_that_there_is_not_is_refused(options: type, given: dict[str, object], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        options(**given)


@over_rows("name", ["", "../episode", "a/b"])
def test_outputs_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    episode, transcript = SAMPLE / "episode.mp3", SAMPLE / "transcript.txt"
    alignment = aligner.align(episode, transcript, recognisers=(PerfectRecogniser(),)).alignment
    with pytest.raises(ValueError, match="expected one without folders"):
        aligner.write_outputs(alignment, tmp_path / "out", name)
    assert not (tmp_path / "out").exists()
