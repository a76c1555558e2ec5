"""Clips are made by calling a function: what is asked for goes in, what was made comes out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from aligner.captions import build_cues
from aligner.errors import OutputError, QuoteError, SourceError
from aligner.model import Span
from aligner.publishing.clips import Clip, ClipOptions, clip_bytes, clip_name, make_clip, make_clips
from aligner.publishing.excerpt import Source, cut_sound, open_episode
from aligner.publishing.post import post_text
from aligner.publishing.screen_words import shown_words
from aligner.quotes import QuoteQuery, Timeline, cut_out, find_quote, quote_of_words, read_printed
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.outputs import write_alignment
from aligner.typography import unbroken
from tests.aligner.captions.spoken import spoken
from tests.media.mastering.voices import voice
from tests.media.sounds import write_sound

UNHEARD = ClipOptions(listen=False)


@pytest.fixture
def source(alignment: Path) -> Source:
    return open_episode(alignment)


def test_a_clip_knows_its_words_its_files_and_its_loudness(source: Source) -> None:
    clip = make_clip(source, QuoteQuery(indices=range(20, 29)), source.folder / "quote.wav", UNHEARD)
    assert clip.match.quote.words == range(20, 29)
    assert [path.name for path in clip.paths] == ["quote.wav", "quote.vtt", "quote.srt", "quote.txt", "quote.json"]
    assert all(path.is_file() for path in clip.paths)
    assert clip.kept == ()
    assert clip.heard is None
    assert clip.level.true_peak_db <= -1.0


def test_a_preview_is_the_clip_byte_for_byte(source: Source) -> None:
    query = QuoteQuery(indices=range(20, 29))
    excerpt = cut_sound(source, find_quote(source.alignment, query).quote)
    content, level = clip_bytes(excerpt, ".mp3", UNHEARD.lufs, source.folder / "cover.jpg")
    clip = make_clip(source, query, source.folder / "quote.mp3", UNHEARD)
    assert content == clip.paths[0].read_bytes()
    assert level == clip.level


def test_clips_of_the_same_words_do_not_take_each_others_names(source: Source, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    known = QuoteQuery(indices=range(20, 29))
    first, unknown, again = make_clips(source, [known, QuoteQuery("qwxz zxwq"), known], folder, UNHEARD)
    assert isinstance(first, Clip)
    assert isinstance(unknown, QuoteError)
    assert isinstance(again, Clip)
    assert again.paths[0].name == f"{first.paths[0].stem} 2.mp3"
    assert len(list(folder.glob("*.mp3"))) == 2


def test_a_clip_in_the_place_of_the_episodes_captions_is_refused(source: Source) -> None:
    before = sorted(source.folder.iterdir())
    with pytest.raises(OutputError, match="captions would replace those of the episode"):
        make_clip(source, QuoteQuery(indices=range(20, 29)), source.folder / "roue.wav", UNHEARD)
    assert sorted(source.folder.iterdir()) == before


def test_an_alignment_of_ones_own_is_cut_from_wherever_its_sound_lies_and_one_that_was_sent_is_not(
    alignment: Path, tmp_path: Path
) -> None:
    """As after ``quotecast align show/ep.mp3 ep.txt -o out``."""
    out, show = tmp_path / "out", tmp_path / "show"
    show.mkdir()
    for name in ("roue.mp3", "cover.jpg"):
        (alignment.parent / name).rename(show / name)
    made = read_alignment(alignment)
    episode = replace(made.episode, cover="../show/cover.jpg")
    own = replace(made, audio=replace(made.audio, file="../show/roue.mp3"), episode=episode)
    out.mkdir()
    write_alignment(own, out / "roue.alignment.json")
    clip = make_clip(open_episode(out / "roue.alignment.json"), QuoteQuery(indices=range(20, 29)), None, UNHEARD)
    assert "cover" not in " ".join(caution.kind for caution in clip.cautions)
    with av.open(str(clip.paths[0])) as container:
        assert len(container.streams.video) == 1

    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "roue.alignment.json").write_text(to_text(own) + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="made elsewhere"):
        open_episode(sent / "roue.alignment.json")
    source = open_episode(sent / "roue.alignment.json", show / "roue.mp3")
    clip = make_clip(source, QuoteQuery(indices=range(20, 29)), None, UNHEARD)
    assert [caution.kind for caution in clip.cautions if "cover" in caution.kind] == ["cover-elsewhere"]
    with av.open(str(clip.paths[0])) as container:
        assert len(container.streams.video) == 0


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("-x.mp3", "x - "),
        ("../../etc/a\0b\nc.mp3", "abc - "),
        ("half \ud83d of one.mp3", "half of one - "),
        ("latin \udce9.mp3", "latin - "),
        ("é" * 4000 + ".mp3", "é" * 32 + " - "),
        ("", ""),
    ],
)
def test_a_clip_is_called_after_its_episode_whatever_that_is_called(file: str, begins: str) -> None:
    name = clip_name(Path(file).stem, None, "the harbour", 1.0, "portrait")
    assert name == f"{begins}00m01s the harbour - portrait"
    assert len(os.fsencode(f"{name} 2.json")) < 255


def test_what_nobody_wrote_down_beside_a_quote_is_not_in_its_clip(tmp_path: Path) -> None:
    """As "euh" and "ben" are left out of an edited transcript."""
    alignment = spoken("Le port dort. |1.5 Les bateaux rentrent tard. |1.5 La mer monte.", language="fr")
    first, last = (alignment.words[k].span for k in (3, 6))
    assert first is not None
    assert last is not None
    said = [(w.span.start, w.span.end) for w in alignment.words if w.span]
    bursts = [*said, (first.start - 0.22, first.start - 0.06), (last.end + 0.18, last.end + 0.5)]
    sound = voice(*bursts, duration=alignment.audio.duration)
    write_sound(tmp_path / "planted.wav", sound.samples[:, 0])
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    excerpt = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(3, 7))).quote)
    assert first.start - 0.06 <= excerpt.cut.timeline.span.start <= first.start
    assert last.end <= excerpt.cut.timeline.span.end <= last.end + 0.18
    assert not [c for c in excerpt.cut.quote.cautions if c.kind.startswith("unclean")]


@pytest.mark.parametrize(
    ("steady", "told"),
    [
        (True, ["unclean-start"]),  # one vowel through both words
        (False, []),  # it swells where the quote begins, 10 dB in 60 ms, as from one syllable to the next
    ],
)
def test_a_quote_that_something_runs_into_is_cut_where_its_voice_begins_and_that_is_told_where_no_ear_would_part_them(
    tmp_path: Path, steady: bool, told: list[str]
) -> None:
    alignment = spoken("Le port dort. |1.5 Les bateaux rentrent tard. |1.5 La mer monte.", language="fr")
    first = alignment.words[3].span
    assert first is not None
    said = [(w.span.start, w.span.end) for w in alignment.words if w.span]
    fused = voice(*said, (first.start - 0.3, first.start), duration=alignment.audio.duration, steady=steady)
    write_sound(tmp_path / "planted.wav", fused.samples[:, 0])
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    excerpt = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(3, 7))).quote)
    assert abs(excerpt.cut.timeline.span.start - first.start) < 0.03
    assert [c.kind for c in excerpt.cut.quote.cautions] == told


def test_a_hesitation_within_a_quote_beside_its_first_or_last_word_is_no_doubt_of_the_cut(tmp_path: Path) -> None:
    alignment = spoken("Le port dort. |1.5 Aujourd’hui, |0.8 on voit, |0.8 regardez. |1.5 La mer monte.", language="fr")
    said = [(w.span.start, w.span.end) for w in alignment.words if w.span]
    bursts = [*said, (said[3][1] + 0.2, said[3][1] + 0.6), (said[5][1] + 0.2, said[5][1] + 0.6)]
    write_sound(tmp_path / "planted.wav", voice(*bursts, duration=alignment.audio.duration).samples[:, 0])
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    cut = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(3, 7))).quote).cut
    assert not cut.quote.cautions


@pytest.mark.parametrize(("sounds", "told"), [(False, []), (True, ["unclean-end"])])
def test_a_last_word_that_is_timed_too_long_is_told_where_something_sounds_there(
    tmp_path: Path, sounds: bool, told: list[str]
) -> None:
    alignment = spoken("Le port dort. |1.5 Les bateaux rentrent tard. |2.5 La mer monte.", language="fr")
    words = list(alignment.words)
    said = [(w.span.start, w.span.end) for w in words if w.span]
    start, end = said[6]
    words[6] = replace(words[6], span=Span(start, end + 0.9))
    alignment = replace(alignment, words=tuple(words))
    bursts = [*said, (end + 0.4, end + 0.85)] if sounds else said
    write_sound(tmp_path / "planted.wav", voice(*bursts, duration=alignment.audio.duration).samples[:, 0])
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    cut = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(3, 7))).quote).cut
    assert [c.kind for c in cut.quote.cautions] == told


def test_a_word_at_an_end_that_was_timed_where_all_is_silent_is_no_part_of_a_clip(tmp_path: Path) -> None:
    alignment = spoken(("Ana", "Dites mon nom et mon « titre »."), ("Bo", "|0.5 Écoute, la mer monte."), language="fr")
    said = [(w.span.start, w.span.end) for k, w in enumerate(alignment.words) if w.span and k not in (0, 5)]
    write_sound(tmp_path / "planted.wav", voice(*said, duration=alignment.audio.duration).samples[:, 0])
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    cut = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(6))).quote).cut
    assert (cut.quote.text, cut.quote.words) == ("mon nom et mon", range(1, 5))
    assert [c.detail for c in cut.quote.cautions if c.kind == "left-out"] == ["Dites titre"]


@pytest.mark.parametrize("word", [1, 4])
def test_a_word_at_an_end_that_was_said_far_from_the_microphone_is_in_the_clip(tmp_path: Path, word: int) -> None:
    """As a question from the audience, or "probably" between two louder words."""
    alignment = spoken("Dites mon nom et mon titre, puis attendez.", language="fr")
    said = [(w.span.start, w.span.end) for w in alignment.words if w.span]
    samples = voice(*said, duration=alignment.audio.duration).samples[:, 0]
    rate = round(len(samples) / alignment.audio.duration)
    start, end = said[word]
    swelling = np.linspace(-40.0, -28.0, round(end * rate) - round(start * rate))
    samples[round(start * rate) : round(end * rate)] *= 10 ** (swelling / 20)
    write_sound(tmp_path / "planted.wav", samples)
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    assert cut_sound(source, quote_of_words(alignment, range(1, 5))).cut.quote.words == range(1, 5)


@pytest.mark.parametrize(
    ("words", "whole"),
    [(range(2, 5), "dit «\u00a0oui, peut-être\u00a0»"), (range(4, 9), "«\u00a0peut-être et non\u00a0», cette fois")],
)
def test_a_quotation_that_a_clip_begins_or_ends_in_is_whole_wherever_its_words_are_shown(
    words: range, whole: str
) -> None:
    alignment = spoken(("Ana", "Le vieux dit « oui, peut-être et non », cette fois encore."), language="fr")
    quote = quote_of_words(alignment, words)
    cut = cut_out(alignment, quote, Timeline((quote.voice,)))
    captions = " ".join(cue.text.replace("\n", " ") for cue in build_cues(cut.alignment, words=words))
    assert captions == " ".join(word.text for word in shown_words(cut)) == whole
    assert unbroken(quote.text, "fr") == whole
    inner = whole.replace("«\u00a0", "“").replace("\u00a0»", "”")
    assert post_text(cut).startswith(f"«\u00a0{inner}\u00a0»\n")


def test_what_was_to_follow_a_quote_leaves_no_colon_at_its_end_wherever_its_words_are_shown() -> None:
    alignment = spoken(("Ana", "On a trouvé un tandem de 1958 : tout rouillé, le pauvre."), language="fr")
    for words, shown in ((range(3, 7), "un tandem de 1958"), (range(7, 9), "tout rouillé")):
        quote = quote_of_words(alignment, words)
        cut = cut_out(alignment, quote, Timeline((quote.voice,)))
        captions = " ".join(cue.text.replace("\n", " ") for cue in build_cues(cut.alignment, words=words))
        assert captions == " ".join(word.text for word in shown_words(cut)) == shown
        assert quote.text == read_printed(alignment, words).text == shown
        assert post_text(cut).startswith(f"«\u00a0{shown}\u00a0»\n")


def test_a_word_that_was_moved_away_from_its_sentence_is_told(tmp_path: Path) -> None:
    """As "this" of "not this century", where "century" is not printed: what is said before it is heard."""
    alignment = spoken("Le port dort. Les bateaux rentrent |1 tard. |1.5 La mer monte.", language="fr")
    last = alignment.words[6].span
    assert last is not None
    said = [(w.span.start, w.span.end) for w in alignment.words if w.span]
    for bursts, kinds in ((said, []), ([*said, (last.start - 0.7, last.start - 0.3)], ["unclean-end"])):
        write_sound(tmp_path / "planted.wav", voice(*bursts, duration=alignment.audio.duration).samples[:, 0])
        source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
        cut = cut_sound(source, find_quote(alignment, QuoteQuery(indices=range(3, 7))).quote).cut
        assert [c.kind for c in cut.quote.cautions if c.kind.startswith("unclean")] == kinds
