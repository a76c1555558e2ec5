"""Previews equal exports: of the audio, of the style that the page shows, and of the video's frames."""

from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from aligner.errors import SourceError
from aligner.publishing import audiograms
from aligner.publishing.audiograms import AudiogramOptions, make_audiogram
from aligner.publishing.excerpt import Source
from aligner.publishing.screens import StyleChoices, remember
from aligner.quotes.quote import QuoteQuery
from media.errors import PictureError
from media.video.colours import contrast, read_colour
from media.video.drawing import ShapeName
from tests.web.clips.conftest import wanted
from web.clips import previews
from web.clips.previews import RequestedClip, audio, audio_of, frame, preview, video
from web.clips.styles import fonts_for, save_cover, style_facts, style_for
from web.errors import Conflict, Unusable
from web.jobs.kinds import Export
from web.library import Library
from web.library.incoming import Staged


def test_the_reported_edges_give_the_same_clip(source: Source) -> None:
    found = preview(wanted(source, 20, 23))
    again = preview(wanted(source, 20, 23, found["start"], found["end"]))
    assert again == found


def test_the_reported_wording_gives_the_same_frame(source: Source) -> None:
    wording = preview(wanted(source, 20, 30, shape="square"))["wording"]
    assert wording
    plain, worded = (frame(wanted(source, 20, 30, shape="square", text=text)) for text in (None, wording))
    assert plain == worded


