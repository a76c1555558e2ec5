"""Chapters are written into a copy of an MP3; its audio and other tags do not change."""

import io
import wave
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.errors import MediaError, TagError
from media.id3 import Mark, write_with_chapters
from tests.paths import SAMPLE
from tests.readers import id3_tags
from tests.readers.id3_tags import Frame
from tests.tables import over_rows

MARKS = (
    Mark("Début", 0, 61_234),
    Mark("日本語 🎉", 61_234, 0xFF00),
    Mark("Ad", 0xFF00, 70_000, is_listed=False),
    Mark("שלום", 90_001, 3_600_000),
)
ID3V1 = b"TAG" + b"An old title".ljust(125, b"\0")
WORDS = Frame("TXXX", 0, b"\1\xff\xfeA\0\0\0\xff\xfeB\0")


@cache
def sound() -> bytes:
    """Some frames of the sample, without a tag."""
    content = (SAMPLE / "episode.mp3").read_bytes()
    return id3_tags.read(content).audio[:20_000] if content[:3] == b"ID3" else content[:20_000]


def chaptered(folder: Path, content: bytes, marks: tuple[Mark, ...] = MARKS) -> bytes:
    """The copy of a file that holds this."""
    source, file = folder / "source.mp3", io.BytesIO()
    source.write_bytes(content)
    write_with_chapters(source, "Le bac", marks, file)
    return file.getvalue()


def test_a_file_without_a_tag_gets_one_of_the_most_supported_version(tmp_path: Path) -> None:
    tagged = id3_tags.read(chaptered(tmp_path, sound()))
    assert (tagged.version, tagged.audio) == (3, sound())
    assert [(each.title, each.start_ms, each.end_ms) for each in id3_tags.chapters(tagged)] == [
        ("Début", 0, 61_234),
        ("日本語 🎉", 61_234, 0xFF00),
        ("Ad", 0xFF00, 70_000),
        ("שלום", 90_001, 3_600_000),
    ]
    assert [each.title for each in id3_tags.in_contents(tagged)] == ["Début", "日本語 🎉", "שלום"]
    [table] = id3_tags.tables(tagged)
    assert table.title == "Le bac"


def test_frames_with_lengths_in_plain_bytes_are_found(tmp_path: Path) -> None:
    long, last = Frame("COMM", 0, b"\0eng\0" + b"x" * 300), Frame("TALB", 0, b"\3Le bac")
    right = id3_tags.made(4, [long, last], sound())
    assert b"COMM\0\0\x02\x31" in right
    tagged = id3_tags.read(chaptered(tmp_path, right.replace(b"COMM\0\0\x02\x31", b"COMM\0\0\x01\x31")))
    assert tagged.others == [long, last]


@over_rows("version", [3, 4])
def test_a_comment_replaces_the_previous_one_in_any_script_and_no_other_text(version: int, tmp_path: Path) -> None:
    content = id3_tags.made(version, [WORDS], sound())
    source = tmp_path / "source.mp3"
    for remark in ("Reviewed.", "Zoé, 2026", "דנה", ""):
        source.write_bytes(content)
        file = io.BytesIO()
        write_with_chapters(source, "Le bac", MARKS, file, remark)
        content = file.getvalue()
        told = [id3_tags.texts(frame) for frame in id3_tags.read(content).named("TXXX")]
        assert told == [("A", "B"), *([("Chapters, by quotecast", remark)] if remark else [])]


def test_ffmpeg_reads_the_chapters_to_the_millisecond(tmp_path: Path) -> None:
    for version in (3, 4):
        (tmp_path / "copy.mp3").write_bytes(chaptered(tmp_path, id3_tags.made(version, [WORDS], sound())))
        with av.open(str(tmp_path / "copy.mp3")) as container:
            read = [(c["metadata"]["title"], c["start"], c["end"], c["time_base"]) for c in container.chapters()]
        assert [each[:3] for each in read] == [(mark.title, mark.start_ms, mark.end_ms) for mark in MARKS]
        assert {each[3] for each in read} == {Fraction(1, 1000)}


@over_rows(
    "content, told",
    [
        (b"ID3\2\0\0\0\0\0\x0aTT2\0\0\4\0abc", "version 2.2"),
        (b"ID3\3\0\0\0\x02\0\0", "damaged"),
        *((b"ID3\4\0%c\0\0\0\x0a" % flag + bytes(10), "is unsynchronised, or") for flag in (0x80, 0x40, 0x10)),
    ],
)
def test_a_tag_that_cannot_hold_chapters_is_reported_in_a_sentence(content: bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(TagError, match=told):
        chaptered(tmp_path, content + sound())


def test_a_file_that_is_no_mp3_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    with pytest.raises(TagError, match="is not an MP3"):
        write_with_chapters(path, "x", MARKS, io.BytesIO())


names = st.sampled_from(["TIT2", "APIC", "COMM", "TXXX", "PRIV", "CHAP", "CTOC", "ZZZ0"])
contents = st.binary(max_size=40) | st.lists(st.sampled_from([b"\xff", b"\0", b"\xe0", b"\xfb", b"a"])).map(b"".join)
frames = st.lists(st.builds(Frame, names, st.just(0), contents.filter(bool)), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    version=st.sampled_from([3, 4]), frames=frames, padding=st.sampled_from([0, 1, 9, 10, 500]),
    end=st.sampled_from([b"", ID3V1]),
)  # fmt: skip
def test_only_the_chapters_of_any_tag_change(
    tmp_path: Path, version: int, frames: list[Frame], padding: int, end: bytes
) -> None:
    content = id3_tags.made(version, frames, sound() + end, padding)
    before = id3_tags.read(content)
    assert list(before.frames) == frames
    copy = chaptered(tmp_path, content)
    after = id3_tags.read(copy)
    assert (after.version, after.others, after.audio) == (version, before.others, before.audio)
    assert id3_tags.as_antennapod_reads(copy) == [(mark.start_ms, mark.title) for mark in MARKS]


@pytest.mark.nightly
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    version=st.sampled_from([3, 4]), changes=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6)
)
def test_a_damaged_tag_is_reported_or_unchanged_and_loses_no_audio(
    tmp_path: Path, version: int, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(id3_tags.made(version, [WORDS, Frame("COMM", 0, b"\0eng\0" + b"x" * 60)], sound()))
    for at, byte in changes:
        content[at] = byte
    try:
        copy = chaptered(tmp_path, bytes(content))
    except MediaError:
        return
    claimed = 0  # what lies within the tag is no sound, whatever else it is
    for byte in content[6:10]:
        claimed = claimed << 7 | byte & 127
    assert copy.endswith(bytes(content[max(20 + claimed, len(content) - len(sound()) + 120) :]))
    assert copy[:4] in (b"ID3\3", b"ID3\4")
