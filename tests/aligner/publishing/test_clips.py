"""Clips are made by calling a function: what is asked for goes in, what was made comes out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import av
import pytest

from aligner.errors import OutputError, QuoteError, SourceError
from aligner.publishing.clips import Clip, ClipOptions, clip_bytes, clip_name, make_clip, make_clips
from aligner.publishing.excerpt import Source, cut_sound, open_episode
from aligner.quotes import QuoteQuery, find_quote
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.outputs import write_alignment
from tests.aligner.episodes import alignment_of

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
    assert again.paths[0].name == f"{first.paths[0].stem}-2.mp3"
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
        ("-x.mp3", "-x-1s-"),
        ("../../etc/a\0b\nc.mp3", "a b c-1s-"),
        ("half \ud83d of one.mp3", "half   of one-1s-"),
        ("latin \udce9.mp3", "latin \udce9-1s-"),
        ("é" * 4000 + ".mp3", "é" * 75 + "-1s-"),
        ("", "1s-"),
    ],
)
def test_a_clip_has_a_name_that_files_can_have_whatever_the_sound_is_called(file: str, begins: str) -> None:
    alignment = alignment_of("the harbour was quiet")
    named = replace(alignment, audio=replace(alignment.audio, file=file))
    name = clip_name(named, "the harbour", 1.0)
    assert name == f"{begins}the-harbour"
    assert len(os.fsencode(f"{name}-portrait-2.json")) < 255
