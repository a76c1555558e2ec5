"""Places: what goes where, under which name, and what is outside a place's limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aligner.formats import FORMATS, Chapter, Material, Quote
from aligner.formats.bluesky_vtt import MOST_BYTES
from aligner.formats.places import PLACES, checked, passed
from aligner.model import AudioFile, EpisodeDetails
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows

LONG = 3600.0


def material(*chapters: Chapter, quotes: tuple[Quote, ...] = (), title: str | None = None) -> Material:
    alignment = spoken("Il avait deux selles et un seul guidon.")
    alignment = replace(
        alignment, audio=AudioFile("sound/le vélo.mp3", LONG, "1" * 64), episode=EpisodeDetails(title=title)
    )
    made = Material(alignment, "episode", quotes)
    made.chapters = chapters  # type: ignore[misc]
    return made


def written(name: str, of: Material) -> str:
    return FORMATS[name].write(of).decode("utf-8")


def chapters(*starts: float) -> list[Chapter]:
    ends = [*starts[1:], LONG]
    return [Chapter(f"Part {n}", start, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)]


@over_rows("place", PLACES.values())
def test_every_place_says_how_and_what(place) -> None:
    files = place.files(material(*chapters(0, 60, 120)))
    assert place.how
    assert all(format.ending.split(".")[-1] == name.split(".")[-1] for name, format in files.items())


def test_audiobookshelf_finds_captions_by_the_name_of_the_sound() -> None:
    assert [*PLACES["audiobookshelf"].files(material())] == ["le vélo.vtt"]


def test_chapters_begin_at_zero_and_last_ten_seconds() -> None:
    made = material(*chapters(4.0, 70.5, 78.0, 3595.0), title="Le\nvélo")
    assert written("chapter-lines", made) == "0:00 Part 1\n1:10 Part 2\n"
    assert [str(each) for each in checked(PLACES["youtube"], made)] == [
        "there are 2 chapters of ten seconds or more; YouTube shows them from 3 on",
        "chapters of less than ten seconds have no line: Part 3; Part 4",
    ]


def test_what_comes_before_the_first_chapter_is_one() -> None:
    made = material(*chapters(30.0, 70.5, 3000.0), title="Le\nvélo")
    assert written("chapter-lines", made).splitlines() == ["0:00 Le vélo", "0:30 Part 1", "1:10 Part 2", "50:00 Part 3"]
    assert checked(PLACES["youtube"], made) == ()


def test_a_description_holds_no_angle_brackets_and_so_many_bytes() -> None:
    made = material(Chapter("<b>Roues</b>", 0.0, 9.0), *(Chapter("é" * 60, n * 20.0, 0.0) for n in range(1, 60)))
    lines = written("chapter-lines", made)
    assert lines.startswith("0:00 ‹b›Roues‹/b›\n")
    [told] = checked(PLACES["peertube"], made)
    assert f"{len(lines.encode())} bytes of the 5000" in told


@pytest.mark.nightly
def test_a_track_for_bluesky_is_cut_after_a_whole_cue() -> None:
    long = Material(spoken(*(("Zoé", f"Il avait deux selles, et le numéro {n}.") for n in range(600))), "episode")
    content, whole = written("bluesky-vtt", long), written("podcast-vtt", long)
    assert len(content.encode()) <= MOST_BYTES < len(whole.encode())
    assert whole.startswith(content.rstrip("\n") + "\n\n")
    [told] = checked(PLACES["bluesky"], long)
    assert content.rstrip("\n").splitlines()[-2].endswith(f"--> {told.split('ends at ')[1].split(',')[0]}")


@over_rows("place, most", [("mastodon", 1500), ("bluesky", 1000)])
def test_quotes_longer_than_a_description_are_counted_as_readers_count(place: str, most: int) -> None:
    accented = Quote("e\u0301" * most, None, 0.0, 1.0)
    assert checked(PLACES[place], material(quotes=(accented,))) == ()
    [told] = checked(PLACES[place], material(quotes=(accented, Quote("e" * (most + 1), None, 2.0, 3.0))))
    assert told.endswith(f"longer than the {most} characters of a video's description: 1")


def test_what_is_outside_a_limit_is_not_said_to_be_within_it() -> None:
    few, enough = material(*chapters(0, 60)), material(*chapters(0, 60, 120))
    assert passed(PLACES["youtube"], few) == ()
    [told] = passed(PLACES["youtube"], enough)
    size_bytes = len(written("chapter-lines", enough).encode())
    assert f"the lines of 3 chapters have {size_bytes} bytes of the 5000" in told


@over_rows("place", PLACES.values())
def test_nothing_is_both_within_and_outside(place) -> None:
    for made in (material(), material(*chapters(0, 5)), material(*chapters(0, 60, 120))):
        outside = {str(each) for each in checked(place, made)}
        assert outside.isdisjoint(map(str, passed(place, made)))
