"""Publishing targets: their files, file names and limits."""

from dataclasses import replace

from aligner.formats import FORMATS, Chapter, Material
from aligner.formats.targets import TARGETS, Target, checked
from aligner.model import AudioFile, EpisodeDetails
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows

LONG = 3600.0


def material(*chapters: Chapter, title: str | None = None) -> Material:
    alignment = spoken("Il avait deux selles et un seul guidon.")
    alignment = replace(
        alignment, audio=AudioFile("audio/le vélo.mp3", LONG, "1" * 64), episode=EpisodeDetails(title=title)
    )
    found = Material(alignment, "episode")
    found.chapters = chapters  # type: ignore[misc]
    return found


def written(name: str, of: Material) -> str:
    return FORMATS[name].content(of).decode("utf-8")


def chapters(*starts: float) -> list[Chapter]:
    ends = [*starts[1:], LONG]
    return [Chapter(f"Part {n}", start, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)]


@over_rows("target", TARGETS.values())
def test_each_target_has_instructions_and_files(target: Target) -> None:
    files = target.files(material(*chapters(0, 60, 120)))
    assert target.how
    assert all(format.ending.split(".")[-1] == name.split(".")[-1] for name, format in files.items())


def test_audiobookshelf_finds_captions_by_the_name_of_the_audio() -> None:
    assert [*TARGETS["audiobookshelf"].files(material())] == ["le vélo.vtt"]


def test_chapters_begin_at_zero_and_last_ten_seconds() -> None:
    episode = material(*chapters(4.0, 70.5, 78.0, 3595.0), title="Le\nvélo")
    assert written("chapter-lines", episode) == "0:00 Part 1\n1:10 Part 2\n"
    assert [str(each) for each in checked(TARGETS["youtube"], episode)] == [
        "there are 2 chapters of ten seconds or more; YouTube shows them from 3 on",
        "chapters of less than ten seconds have no line: Part 3; Part 4",
    ]


def test_the_part_before_the_first_chapter_is_a_chapter() -> None:
    episode = material(*chapters(30.0, 70.5, 3000.0), title="Le\nvélo")
    assert written("chapter-lines", episode).splitlines() == [
        "0:00 Le vélo",
        "0:30 Part 1",
        "1:10 Part 2",
        "50:00 Part 3",
    ]
    assert checked(TARGETS["youtube"], episode) == ()


def test_a_description_has_no_angle_brackets_and_a_limit_in_bytes() -> None:
    episode = material(Chapter("<b>Roues</b>", 0.0, 9.0), *(Chapter("é" * 60, n * 20.0, 0.0) for n in range(1, 60)))
    lines = written("chapter-lines", episode)
    assert lines.startswith("0:00 ‹b›Roues‹/b›\n")
    [problem] = checked(TARGETS["peertube"], episode)
    assert f"{len(lines.encode())} bytes of the 5000" in problem