def test_a_wording_is_never_the_name_of_a_file(source: Source, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    text = str(tmp_path / "secret.txt")
    assert "secret.txt" in preview(wanted(source, 20, 23, shape="square", text=text))["wording"]


def test_a_clip_that_cuts_a_word_has_a_caution(source: Source) -> None:
    word = source.alignment.words[21]
    assert word.span is not None
    middle = word.span.middle
    shown = preview(wanted(source, 20, 23, middle, middle + 1))
    assert "cuts-word" in {caution["kind"] for caution in shown["cautions"]}


def test_a_clip_too_long_for_a_preview_is_described(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "LONGEST", 1.0)
    shown = preview(wanted(source, 23, 60, shape="portrait"))
    assert (shown["wording"], shown["duration"] > 1) == (None, True)
    assert "length" not in {caution["kind"] for caution in shown["cautions"]}
    monkeypatch.setattr(audiograms, "LIMITS", (("a platform", 0, 1, ("portrait",)),))
    assert preview(wanted(source, 23, 60, shape="portrait"))["cautions"][-1]["detail"] == "a platform (0:01)"
    for make in (audio, frame):
        with pytest.raises(Unusable, match=r"clip\.refused\.preview"):
            make(wanted(source, 23, 60))


def test_changed_audio_or_transcript_is_refused(library: Path) -> None:
    file, audio = (library / "roue-libre" / name for name in ("episode.alignment.json", "episode.mp3"))
    assert audio_of(file, audio) == audio
    with audio.open("ab") as sound_file:
        sound_file.write(b"more")
    with pytest.raises(SourceError, match="has changed since"):
        audio_of(file, audio)
    with pytest.raises(Conflict, match=r"page\.changed"):
        preview(RequestedClip(Export(20, 23), file, "another", audio))


WORDS = range(23, 36)
LIT = (0xFF, 0xDD, 0x7A)
STYLE = {"colour": "#113355", "accent": "#FFCC00", "font": "DejaVu Sans", "cover": "none"}


def pictures(file: str | BytesIO, factor: int = 1) -> dict[float, NDArray[np.float32]]:
    """The frames of a video by their moments, ``factor`` times smaller."""
    with av.open(file) as container:
        assert len(container.streams.audio) == 1
        return {
            float(frame.pts * frame.time_base): np.asarray(frame.to_image().reduce(factor), np.float32)
            for frame in container.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        }


def blocks(difference: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each 8 by 8 pixels."""
    height, width = difference.shape[0] // 8, difference.shape[1] // 8
    means: NDArray[np.float32] = (
        difference[: height * 8, : width * 8].reshape(height, 8, width, 8, 3).mean(axis=(1, 3, 4))
    )
    return means


@pytest.mark.nightly
def test_the_video_preview_has_the_frames_of_the_export(source: Source, tmp_path: Path) -> None:
    shape: ShapeName = "square"
    options = AudiogramOptions(shape=shape, style=StyleChoices(**STYLE), listen=False)
    made = make_audiogram(source, QuoteQuery(indices=WORDS), tmp_path / "made.mp4", options)
    exported = pictures(str(made.paths[0]), 3)
    previewed = pictures(BytesIO(video(wanted(source, 23, 36, shape=shape, **STYLE), 90.0)))
    assert len(previewed) == -(-len(exported) // 2)
    assert list(previewed) == pytest.approx(list(exported)[::2], abs=0.001)
    lit: set[tuple[int, ...]] = set()
    for expected, picture in zip(list(exported.values())[::2], previewed.values(), strict=True):
        assert expected.shape == picture.shape
        assert blocks(np.abs(expected - picture)).max() < 40  # a lit box or a bar elsewhere makes more
        yellow = np.argwhere(np.abs(picture - LIT).sum(axis=2) < 60)
        lit |= {tuple((yellow.mean(axis=0) // 8).astype(int))} if len(yellow) > 50 else set()
    assert len(lit) >= 8  # words were lit in turn


NAMES = ("colour", "accent", "font", "cover", "end_card")


def shown(source: Source, **choices: Any) -> dict[str, Any]:
    """What a page shows of the look that is made of those choices."""
    style = StyleChoices(**choices)
    look, _ = style_for(source, "square", style, None)
    return style_facts(source, look, style, "les pneus")


def test_fonts_with_all_characters_of_the_quote_are_offered() -> None:
    assert {"Source Serif Pro", "Source Sans Pro"} <= set(fonts_for("« L’été, déjà ? » 3,5 %"))
    assert not {"Source Serif Pro", "Source Sans Pro"} & set(fonts_for("une حلقة"))
    assert fonts_for("oui 👍 ✨") == fonts_for("oui")


def test_defaults_are_reported_as_they_are_drawn(source: Source) -> None:
    look = shown(source, cover="none")
    assert [look[name] for name in NAMES] == [None, None, None, "none", True]
    assert (look["drawn"], look["remembered"], look["own_cover"]) == (["#FBFAF7", "#B3401F"], False, True)


def test_colours_with_too_little_contrast_are_reported_as_they_are_drawn(source: Source) -> None:
    look = shown(source, colour="#777777", accent="#767676", cover="none")
    background, accent = (read_colour(colour) for colour in look["drawn"])
    assert background
    assert accent
    assert (look["colour"], look["accent"]) == ("#777777", "#767676")
    assert contrast(background, (0xFB, 0xFA, 0xF7)) >= 7
    assert contrast(background, accent) >= 3
    kept = shown(source, colour="#FBFAF7", accent="#1F5F8B", cover="none")
    assert kept["drawn"] == [kept["colour"], kept["accent"]]


def test_remembered_choices_are_reported_until_all_are_replaced(source: Source, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "brand.png")
    remember("Roue libre", StyleChoices(colour="#113355", cover=str(tmp_path / "brand.png"), end_card=False))
    look = shown(source)
    assert (look["colour"], look["cover"], look["end_card"], look["remembered"]) == (
        "#113355",
        "brand.png",
        False,
        True,
    )
    assert str(tmp_path) not in str(look)
    assert shown(source, colour="auto", end_card=True)["remembered"]
    assert not shown(source, colour="auto", cover="auto", end_card=True)["remembered"]


def test_the_reported_choices_request_the_same_style(source: Source, tmp_path: Path) -> None:
    usual = shown(source)["choices"]
    assert [usual[name] for name in NAMES] == ["auto", "auto", "auto", "auto", True]
    Image.new("RGB", (8, 8), "teal").save(source.folder / "audiogram cover.png")
    own = source.folder / "audiogram cover.png"
    remember("Roue libre", StyleChoices("#123", None, "DejaVu Sans", str(own), False))
    ours = shown(source)["choices"]
    assert [ours[name] for name in NAMES] == ["#112233", "auto", "DejaVu Sans", "audiogram cover.png", False]
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "audiogram cover.png")  # which another episode has
    remember("Roue libre", StyleChoices(cover=str(tmp_path / "audiogram cover.png")))
    assert shown(source)["choices"]["cover"] is None


def test_a_cover_that_is_a_link_is_not_used(source: Source, tmp_path: Path) -> None:
    drawn = wanted(source, 20, 23, shape="square", cover="audiogram cover.png")
    with pytest.raises(PictureError):
        frame(drawn)
    Library(source.folder.parent)  # which nothing leads out of
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "secret.png")
    (source.folder / "audiogram cover.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(PictureError):
        frame(drawn)
    (source.folder / "audiogram cover.png").unlink()
    Image.new("RGB", (8, 8), "teal").save(source.folder / "audiogram cover.png")
    assert frame(drawn) != frame(wanted(source, 20, 23, shape="square"))


def test_a_new_cover_replaces_only_earlier_uploads(source: Source) -> None:
    episode, sent = Library(source.folder.parent).episode("roue-libre"), source.folder.parent / "sent.png"
    theirs = source.folder / "audiogram cover.png"
    theirs.write_bytes(b"a person's")
    for colour in ("teal", "navy"):
        Image.new("RGB", (8, 8), colour).save(sent)
        assert save_cover(episode, Staged(sent.parent, None, None, sent)) == theirs.name
        assert theirs.read_bytes() == sent.read_bytes()
    copies = [path for path in source.folder.iterdir() if path.name.startswith("audiogram cover") and path != theirs]
    assert [path.read_bytes() for path in copies] == [b"a person's"]
    with pytest.raises(Conflict, match=r"upload\.missing\.cover"):
        save_cover(episode, Staged(sent.parent, None, None, None))
