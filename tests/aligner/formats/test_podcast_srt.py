"""SubRip for podcast players: lines of 32 characters, speakers named at each change, unambiguous colons."""

import re

from aligner.captions import judge_cues
from aligner.formats import FORMATS, Material, subtitles
from tests.readers.hostile import materials, over_materials, planted


def written(material: Material) -> str:
    return FORMATS["podcast-srt"].content(material).decode("utf-8")


def cues_of(*paragraphs: tuple[str | None, str], language: str = "en") -> list[str]:
    text = written(Material(planted(*paragraphs, language=language), "x"))
    return ["\n".join(block.split("\n")[2:]) for block in text.removesuffix("\n").split("\n\n")]


@over_materials
def test_a_cue_has_a_number_its_times_and_two_lines_at_most(material: Material) -> None:
    blocks = written(material).removesuffix("\n").split("\n\n")
    for number, block in enumerate(blocks if blocks != [""] else [], start=1):
        first, times, *lines = block.split("\n")
        assert first == str(number)
        assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", times)
        assert 1 <= len(lines) <= 2


@over_materials
def test_only_the_colon_of_a_name_is_followed_by_a_space_or_a_line_end(material: Material) -> None:
    for block in written(material).split("\n\n"):
        text = "\n".join(block.split("\n")[2:])
        assert len(re.findall(r":(?= |$)", text, re.MULTILINE)) <= 1
        if re.search(r":(?= |$)", text, re.MULTILINE):
            assert text.count(":") == 1


def test_a_speaker_is_named_at_each_change_by_one_name() -> None:
    said = "It is late and the ferry will not come before the fog has gone, so we had better walk."
    cues = cues_of(("Ada Morel", said), ("Luc Petit", "Yes."), ("Ada Morel", "Then walk."))
    assert [cue.partition(":")[0] for cue in cues if ":" in cue] == ["Ada", "Luc", "Ada"]
    assert sum(":" not in cue for cue in cues) >= 1


def test_colons_in_the_text_do_not_look_like_those_of_names() -> None:
    assert cues_of((None, "Well: it is 9:15: go. Now:")) == ["Well:\u00a0it is 9:15:\u00a0go. Now:\u2060"]
    assert cues_of(("Dr. M: Y", "It is 9:15: go.")) == ["Dr. M： Y: It is 9：15： go."]


def test_most_cues_are_within_the_norms() -> None:
    material = materials().get("dev", materials()["sample"])
    report = judge_cues(material.named.cues(subtitles.PODCAST_SRT), subtitles.PODCAST_SRT)
    assert report.within >= 0.99
    assert report.readable >= 0.8
