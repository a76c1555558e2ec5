"""The content of an audiogram, without files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aligner.model import Alignment, EpisodeDetails, Span
from aligner.publishing.audiograms import length_cautions
from aligner.publishing.excerpt import Excerpt, Source, Timeline, cut_out
from aligner.publishing.screens import StyleChoices, look_of, script_of, wording_of
from aligner.quotes.quote import quote_of_words
from media.decode import Waveform
from media.safe_fs import VARIABLE
from media.video.drawing import SHAPES
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows

TEXT = (
    "Nobody rows across any more; the ferry, they say, is quicker. But on a still night in October one boat goes out, "
    "without a lamp, and comes home before the gulls wake. Who is it, then?"
)


def source(alignment: Alignment, folder: Path = Path()) -> Source:
    return Source(alignment, folder / "ferry.alignment.json", folder / "harbour.mp3")


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    return alignment_of(TEXT)


@pytest.fixture(scope="module")
def excerpt(alignment: Alignment) -> Excerpt:
    seconds = alignment.audio.duration
    quote = quote_of_words(alignment, range(len(alignment.words)))
    sound = Waveform(np.zeros((round(8000 * seconds), 1), np.float32), 8000)
    return Excerpt(cut_out(alignment, quote, Timeline((Span(0.0, seconds),))), sound)


@over_rows("shape", ["portrait", "square", "landscape"])
def test_the_default_wording_is_that_of_the_quote_and_round_trips(
    alignment: Alignment, excerpt: Excerpt, shape: str
) -> None:
    look, cautions = look_of(source(alignment), shape, StyleChoices())
    wording = wording_of(excerpt, look)
    assert cautions == ()
    assert wording.split() == TEXT.split()
    assert "\n" in wording
    again = replace(look, text=wording)
    assert wording_of(excerpt, again) == wording
    times = [[(word.start, word.end) for word in script_of(excerpt, each).words] for each in (look, again)]
    assert times[0] == times[1]


def test_the_episodes_cover_is_used_unless_another_or_none_is_chosen(alignment: Alignment, tmp_path: Path) -> None:
    (tmp_path / "cover.png").touch()
    episode = replace(alignment, episode=EpisodeDetails(title="The ferry", cover="cover.png"))
    for choices, cover in (
        (StyleChoices(), tmp_path / "cover.png"),
        (StyleChoices(cover="none"), None),
        (StyleChoices(cover="a.png"), Path("a.png")),
    ):
        look, cautions = look_of(source(episode, tmp_path), "square", choices)
        assert (look.style.cover, cautions) == (cover, ())
    look, (caution,) = look_of(source(episode, tmp_path / "elsewhere"), "square", StyleChoices())
    assert look.style.cover is None
    assert caution.kind == "no-cover"


def test_a_cover_outside_the_library_is_not_used_and_reported(
    alignment: Alignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "private.png").touch()
    (tmp_path / "sent").mkdir()
    for name in ("../private.png", str(tmp_path / "private.png"), "../private.png\n\n" + "x" * 900):
        episode = replace(alignment, episode=EpisodeDetails(title="The ferry", cover=name))
        look, (caution,) = look_of(source(episode, tmp_path / "sent"), "square", StyleChoices())
        assert look.style.cover is None
        assert caution.kind == "no-cover"
        assert len(caution.detail) < 500
        assert "\n" not in caution.message


def length_note(seconds: float, shape: str) -> str | None:
    return next((caution.message for caution in length_cautions(seconds, shape)), None)


def test_platforms_are_named_with_their_limits() -> None:
    assert all(length_note(seconds, shape) is None for shape in SHAPES for seconds in (5, 30, 90))
    assert length_note(100, "portrait") == "1:40.0 is longer than allowed by the Instagram Reels tab (1:30)"
    assert "X and LinkedIn (2:20)" in (length_note(150, "portrait") or "")
    assert "TikTok (10:00)" in (length_note(700, "portrait") or "")
    assert length_note(2.0, "landscape") == "2.0 s is shorter than allowed by TikTok (3 s)"


def test_upright_limits_do_not_count_for_landscape() -> None:
    assert length_note(100, "landscape") is None
    assert length_note(150, "landscape") == "2:30.0 is longer than allowed by X and LinkedIn (2:20)"
