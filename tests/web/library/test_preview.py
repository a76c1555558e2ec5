"""The transcript as it was understood, before any work."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from aligner.model import Kind
from tests.places import SAMPLE
from web.library import Unusable, preview
from web.library.preview import PreviewedRun
from web.library.sent_files import cover_name


def test_the_sample_is_shown_with_its_speakers_headings_and_notes() -> None:
    shown = preview(SAMPLE / "transcript.txt")
    assert [label for label, _ in shown.speakers] == ["Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin"]
    assert shown.language == "fr"
    assert shown.left == 0
    heading = next(p for p in shown.passages if p.kind is Kind.HEADING)
    assert heading.runs[0].text == "Une clé de 15\u00a0: tout commence là"
    laughing = next(p for p in shown.passages if any(run.kind is Kind.STAGE for run in p.runs))
    assert laughing.speaker == "Inès Vauquelin"
    assert laughing.runs[0] == PreviewedRun(Kind.STAGE, "(rires)")
    noted = next(p for p in shown.passages if any(run.kind is Kind.NOTE for run in p.runs))
    assert [run.kind for run in noted.runs] == [Kind.SPEECH, Kind.NOTE, Kind.SPEECH]


def test_the_space_between_two_notes_is_shown(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("They came <br/> <br/> and went.\n", encoding="utf-8")
    (passage,) = preview(tmp_path / "talk.txt").passages
    assert "".join(run.text for run in passage.runs) == "They came <br/> <br/> and went."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Well, the thing is that we were not sure about it, and so I asked them to wait for a day."),
        ("fr", "Je crois que c’est une bonne idée, mais il faut que nous en parlions avec les autres."),
        ("de", "Ich glaube, dass wir das nicht in der Zeit schaffen, und ich habe mit den anderen gesprochen."),
        ("es", "Yo creo que la gente no sabe lo que pasa en los pueblos, y por eso hay que contarlo."),
        ("it", "Io credo che la gente non sappia quello che succede nei paesi, e per questo bisogna dirlo."),
        ("pt", "Eu acho que as pessoas não sabem o que se passa nas aldeias, e por isso é preciso contar."),
        (None, "Zażółć gęślą jaźń, powiedział przyjaciel, kiedy wracaliśmy do domu."),
    ],
)
def test_the_language_is_told_by_its_little_words(tmp_path: Path, language: str | None, text: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"Anna: {text}\n", encoding="utf-8")
    assert preview(path).language == language


def test_a_very_long_line_is_shown_in_part(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("Anna: " + "mot " * 100_000, encoding="utf-8")
    shown = preview(path)
    assert shown.words == 100_000
    assert len(shown.passages) == 1
    assert shown.passages[0].runs[0].text.endswith("…")
    assert sum(len(run.text) for p in shown.passages for run in p.runs) < 30_000


def test_of_many_short_passages_with_long_names_as_many_are_shown_as_a_page_carries(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    segments = [{"speaker": f"{'Ada ' * 100}{k}", "body": "Oh."} for k in range(20)]
    segments += [{"speaker": "AB"[k % 2] * 10_000, "body": "Oh."} for k in range(2)]
    segments += [{"speaker": "AB"[k % 2], "body": "Oh."} for k in range(20_000)]
    path.write_text(json.dumps({"title": "Harbour " * 100_000, "segments": segments}), encoding="utf-8")
    shown = preview(path)
    assert len(shown.title or "") == 300
    assert max(len(passage.speaker or "") for passage in shown.passages) <= 300
    assert len(shown.passages) == 5000
    assert shown.left > 10_000


def test_of_a_long_transcript_the_rest_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("".join(f"Speaker {'AB'[k % 2]}: {'word ' * 100}\n\n" for k in range(1000)), encoding="utf-8")
    shown = preview(path)
    assert len(shown.passages) + shown.left == 1000
    assert dict(shown.speakers) == {"Speaker A": 500, "Speaker B": 500}


def test_what_is_no_transcript_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.pdf"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(Unusable) as refused:
        preview(path)
    assert str(refused.value.values["reason"]).startswith(f"{path}: this is a PDF")


def test_a_cover_with_too_many_pixels_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    Image.new("1", (8000, 8000)).save(path)
    with pytest.raises(Unusable) as refused:
        cover_name(path)
    assert (refused.value.key, refused.value.field) == ("upload.unusable", "cover")
    assert "more than 60 million pixels" in str(refused.value.values["reason"])


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=400))
@example("0 %")
def test_no_character_is_shown_that_is_not_in_the_transcript_but_a_space_that_does_not_break(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("preview") / "words.txt"
    path.write_bytes(f"Anna: {text}\nBob: Yes.\n".encode())
    try:
        shown = preview(path)
    except Unusable:
        return
    whole = breaking(path.read_bytes().decode())
    assert all(breaking(run.text).removesuffix("…") in whole for passage in shown.passages for run in passage.runs)


def breaking(text: str) -> str:
    """The text with plain spaces for those that do not break."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
