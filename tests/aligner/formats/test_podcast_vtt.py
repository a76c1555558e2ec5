"""WebVTT for podcast players: as little of the format as every one of them reads."""

import re

from aligner.formats import FORMATS, Material
from tests.readers.hostile import materials, over_materials, planted


def written(material: Material) -> str:
    return FORMATS["podcast-vtt"].content(material).decode("utf-8")


@over_materials
def test_a_cue_is_its_times_and_one_line(material: Material) -> None:
    header, *blocks = written(material).removesuffix("\n").split("\n\n")
    assert header == "WEBVTT"
    for block in blocks:
        times, line = block.split("\n")
        assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}", times)
        assert line.startswith("<v ") == bool(material.nobody)
        assert "\r" not in line


@over_materials
def test_a_line_has_at_most_65_characters_if_words_allow_it(material: Material) -> None:
    for line in written(material).split("\n"):
        shown = re.sub("<[^>]*>", "", line)
        assert len(shown) <= 65 or "\N{NO-BREAK SPACE}" in shown or " " not in shown or "&" in shown, shown


def test_a_paragraph_without_a_speaker_has_an_unknown_voice() -> None:
    text = written(Material(planted(("Ada", "Hello."), "Who is there?", language="en"), "x"))
    assert "<v ?>Who is there?" in text


def test_an_ampersand_in_a_name_is_full_width() -> None:
    assert "<v Tom ＆ Ana>Hi." in written(Material(planted(("Tom & Ana", "Hi."), language="en"), "x"))


def test_an_ad_is_one_cue() -> None:
    text = written(materials()["ordinary"])
    assert text.count("[publicité]") == 1
    assert "00:00:18.500 --> 00:00:28.420\n<v ?>[publicité]\n" in text
