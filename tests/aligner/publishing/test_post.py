"""The post, tags and record of a clip, in its own language."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner.captions import CaptionRules, CueBuilder, SpeakerNames
from aligner.model import Alignment, AudioFile, EpisodeDetails, Kind, Span
from aligner.publishing.clips import alt_text, link, moved_records, post_text, record, tags
from aligner.publishing.excerpt import Cut, Timeline, cut_out
from aligner.publishing.screens import shown_words
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import quote_of_words
from aligner.retiming.moving import AudioMapping, MatchedSpan
from aligner.storage.atomic import write_files
from media.mastering import Level
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows

TEXT = "The harbour sleeps. Boats knock at the quay, all night long."


def cut_of(language: str = "en", speaker: str | None = "Ada", **episode: str) -> Cut:
    """All that is said but the first sentence, from second 62 of the episode on."""
    alignment = replace(alignment_of(TEXT, start=60.0), language=language, episode=EpisodeDetails(**episode))
    quote = quote_of_words(alignment, range(3, 11))
    quote = replace(quote, printed=replace(quote.printed, said_by=(speaker,)))
    return cut_out(alignment, quote, Timeline((Span(62.0, 65.2),)))


@over_rows(
    "language, alt",
    [
        ("en", "Audio clip, 3 seconds. Ada: “Boats knock at the quay, all night long.”"),
        ("fr", "Extrait audio, 3 secondes. Ada\u00a0: «\u00a0Boats knock at the quay, all night long.\u00a0»"),
        ("nl", "Audiofragment, 3 seconden. Ada: “Boats knock at the quay, all night long.”"),
        ("xx", "0:03 – Ada: “Boats knock at the quay, all night long.”"),
    ],
)
def test_a_clip_is_described_in_its_own_language_and_without_words_if_unknown(language: str, alt: str) -> None:
    assert alt_text(cut_of(language)) == alt


def test_an_unnamed_speaker_is_left_out() -> None:
    for language in ("en", "fr", "ar"):
        assert "Ada" not in alt_text(cut_of(language, speaker=None))
        assert "\0" not in alt_text(cut_of(language, speaker=None))


def test_a_post_is_the_quote_its_credits_and_its_link_over_the_description() -> None:
    cut = cut_of(title="The ferry", show="Tides", url="https://tides.example/7")
    assert post_text(cut) == (
        "“Boats knock at the quay, all night long.”\n"
        "— Ada, Tides, The ferry\n"
        "https://tides.example/7#t=62\n"
        "\n"
        "Audio clip, 3 seconds. Ada: “Boats knock at the quay, all night long.”\n"
    )


def test_a_link_has_the_second_unless_it_already_has_one() -> None:
    assert link(EpisodeDetails(url=" https://tides.example/7 "), 62.9) == "https://tides.example/7#t=62"
    assert link(EpisodeDetails(url="https://tides.example/7#chapter-2"), 62.9) == "https://tides.example/7#chapter-2"
    assert link(EpisodeDetails(), 62.9) is None


def test_tags_have_the_source_without_unknown_details() -> None:
    assert tags(cut_of(title="The ferry", speaker=None)) == {
        "title": "Boats knock at the quay, all night long.",
        "album": "The ferry",
        "comment": "From The ferry, at 1:02",
    }


def test_the_record_lists_the_quotes_warnings_before_the_clips() -> None:
    cut = cut_of()
    cut = replace(cut, quote=replace(cut.quote, cautions=(Caution("unspoken", "a"),)))
    content = json.loads(record(cut, "a.mp3", Level(None, float("-inf")), "boats", [Caution("negation", "b")]))
    assert [warning["kind"] for warning in content["warnings"]] == ["unspoken", "negation"]
    assert content["loudness"] == {"lufs": None, "true_peak_db": -120.0}
    assert content["source"]["words"] == [3, 11]
    assert content["source"]["kept"] == [[62.0, 65.2]]
    assert content["heard"] == "boats"


def test_post_captions_and_video_have_the_same_words_and_only_spoken_ones() -> None:
    alignment = spoken(
        ("Ana", "~Bonjour. Oui, tout ~à fait."),
        (Kind.HEADING, "La suite"),
        ("Ana", "~Je ~vous ~en ~prie. Le port (rires) dort.[1]"),
        (None, "~Une ~note ~de ~la ~rédaction."),
        ("Ana", "Et la mer monte. ~Merci."),
    )
    quote = quote_of_words(alignment, range(len(alignment.words)), mostly_spoken=False)
    cut = cut_out(alignment, quote, Timeline((Span(0.0, alignment.audio.duration),)))
    cues = CueBuilder(cut.alignment, CaptionRules(sound_cues=False), cut.quote.words).cues(SpeakerNames.NEVER)
    words = ["Oui,", "tout", "à", "fait.", "Le", "port", "dort.", "Et", "la", "mer", "monte."]
    assert quote.text.split() == words
    assert " ".join(line.spoken for cue in cues for line in cue.lines).split() == words
    assert [word.text for word in shown_words(cut)] == words


def said(*paragraphs: tuple[str | None, str], language: str = "fr", **episode: str) -> Cut:
    alignment = replace(spoken(*paragraphs, language=language), episode=EpisodeDetails(**episode))
    quote = quote_of_words(alignment, range(len(alignment.words)))
    return cut_out(alignment, quote, Timeline((Span(0.0, alignment.audio.duration),)))


def test_several_speakers_are_a_dialogue_with_their_names() -> None:
    cut = said(("Ana", "Oui, tout à fait."), ("Bo", "Il a dit « mon titre »."), ("Bo", "Écoute,"), title="Le bac")
    assert post_text(cut).split("\n") == [
        "Ana\u00a0: «\u00a0Oui, tout à fait.\u00a0»",
        "Bo\u00a0: «\u00a0Il a dit “mon titre”.",
        "Écoute\u00a0»",
        "— Le bac",
        "",
        "Extrait audio, 6 secondes. Ana\u00a0: «\u00a0Oui, tout à fait.\u00a0» "
        "Bo\u00a0: «\u00a0Il a dit “mon titre”. Écoute\u00a0»",
        "",
    ]


def test_a_post_has_only_widely_supported_no_break_spaces() -> None:
    cut = said(("Ana", "Tu viens ? Il y a 12 000 km ; « oui » ."), title="Le bac : 30 % de houle !", show="Marées")
    text = post_text(cut)
    assert text.startswith(
        "«\u00a0Tu viens\u00a0? Il y a 12\u00a0000\u00a0km\u00a0; “oui” .\u00a0»\n"
        "— Ana, Marées, Le bac\u00a0: 30\u00a0% de houle\u00a0!\n"
    )
    assert "\u202f" not in text
    url = "https://bac.example/?q=12 000"
    assert f"\n{url}#t=0\n" in post_text(said(("Ana", "Tu viens ?"), url=url))


def test_unnamed_speakers_are_a_dialogue_with_dashes() -> None:
    cut = said((None, "Les ogres sont comme les oignons."), (None, "— Ils piquent les yeux ?"), (None, "— Non !"))
    assert post_text(cut).split("\n")[:3] == [
        "«\u00a0Les ogres sont comme les oignons.",
        "–\u00a0Ils piquent les yeux\u00a0?",
        "–\u00a0Non\u00a0!\u00a0»",
    ]


OLD = AudioFile("old.mp3", 60.0, "0" * 64)
TIMELINE = AudioMapping(
    [MatchedSpan(Span(0.0, 10.0), Span(30.0, 40.0)), MatchedSpan(Span(12.0, 40.0), Span(50.0, 78.0))], 90.0
)


def now() -> Alignment:
    episode = EpisodeDetails(url="https://ferry.example/1")
    return replace(alignment_of("ahoy"), audio=AudioFile("new.mp3", 90.0, "f" * 64), episode=episode)


def write_record(path: Path, start: float, end: float, **others: Any) -> Path:
    source = {"audio": "old.mp3", "sha256": OLD.sha256, "start": start, "end": end}
    source |= {"kept": [[start, end]], "words": [0]}
    content = {"format": "quotecast-clip", "version": 1, "quote": "ahoy", "source": source, "more": "of others"}
    path.write_text(json.dumps(content | others), encoding="utf-8")
    return path


def test_a_record_moves_with_its_audio_and_keeps_all_else(tmp_path: Path) -> None:
    path = write_record(tmp_path / "clip.json", 2.0, 5.5)
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["source"] == {
        "audio": "new.mp3", "sha256": "f" * 64, "start": 32.0, "end": 35.5, "kept": [[32.0, 35.5]], "words": [0],
    }  # fmt: skip
    assert told["link"] == "https://ferry.example/1#t=32"
    assert told["more"] == "of others"
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))  # which is no move any more
    assert json.loads(path.read_text(encoding="utf-8")) == told


def test_a_record_whose_audio_is_missing_or_split_keeps_its_old_times(tmp_path: Path) -> None:
    paths = [
        write_record(tmp_path / "parted.json", 8.0, 14.0),
        write_record(tmp_path / "gone.json", 10.5, 11.5),
        write_record(tmp_path / "later.json", 2.0, 3.0, version=2),
    ]
    before = [path.read_bytes() for path in paths]
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))
    assert [path.read_bytes() for path in paths] == before
