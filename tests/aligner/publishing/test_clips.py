"""Clips made through the library."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from aligner.captions import build_cues
from aligner.errors import OutputError, QuoteError, SourceError
from aligner.model import Alignment, Span
from aligner.outputs import write_alignment
from aligner.publishing.clips import Clip, ClipOptions, clip_bytes, make_clip, make_clips, post_text
from aligner.publishing.excerpt import Cut, Source, Timeline, cut_audio, cut_out, open_episode
from aligner.publishing.screens import shown_words
from aligner.quotes.quote import QuoteQuery, find_quote, quote_of_words, read_printed
from aligner.storage.alignment_json import read_alignment
from aligner.typography import unbroken
from media.safe_fs import VARIABLE
from tests.aligner.captions.spoken import spoken
from tests.media.audio_files import write_sound
from tests.media.voices import voice
from tests.tables import over_rows

UNHEARD = ClipOptions(listen=False)


@pytest.fixture
def source(alignment: Path) -> Source:
    return open_episode(alignment)


@pytest.mark.nightly
def test_a_preview_is_the_clip_byte_for_byte(source: Source) -> None:
    query = QuoteQuery(indices=range(20, 29))
    excerpt = cut_audio(source, find_quote(source.alignment, query).quote)
    content, level = clip_bytes(excerpt, ".mp3", UNHEARD.lufs, source.folder / "cover.jpg")
    clip = make_clip(source, query, source.folder / "quote.mp3", UNHEARD)
    assert content == clip.paths[0].read_bytes()
    assert level == clip.level
    assert clip.match.quote.words == range(20, 29)
    assert [path.name for path in clip.paths] == ["quote.mp3", "quote.vtt", "quote.srt", "quote.txt", "quote.json"]
    assert all(path.is_file() for path in clip.paths)
    assert level.true_peak_db <= -1.0


def test_clips_of_the_same_words_have_distinct_names(source: Source, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    known = QuoteQuery(indices=range(20, 29))
    first, unknown, again = make_clips(source, [known, QuoteQuery("qwxz zxwq"), known], folder, UNHEARD)
    assert isinstance(first, Clip)
    assert isinstance(unknown, QuoteError)
    assert isinstance(again, Clip)
    assert again.paths[0].name == f"{first.paths[0].stem} 2.mp3"
    assert len(list(folder.glob("*.mp3"))) == 2


def test_a_clip_over_the_episodes_captions_is_refused(source: Source) -> None:
    before = sorted(source.folder.iterdir())
    with pytest.raises(OutputError, match="would replace the episode"):
        make_clip(source, QuoteQuery(indices=range(20, 29)), source.folder / "roue.wav", UNHEARD)
    assert sorted(source.folder.iterdir()) == before


@pytest.mark.nightly
def test_audio_outside_the_folder_of_an_alignment_is_used_except_in_a_library(
    alignment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(SourceError, match="the audio of the alignment is missing"):
        open_episode(out / "roue.alignment.json")
    source = open_episode(out / "roue.alignment.json", show / "roue.mp3")
    clip = make_clip(source, QuoteQuery(indices=range(20, 29)), None, UNHEARD)
    assert [caution.kind for caution in clip.cautions if "cover" in caution.kind] == ["no-cover"]
    with av.open(str(clip.paths[0])) as container:
        assert len(container.streams.video) == 0


PORT = "Le port dort. |1.5 Les bateaux rentrent tard. |{} La mer monte."
Times = list[tuple[float, float]]


def times_of(alignment: Alignment) -> Times:
    return [(w.span.start, w.span.end) for w in alignment.words if w.span]


def cut_of(alignment: Alignment, bursts: Times, words: range, folder: Path, *, steady: bool = False) -> Cut:
    """Return the cut of some words of audio with a voice in the bursts."""
    sound = voice(*bursts, duration=alignment.audio.duration, steady=steady)
    write_sound(folder / "planted.wav", sound.samples[:, 0])
    source = Source(alignment, folder / "planted.alignment.json", folder / "planted.wav")
    return cut_audio(source, find_quote(alignment, QuoteQuery(indices=words)).quote).cut


def kinds(cut: Cut) -> list[str]:
    return [caution.kind for caution in cut.quote.cautions if caution.kind.startswith("unclean")]


def test_untranscribed_speech_beside_a_quote_is_not_in_its_clip(tmp_path: Path) -> None:
    """As "euh" and "ben" are left out of an edited transcript."""
    alignment = spoken(PORT.format(1.5), language="fr")
    said = times_of(alignment)
    start, end = said[3][0], said[6][1]
    cut = cut_of(alignment, [*said, (start - 0.22, start - 0.06), (end + 0.18, end + 0.5)], range(3, 7), tmp_path)
    assert start - 0.06 <= cut.timeline.span.start <= start
    assert end <= cut.timeline.span.end <= end + 0.18
    assert kinds(cut) == []


@over_rows(
    "steady, told",
    [
        (True, ["unclean-start"]),  # one vowel through both words
        (False, []),  # it swells where the quote begins, 10 dB in 60 ms, as from one syllable to the next
    ],
)
def test_a_quote_that_runs_into_other_speech_is_cut_at_its_voice_with_a_warning(
    tmp_path: Path, steady: bool, told: list[str]
) -> None:
    alignment = spoken(PORT.format(1.5), language="fr")
    said = times_of(alignment)
    start = said[3][0]
    cut = cut_of(alignment, [*said, (start - 0.3, start)], range(3, 7), tmp_path, steady=steady)
    assert abs(cut.timeline.span.start - start) < 0.03
    assert [caution.kind for caution in cut.quote.cautions] == told


def test_a_hesitation_beside_the_first_or_last_word_is_no_warning(tmp_path: Path) -> None:
    alignment = spoken("Le port dort. |1.5 Aujourd’hui, |0.8 on voit, |0.8 regardez. |1.5 La mer monte.", language="fr")
    said = times_of(alignment)
    bursts = [*said, (said[3][1] + 0.2, said[3][1] + 0.6), (said[5][1] + 0.2, said[5][1] + 0.6)]
    assert not cut_of(alignment, bursts, range(3, 7), tmp_path).quote.cautions


@over_rows("sounds, told", [(False, []), (True, ["unclean-end"])])
def test_a_last_word_timed_too_long_is_reported_if_its_end_is_not_silent(
    tmp_path: Path, sounds: bool, told: list[str]
) -> None:
    alignment = spoken(PORT.format(2.5), language="fr")
    said, words = times_of(alignment), list(alignment.words)
    start, end = said[6]
    words[6] = replace(words[6], span=Span(start, end + 0.9))
    alignment = replace(alignment, words=tuple(words))
    bursts = [*said, (end + 0.4, end + 0.85)] if sounds else said
    assert [c.kind for c in cut_of(alignment, bursts, range(3, 7), tmp_path).quote.cautions] == told


def test_a_first_or_last_word_timed_in_silence_is_not_in_the_clip(tmp_path: Path) -> None:
    alignment = spoken(("Ana", "Dites mon nom et mon « titre »."), ("Bo", "|0.5 Écoute, la mer monte."), language="fr")
    bursts = [times for k, times in enumerate(times_of(alignment)) if k not in (0, 5)]
    cut = cut_of(alignment, bursts, range(6), tmp_path)
    assert (cut.quote.text, cut.quote.words) == ("mon nom et mon", range(1, 5))
    assert [c.detail for c in cut.quote.cautions if c.kind == "left-out"] == ["Dites titre"]


@over_rows("word", [1, 4])
def test_a_quiet_first_or_last_word_is_in_the_clip(tmp_path: Path, word: int) -> None:
    """As a question from the audience, or "probably" between two louder words."""
    alignment = spoken("Dites mon nom et mon titre, puis attendez.", language="fr")
    said = times_of(alignment)
    samples = voice(*said, duration=alignment.audio.duration).samples[:, 0]
    rate = round(len(samples) / alignment.audio.duration)
    start, end = said[word]
    swelling = np.linspace(-40.0, -28.0, round(end * rate) - round(start * rate))
    samples[round(start * rate) : round(end * rate)] *= 10 ** (swelling / 20)
    write_sound(tmp_path / "planted.wav", samples)
    source = Source(alignment, tmp_path / "planted.alignment.json", tmp_path / "planted.wav")
    assert cut_audio(source, quote_of_words(alignment, range(1, 5))).cut.quote.words == range(1, 5)


@over_rows("is_said, told", [(False, []), (True, ["unclean-end"])])
def test_a_word_moved_away_from_its_sentence_is_reported(tmp_path: Path, is_said: bool, told: list[str]) -> None:
    """As "this" of "not this century", where "century" is not printed: the clip has other speech before it."""
    alignment = spoken("Le port dort. Les bateaux rentrent |1 tard. |1.5 La mer monte.", language="fr")
    said = times_of(alignment)
    before = [(said[6][0] - 0.7, said[6][0] - 0.3)] if is_said else []
    assert kinds(cut_of(alignment, said + before, range(3, 7), tmp_path)) == told


@over_rows(
    "words, whole",
    [(range(2, 5), "dit «\u00a0oui, peut-être\u00a0»"), (range(4, 9), "«\u00a0peut-être et non\u00a0», cette fois")],
)
def test_a_clip_that_starts_or_ends_in_a_quotation_has_both_quotation_marks(words: range, whole: str) -> None:
    alignment = spoken(("Ana", "Le vieux dit « oui, peut-être et non », cette fois encore."), language="fr")
    quote = quote_of_words(alignment, words)
    cut = cut_out(alignment, quote, Timeline((quote.voice,)))
    captions = " ".join(cue.text.replace("\n", " ") for cue in build_cues(cut.alignment, words=words))
    assert captions == " ".join(word.text for word in shown_words(cut)) == whole
    assert unbroken(quote.text, "fr") == whole
    inner = whole.replace("«\u00a0", "“").replace("\u00a0»", "”")
    assert post_text(cut).startswith(f"«\u00a0{inner}\u00a0»\n")


def test_a_clip_does_not_end_in_a_colon() -> None:
    alignment = spoken(("Ana", "On a trouvé un tandem de 1958 : tout rouillé, le pauvre."), language="fr")
    for words, shown in ((range(3, 7), "un tandem de 1958"), (range(7, 9), "tout rouillé")):
        quote = quote_of_words(alignment, words)
        cut = cut_out(alignment, quote, Timeline((quote.voice,)))
        captions = " ".join(cue.text.replace("\n", " ") for cue in build_cues(cut.alignment, words=words))
        assert captions == " ".join(word.text for word in shown_words(cut)) == shown
        assert quote.text == read_printed(alignment, words).text == shown
        assert post_text(cut).startswith(f"«\u00a0{shown}\u00a0»\n")
