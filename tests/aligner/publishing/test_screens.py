"""The content of an audiogram: the wording on its screens, and the remembered style of a show."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import AlignerError, QuoteError
from aligner.model import Alignment, EpisodeDetails, Span, Status
from aligner.publishing.audiograms import length_cautions
from aligner.publishing.excerpt import Excerpt, Source, Timeline, cut_out
from aligner.publishing.screens import (
    Look,
    StyleChoices,
    as_shown,
    look_of,
    read_wording,
    recall,
    remember,
    script_of,
    shown_words,
    style_of,
    timed_wording,
    undrawable_in,
    wording_of,
)
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import quote_of_words
from aligner.storage.database import config_folder
from aligner.typography import Token
from media.decode import Waveform
from media.safe_fs import VARIABLE
from media.video.backdrop import Style
from media.video.drawing import SHAPES
from media.video.screens import Script, ShownWord
from media.video.setting import Unshown
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows

SCRIPT = Script((ShownWord("Oui", 0.0, 1.0),), 1.0)


def told(monkeypatch: pytest.MonkeyPatch, found: Unshown) -> list[Caution]:
    monkeypatch.setattr("media.video.setting.unshown", lambda *_: found)
    monkeypatch.setattr("aligner.publishing.screens.script_of", lambda *_: SCRIPT)
    return list(undrawable_in(None, Look(SHAPES["square"], Style())))  # type: ignore[arg-type]


def test_undrawable_letters_emoji_and_scripts_are_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, Unshown()) == []
    letters, emoji, joined = told(monkeypatch, Unshown(("\ue000", "م"), ("👍🏽",), unjoined=True))
    assert (letters.kind, letters.detail) == ("no-glyph", "\ue000 م")
    assert letters.message.startswith("no font here has \ue000 م, left out of the picture; install a font")
    assert (emoji.kind, emoji.detail, "Noto Color Emoji" in emoji.message) == ("plain-emoji", "👍🏽", True)
    assert (joined.kind, "FriBiDi" in joined.message) == ("unjoined", True)
    [many] = told(monkeypatch, Unshown(tuple(map(chr, range(0x4E00, 0x9000)))))
    assert many.detail.endswith(" …")
    assert len(many.detail) < 50


pytestmark = pytest.mark.usefixtures("own_configuration")


def test_the_style_of_a_show_is_remembered_for_that_show_only() -> None:
    remember("Marées", StyleChoices(colour="#123456", font="Lato"))
    assert recall("Marées") == StyleChoices(colour="#123456", font="Lato")
    assert recall("Roues") == StyleChoices()
    assert recall("Marées", StyleChoices(colour="#abc", accent=None)) == StyleChoices(colour="#abc", font="Lato")
    remember("Marées", recall("Marées", StyleChoices(colour="auto")))  # which forgets
    assert recall("Marées") == StyleChoices(font="Lato")
    content = (config_folder() / "audiograms.json").read_text(encoding="utf-8")
    assert "Marées" in content
    assert json.loads(content) == {"Marées": {"font": "Lato"}}
    remember("Marées", StyleChoices(end_card=False))
    assert not style_of(recall("Marées")).end_card
    assert style_of(recall("Marées", StyleChoices(end_card=True))).end_card


def test_a_cover_is_found_from_any_folder_and_forgotten_when_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cover.png").touch()
    remember("Marées", StyleChoices(cover="cover.png"))
    assert recall("Marées") == StyleChoices(cover=str(tmp_path / "cover.png"))
    remember("Marées", StyleChoices(cover=str(tmp_path / "gone.png"), font="Lato"))
    assert recall("Marées") == StyleChoices(font="Lato")
    remember("Marées", StyleChoices(cover="none"))
    assert recall("Marées") == StyleChoices(cover="none")


@over_rows(
    "content", ["", "[]", '{"Marées": 3}', '{"Marées": {"colour": 7}}', '{"Marées": {"end_card": "no"}}', "[" * 5000]
)
def test_a_damaged_configuration_counts_as_none(content: str) -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    (config_folder() / "audiograms.json").write_text(content, encoding="utf-8")
    assert recall("Marées") == StyleChoices()
    remember("Marées", StyleChoices(colour="#123456"))
    assert recall("Marées") == StyleChoices(colour="#123456")


def test_colours_are_parsed_and_others_refused() -> None:
    style = style_of(StyleChoices(colour="#1F5F8B", accent="fa0", cover="cover.png"))
    assert (style.colour, style.accent, style.font, style.cover) == (
        (31, 95, 139),
        (255, 170, 0),
        None,
        Path("cover.png"),
    )
    with pytest.raises(AlignerError, match="blue: is no colour; --accent takes one like"):
        style_of(StyleChoices(accent="blue"))


def said(text: str, speaker: str | None = None) -> tuple[ShownWord, ...]:
    """The words of a text, each half a second long, a tenth after the other."""
    return tuple(ShownWord(word, k * 0.6, k * 0.6 + 0.5, speaker) for k, word in enumerate(text.split()))


def test_the_words_of_the_quote_are_shown_in_the_clips_time() -> None:
    alignment = alignment_of("The harbour sleeps. Boats knock at the quay, all night long.")
    quote = quote_of_words(alignment, range(3, 8))
    start = quote.voice.start - 0.2
    cut = cut_out(alignment, quote, Timeline((Span(start, quote.voice.end + 0.2),)))
    words = shown_words(cut)
    assert [word.text for word in words] == ["Boats", "knock", "at", "the", "quay"]
    assert abs(words[0].start - 0.2) < 0.002
    assert words[-1].end <= cut.timeline.duration


def test_a_word_that_was_not_found_is_shown_without_taking_time() -> None:
    alignment = alignment_of("Boats knock at the quay. Gulls sleep.")
    lost = replace(alignment.words[2], span=None, status=Status.UNSPOKEN)
    silent = [replace(word, span=None, status=Status.UNSPOKEN) for word in alignment.words[5:]]
    alignment = replace(alignment, words=(*alignment.words[:2], lost, *alignment.words[3:5], *silent))
    quote = quote_of_words(alignment, range(0, 5))
    words = shown_words(cut_out(alignment, quote, Timeline((Span(0.0, 60.0),))))
    assert [word.text for word in words] == ["Boats", "knock", "at", "the", "quay."]
    assert words[2].start == words[2].end == words[3].start


def test_each_turn_of_a_dialogue_begins_with_its_dash_and_a_line() -> None:
    tokens = [
        Token(text, " ", k, None, word=k, opens=opens)
        for k, (text, opens) in enumerate((("Non.", True), ("Si.", True), ("Alors.", False)))
    ]
    spans = [Span(k * 1.0, k + 0.5) for k in range(3)]
    shown = as_shown(tokens, spans, "fr")
    assert [word.text for word in shown] == ["–\u00a0Non.", "–\u00a0Si.", "Alors."]
    assert [word.opens for word in shown] == [True, True, False]
    assert as_shown(tokens[:1], spans[:1], "fr")[0].text == "Non."


def test_unchanged_words_keep_their_times() -> None:
    shown = timed_wording(said("la la terre euh tourne"), "La terre tourne.", "fr")
    assert [word.text for word in shown] == ["La", "terre", "tourne."]
    assert [(word.start, word.end) for word in shown[1:]] == [(1.2, 1.7), (2.4, 2.9)]


def test_replacing_words_share_the_time_of_the_replaced() -> None:
    shown = timed_wording(said("un grand bateau arrive"), "un très beau navire arrive", "fr")
    assert [word.text for word in shown] == ["un", "très", "beau", "navire", "arrive"]
    assert shown[1].start == 0.6
    assert shown[3].end == pytest.approx(1.7)
    assert shown[4].start == pytest.approx(1.8)


def test_a_newline_is_a_line_and_an_empty_line_a_screen() -> None:
    for text in ("Un deux\ntrois\n\nquatre", "Un deux | trois || quatre", "Un deux\r\ntrois\r\n \r\nquatre"):
        shown = timed_wording(said("un deux trois quatre"), text, "fr")
        assert [word.text for word in shown] == ["Un", "deux", "trois", "quatre"]
        assert [word.new_line for word in shown] == [False, False, True, False]
        assert [word.new_screen for word in shown] == [False, False, False, True]


def test_separate_punctuation_is_joined_to_its_word() -> None:
    shown = timed_wording(said("tu viens alors"), "« Tu viens » alors ?", "fr")
    assert [word.text for word in shown] == ["«\u00a0Tu", "viens\u00a0»", "alors\u202f?"]


@given(
    text=st.text(st.sampled_from("abé 1|\n.«»?👍\u00a0"), min_size=1, max_size=80).filter(
        lambda text: any(character.isalnum() for character in text)
    )
)
def test_any_wording_is_shown_in_order_of_time(text: str) -> None:
    words = said("a b é 1 ab bé")
    shown = timed_wording(words, text, "fr")
    assert (
        "".join("".join(word.text for word in shown).split()) == "".join(text.replace("|", "").split()) or "|" in text
    )
    assert [word.start for word in shown] == sorted(word.start for word in shown)
    assert all(0 <= word.start <= word.end <= words[-1].end for word in shown)


def test_a_wording_is_read_from_a_file_or_taken_as_text(tmp_path: Path) -> None:
    path = tmp_path / "wording.txt"
    path.write_text("\ufeffLa terre\ntourne", encoding="utf-8")
    assert read_wording(str(path)) == "La terre\ntourne"
    assert read_wording("La terre") == "La terre"
    path.write_bytes(b"\xff\xfe\xfa\x80")
    with pytest.raises(QuoteError, match=r"wording\.txt: is no text"):
        read_wording(str(path))
    with pytest.raises(QuoteError, match="20000 at most"):
        read_wording("mot " * 6000)


@over_rows("text", ["", " … ", "|", "«»"])
def test_a_wording_without_words_is_refused(text: str) -> None:
    with pytest.raises(QuoteError, match="--text has no word"):
        read_wording(text)


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
